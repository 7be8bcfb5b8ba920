package provider_test

import (
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/examples/login-consent/provider"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// A site is the provider with its Hydra.
type site struct {
	*testing.T
	*clienttest.Server
	v1      bool
	handler http.Handler
}

func TestScenarios(t *testing.T) {
	t.Parallel()
	against(t, scenarios)
}

// against runs tests on both versions of Hydra.
func against(t *testing.T, tests map[string]func(s site)) {
	t.Helper()
	for _, version := range []clienttest.Version{clienttest.V1, clienttest.V2, clienttest.V26} {
		for name, test := range tests {
			t.Run(string(version)+" "+name, func(t *testing.T) {
				t.Parallel()
				hydra := clienttest.New(t, version)
				cfg := provider.Config{Admin: hydra.Client(client.WithRetries(0)), PublicURL: hydra.PublicURL, Users: users(t), Log: slog.New(slog.DiscardHandler)}
				test(site{t, hydra, version == clienttest.V1, provider.New(cfg)})
			})
		}
	}
}

// get opens a page, and post sends its form. Both return the response.
func (s site) get(page string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, page, nil))
	return w
}

func (s site) post(page string, form url.Values) *httptest.ResponseRecorder {
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, page, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	s.handler.ServeHTTP(w, r)
	return w
}

var refresh = regexp.MustCompile(`<meta http-equiv="refresh" content="0;url=([^"]+)">`)

// location is where a response sends the browser: by a redirect, or after a form by a page.
func location(w *httptest.ResponseRecorder) string {
	if found := refresh.FindStringSubmatch(w.Body.String()); found != nil {
		return html.UnescapeString(found[1])
	}
	return w.Header().Get("Location")
}

// next follows the browser to Hydra.
func (s site) next(w *httptest.ResponseRecorder) *url.URL {
	require.NotEmpty(s, location(w), w.Body)
	return s.Follow(location(w))
}

// refused returns the page of the provider that a refused form leads to.
func (s site) refused(w *httptest.ResponseRecorder) string {
	s.Helper()
	require.Equal(s, http.StatusSeeOther, w.Code)
	to, err := url.Parse(location(w))
	require.NoError(s, err)
	require.Empty(s, to.Host)
	return to.String()
}

func loginForm(challenge string) url.Values {
	return url.Values{"challenge": {challenge}, "name": {"alice"}, "password": {"wonderland"}, "remember": {"yes"}}
}

var scenarios = map[string]func(s site){
	"fresh login asks for the password": func(s site) {
		challenge := s.Open(clienttest.FreshLogin)
		assert.Contains(s, s.get("/login?login_challenge="+url.QueryEscape(challenge)).Body.String(), "Example App")
		form := loginForm(challenge)
		form.Set("password", "wrong")
		again := s.get(s.refused(s.post("/login", form)))
		assert.Equal(s, http.StatusOK, again.Code)
		assert.Contains(s, again.Body.String(), "This name and password do not belong together.")
		assert.Equal(s, "/consent", s.next(s.post("/login", loginForm(challenge))).Path)
		s.WantBody("acceptLoginRequest", models.AcceptLoginRequest{Subject: "alice", AMR: []string{"pwd"}, Remember: true, RememberFor: 30 * 24 * 3600})
	},
	"remembered user is not asked": func(s site) {
		consent := s.next(s.get("/login?login_challenge=" + url.QueryEscape(s.Open(clienttest.RememberedLogin))))
		assert.NotEmpty(s, s.next(s.get(consent.RequestURI())).Query().Get("code"))
		s.WantCalls("getLoginRequest", "acceptLoginRequest", "getConsentRequest", "acceptConsentRequest")
	},
	"only requested scopes are granted": func(s site) {
		challenge := s.Open(clienttest.FreshConsent)
		assert.Contains(s, s.get("/consent?consent_challenge="+url.QueryEscape(challenge)).Body.String(), "Alice Liddell")
		form := url.Values{"challenge": {challenge}, "decision": {"allow"}, "scope": {"read", "admin"}}
		assert.NotEmpty(s, s.next(s.post("/consent", form)).Query().Get("code"))
		accepted := clienttest.Body[models.AcceptConsentRequest](s.Server, "acceptConsentRequest")
		assert.Equal(s, []string{"read"}, accepted.GrantScope)
		assert.Equal(s, []string{"https://api.example.com"}, accepted.GrantAccessTokenAudience)
	},
	"refusals reach the app": func(s site) {
		login := s.post("/login", url.Values{"challenge": {s.Open(clienttest.FreshLogin)}, "decision": {"cancel"}})
		assert.Equal(s, "access_denied", s.next(login).Query().Get("error"))
		consent := s.post("/consent", url.Values{"challenge": {s.Open(clienttest.FreshConsent)}, "decision": {"deny"}})
		assert.Equal(s, "access_denied", s.next(consent).Query().Get("error"))
	},
	"logout asks first": func(s site) {
		challenge := s.Open(clienttest.FreshLogout)
		assert.Contains(s, s.get("/logout?logout_challenge="+challenge).Body.String(), "Example App")
		assert.Equal(s, "/bye", s.next(s.post("/logout", url.Values{"challenge": {challenge}, "decision": {"leave"}})).Path)
		stayed := s.post("/logout", url.Values{"challenge": {s.Open(clienttest.UserLogout)}, "decision": {"stay"}})
		assert.Equal(s, http.StatusSeeOther, stayed.Code)
		assert.Contains(s, s.get(location(stayed)).Body.String(), "still signed in")
	},
	"handled requests are redirected": func(s site) {
		if s.v1 { // v2 does not report handled requests
			assert.Equal(s, "/login", s.next(s.get("/login?login_challenge="+s.Open(clienttest.HandledLogin))).Path)
			assert.Equal(s, "/login", s.next(s.get("/consent?consent_challenge="+s.Open(clienttest.HandledConsent))).Path)
		}
		assert.Equal(s, "/logout", s.next(s.get("/logout?logout_challenge="+s.Open(clienttest.HandledLogout))).Path)
	},
	"double submit and stale challenges": func(s site) {
		challenge := s.Open(clienttest.FreshLogin)
		s.post("/login", loginForm(challenge))
		assert.Equal(s, "/consent", s.next(s.post("/login", loginForm(challenge))).Path)
		if s.v1 { // accepted by another instance
			assert.Equal(s, "/login", s.next(s.post("/login", loginForm(s.Open(clienttest.AcceptedLogin)))).Path)
		} else {
			assert.Equal(s, http.StatusGone, s.get("/login?login_challenge="+url.QueryEscape(s.Open(clienttest.ExpiredLogin))).Code)
			assert.Equal(s, http.StatusGone, s.get("/consent?consent_challenge="+url.QueryEscape(s.Open(clienttest.ExpiredConsent))).Code)
		}
		assert.Equal(s, http.StatusNotFound, s.get("/consent?consent_challenge="+s.Open(clienttest.UnknownConsent)).Code)
	},
	"outages show an error page": func(s site) {
		s.Respond("getLoginRequest", clienttest.InternalServerError, clienttest.BadGateway, clienttest.Reset)
		for range 3 {
			assert.Equal(s, http.StatusServiceUnavailable, s.get("/login?login_challenge=any").Code)
		}
	},
}
