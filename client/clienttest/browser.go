package clienttest

import (
	"errors"
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

// Follow is the browser that a provider redirects to location, which is for example
// the Location header of its response. It returns where Hydra redirects the browser:
//
//   - after an accepted user code, to the login page, with a challenge
//   - after an accepted login, to the consent page, with a challenge
//   - after an accepted consent, to the client, with a code
//   - after an accepted logout, to the post_logout_redirect_uri of the client
//   - after a rejected request, to the client, with an error
//   - from the RedirectTo of a request that was handled before, to a new login
//
// A location that is not at PublicURL fails the test, and so does a verifier that is
// not from a RedirectTo.
func (s *Server) Follow(location string) *url.URL {
	s.tb.Helper()
	page, err := url.Parse(s.PublicURL)
	if err == nil {
		page, err = page.Parse(location)
	}
	if err != nil || !strings.HasPrefix(page.String(), s.PublicURL+"/") {
		s.tb.Fatalf("clienttest: the browser is redirected to %q, not back to Hydra at %s", withoutQuery(location), s.PublicURL)
	}
	req, err := http.NewRequestWithContext(s.tb.Context(), http.MethodGet, page.String(), nil)
	if err != nil {
		s.tb.Fatalf("clienttest: %v", err)
	}
	resp, err := s.RoundTrip(req)
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

// isPublic reports whether a request comes from a browser.
func (s *Server) isPublic(r *http.Request) bool {
	return r.URL.Path == authPath || r.URL.Path == logoutPath || r.URL.Path == devicePath
}

// browse responds to a browser at the public port.
func (s *Server) browse(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	e, oldnew, err := s.follow(r.URL)
	s.mu.Unlock()
	if err != nil {
		s.unexpected(w, err.Error())
		return
	}
	s.send(w, e, oldnew...)
}

// start returns the recording of the response to a browser that starts a flow, and the
// request that it leads to.
func start(page *url.URL) (name string, next Scenario) {
	switch {
	case page.Path == logoutPath:
		return "kit-logout-start", FreshLogout
	case page.Path == devicePath && page.Query().Has("user_code"):
		return "kit-device-start-with-code", FreshDevice
	case page.Path == devicePath:
		return "kit-device-start", FreshDevice
	}
	return "kit-login-start", FreshLogin
}

// next returns the request that follows after the provider has accepted one.
func (req *request) next() Scenario {
	switch {
	case req.kind == deviceKind:
		return FreshLogin
	case strings.HasPrefix(req.name, "remembered-"):
		return RememberedConsent
	}
	return FreshConsent
}

// follow finds the response to a browser. If that redirects to the provider, follow
// opens the login, consent, logout or device request.
func (s *Server) follow(page *url.URL) (e *fixture.Exchange, oldnew []string, err error) {
	name, next := start(page)
	if verifier := parameter(page.RequestURI(), "_verifier"); verifier != "" {
		v, found := s.verifiers[verifier]
		if !found {
			return nil, nil, errors.New("the browser sends a verifier that is not from a RedirectTo")
		}
		if s.version != V1 && !strings.HasSuffix(v.req.state, used) { // later versions keep the state in the verifier
			v.req.state = v.state
		}
		name, next = v.req.recording(), v.req.next()
		v.req.state = strings.TrimSuffix(v.req.state, used) + used
	}
	if e = s.find("browser", name); e == nil {
		return nil, nil, errors.New("there is no recording of the response to this browser")
	}
	if challenge := parameter(e.Response.Header.Get("Location"), "_challenge"); challenge != "" {
		opened, err := s.open(next)
		if err != nil {
			return nil, nil, err
		}
		oldnew = replace(challenge, opened.challenge)
	}
	return e, oldnew, nil
}
