package clienttest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
)

// A request is a login, consent, logout or device request that was opened. Name and state
// select its recordings.
type request struct {
	kind, name, state string
	challenge         string
	cookie            string // the name of the one that the browser got with the challenge
	number            int    // counts the requests of the scenario
	flow              *flow
}

// used is the suffix of a state after the browser came back.
const used = "-used"

// verified is the request that a verifier belongs to.
type verified struct {
	req   *request
	state string // of the request after the call that returned the verifier
	body  []byte // of that call
}

// Open opens a request of the scenario, and returns the challenge that Hydra redirects
// the browser to the provider with. From then on the request changes as in Hydra: when
// it is accepted or rejected, and when the browser comes back, see [Server.Follow].
func (s *Server) Open(sc Scenario) (challenge string) {
	s.tb.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	req, err := s.open(sc, &flow{})
	if err != nil {
		s.tb.Fatalf("clienttest: %v", err)
	}
	return req.challenge
}

func (s *Server) open(sc Scenario, f *flow) (*request, error) {
	req := &request{kind: sc.kind(), flow: f}
	req.name, req.state = sc.split()
	verb := "get"
	if req.kind == deviceKind {
		verb = "accept" // the only one
		if s.find("browser", "kit-device-start") == nil {
			return nil, fmt.Errorf("hydra %s has no device flow: the scenario %q needs V26", s.version, sc)
		}
	}
	e := s.find(verb+req.kind+"Request", req.recording())
	if e == nil {
		return nil, fmt.Errorf("no scenario is called %q", sc)
	}
	s.opened[req.name]++
	req.number = s.opened[req.name]
	req.challenge = number(parameter(e.Target, "_challenge"), req.number)
	s.requests[req.challenge] = req
	return req, nil
}

// recording returns the case of the recordings of the request in its state.
func (req *request) recording() string {
	if strings.HasPrefix(req.name, unknown) {
		return "unknown"
	}
	return "kit-" + req.name + "-" + req.state
}

var requestOperation = regexp.MustCompile(`^(get|accept|reject)(Login|Consent|Logout|UserCode)Request$`)

// replay responds to a call as Hydra did in the same state of the request.
func (s *Server) replay(w http.ResponseWriter, r *http.Request, c *Call) {
	parts := requestOperation.FindStringSubmatch(c.Operation.ID)
	if parts == nil {
		s.unexpected(w, fmt.Sprintf("unexpected call of %[1]s: it has no response; give it one with Respond(%[1]q, ...)", c.Operation.ID))
		return
	}
	s.mu.Lock()
	e, oldnew, f, err := s.advance(parts[1], parts[2], c)
	s.mu.Unlock()
	if err != nil {
		s.unexpected(w, err.Error())
		return
	}
	if err := f.beyond(c); err != nil {
		s.tb.Errorf("clienttest: %v", err)
	}
	if parts[1] != "get" {
		s.interrupt(r.Context())
	}
	s.send(w, e, oldnew...)
}

// interrupt lets a browser close its connection to the provider. If the provider gives up
// the call then, it does so before the response.
func (s *Server) interrupt(call context.Context) {
	s.mu.Lock()
	acted := s.acted
	s.acted = nil
	s.mu.Unlock()
	if acted == nil {
		return
	}
	acted()
	const enough = 50 * time.Millisecond
	select {
	case <-call.Done():
	case <-time.After(enough):
	}
}

// others are the suffixes of recordings of calls whose body has another value of the
// member than the request asks for.
var others = map[string]string{"-other-subject": "subject", "-wrong-code": "user_code"}

// advance changes the state of the request that a call is about. It returns the
// recorded response and the texts to replace in it.
func (s *Server) advance(verb, kind string, c *Call) (e *fixture.Exchange, oldnew []string, f *flow, err error) {
	noun := strings.ToLower(kind)
	if kind == deviceKind {
		noun = "device"
	}
	challenge := c.Query.Get(noun + "_challenge")
	req := s.requests[challenge]
	if req == nil || req.kind != kind {
		return nil, nil, nil, fmt.Errorf("unexpected call of %s: no %s request has this challenge:\n%s", c.Operation.ID, noun, diff(digests(s.challenges(kind)...), digests(challenge)))
	}
	name := req.recording()
	for suffix, member := range others {
		if other := s.find(c.Operation.ID, name+suffix); other != nil && text(c.Body, member) != req.asked(s.find(c.Operation.ID, name), member) {
			name += suffix
		}
	}
	if e = s.find(c.Operation.ID, name); e == nil {
		return nil, nil, nil, fmt.Errorf("unexpected call of %s: there is no recording of it for a request in the state %q", c.Operation.ID, req.state)
	}
	e = req.flow.in(e)
	oldnew = []string{parameter(e.Target, "_challenge"), req.challenge}
	if e.Status/100 != 2 || verb == "get" || req.recording() != name {
		return e, oldnew, req.flow, nil
	}
	if !strings.HasSuffix(req.state, used) {
		req.state = verb + "ed"
	}
	if verifier := parameter(redirectTo(e.Response.Body), "_verifier"); verifier != "" {
		numbered := number(verifier, req.number)
		s.verifiers[numbered] = verified{req, verb + "ed", c.Body}
		oldnew = append(oldnew, replace(verifier, numbered)...)
	}
	return e, oldnew, req.flow, nil
}

// asked returns the member's value that a request can be accepted with.
func (req *request) asked(recorded *fixture.Exchange, member string) string {
	if member == "subject" && req.flow.session != nil {
		return req.flow.session.subject
	}
	return text(recorded.Request.Body, member)
}

func (s *Server) challenges(kind string) (all []string) {
	for challenge, req := range s.requests {
		if req.kind == kind {
			all = append(all, challenge)
		}
	}
	return all
}

// send writes a recorded response. Oldnew are pairs of texts to replace in it.
func (s *Server) send(w http.ResponseWriter, e *fixture.Exchange, oldnew ...string) {
	e.Respond(w, append(oldnew, fixture.HostsAt(s.PublicURL)...)...)
}

// number returns the challenge or verifier of the n-th request of a scenario. For the
// first it is v, the recorded one; others differ in four characters near the end.
func number(v string, n int) string {
	padding := strings.TrimRight(v, "=")
	if at := len(padding) - 4; n > 1 && at > 0 {
		return fmt.Sprintf("%s%04x%s", v[:at], n, v[len(padding):])
	}
	return v
}

// replace returns the pairs of texts that replace a value, plain and in a query.
func replace(before, after string) []string {
	return []string{before, after, url.QueryEscape(before), url.QueryEscape(after)}
}

// parameter returns the query parameter of target whose name ends in the suffix.
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
	_ = json.Unmarshal(body, &done) // other responses have no such member
	return done.RedirectTo
}

// text returns a member of a body that is a text.
func text(body []byte, member string) string {
	var members map[string]any
	_ = json.Unmarshal(body, &members) // an invalid body has no members
	value, _ := members[member].(string)
	return value
}
