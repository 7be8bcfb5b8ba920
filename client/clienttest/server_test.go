package clienttest_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// TestVersionsAreRecorded: the constants, which documentation shows as they are written, are
// the recorded versions.
func TestVersionsAreRecorded(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []string{string(clienttest.V1), string(clienttest.V2), string(clienttest.V26)}, fixture.Versions())
}

// eachVersion runs a test for each recorded version.
func eachVersion(t *testing.T, test func(t *testing.T, version clienttest.Version)) {
	t.Helper()
	for _, version := range []clienttest.Version{clienttest.V1, clienttest.V2, clienttest.V26} {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			test(t, version)
		})
	}
}

// TestWantCallsWantsAll: these operations, in this order, and no others.
func TestWantCallsWantsAll(t *testing.T) {
	t.Parallel()
	made := []string{"getLoginRequest", "acceptLoginRequest", "getLoginRequest"}
	for name, tt := range map[string]struct {
		want  []string
		fails bool
	}{
		"the same": {made, false}, "no call": {nil, true}, "one less": {made[:2], true}, "the first is missing": {made[1:], true},
		"one more": {append(slices.Clone(made), "getLoginRequest"), true}, "another order": {[]string{"getLoginRequest", "getLoginRequest", "acceptLoginRequest"}, true},
		"another operation": {[]string{"getLoginRequest", "rejectLoginRequest", "getLoginRequest"}, true},
	} {
		output := failure(t, func(tb testing.TB) {
			tb.Helper()
			hydra := clienttest.New(tb, clienttest.V2)
			api, challenge := hydra.Client(), hydra.Open(clienttest.FreshLogin)
			_, err := api.GetLoginRequest(tb.Context(), challenge)
			require.NoError(tb, err)
			_, err = api.AcceptLoginRequest(tb.Context(), challenge, alice)
			require.NoError(tb, err)
			_, err = api.GetLoginRequest(tb.Context(), challenge)
			require.NoError(tb, err)
			hydra.WantCalls(tt.want...)
		})
		assert.Equal(t, tt.fails, output != "", "%s: %s", name, output)
	}
	assert.Empty(t, failure(t, func(tb testing.TB) { tb.Helper(); clienttest.New(tb, clienttest.V2).WantCalls() }))
}

var alice = models.AcceptLoginRequest{Subject: "alice"}

func TestLoginOfV1ChangesAsInHydra(t *testing.T) {
	t.Parallel()
	hydra := clienttest.New(t, clienttest.V1)
	api := hydra.Client()
	challenge := hydra.Open(clienttest.FreshLogin)

	login, err := api.GetLoginRequest(t.Context(), challenge)
	require.NoError(t, err)
	assert.Equal(t, challenge, login.Challenge)
	assert.Equal(t, "Example App", login.Client.ClientName)
	done, err := api.AcceptLoginRequest(t.Context(), challenge, alice)
	require.NoError(t, err)
	_, err = api.GetLoginRequest(t.Context(), challenge)
	require.NoError(t, err, "readable until the browser comes back")
	_, err = api.AcceptLoginRequest(t.Context(), challenge, alice)
	require.ErrorIs(t, err, client.ErrConflict)
	_, err = api.RejectLoginRequest(t.Context(), challenge, models.RejectRequest{})
	require.ErrorIs(t, err, client.ErrConflict)

	next := hydra.Follow(done.RedirectTo)
	assert.Equal(t, "/consent", next.Path)
	var handled *client.RequestWasHandledError
	_, err = api.GetLoginRequest(t.Context(), challenge)
	require.ErrorAs(t, err, &handled)
	again := hydra.Follow(handled.RedirectTo)
	assert.Equal(t, "/login", again.Path)
	assert.NotEqual(t, challenge, again.Query().Get("login_challenge"))
	_, err = api.GetLoginRequest(t.Context(), again.Query().Get("login_challenge"))
	require.NoError(t, err)

	consent, err := api.GetConsentRequest(t.Context(), next.Query().Get("consent_challenge"))
	require.NoError(t, err)
	done, err = api.AcceptConsentRequest(t.Context(), consent.Challenge, models.AcceptConsentRequest{GrantScope: consent.RequestedScope})
	require.NoError(t, err)
	assert.NotEmpty(t, hydra.Follow(done.RedirectTo).Query().Get("code"))
}

