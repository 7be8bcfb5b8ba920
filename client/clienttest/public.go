package clienttest

import (
	"crypto/rand"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
)

const (
	authPath   = "/oauth2/auth"
	logoutPath = "/oauth2/sessions/logout"
	devicePath = "/oauth2/device/verify"
)

// Follow is a browser that a provider redirects to location, which is for example
// the Location header of its response. It returns where Hydra redirects the browser:
//
//   - after an accepted user code, to the login page, with a challenge
//   - after an accepted login, to the consent page, with a challenge
//   - after an accepted consent, to the client, with a code, or in a device flow to the page
//     /device/done of the provider
//   - after an accepted logout, to the post_logout_redirect_uri of the client
//   - after a rejected request, to the client, with the error of the reject
//   - from the RedirectTo of a request that was handled before, to a new login
//
// A location that is not at PublicURL fails the test, also if it is relative: a browser
// looks for that at the provider. So does a verifier that is not from a RedirectTo.
//
// Follow takes one step and knows no forms, cache and cookies: [Server.Browser] does.
func (s *Server) Follow(location string) *url.URL {
	s.tb.Helper()
	page, err := url.Parse(location)
	if err == nil && page.Host == "" {
		s.tb.Fatalf("clienttest: the browser is redirected to %q, %s", withoutQuery(location), relativeRemedy)
	}
	if err != nil || !s.atHydra(page) {
		s.tb.Fatalf("clienttest: the browser is redirected to %q, not back to Hydra at %s", withoutQuery(location), s.PublicURL)
	}
	resp, err := s.visit(page.String(), aBrowser)
	if err != nil {
		s.tb.Fatalf("clienttest: %v", err)
	}
	_ = resp.Body.Close()
	next, err := resp.Location()
	if err != nil {
		s.tb.Fatalf("clienttest: Hydra responds to the browser with %s instead of a redirect", resp.Status)
	}
	return next
}

const relativeRemedy = "which is relative: the browser looks for it at the provider, not at Hydra. " +
	"The RedirectTo of a logout that was handled before is relative to Hydra's public URL: resolve it against that"

func (s *Server) atHydra(page *url.URL) bool {
	return strings.HasPrefix(page.String(), s.PublicURL+"/")
}

// visit opens a page at the public port.
func (s *Server) visit(page string, header http.Header) (*http.Response, error) {
	req, err := http.NewRequestWithContext(s.tb.Context(), http.MethodGet, page, nil)
	if err != nil {
		return nil, err
	}
	maps.Copy(req.Header, header)
	return s.RoundTrip(req)
}

// isPublic reports whether a request comes from a browser.
func (s *Server) isPublic(r *http.Request) bool {
	return r.URL.Path == authPath || r.URL.Path == logoutPath || r.URL.Path == devicePath
}

// browserCookie tells browsers apart, as Hydra's cookies do.
const browserCookie = "oauth2_authentication_csrf"

// aBrowser is the header of the browser of Follow, which is always the same one.
var aBrowser = http.Header{"Cookie": {browserCookie + "=follow"}}

// browse responds to a browser at the public port.
func (s *Server) browse(w http.ResponseWriter, r *http.Request) {
	browser := rand.Text()
	if cookie, err := r.Cookie(browserCookie); err == nil {
		browser = cookie.Value
	} else {
		http.SetCookie(w, &http.Cookie{Name: browserCookie, Value: browser, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}) //nolint:gosec // there is no TLS here
	}
	s.mu.Lock()
	e, oldnew, err := s.follow(r.URL, browser)
	s.mu.Unlock()
	if err != nil {
		s.unexpected(w, err.Error())
		return
	}
	s.send(w, e, oldnew...)
}

// start returns the recording of the response to a browser that starts a flow, and the
// request that it leads to.
func (s *Server) start(page *url.URL, f *flow) (name string, next Scenario) {
	switch {
	case page.Path == logoutPath:
		return "kit-logout-start", FreshLogout
	case page.Path == devicePath && page.Query().Has("user_code"):
		return "kit-device-start-with-code", FreshDevice
	case page.Path == devicePath:
		return "kit-device-start", FreshDevice
	}
	f.query = page.Query()
	session, remembered := s.sessions[f.browser]
	if f.asks("login") || f.query.Get("max_age") == "0" {
		remembered = false
	}
	switch {
	case remembered:
		f.session = &session
		return "kit-login-start", RememberedLogin
	case f.asks("none"):
		return "kit-login-start-without-pages", FreshLogin
	}
	return "kit-login-start", FreshLogin
}

// next returns the request that follows after the provider has accepted one.
func (s *Server) next(req *request) Scenario {
	switch f := req.flow; {
	case req.kind == deviceKind:
		return FreshLogin
	case f.query == nil && strings.HasPrefix(req.name, "remembered-"): // of Open
		return RememberedConsent
	case f.login != nil && s.granted[f.login.Subject] && !f.asks("consent"):
		return RememberedConsent
	}
	return FreshConsent
}

