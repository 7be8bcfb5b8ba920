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
)

// Follow plays the browser that a provider sends to location, such as the Location
// header of its redirect, and returns where Hydra sends the browser next:
//
//   - after a login that was accepted, to the consent page, with a challenge
//   - after a consent that was accepted, to the client, with a code
//   - after a logout that was accepted, to where the client wants the user back
//   - after anything that was rejected, to the client, with an error
//   - from the RedirectTo of a request that was handled before, to a new login
//
// A location that Hydra would not send a browser to fails the test.
func (s *Server) Follow(location string) *url.URL {
	s.tb.Helper()
	page, err := url.Parse(s.PublicURL)
	if err == nil {
		page, err = page.Parse(location)
	}
	if err != nil || !strings.HasPrefix(page.String(), s.PublicURL+"/") {
		s.tb.Fatalf("clienttest: the browser is sent to %q, and not back to Hydra at %s", location, s.PublicURL)
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
		s.tb.Fatalf("clienttest: Hydra does not redirect the browser, but answers %s", resp.Status)
	}
	return next
}

// isPublic reports whether a request is one of a browser.
func (s *Server) isPublic(r *http.Request) bool {
	return r.URL.Path == authPath || r.URL.Path == logoutPath
}

// browse answers a browser at the public port.
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

// follow finds the answer to a browser. It makes the request that the browser is
// sent to the provider with.
func (s *Server) follow(page *url.URL) (e *fixture.Exchange, oldnew []string, err error) {
	name, next := "kit-login-start", FreshLogin
	if page.Path == logoutPath {
		name, next = "kit-logout-start", FreshLogout
	}
	if verifier := parameter(page.RequestURI(), "_verifier"); verifier != "" {
		v, found := s.verifiers[verifier]
		if !found {
			return nil, nil, errors.New("the browser comes with a verifier that was not handed out")
		}
		if s.version == V2 && !strings.HasSuffix(v.req.state, used) { // there it is all in the verifier
			v.req.state = v.state
		}
		name, next = v.req.recording(), FreshConsent
		if strings.HasPrefix(v.req.name, "remembered-") {
			next = RememberedConsent
		}
		v.req.state = strings.TrimSuffix(v.req.state, used) + used
	}
	if e = s.find("browser", name); e == nil {
		return nil, nil, errors.New("there is no recording of what Hydra says to this browser")
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