func TestLoginOfLaterVersionsStaysOpen(t *testing.T) {
	t.Parallel()
	for _, version := range []clienttest.Version{clienttest.V2, clienttest.V26} {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			hydra := clienttest.New(t, version)
			api := hydra.Client()
			challenge := hydra.Open(clienttest.FreshLogin)
			_, err := api.AcceptLoginRequest(t.Context(), challenge, alice)
			require.NoError(t, err)
			_, err = api.RejectLoginRequest(t.Context(), challenge, models.RejectRequest{})
			require.NoError(t, err)
			done, err := api.AcceptLoginRequest(t.Context(), challenge, alice)
			require.NoError(t, err)

			next := hydra.Follow(done.RedirectTo)
			assert.Equal(t, "/consent", next.Path)
			login, err := api.GetLoginRequest(t.Context(), challenge)
			require.NoError(t, err)
			assert.Equal(t, challenge, login.Challenge)
			consent, err := api.GetConsentRequest(t.Context(), next.Query().Get("consent_challenge"))
			require.NoError(t, err)
			done, err = api.AcceptConsentRequest(t.Context(), consent.Challenge, models.AcceptConsentRequest{GrantScope: consent.RequestedScope})
			require.NoError(t, err)
			assert.NotEmpty(t, hydra.Follow(done.RedirectTo).Query().Get("code"))
		})
	}
}

func TestRequestsOfOneScenarioAreSeparate(t *testing.T) {
	t.Parallel()
	hydra := clienttest.New(t, clienttest.V1)
	api := hydra.Client()
	first, second := hydra.Open(clienttest.FreshLogin), hydra.Open(clienttest.FreshLogin)
	require.NotEqual(t, first, second)
	firstDone, err := api.AcceptLoginRequest(t.Context(), first, alice)
	require.NoError(t, err)
	secondDone, err := api.AcceptLoginRequest(t.Context(), second, alice)
	require.NoError(t, err)
	require.NotEqual(t, firstDone.RedirectTo, secondDone.RedirectTo)

	hydra.Follow(secondDone.RedirectTo)
	_, err = api.GetLoginRequest(t.Context(), second)
	require.ErrorIs(t, err, client.ErrRequestWasHandled)
	login, err := api.GetLoginRequest(t.Context(), first)
	require.NoError(t, err)
	assert.Equal(t, first, login.Challenge)
}

func TestRejectedRequestsLeadToTheClientWithTheErrorOfTheProvider(t *testing.T) {
	t.Parallel()
	eachVersion(t, func(t *testing.T, version clienttest.Version) {
		t.Helper()
		for _, tt := range []struct {
			body                   models.RejectRequest
			login, consent, reason string
		}{
			{models.RejectRequest{Error: "access_denied", ErrorDescription: "No.", ErrorHint: `Ask "bob".`}, "access_denied", "access_denied", "No. Ask 'bob'."},
			{models.RejectRequest{Error: "login_required"}, "login_required", "login_required", ""},
			{models.RejectRequest{}, "access_denied", "access_denied", ""},
			{models.RejectRequest{ErrorDescription: "No."}, "access_denied", "access_denied", "No."},
		} {
			hydra := clienttest.New(t, version)
			api := hydra.Client()
			login, err := api.RejectLoginRequest(t.Context(), hydra.Open(clienttest.FreshLogin), tt.body)
			require.NoError(t, err)
			consent, err := api.RejectConsentRequest(t.Context(), hydra.Open(clienttest.FreshConsent), tt.body)
			require.NoError(t, err)
			for to, want := range map[string]string{login.RedirectTo: tt.login, consent.RedirectTo: tt.consent} {
				got := hydra.Follow(to).Query()
				assert.Equal(t, []string{want, tt.reason}, []string{got.Get("error"), got.Get("error_description")})
			}
		}
	})
}

