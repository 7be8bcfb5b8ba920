package clienttest_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// begin starts a flow with parameters that the app adds, and returns its login.
func begin(t *testing.T, hydra *clienttest.Server, parameters ...string) *models.LoginRequest {
	t.Helper()
	login, err := hydra.Client().GetLoginRequest(t.Context(), hydra.Follow(hydra.StartURL(parameters...)).Query().Get("login_challenge"))
	require.NoError(t, err)
	return login
}

// accept accepts a login and returns the consent that it leads to.
func accept(t *testing.T, hydra *clienttest.Server, login *models.LoginRequest, body models.AcceptLoginRequest) *models.ConsentRequest {
	t.Helper()
	done, err := hydra.Client().AcceptLoginRequest(t.Context(), login.Challenge, body)
	require.NoError(t, err)
	consent, err := hydra.Client().GetConsentRequest(t.Context(), hydra.Follow(done.RedirectTo).Query().Get("consent_challenge"))
	require.NoError(t, err)
	return consent
}

func TestConsentHasWhatTheLoginWasAcceptedWith(t *testing.T) {
	t.Parallel()
	eachVersion(t, func(t *testing.T, version clienttest.Version) {
		t.Helper()
		hydra := clienttest.New(t, version)
		login := begin(t, hydra)
		consent := accept(t, hydra, login, models.AcceptLoginRequest{
			Subject: "bob", ACR: "gold", AMR: []string{"pwd", "otp"}, Context: json.RawMessage(`{"id":1}`),
		})
		assert.Equal(t, "bob", consent.Subject)
		assert.Equal(t, "gold", consent.ACR)
		assert.Equal(t, []string{"pwd", "otp"}, consent.AMR)
		assert.JSONEq(t, `{"id":1}`, string(consent.Context))
		assert.Equal(t, login.Challenge, consent.LoginChallenge)
		assert.False(t, consent.Skip)
	})
}

func TestHydraKnowsWhatTheAppAskedFor(t *testing.T) {
	t.Parallel()
	eachVersion(t, func(t *testing.T, version clienttest.Version) {
		t.Helper()
		hydra := clienttest.New(t, version)
		login := begin(t, hydra, "login_hint", "alice@example.com", "prompt", "login", "max_age", "60", "acr_values", "gold silver", "ui_locales", "de", "scope", "openid", "display", "popup")
		consent := accept(t, hydra, login, alice)
		for _, context := range []models.OpenIDConnectContext{login.OIDCContext, consent.OIDCContext} {
			assert.Equal(t, "alice@example.com", context.LoginHint)
			assert.Equal(t, []string{"gold", "silver"}, context.ACRValues)
			assert.Equal(t, []string{"de"}, context.UILocales)
			assert.Equal(t, "popup", context.Display)
		}
		for _, asked := range []string{login.RequestURL, consent.RequestURL} {
			u, err := url.Parse(asked)
			require.NoError(t, err)
			assert.Equal(t, "login", u.Query().Get("prompt"))
			assert.Equal(t, "60", u.Query().Get("max_age"))
			assert.Equal(t, hydra.PublicURL, u.Scheme+"://"+u.Host)
		}
		assert.Equal(t, []string{"openid"}, login.RequestedScope)
		assert.Equal(t, []string{"openid"}, consent.RequestedScope)
		done, err := hydra.Client().AcceptConsentRequest(t.Context(), consent.Challenge, models.AcceptConsentRequest{GrantScope: []string{"openid"}})
		require.NoError(t, err)
		app := hydra.Follow(done.RedirectTo).Query()
		assert.NotEmpty(t, app.Get("code"))
		assert.Equal(t, "openid", app.Get("scope"))
	})
}

