package login

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

var (
	right = map[string]string{"name": "alice", "password": "secret"}
	wrong = map[string]string{"name": "alice", "password": "wrong"}
)

func eachVersion(t *testing.T, test func(t *testing.T, version clienttest.Version)) {
	t.Helper()
	for _, version := range []clienttest.Version{clienttest.V1, clienttest.V2, clienttest.V26} {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			test(t, version)
		})
	}
}

// onKit returns the provider in front of a Hydra of clienttest.
func onKit(hydra *clienttest.Server, log *slog.Logger) http.Handler {
	return newProvider(hydra.Client(client.WithRetries(0)), hydra.PublicURL, log)
}

func TestWhatUsersAndBrowsersDo(t *testing.T) {
	t.Parallel()
	eachVersion(t, func(t *testing.T, version clienttest.Version) {
		t.Helper()
		clienttest.Check(t, version, func(hydra *clienttest.Server) http.Handler {
			return onKit(hydra, slog.New(slog.DiscardHandler))
		}, clienttest.User{Login: right, Wrong: wrong, Subject: "alice", SignIn: "Log in", Cancel: "Cancel", FirstParty: true})
	})
}

func TestAUserLogsInToAnApp(t *testing.T) {
	t.Parallel()
	eachVersion(t, func(t *testing.T, version clienttest.Version) {
		t.Helper()
		hydra := clienttest.New(t, version)
		var log bytes.Buffer
		browser := hydra.Browser(onKit(hydra, slog.New(slog.NewTextHandler(&log, nil))))
		page := browser.Login()
		require.Equal(t, http.StatusOK, page.Status)
		assert.Contains(t, page.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'")
		challenge := hydra.Calls("getLoginRequest")[0].Query.Get("login_challenge")
		page = page.Press("Log in", wrong)
		require.Equal(t, http.StatusOK, page.Status)
		assert.Contains(t, page.Text(), "do not belong together")
		outage := page.Press("Log in", map[string]string{"name": "outage", "password": "secret"})
		require.Equal(t, http.StatusServiceUnavailable, outage.Status)

		app := page.Press("Log in", right).App()
		assert.NotEmpty(t, app.Get("code"))
		hydra.WantBody("acceptLoginRequest", models.AcceptLoginRequest{Subject: "alice", Remember: true, RememberFor: 3600})
		hydra.WantBody("acceptConsentRequest", models.AcceptConsentRequest{
			GrantScope: []string{"openid", "read"}, GrantAccessTokenAudience: []string{"https://api.example.com"},
			Session: models.ConsentRequestSession{IDToken: models.Claims{"name": "Alice"}}, Remember: true, RememberFor: 3600,
		})

		hydra.Respond("getLoginRequest", clienttest.InternalServerError)
		require.Equal(t, http.StatusServiceUnavailable, browser.Open("/login?login_challenge="+url.QueryEscape(challenge)).Status)
		assert.Contains(t, log.String(), "the directory is away")
		assert.Contains(t, log.String(), "getLoginRequest: 500")
		for _, secret := range []string{challenge, url.QueryEscape(challenge), "wrong", "secret", "alice"} {
			assert.NotContains(t, log.String(), secret)
		}
	})
}

func TestAUserCancels(t *testing.T) {
	t.Parallel()
	eachVersion(t, func(t *testing.T, version clienttest.Version) {
		t.Helper()
		hydra := clienttest.New(t, version)
		page := hydra.Browser(onKit(hydra, slog.New(slog.DiscardHandler))).Login().Press("Cancel", nil)
		assert.Equal(t, "access_denied", page.App().Get("error"))
		hydra.WantCalls("getLoginRequest", "getLoginRequest", "rejectLoginRequest")
	})
}

func TestRequestsInOtherStates(t *testing.T) {
	t.Parallel()
	const (
		form  = http.StatusOK
		toApp = -1
	)
	for _, tt := range []struct {
		scenario    clienttest.Scenario
		v1, v2, v26 int
	}{
		{clienttest.RememberedLogin, toApp, toApp, toApp},
		{clienttest.HandledLogin, form, form, form},
		{clienttest.ExpiredLogin, form, 410, 410}, // the browser of v1 gets the error at the end
		{clienttest.UnknownLogin, 404, 404, 404},
		{clienttest.RememberedConsent, toApp, toApp, toApp},
		{clienttest.HandledConsent, form, toApp, toApp},
		{clienttest.ExpiredConsent, toApp, 410, 410},
		{clienttest.UnknownConsent, 404, 404, 404},
	} {
		t.Run(string(tt.scenario), func(t *testing.T) {
			t.Parallel()
			for version, status := range map[clienttest.Version]int{clienttest.V1: tt.v1, clienttest.V2: tt.v2, clienttest.V26: tt.v26} {
				hydra := clienttest.New(t, version)
				page := hydra.Browser(onKit(hydra, slog.New(slog.DiscardHandler))).OpenScenario(tt.scenario)
				if status == toApp {
					assert.NotNil(t, page.App(), version)
					continue
				}
				assert.Equal(t, status, page.Status, version)
				assert.Nil(t, page.App(), version)
				assert.Equal(t, status == form, len(page.Buttons()) > 0, version)
			}
		})
	}
}