func TestRejectedLogoutIsGone(t *testing.T) {
	t.Parallel()
	eachVersion(t, func(t *testing.T, version clienttest.Version) {
		t.Helper()
		hydra := clienttest.New(t, version)
		challenge := hydra.Open(clienttest.UserLogout)
		require.NoError(t, hydra.Client().RejectLogoutRequest(t.Context(), challenge))
		_, err := hydra.Client().GetLogoutRequest(t.Context(), challenge)
		require.ErrorIs(t, err, client.ErrNotFound)
	})
}

func TestLogoutOfTheClientLeadsBackToIt(t *testing.T) {
	t.Parallel()
	eachVersion(t, func(t *testing.T, version clienttest.Version) {
		t.Helper()
		hydra := clienttest.New(t, version)
		api := hydra.Client()
		challenge := hydra.Open(clienttest.FreshLogout)
		done, err := api.AcceptLogoutRequest(t.Context(), challenge)
		require.NoError(t, err)
		assert.Equal(t, "/bye", hydra.Follow(done.RedirectTo).Path)
		var handled *client.RequestWasHandledError
		_, err = api.GetLogoutRequest(t.Context(), challenge)
		require.ErrorAs(t, err, &handled)
		assert.Equal(t, "/logout", hydra.Follow(hydra.PublicURL+handled.RedirectTo).Path, "it is relative, as in Hydra")
	})
}

func TestRememberedLoginBelongsToItsSubject(t *testing.T) {
	t.Parallel()
	eachVersion(t, func(t *testing.T, version clienttest.Version) {
		t.Helper()
		hydra := clienttest.New(t, version)
		api := hydra.Client()
		challenge := hydra.Open(clienttest.RememberedLogin)
		login, err := api.GetLoginRequest(t.Context(), challenge)
		require.NoError(t, err)
		assert.True(t, login.Skip)
		_, err = api.AcceptLoginRequest(t.Context(), challenge, models.AcceptLoginRequest{Subject: "bob"})
		if version == clienttest.V1 {
			require.ErrorIs(t, err, client.ErrBadRequest)
		} else {
			require.NoError(t, err)
		}
		done, err := api.AcceptLoginRequest(t.Context(), challenge, models.AcceptLoginRequest{Subject: login.Subject})
		require.NoError(t, err)
		consent, err := api.GetConsentRequest(t.Context(), hydra.Follow(done.RedirectTo).Query().Get("consent_challenge"))
		require.NoError(t, err)
		assert.True(t, consent.Skip)
	})
}

func TestScenariosBeginInTheirState(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	login := func(api *client.AdminAPI, challenge string) error {
		_, err := api.GetLoginRequest(ctx, challenge)
		return err
	}
	consent := func(api *client.AdminAPI, challenge string) error {
		_, err := api.GetConsentRequest(ctx, challenge)
		return err
	}
	logout := func(api *client.AdminAPI, challenge string) error {
		_, err := api.GetLogoutRequest(ctx, challenge)
		return err
	}
	for _, tt := range []struct {
		scenario clienttest.Scenario
		get      func(*client.AdminAPI, string) error
		v1       error
		later    error
	}{
		{clienttest.FreshLogin, login, nil, nil},
		{clienttest.RememberedLogin, login, nil, nil},
		{clienttest.AcceptedLogin, login, nil, nil},
		{clienttest.HandledLogin, login, client.ErrRequestWasHandled, nil},
		{clienttest.ExpiredLogin, login, nil, client.ErrUnauthorized},
		{clienttest.UnknownLogin, login, client.ErrNotFound, client.ErrNotFound},
		{clienttest.FreshConsent, consent, nil, nil},
		{clienttest.RememberedConsent, consent, nil, nil},
		{clienttest.HandledConsent, consent, client.ErrRequestWasHandled, nil},
		{clienttest.ExpiredConsent, consent, nil, client.ErrUnauthorized},
		{clienttest.UnknownConsent, consent, client.ErrNotFound, client.ErrNotFound},
		{clienttest.FreshLogout, logout, nil, nil},
		{clienttest.UserLogout, logout, nil, nil},
		{clienttest.HandledLogout, logout, client.ErrRequestWasHandled, client.ErrRequestWasHandled},
		{clienttest.UnknownLogout, logout, client.ErrNotFound, client.ErrNotFound},
	} {
		for version, want := range map[clienttest.Version]error{clienttest.V1: tt.v1, clienttest.V2: tt.later, clienttest.V26: tt.later} {
			t.Run(string(version)+" "+string(tt.scenario), func(t *testing.T) {
				t.Parallel()
				hydra := clienttest.New(t, version)
				err := tt.get(hydra.Client(), hydra.Open(tt.scenario))
				if want == nil {
					assert.NoError(t, err)
				} else {
					assert.ErrorIs(t, err, want)
				}
			})
		}
	}
}