func TestHydraRemembersLoginAndConsent(t *testing.T) {
	t.Parallel()
	eachVersion(t, func(t *testing.T, version clienttest.Version) {
		t.Helper()
		hydra := clienttest.New(t, version)
		api := hydra.Client()
		body := models.AcceptLoginRequest{Subject: "bob", Remember: true}
		login := begin(t, hydra)
		require.False(t, login.Skip)
		consent := accept(t, hydra, login, body)
		done, err := api.AcceptConsentRequest(t.Context(), consent.Challenge, models.AcceptConsentRequest{GrantScope: consent.RequestedScope, Remember: true})
		require.NoError(t, err)
		hydra.Follow(done.RedirectTo)

		login = begin(t, hydra)
		assert.True(t, login.Skip)
		assert.Equal(t, "bob", login.Subject)
		if version == clienttest.V1 {
			_, err = api.AcceptLoginRequest(t.Context(), login.Challenge, alice)
			require.ErrorIs(t, err, client.ErrBadRequest)
		}
		assert.True(t, accept(t, hydra, login, body).Skip)

		for parameter, value := range map[string]string{"prompt": "login", "max_age": "0"} {
			login = begin(t, hydra, parameter, value)
			assert.False(t, login.Skip)
			assert.True(t, accept(t, hydra, login, body).Skip)
		}
		login = begin(t, hydra, "prompt", "consent")
		assert.True(t, login.Skip)
		assert.False(t, accept(t, hydra, login, body).Skip)
		assert.True(t, begin(t, hydra, "prompt", "none").Skip)

		accept(t, hydra, begin(t, hydra, "prompt", "login"), models.AcceptLoginRequest{Subject: "bob"})
		assert.False(t, begin(t, hydra).Skip, "the login was accepted again, not to be remembered")
	})
}

// TestHydraForgets: without Remember, neither a login nor a consent is remembered.
func TestHydraForgets(t *testing.T) {
	t.Parallel()
	eachVersion(t, func(t *testing.T, version clienttest.Version) {
		t.Helper()
		hydra := clienttest.New(t, version)
		for _, remember := range []bool{false, true} {
			login := begin(t, hydra)
			assert.False(t, login.Skip)
			consent := accept(t, hydra, login, models.AcceptLoginRequest{Subject: "carol", Remember: remember})
			assert.False(t, consent.Skip, "the consent before was not to be remembered")
			done, err := hydra.Client().AcceptConsentRequest(t.Context(), consent.Challenge, models.AcceptConsentRequest{GrantScope: consent.RequestedScope})
			require.NoError(t, err)
			hydra.Follow(done.RedirectTo)
		}
		login := begin(t, hydra)
		assert.True(t, login.Skip)
		assert.False(t, accept(t, hydra, login, models.AcceptLoginRequest{Subject: "carol"}).Skip)
	})
}

func TestLogoutForgetsTheLogin(t *testing.T) {
	t.Parallel()
	hydra := clienttest.New(t, clienttest.V1)
	accept(t, hydra, begin(t, hydra), models.AcceptLoginRequest{Subject: "alice", Remember: true})
	challenge := hydra.Follow(hydra.PublicURL + "/oauth2/sessions/logout").Query().Get("logout_challenge")
	done, err := hydra.Client().AcceptLogoutRequest(t.Context(), challenge)
	require.NoError(t, err)
	hydra.Follow(done.RedirectTo)
	assert.False(t, begin(t, hydra).Skip)
}

func TestPromptNoneWithoutALoginNeedsNoProvider(t *testing.T) {
	t.Parallel()
	eachVersion(t, func(t *testing.T, version clienttest.Version) {
		t.Helper()
		hydra := clienttest.New(t, version)
		assert.Equal(t, "login_required", hydra.Follow(hydra.StartURL("prompt", "none")).Query().Get("error"))
	})
}

