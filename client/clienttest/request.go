package clienttest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
)

// A request is a login, consent or logout request on its way. The recordings are
// named after its scenario and state.
type request struct {
	kind, name, state string
	challenge         string
	number            int // among those of the scenario
}

const used = "-used"

// verified is what a verifier stands for.
type verified struct {
	req   *request
	state string // that the request got with it
}

// Open makes a request of the scenario, and returns the challenge with which Hydra
// sends the browser to the provider. From then on it changes as in Hydra: when it is
// accepted or rejected, and when the browser comes back, which [Server.Follow]
// plays.
func (s *Server) Open(sc Scenario) (challenge string) {
	s.tb.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	req, err := s.open(sc)
	if err != nil {
		s.tb.Fatalf("clienttest: %v", err)
	}
	return req.challenge
}

func (s *Server) open(sc Scenario) (*request, error) {
	req := &request{kind: sc.kind()}
	req.name, req.state = sc.split()
	e := s.find("get"+req.kind+"Request", req.recording())
	if e == nil {
		return nil, fmt.Errorf("no scenario is called %q", sc)
	}
	s.opened[req.name]++
	req.number = s.opened[req.name]
	req.challenge = number(parameter(e.Target, "_challenge"), req.number)
	s.requests[req.challenge] = req
	return req, nil
}

// recording is the case that the recordings of the request have.
func (req *request) recording() string {
	if strings.HasPrefix(req.name, unknown) {
		return "unknown"
	}
	return "kit-" + req.name + "-" + req.state
}

var onRequest = regexp.MustCompile(`^(get|accept|reject)(Login|Consent|Logout)Request$`)

// replay answers a call as Hydra did in the state of the request that it is about.
func (s *Server) replay(w http.ResponseWriter, _ *http.Request, c *Call) {
	about := onRequest.FindStringSubmatch(c.Operation.ID)
	if about == nil {
		s.unexpected(w, fmt.Sprintf("unexpected call of %[1]s: it has no response; give it one with Respond(%[1]q, ...)", c.Operation.ID))
		return
	}
	s.mu.Lock()
	e, oldnew, err := s.next(about[1], about[2], c)
	s.mu.Unlock()
	if err != nil {
		s.unexpected(w, err.Error())
		return
	}
	s.send(w, e, oldnew...)
}

// next finds the answer to a call about a request, and what to replace in it, and
// moves the request on.
func (s *Server) next(verb, kind string, c *Call) (e *fixture.Exchange, oldnew []string, err error) {
	challenge := c.Query.Get(strings.ToLower(kind) + "_challenge")
	req := s.requests[challenge]
	if req == nil || req.kind != kind {
		return nil, nil, fmt.Errorf("unexpected call of %s: no %s request has this challenge:\n%s", c.Operation.ID, strings.ToLower(kind), diff(s.challenges(kind), []string{challenge}))
	}
	name := req.recording()
	if c.Operation.ID == "acceptLoginRequest" {
		if other := s.find(c.Operation.ID, name+"-other-subject"); other != nil && subject(c.Body) != subject(s.find(c.Operation.ID, name).Request.Body) {
			name += "-other-subject"
		}
	}
	if e = s.find(c.Operation.ID, name); e == nil {
		return nil, nil, fmt.Errorf("unexpected call of %s: there is no recording of it for a request that is %s", c.Operation.ID, req.state)
	}
	oldnew = []string{parameter(e.Target, "_challenge"), req.challenge}
	if e.Status/100 != 2 || verb == "get" || req.recording() != name {
		return e, oldnew, nil
	}
	if !strings.HasSuffix(req.state, used) {
		req.state = verb + "ed"
	}
	if verifier := parameter(redirectTo(e.Response.Body), "_verifier"); verifier != "" {
		own := number(verifier, req.number)
		s.verifiers[own] = verified{req, verb + "ed"}
		oldnew = append(oldnew, replace(verifier, own)...)
	}
	return e, oldnew, nil
}

func (s *Server) challenges(kind string) (all []string) {
	for challenge, req := range s.requests {
		if req.kind == kind {
			all = append(all, challenge)
		}
	}
	return all
}

// send writes a recorded answer. Oldnew are pairs of texts to replace in it.
func (s *Server) send(w http.ResponseWriter, e *fixture.Exchange, oldnew ...string) {
	oldnew = append(oldnew, "http://"+fixture.AdminHost, s.PublicURL, "http://"+fixture.PublicHost, s.PublicURL)
	e.Respond(w, strings.NewReplacer(oldnew...))
}

// number makes of a recorded challenge or verifier that of the n-th request of its
// scenario: the same, but for some characters near the end.
func number(v string, n int) string {
	padding := strings.TrimRight(v, "=")
	if at := len(padding) - 4; n > 1 && at > 0 {
		return fmt.Sprintf("%s%04x%s", v[:at], n, v[len(padding):])
	}
	return v
}

// replace returns the pairs that replace a value, plain and as part of a query.
func replace(old, now string) []string {
	return []string{old, now, url.QueryEscape(old), url.QueryEscape(now)}
}

// parameter returns the query parameter of target whose name has the suffix.
func parameter(target, suffix string) string {
	u, err := url.Parse(target)
	if err != nil {
		return ""
	}
	for name, values := range u.Query() {
		if strings.HasSuffix(name, suffix) && name != "code_challenge" {
			return values[0]
		}
	}
	return ""
}

func redirectTo(body []byte) string {
	var done struct {
		RedirectTo string `json:"redirect_to"`
	}
	_ = json.Unmarshal(body, &done) // the answer may be another one
	return done.RedirectTo
}

func subject(body []byte) string {
	var login struct {
		Subject string `json:"subject"`
	}
	_ = json.Unmarshal(body, &login) // Hydra would say so
	return login.Subject
}