// TestBodyIsThatOfTheLastCall: the calls before it do not count.
func TestBodyIsThatOfTheLastCall(t *testing.T) {
	t.Parallel()
	hydra := clienttest.New(t, clienttest.V2)
	hydra.Respond("acceptLoginRequest", clienttest.JSON(http.StatusOK, models.CompletedRequest{RedirectTo: "https://hydra.example.com/"}))
	for _, subject := range []string{"alice", "bob"} {
		_, err := hydra.Client().AcceptLoginRequest(t.Context(), "challenge", models.AcceptLoginRequest{Subject: subject})
		require.NoError(t, err)
	}
	hydra.WantBody("acceptLoginRequest", models.AcceptLoginRequest{Subject: "bob"})
	assert.Equal(t, "bob", clienttest.Body[models.AcceptLoginRequest](hydra, "acceptLoginRequest").Subject)
}

// TestCallsHaveTheStatusOfTheResponse: also if a handler leaves it to net/http, and none if
// there was no response.
func TestCallsHaveTheStatusOfTheResponse(t *testing.T) {
	t.Parallel()
	for want, response := range map[int]clienttest.Response{
		200: clienttest.Handler(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("{}")) }),
		409: clienttest.Handler(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(409); _, _ = w.Write([]byte("{}")) }),
		0:   clienttest.Reset,
	} {
		hydra := clienttest.New(t, clienttest.V2)
		hydra.Respond("deleteOAuth2Client", response)
		require.Error(t, hydra.Client().DeleteOAuth2Client(t.Context(), "c"))
		assert.Equal(t, want, hydra.Calls()[0].Status)
	}
	hydra := clienttest.New(t, clienttest.V2)
	hydra.Respond("deleteOAuth2Client", clienttest.Handler(func(http.ResponseWriter, *http.Request) {}))
	require.NoError(t, hydra.Client().DeleteOAuth2Client(t.Context(), "c"))
	assert.Equal(t, http.StatusOK, hydra.Calls()[0].Status, "the handler writes nothing")
}

func TestResponsesComeInTheirOrderAndTheLastStays(t *testing.T) {
	t.Parallel()
	hydra := clienttest.New(t, clienttest.V1)
	api := hydra.Client(client.WithRetries(0))
	hydra.Respond("getOAuth2Client",
		clienttest.Recorded("404-unknown"), clienttest.InternalServerError, clienttest.BadGateway, clienttest.Reset,
		clienttest.Handler(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) }),
		clienttest.JSON(http.StatusOK, models.OAuth2Client{ClientID: "mine"}))
	get := func() (*models.OAuth2Client, error) { return api.GetOAuth2Client(t.Context(), "mine") }
	for _, want := range []error{client.ErrNotFound, client.ErrInternalServerError, client.ErrBadGateway, nil, client.ErrTooManyRequests} {
		_, err := get()
		if want == nil { // the reset, whose error number differs by system
			var read *net.OpError
			require.ErrorAs(t, err, &read)
			assert.Equal(t, "read", read.Op)
			continue
		}
		require.ErrorIs(t, err, want)
	}
	for range 2 {
		c, err := get()
		require.NoError(t, err)
		assert.Equal(t, "mine", c.ClientID)
	}
	var statuses []int
	for _, c := range hydra.Calls("getOAuth2Client") {
		statuses = append(statuses, c.Status)
	}
	assert.Equal(t, []int{404, 500, 502, 0, 429, 200, 200}, statuses)
}

func TestAsHydraFollowsAFault(t *testing.T) {
	t.Parallel()
	hydra := clienttest.New(t, clienttest.V1)
	hydra.Respond("getLoginRequest", clienttest.Reset, clienttest.AsHydra)
	_, err := hydra.Client().GetLoginRequest(t.Context(), hydra.Open(clienttest.FreshLogin))
	require.NoError(t, err, "the client retries reads")
	hydra.WantCalls("getLoginRequest", "getLoginRequest")
}