func TestAnotherBrowserMayNotGoOn(t *testing.T) {
	t.Parallel()
	eachVersion(t, func(t *testing.T, version clienttest.Version) {
		t.Helper()
		hydra := clienttest.New(t, version)
		api := hydra.Client()
		elsewhere := func(page string) string {
			req, err := http.NewRequest(http.MethodGet, page, nil)
			require.NoError(t, err)
			resp, err := hydra.RoundTrip(req)
			require.NoError(t, err)
			to, err := resp.Location()
			require.NoError(t, err)
			return to.Query().Get("error")
		}
		done, err := api.AcceptLoginRequest(t.Context(), begin(t, hydra).Challenge, alice)
		require.NoError(t, err)
		assert.Equal(t, "request_forbidden", elsewhere(done.RedirectTo))
		consent := accept(t, hydra, begin(t, hydra), alice)
		done, err = api.AcceptConsentRequest(t.Context(), consent.Challenge, models.AcceptConsentRequest{})
		require.NoError(t, err)
		assert.Equal(t, "request_forbidden", elsewhere(done.RedirectTo))
		assert.NotEmpty(t, hydra.Follow(done.RedirectTo).Query().Get("error"), "the other browser has used the verifier")
	})
}

// TestALaterTabTakesTheCookie is TestTabs of internal/live/browser in short.
func TestALaterTabTakesTheCookie(t *testing.T) {
	t.Parallel()
	eachVersion(t, func(t *testing.T, version clienttest.Version) {
		t.Helper()
		hydra := clienttest.New(t, version)
		start := func(app string) string {
			return hydra.Follow(hydra.StartURL("client_id", app)).Query().Get("login_challenge")
		}
		goOn := func(challenge string) *url.URL {
			done, err := hydra.Client().AcceptLoginRequest(t.Context(), challenge, alice)
			require.NoError(t, err)
			return hydra.Follow(done.RedirectTo)
		}
		first, second := start("shop"), start("shop")
		forbidden := goOn(first).Query()
		assert.Equal(t, "request_forbidden", forbidden.Get("error"))
		assert.Contains(t, forbidden.Get("error_description"), "does not match")
		assert.Equal(t, "/consent", goOn(second).Path, "the last one works")

		first = start("shop")
		start("bank")
		if version == clienttest.V1 { // one cookie for all apps
			assert.Equal(t, "request_forbidden", goOn(first).Query().Get("error"))
		} else {
			assert.Equal(t, "/consent", goOn(first).Path)
		}
	})
}

func TestLostResponsesAreActedUpon(t *testing.T) {
	t.Parallel()
	eachVersion(t, func(t *testing.T, version clienttest.Version) {
		t.Helper()
		hydra := clienttest.New(t, version)
		api := hydra.Client(client.WithRetries(0))
		login := begin(t, hydra)
		for _, failure := range []clienttest.Response{clienttest.BadGateway, clienttest.Reset} {
			hydra.Respond("acceptLoginRequest", clienttest.Lost(failure), clienttest.AsHydra)
			_, err := api.AcceptLoginRequest(t.Context(), login.Challenge, alice)
			require.ErrorIs(t, err, client.ErrResponseLost)
			_, err = api.AcceptLoginRequest(t.Context(), login.Challenge, alice)
			if version == clienttest.V1 {
				require.ErrorIs(t, err, client.ErrConflict)
			} else {
				require.NoError(t, err)
			}
		}
	})
}

func TestGrantingMoreThanWasAskedFails(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]models.AcceptConsentRequest{
		`the scope "admin"`:                       {GrantScope: []string{"openid", "admin"}},
		`the audience "https://evil.example.com"`: {GrantAccessTokenAudience: []string{"https://evil.example.com"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			output := failure(t, func(tb testing.TB) {
				tb.Helper()
				hydra := clienttest.New(tb, clienttest.V2)
				_, err := hydra.Client().AcceptConsentRequest(t.Context(), hydra.Open(clienttest.FreshConsent), body)
				assert.NoError(t, err, "Hydra allows it")
			})
			assert.Contains(t, output, name+", which the app did not ask for")
		})
	}
}