// follow finds the response to a browser. If that redirects to the provider, follow
// opens the login, consent, logout or device request.
func (s *Server) follow(page *url.URL, browser string) (e *fixture.Exchange, oldnew []string, err error) {
	f := &flow{browser: browser}
	var name string
	var next Scenario
	var used verified
	if verifier := parameter(page.RequestURI(), "_verifier"); verifier == "" {
		name, next = s.start(page, f)
	} else {
		var found bool
		if used, found = s.verifiers[verifier]; !found {
			return nil, nil, errors.New("the browser sends a verifier that is not from a RedirectTo")
		}
		f = used.req.flow
		f.device = f.device || used.req.kind == deviceKind
		if name = s.use(&used, browser); !strings.HasSuffix(name, otherBrowser) {
			next = s.next(used.req)
		}
	}
	if e = s.find("browser", name); e == nil {
		return nil, nil, errors.New("there is no recording of the response to this browser")
	}
	if challenge := parameter(e.Response.Header.Get("Location"), "_challenge"); challenge != "" {
		opened, err := s.open(next, f)
		if err != nil {
			return nil, nil, err
		}
		oldnew = replace(challenge, opened.challenge)
		s.giveCookie(opened, browser)
	}
	if name == deviceDone { // of the app that the login is for
		oldnew = replace(parameter(e.Response.Header.Get("Location"), "client_id"), parameter(s.find("browser", "kit-login-start").Target, "client_id"))
	}
	if strings.HasSuffix(name, otherBrowser) {
		return f.atApp(s.otherCookie(e, used.req, browser), verified{}), oldnew, nil
	}
	return f.atApp(e, used), oldnew, nil
}

// giveCookie keeps that the browser has the cookie of a login or consent, which takes the
// place of the one before. On V1 a browser has one for all apps, and later one for each.
func (s *Server) giveCookie(req *request, browser string) {
	if req.kind != "Login" && req.kind != "Consent" {
		return
	}
	req.cookie = req.kind
	if s.version != V1 {
		req.cookie += " " + req.flow.query.Get("client_id")
	}
	s.cookies[browser+" "+req.cookie] = req.challenge
}

// hasCookie reports whether a browser can go on with a login or consent: it has started it,
// and has the cookie of no later one. Those of [Server.Open] have none.
func (s *Server) hasCookie(req *request, browser string) bool {
	return req.flow.browser == browser && (req.cookie == "" || s.cookies[browser+" "+req.cookie] == req.challenge)
}

// otherCookie returns the exchange with what Hydra says if the cookie is that of another
// request, and not missing.
func (s *Server) otherCookie(e *fixture.Exchange, req *request, browser string) *fixture.Exchange {
	if s.cookies[browser+" "+req.cookie] == "" {
		return e
	}
	derived := *e
	derived.Response.Header = e.Response.Header.Clone()
	derived.Response.Header.Set("Location", strings.Replace(e.Response.Header.Get("Location"), url.QueryEscape(noCookie), url.QueryEscape(wrongCookie), 1))
	return &derived
}

// The reasons that Hydra gives.
const (
	noCookie    = "No CSRF value available in the session cookie."
	wrongCookie = "The CSRF value from the token does not match the CSRF value from the data store."
)

// Suffixes of the recordings of what the app gets.
const (
	otherBrowser = "-other-browser"
	withoutError = "-without-error"
)

// deviceDone is the recording of the end of a device flow.
const deviceDone = "kit-device-done"

// use changes what Hydra knows when a browser comes back with a verifier. It returns the
// recording of the response.
func (s *Server) use(v *verified, browser string) (name string) {
	req, f := v.req, v.req.flow
	if f.browser == "" {
		f.browser = browser
	}
	first := !strings.HasSuffix(req.state, used)
	// A login of later versions can be used again. All else that was used says so first.
	if v.state == "accepted" && (first || req.kind == "Login" && s.version != V1) && (req.kind == "Login" || req.kind == "Consent") && !s.hasCookie(req, browser) {
		req.state = v.state + used
		return "kit-" + strings.ToLower(req.kind) + "-accepted" + otherBrowser
	}
	if s.version != V1 && first { // later versions keep the state in the verifier
		req.state = v.state
	}
	name = req.recording()
	if first {
		s.remember(v)
	}
	if first && f.device && name == "kit-consent-accepted" {
		name = deviceDone
	}
	if first && v.state == "rejected" && text(v.body, "error") == "" {
		name = "kit-" + strings.ToLower(req.kind) + "-rejected" + withoutError
	}
	req.state = strings.TrimSuffix(req.state, used) + used
	return name
}
