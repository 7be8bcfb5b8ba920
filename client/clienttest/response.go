package clienttest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/hydra-sdk/hydra-admin-go/client"
)

// A Response is what a call of an operation meets. The zero value is [AsHydra].
type Response struct {
	check func(s *Server, op client.Operation) error
	send  func(s *Server, w http.ResponseWriter, r *http.Request, c *Call)
}

func (a Response) write(s *Server, w http.ResponseWriter, r *http.Request, c *Call) {
	if a.send == nil {
		s.fallback(w, r, c)
		return
	}
	a.send(s, w, r, c)
}

// Answers that need nothing else.
var (
	// AsHydra is what the call is answered with when nothing was given to
	// [Server.Respond].
	AsHydra Response
	// EmptyList is Hydra's answer to a list operation when it has nothing: a list of
	// clients or issuers comes with a Link to a next page, which has one in turn.
	EmptyList = Response{check: returnsList, send: sendEmptyList}
	// InternalServerError is status 500 with what Hydra says then, which is little.
	InternalServerError = Response{send: sendInternalServerError}
	// BadGateway is status 502 with the HTML page of a proxy in front of Hydra.
	BadGateway = Response{send: sendBadGateway}
	// Reset cuts the connection.
	Reset = Response{send: reset}
	// Stall is no answer at all: the call lasts until its caller gives up.
	Stall = After(nil, AsHydra)
)

// After is an answer that is not sent before c is closed.
func After(c <-chan struct{}, a Response) Response {
	return Response{check: a.check, send: func(s *Server, w http.ResponseWriter, r *http.Request, call *Call) {
		select {
		case <-c:
			a.write(s, w, r, call)
		case <-r.Context().Done():
			panic(http.ErrAbortHandler)
		}
	}}
}

// JSON is an answer of this status, with body encoded as JSON.
func JSON(status int, body any) Response {
	text, err := json.Marshal(body)
	return Response{
		check: func(*Server, client.Operation) error { return err },
		send: func(_ *Server, w http.ResponseWriter, _ *http.Request, _ *Call) {
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			w.WriteHeader(status)
			_, _ = w.Write(append(text, '\n'))
		},
	}
}

// Handler is an answer that h writes.
func Handler(h http.HandlerFunc) Response {
	return Response{send: func(_ *Server, w http.ResponseWriter, r *http.Request, _ *Call) { h(w, r) }}
}

// Recorded is what a real Hydra once answered to the operation, such as
// "404-unknown" to getOAuth2Client. [Server.Cases] names them all.
func Recorded(name string) Response {
	return Response{
		check: func(s *Server, op client.Operation) error {
			if s.find(op.ID, name) == nil {
				return fmt.Errorf("%s has no recording %q, but %s", op.ID, name, strings.Join(s.Cases(op.ID), ", "))
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

// Respond sets what calls of an operation, by operationId, are answered with: the
// first call with the first answer, and so on. The last answer is that of all
// further calls. It replaces what was set before; without answers, the operation is
// answered as by Hydra again.
func (s *Server) Respond(operationID string, answers ...Response) {
	s.tb.Helper()
	op := s.byID(operationID)
	for _, a := range answers {
		if a.check == nil {
			continue
		}
		if err := a.check(s, op); err != nil {
			s.tb.Fatalf("clienttest: %v", err)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[operationID] = answers
}
