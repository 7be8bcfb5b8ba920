package provider_test

import (
	"bytes"
	"cmp"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/examples/login-consent/provider"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func TestHardening(t *testing.T) {
	t.Parallel()
	against(t, hardening)
}

func TestWhatUsersAndBrowsersDo(t *testing.T) {
	t.Parallel()
	for _, version := range []clienttest.Version{clienttest.V1, clienttest.V2, clienttest.V26} {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			clienttest.Check(t, version, func(hydra *clienttest.Server) http.Handler {
				return provider.New(provider.Config{Admin: hydra.Client(client.WithRetries(0)), PublicURL: hydra.PublicURL, Users: users(t), Log: slog.New(slog.DiscardHandler)})
			}, clienttest.User{
				Login: map[string]string{"name": "alice", "password": "wonderland"}, Wrong: map[string]string{"name": "alice", "password": "wrong"},
				Other: map[string]string{"name": "bob", "password": "builder"}, Subject: "alice", SignIn: "Sign in", Cancel: "Cancel", Allow: "Allow", Deny: "Do not allow", SignOut: "Sign out", Stay: "Stay signed in",
			})
		})
	}
}

func TestAUserNamedLikeAButtonSignsInAfterARefusal(t *testing.T) {
	t.Parallel()
	hydra := clienttest.New(t, clienttest.V2)
	user := provider.User{ID: "cancel", Login: "cancel"}
	require.NoError(t, user.SetPassword("wonderland", 1))
	s := site{t, hydra, false, provider.New(provider.Config{Admin: hydra.Client(), PublicURL: hydra.PublicURL, Users: provider.UserList{user}, Log: slog.New(slog.DiscardHandler)})}
	form := loginForm(s.Open(clienttest.FreshLogin))
	form.Set("decision", "cancel")
	s.post("/login", form)
	form.Set("decision", "login")
	form.Set("name", "cancel")
	s.post("/login", form)
	s.WantCalls("getLoginRequest", "rejectLoginRequest", "getLoginRequest", "acceptLoginRequest")
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
			assert.Contains(s, location(w), "login_verifier=")
		}
		assert.Len(s, s.Calls("acceptLoginRequest"), 1)
	},
	"two clicks on any button do one thing": func(s site) {
		for page, form := range map[string]url.Values{
			"cancel a login":  {"challenge": {s.Open(clienttest.FreshLogin)}, "decision": {"cancel"}},
			"allow":           {"challenge": {s.Open(clienttest.FreshConsent)}, "decision": {"allow"}, "scope": {"read"}},
			"deny":            {"challenge": {s.Open(clienttest.FreshConsent)}, "decision": {"deny"}},
			"sign out":        {"challenge": {s.Open(clienttest.FreshLogout)}, "decision": {"leave"}},
			"stay signed in":  {"challenge": {s.Open(clienttest.UserLogout)}, "decision": {"stay"}},
			"connect, device": deviceForm(),
		} {
			s.Respond("acceptUserCodeRequest", codeAccepted)
			path := map[string]string{"cancel a login": "/login", "allow": "/consent", "deny": "/consent", "connect, device": "/device"}[page]
			path = cmp.Or(path, "/logout")
			first, second := s.post(path, form), s.post(path, form)
			if page == "stay signed in" {
				assert.Equal(s, "/logout/stayed", s.refused(first))
			} else {
				assert.Equal(s, http.StatusOK, first.Code, page)
			}
			assert.Equal(s, first.Code, second.Code, page)
			assert.Equal(s, first.Body.String(), second.Body.String(), page)
		}
		for _, op := range []string{"rejectLoginRequest", "acceptConsentRequest", "rejectConsentRequest", "acceptLogoutRequest", "rejectLogoutRequest", "acceptUserCodeRequest"} {
			assert.Len(s, s.Calls(op), 1, op)
		}
	},
	"a lost response starts over, and not in a circle": func(s site) {
		for name, lost := range map[string]clienttest.Response{"reset": clienttest.Reset, "502": clienttest.BadGateway, "504": clienttest.JSON(http.StatusGatewayTimeout, nil)} {
			s.Respond("acceptLoginRequest", lost, lost)
			req := models.LoginRequest{Challenge: "of " + name, Skip: true, Subject: "alice", RequestURL: s.PublicURL + "/oauth2/auth?client_id=app"}
			s.Respond("getLoginRequest", clienttest.JSON(http.StatusOK, req))
			w := s.get("/login?login_challenge=c")
			require.Equal(s, http.StatusSeeOther, w.Code, name)
			assert.Contains(s, location(w), "/oauth2/auth?", name)
			assert.Contains(s, location(w), "&again=lost-", "not the URL in the cache")

			req.RequestURL = location(w)
			s.Respond("getLoginRequest", clienttest.JSON(http.StatusOK, req))
			w = s.get("/login?login_challenge=c")
			assert.Equal(s, http.StatusServiceUnavailable, w.Code, name)
			assert.Contains(s, w.Body.String(), "try again", name)
		}
	},
	"what a browser loads in advance does nothing": func(s site) {
		page := "/login?login_challenge=" + url.QueryEscape(s.Open(clienttest.RememberedLogin))
		for _, header := range []string{"Sec-Purpose", "Purpose", "X-Moz"} {
			r := httptest.NewRequest(http.MethodGet, page, nil)
			r.Header.Set(header, "prefetch;prerender")
			w := httptest.NewRecorder()
			s.handler.ServeHTTP(w, r)
			assert.Equal(s, http.StatusServiceUnavailable, w.Code)
			assert.Equal(s, "no-store", w.Header().Get("Cache-Control"))
		}
		s.handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodHead, page, nil))
		s.WantCalls()
	},
	"names cannot pose as others": func(s site) {
		const turned = "Bank\u202egnikcah\u2066\u200b\r\n\x00App"
		const scope = "Bank\u202egnikcah"
		s.Respond("getConsentRequest", clienttest.JSON(http.StatusOK, models.ConsentRequest{
			Challenge: "c", Subject: "alice", Client: models.OAuth2Client{ClientID: "id", ClientName: turned + strings.Repeat("x", 1000)},
			RequestedScope: []string{scope}, RequestedAccessTokenAudience: []string{turned},
		}))
		s.Respond("getLoginRequest", clienttest.JSON(http.StatusOK, models.LoginRequest{
			Challenge: "c", Client: models.OAuth2Client{ClientID: turned}, OIDCContext: models.OpenIDConnectContext{LoginHint: turned},
		}))
		for _, page := range []string{
			"/consent?consent_challenge=c", "/login?login_challenge=c", "/error?error=" + url.QueryEscape(turned) + "&error_hint=" + url.QueryEscape(turned),
			"/device?device_challenge=c&user_code=" + url.QueryEscape(turned),
		} {
			body := s.get(page).Body.String()
			body = strings.ReplaceAll(body, `value="`+scope+`"`, "") // what the form sends back is not shown
			assert.Contains(s, body, "Bankgnikcah", page)
			assert.NotContains(s, body, "\u202e", page)
			assert.NotContains(s, body, "\u2066", page)
			assert.NotContains(s, body, strings.Repeat("x", 100), page)
		}
	},
	"a browser that goes back is not redirected in a loop by its cache": func(s site) {
		challenge := s.Open(clienttest.HandledLogout)
		first, second := s.get("/logout?logout_challenge="+challenge), s.get("/logout?logout_challenge="+challenge)
		require.Equal(s, http.StatusSeeOther, first.Code)
		assert.NotEqual(s, location(first), location(second))
	},
	"another user does not get the login of the first": func(s site) {
		form := loginForm(s.Open(clienttest.FreshLogin))
		first := s.post("/login", form)
		form.Set("name", "bob")
		form.Set("password", "builder")
		second := s.post("/login", form)
		if s.v1 {
			assert.NotEqual(s, location(first), location(second))
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
		assert.Equal(s, s.refused(known), s.refused(unknown))
		assert.Equal(s, known.Body.String(), unknown.Body.String())
	},
	"refused forms leave nothing of them in a URL or page": func(s site) {
		challenge := s.Open(clienttest.FreshLogin)
		s.Respond("acceptUserCodeRequest", codeRefused)
		login := s.refused(s.post("/login", url.Values{"challenge": {challenge}, "name": {"the-name"}, "password": {"the-password"}}))
		device := s.refused(s.post("/device", url.Values{"challenge": {deviceChallenge}, "code": {"the-code"}}))
		for page, want := range map[string]string{
			login:  "/login?" + url.Values{"login_challenge": {challenge}, "problem": {"password"}}.Encode(),
			device: "/device?" + url.Values{"device_challenge": {deviceChallenge}, "problem": {"code"}}.Encode(),
		} {
			assert.Equal(s, want, page)
			w := s.get(page)
			assert.Equal(s, http.StatusOK, w.Code)
			assert.Equal(s, "no-store", w.Header().Get("Cache-Control"))
			for _, typed := range []string{"the-name", "the-password", "the-code"} {
				assert.NotContains(s, w.Body.String(), typed)
			}
			assert.Contains(s, w.Body.String(), "<title>Error: ")
			assert.Contains(s, w.Body.String(), `role="alert" id="problem"`)
			assert.Contains(s, w.Body.String(), `aria-describedby="problem"`)
			assert.Equal(s, w.Body.String(), s.get(page).Body.String(), "Back shows the same")
		}
	},
	"a link shows no problem but ours": func(s site) {
		page := "/login?login_challenge=" + url.QueryEscape(s.Open(clienttest.FreshLogin)) + "&problem="
		for _, word := range []string{"", "no", "<b>", "Call us at 555"} {
			w := s.get(page + url.QueryEscape(word))
			assert.Equal(s, http.StatusOK, w.Code)
			assert.NotContains(s, w.Body.String(), `role="alert"`)
		}
	},
	"one who guesses has to wait": func(s site) {
		challenge := s.Open(clienttest.FreshLogin)
		form := loginForm(challenge)
		form.Set("password", "wrong")
		for range 10 {
			require.Contains(s, s.refused(s.post("/login", form)), "problem=password")
		}
		for page, form := range map[string]url.Values{"/login": loginForm(challenge), "/device": deviceForm()} {
			w := s.get(s.refused(s.post(page, form)))
			assert.Equal(s, http.StatusTooManyRequests, w.Code, page)
			assert.Equal(s, "60", w.Header().Get("Retry-After"), page)
			assert.Contains(s, w.Body.String(), "There were too many tries.", page)
			assert.Contains(s, w.Body.String(), `role="alert"`, page)
			assert.Contains(s, w.Body.String(), "<form", page)
		}
		assert.Empty(s, s.Calls("acceptLoginRequest"), "whatever the password is")
		assert.Empty(s, s.Calls("acceptUserCodeRequest"))
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
	s := site{t, hydra, true, provider.New(provider.Config{Admin: hydra.Client(), PublicURL: hydra.PublicURL, Users: users(t), Log: slog.New(slog.NewJSONHandler(&log, nil))})}
	challenge := s.Open(clienttest.FreshLogin)
	s.get("/login?login_challenge=" + challenge)
	form := loginForm(challenge)
	form.Set("password", "a wrong password")
	s.post("/login", form)
	done := location(s.post("/login", loginForm(challenge)))
	hydra.Respond("getLoginRequest", clienttest.InternalServerError)
	s.get("/login?login_challenge=" + challenge)
	hydra.Respond("acceptUserCodeRequest", clienttest.InternalServerError)
	s.post("/device", deviceForm())

	verifier, err := url.Parse(done)
	require.NoError(t, err)
	require.Contains(t, log.String(), `"path":"/login"`)
	require.Contains(t, log.String(), "getLoginRequest: 500")
	require.Contains(t, log.String(), "acceptUserCodeRequest: 500")
	for _, secret := range []string{challenge, deviceChallenge, userCode, verifier.Query().Get("login_verifier"), "wonderland", "a wrong password", "alice"} {
		require.NotEmpty(t, secret)
		assert.NotContains(t, log.String(), secret)
	}
}

func TestLogLinesAreBounded(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	hydra := clienttest.New(t, clienttest.V1)
	s := site{t, hydra, true, provider.New(provider.Config{Admin: hydra.Client(), PublicURL: hydra.PublicURL, Users: users(t), Log: slog.New(slog.NewJSONHandler(&log, nil))})}
	long := strings.Repeat("x", 500_000)
	page := s.get("/error?error=" + long + "&error_description=" + long)
	s.get("/" + long)
	assert.Less(t, page.Body.Len(), 5_000)
	for line := range strings.Lines(log.String()) {
		assert.Less(t, len(line), 1_000)
	}
	assert.NotEmpty(t, log.String())
}

// users returns users whose passwords are quick to check.
func users(t *testing.T) provider.UserList {
	t.Helper()
	alice, bob := provider.User{ID: "alice", Login: "alice", Name: "Alice Liddell"}, provider.User{ID: "bob", Login: "bob"}
	require.NoError(t, alice.SetPassword("wonderland", 1))
	require.NoError(t, bob.SetPassword("builder", 1))
	return provider.UserList{alice, bob}
}
