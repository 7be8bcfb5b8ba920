package clienttest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
)

// A Response is the response to a call of an operation, or a failure instead. The zero
// value is [AsHydra].
type Response struct {
	check func(s *Server, op client.Operation) error
	send  func(s *Server, w http.ResponseWriter, r *http.Request, c *Call)
}

func (resp Response) write(s *Server, w http.ResponseWriter, r *http.Request, c *Call) {
	if resp.send == nil {
		s.fallback(w, r, c)
		return
	}
	resp.send(s, w, r, c)
}

// Responses without arguments.
var (
	// AsHydra is the response of an operation that Server.Respond was not called for.
	AsHydra Response
	// EmptyList is Hydra's response to a list operation when the list is empty. In V1 and
	// V2 lists of clients and issuers have a Link to a next page, which is empty and has
	// one as well.
	EmptyList = Response{check: returnsList, send: sendEmptyList}
	// InternalServerError is Hydra's response with status 500.
	InternalServerError = Response{send: sendInternalServerError}
	// BadGateway is status 502 with the HTML page of a proxy in front of Hydra.
	BadGateway = Response{send: sendBadGateway}
	// Reset resets the connection.
	Reset = Response{send: reset}
	// Stall sends no response: the call lasts until its caller gives up.
	Stall = After(nil, AsHydra)
)

// After is resp, sent when c is closed.
func After(c <-chan struct{}, resp Response) Response {
	return Response{check: resp.check, send: func(s *Server, w http.ResponseWriter, r *http.Request, call *Call) {
		select {
		case <-c:
			resp.write(s, w, r, call)
		case <-r.Context().Done():
			panic(http.ErrAbortHandler)
		}
	}}
}

// Lost is resp, sent after Hydra has done what the call asks for: its own response was lost
// on the way. For example the second accept of a login of [V1] is then status 409.
func Lost(resp Response) Response {
	return Response{check: resp.check, send: func(s *Server, w http.ResponseWriter, r *http.Request, call *Call) {
		s.fallback(httptest.NewRecorder(), r, call)
		resp.write(s, w, r, call)
	}}
}

// JSON is a response with this status, and body encoded as JSON.
func JSON(status int, body any) Response {
	text, err := json.Marshal(body)
	text = append(text, '\n')
	return Response{
		check: func(*Server, client.Operation) error { return err },
		send: func(_ *Server, w http.ResponseWriter, _ *http.Request, _ *Call) {
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			w.WriteHeader(status)
			_, _ = w.Write(text)
		},
	}
}

// Handler is a response that h writes.
func Handler(h http.HandlerFunc) Response {
	return Response{send: func(_ *Server, w http.ResponseWriter, r *http.Request, _ *Call) { h(w, r) }}
}

// Recorded is a recorded response of a real Hydra to the operation, such as
// "404-unknown" to getOAuth2Client. [Server.Cases] returns all names.
func Recorded(name string) Response {
	return Response{
		check: func(s *Server, op client.Operation) error {
			if s.find(op.ID, name) == nil {
				return fmt.Errorf("%s has no recording %q; there are %s", op.ID, name, strings.Join(s.Cases(op.ID), ", "))
			}
			return nil
		},
		send: func(s *Server, w http.ResponseWriter, _ *http.Request, c *Call) {
			s.send(w, s.find(c.Operation.ID, name))
		},
	}
}

// Cases returns the names of the recordings of an operation, for [Recorded].
func (s *Server) Cases(operationID string) []string {
	s.tb.Helper()
	s.byID(operationID)
	var names []string
	for _, e := range s.recorded {
		if name, found := strings.CutPrefix(fileName(e), operationID+"/"); found {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Respond sets the responses to calls of an operation, by operationId: the first is for
// the first call, and so on. The last is for all further calls, too. Respond replaces
// the responses set before; without any, the response is [AsHydra] again.
func (s *Server) Respond(operationID string, responses ...Response) {
	s.tb.Helper()
	op := s.byID(operationID)
	for _, resp := range responses {
		if resp.check == nil {
			continue
		}
		if err := resp.check(s, op); err != nil {
			s.tb.Fatalf("clienttest: %v", err)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.responses[operationID] = responses
}

func (s *Server) emptyList(op client.Operation) *fixture.Exchange {
	return cmp.Or(s.find(op.ID, "empty"), s.find(op.ID, "none"))
}

func returnsList(s *Server, op client.Operation) error {
	if s.emptyList(op) == nil {
		return fmt.Errorf("%s does not return a list", op.ID)
	}
	return nil
}

func sendEmptyList(s *Server, w http.ResponseWriter, _ *http.Request, c *Call) {
	s.send(w, s.emptyList(c.Operation))
}
