package login

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func eachVersion(t *testing.T, test func(t *testing.T, hydra *clienttest.Server, provider http.Handler)) {
	t.Helper()
	for _, version := range []clienttest.Version{clienttest.V1, clienttest.V2, clienttest.V26} {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			hydra := clienttest.New(t, version)
			test(t, hydra, newProvider(hydra.Client(client.WithRetries(0))))
		})
	}
}

func pageURL(name, challenge string) string {
	return "/" + name + "?" + name + "_challenge=" + url.QueryEscape(challenge)
}

func TestAUserLogsInToAnApp(t *testing.T) {
	t.Parallel()
	eachVersion(t, func(t *testing.T, hydra *clienttest.Server, provider http.Handler) {
		t.Helper()
		challenge := hydra.Open(clienttest.FreshLogin)
		w := get(provider, pageURL("login", challenge))
		require.Equal(t, http.StatusOK, w.Code)
		assert.Contains(t, w.Body.String(), `name="password"`)
		w = submit(provider, "challenge", challenge, "name", "alice", "password", "wrong")
		require.Equal(t, http.StatusUnprocessableEntity, w.Code)
		w = submit(provider, "challenge", challenge, "name", "outage", "password", "secret")
		require.Equal(t, http.StatusBadGateway, w.Code)

		w = submit(provider, "challenge", challenge, "name", "alice", "password", "secret")
		hydra.WantBody("acceptLoginRequest", models.AcceptLoginRequest{Subject: "alice", Remember: true, RememberFor: 3600})
		consent := hydra.Follow(w.Header().Get("Location"))
		w = get(provider, consent.RequestURI())
		hydra.WantBody("acceptConsentRequest", models.AcceptConsentRequest{
			GrantScope: []string{"openid", "read"}, GrantAccessTokenAudience: []string{"https://api.example.com"},
			Session: models.ConsentRequestSession{IDToken: models.Claims{"name": "Alice"}},
		})
		assert.NotEmpty(t, hydra.Follow(w.Header().Get("Location")).Query().Get("code"))
	})
}

func TestAUserCancels(t *testing.T) {
	t.Parallel()
	eachVersion(t, func(t *testing.T, hydra *clienttest.Server, provider http.Handler) {
		t.Helper()
		w := submit(provider, "challenge", hydra.Open(clienttest.FreshLogin), "do", "cancel")
		assert.Equal(t, "access_denied", hydra.Follow(w.Header().Get("Location")).Query().Get("error"))
	})
}

func TestRequestsInOtherStates(t *testing.T) {
	t.Parallel()
	const form = http.StatusOK
	for _, tt := range []struct {
		scenario    clienttest.Scenario
		page        string
		v1, v2, v26 int
	}{
		{clienttest.RememberedLogin, "login", 303, 303, 303},
		{clienttest.HandledLogin, "login", 303, form, form},
		{clienttest.ExpiredLogin, "login", form, 400, 400}, // the browser of v1 gets the error at the end
		{clienttest.UnknownLogin, "login", 400, 400, 400},
		{clienttest.RememberedConsent, "consent", 303, 303, 303},
		{clienttest.HandledConsent, "consent", 303, 303, 303},
		{clienttest.ExpiredConsent, "consent", 303, 400, 400},
		{clienttest.UnknownConsent, "consent", 400, 400, 400},
	} {
		t.Run(string(tt.scenario), func(t *testing.T) {
			t.Parallel()
			for version, status := range map[clienttest.Version]int{clienttest.V1: tt.v1, clienttest.V2: tt.v2, clienttest.V26: tt.v26} {
				hydra := clienttest.New(t, version)
				w := get(newProvider(hydra.Client()), pageURL(tt.page, hydra.Open(tt.scenario)))
				assert.Equal(t, status, w.Code, version)
			}
		})
	}
}

// A flow starts over where the redirect to its next step is lost, and where a form is
// submitted twice.
func TestALostRedirectStartsOver(t *testing.T) {
	t.Parallel()
	eachVersion(t, func(t *testing.T, hydra *clienttest.Server, provider http.Handler) {
		t.Helper()
		hydra.Respond("acceptLoginRequest", clienttest.Reset)
		challenge := hydra.Open(clienttest.FreshLogin)
		w := submit(provider, "challenge", challenge, "name", "alice", "password", "secret")
		require.Equal(t, http.StatusSeeOther, w.Code)
		location, err := url.Parse(w.Header().Get("Location"))
		require.NoError(t, err)
		assert.Equal(t, "/oauth2/auth", location.Path)
	})
}
