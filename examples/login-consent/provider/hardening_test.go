package provider_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/examples/login-consent/provider"
)

func TestHardening(t *testing.T) {
	t.Parallel()
	against(t, hardening)
}

// hardening has the tests that a provider needs because it is a web page, with or without
// Hydra.
var hardening = map[string]func(s site){
	"forms of other sites are refused": func(s site) {
		for page, form := range map[string]url.Values{
			"/login":  loginForm(s.Open(clienttest.FreshLogin)),
			"/device": deviceForm(),
		} {
			r := httptest.NewRequest(http.MethodPost, page, strings.NewReader(form.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Sec-Fetch-Site", "cross-site")
			w := httptest.NewRecorder()
			s.handler.ServeHTTP(w, r)
			assert.Equal(s, http.StatusForbidden, w.Code, page)
		}
		s.WantCalls()
	},
	"two clicks at once are one login": func(s site) {
		form := loginForm(s.Open(clienttest.FreshLogin))
		var both [2]*httptest.ResponseRecorder
		var wg sync.WaitGroup
		for i := range both {
			wg.Go(func() { both[i] = s.post("/login", form) })
		}
		wg.Wait()
		for _, w := range both {
			require.Equal(s, http.StatusSeeOther, w.Code)
			assert.Contains(s, w.Header().Get("Location"), "login_verifier=")
		}
	},
	"a browser that goes back is not redirected in a loop by its cache": func(s site) {
		challenge := s.Open(clienttest.HandledLogout)
		first, second := s.get("/logout?logout_challenge="+challenge), s.get("/logout?logout_challenge="+challenge)
		require.Equal(s, http.StatusSeeOther, first.Code)
		assert.NotEqual(s, first.Header().Get("Location"), second.Header().Get("Location"))
	},
	"another user does not get the login of the first": func(s site) {
		form := loginForm(s.Open(clienttest.FreshLogin))
		first := s.post("/login", form)
		form.Set("name", "bob")
		form.Set("password", "builder")
		second := s.post("/login", form)
		require.Equal(s, http.StatusSeeOther, second.Code)
		if s.v1 {
			assert.NotEqual(s, first.Header().Get("Location"), second.Header().Get("Location"))
			assert.Equal(s, "/login", s.next(second).Path, "bob starts over")
		} else {
			s.WantCalls("getLoginRequest", "acceptLoginRequest", "getLoginRequest", "acceptLoginRequest")
		}
	},
	"unknown users are refused like wrong passwords": func(s site) {
		form := loginForm(s.Open(clienttest.FreshLogin))
		form.Set("password", "wrong")
		known := s.post("/login", form)
		form.Set("name", "mallory")
		unknown := s.post("/login", form)
		assert.Equal(s, known.Code, unknown.Code)
		assert.Equal(s, strings.ReplaceAll(known.Body.String(), "alice", "mallory"), unknown.Body.String())
	},
	"every response has the security headers and no cookie": func(s site) {
		for page, want := range map[string]int{
			"/login?login_challenge=" + url.QueryEscape(s.Open(clienttest.FreshLogin)): http.StatusOK,
			"/login":                       http.StatusNotFound,
			"/device?device_challenge=any": http.StatusOK,
			"/device":                      http.StatusNotFound,
			"/device/done":                 http.StatusOK,
			"/style.css":                   http.StatusOK,
			"/health":                      http.StatusNoContent,
			"/nothing":                     http.StatusNotFound,
			"/error?error=bad":             http.StatusBadRequest,
		} {
			w := s.get(page)
			assert.Equal(s, want, w.Code, page)
			assert.Contains(s, w.Header().Get("Content-Security-Policy"), "default-src 'none'", page)
			assert.Equal(s, "DENY", w.Header().Get("X-Frame-Options"), page)
			assert.Equal(s, "nosniff", w.Header().Get("X-Content-Type-Options"), page)
			assert.Empty(s, w.Result().Cookies(), page)
		}
	},
	"error page escapes the texts of hydra": func(s site) {
		body := s.get("/error?error=" + url.QueryEscape("<script>") + "&error_description=Really%20bad.").Body.String()
		assert.NotContains(s, body, "<script>")
		assert.Contains(s, body, "Really bad.")
	},
}

func TestLogsHoldNoSecrets(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	hydra := clienttest.New(t, clienttest.V1)
	public, err := url.Parse(hydra.PublicURL)
	require.NoError(t, err)
	s := site{t, hydra, true, provider.New(provider.Config{Admin: hydra.Client(), PublicURL: public, Users: users(t), Log: slog.New(slog.NewJSONHandler(&log, nil))})}
	challenge := s.Open(clienttest.FreshLogin)
	s.get("/login?login_challenge=" + challenge)
	form := loginForm(challenge)
	form.Set("password", "a wrong password")
	s.post("/login", form)
	location := s.post("/login", loginForm(challenge)).Header().Get("Location")
	hydra.Respond("getLoginRequest", clienttest.InternalServerError)
	s.get("/login?login_challenge=" + challenge)
	hydra.Respond("acceptUserCodeRequest", clienttest.InternalServerError)
	s.post("/device", deviceForm())

	verifier, err := url.Parse(location)
	require.NoError(t, err)
	require.Contains(t, log.String(), `"path":"/login"`)
	require.Contains(t, log.String(), "getLoginRequest: 500")
	require.Contains(t, log.String(), "acceptUserCodeRequest: 500")
	for _, secret := range []string{challenge, deviceChallenge, userCode, verifier.Query().Get("login_verifier"), "wonderland", "a wrong password", "alice"} {
		require.NotEmpty(t, secret)
		assert.NotContains(t, log.String(), secret)
	}
}

// users returns users whose passwords are quick to check.
func users(t *testing.T) *provider.Users {
	t.Helper()
	alice, bob := provider.User{ID: "alice", Login: "alice", Name: "Alice Liddell"}, provider.User{ID: "bob", Login: "bob"}
	require.NoError(t, alice.SetPassword("wonderland", 1))
	require.NoError(t, bob.SetPassword("builder", 1))
	return provider.NewUsers(alice, bob)
}

func TestDemoUsersCanLogIn(t *testing.T) {
	t.Parallel()
	demo, err := provider.DemoUsers()
	require.NoError(t, err)
	for login, password := range map[string]string{"alice": "wonderland", "bob": "builder"} {
		user, err := demo.Authenticate(t.Context(), login, password)
		require.NoError(t, err)
		assert.Equal(t, login, user.ID)
	}
}