func TestAfterAndStallHoldTheResponse(t *testing.T) {
	t.Parallel()
	hydra := clienttest.New(t, clienttest.V1)
	release, ready := make(chan struct{}), make(chan error, 1)
	hydra.Respond("getLoginRequest", clienttest.After(release, clienttest.AsHydra), clienttest.Stall)
	challenge := hydra.Open(clienttest.FreshLogin)
	go func() {
		_, err := hydra.Client().GetLoginRequest(t.Context(), challenge)
		ready <- err
	}()
	require.Eventually(t, func() bool { return len(hydra.Calls()) == 1 }, time.Minute, time.Millisecond)
	assert.Empty(t, ready)
	close(release)
	require.NoError(t, <-ready)

	_, err := hydra.Client(client.WithTimeout(time.Millisecond)).GetLoginRequest(t.Context(), challenge)
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

func TestEmptyListHasANextPage(t *testing.T) {
	t.Parallel()
	hydra := clienttest.New(t, clienttest.V1)
	hydra.Respond("listOAuth2Clients", clienttest.EmptyList)
	resp, err := hydra.RoundTrip(httptest.NewRequest(http.MethodGet, hydra.URL+"/clients", nil))
	require.NoError(t, err)
	assert.Contains(t, resp.Header.Get("Link"), `rel="next"`)
	for range hydra.Client().AllOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{}) {
		t.Error("the list is empty")
	}
}

func TestServerIsARoundTripper(t *testing.T) {
	t.Parallel()
	hydra := clienttest.New(t, clienttest.V1)
	api, err := client.New("http://hydra.example.com:4445", client.WithHTTPClient(&http.Client{Transport: hydra}), client.WithRetries(0))
	require.NoError(t, err)
	_, err = api.GetLoginRequest(t.Context(), hydra.Open(clienttest.FreshLogin))
	require.NoError(t, err)
	hydra.Respond("getLoginRequest", clienttest.Reset)
	_, err = api.GetLoginRequest(t.Context(), hydra.Open(clienttest.FreshLogin))
	require.Error(t, err)
	var responded *client.Error
	require.NotErrorAs(t, err, &responded, "a broken connection is not a response")
}

func TestHealthIsAtTheRootOfTheAdminPort(t *testing.T) {
	t.Parallel()
	eachVersion(t, func(t *testing.T, version clienttest.Version) {
		t.Helper()
		hydra := clienttest.New(t, version)
		hydra.Respond("isReady", clienttest.Recorded("200-ready"))
		status, err := hydra.Client().IsReady(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "ok", status.Status)
		called, err := url.Parse(hydra.Calls("isReady")[0].URL)
		require.NoError(t, err)
		assert.Equal(t, "/health/ready", called.Path)
	})
}

// TestLookAround: the request by which the client finds out what kind of server it has is no
// call of the program, and takes no response of one.
func TestLookAround(t *testing.T) {
	t.Parallel()
	for _, version := range []clienttest.Version{clienttest.V1, clienttest.V2, clienttest.V26} {
		hydra := clienttest.New(t, version)
		admin := hydra.Client()
		hydra.Respond("rotateOAuth2ClientSecret", clienttest.Recorded("404-unknown"))
		hydra.Respond("listOAuth2Clients", clienttest.EmptyList)
		_, err := admin.RotateOAuth2ClientSecret(t.Context(), "app")
		require.ErrorIs(t, err, client.ErrNotSupported)
		require.NotErrorIs(t, err, client.ErrWrongBaseURL)
		hydra.WantCalls("rotateOAuth2ClientSecret")
		page, err := admin.ListOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{Limit: 1})
		require.NoError(t, err)
		assert.Empty(t, page.Items)
		hydra.WantCalls("rotateOAuth2ClientSecret", "listOAuth2Clients")
	}
	output := failure(t, func(tb testing.TB) {
		tb.Helper()
		_, _ = clienttest.New(tb, clienttest.V1).Client().ListOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{Limit: 1})
	})
	assert.Contains(t, output, "unexpected call of listOAuth2Clients")
}
