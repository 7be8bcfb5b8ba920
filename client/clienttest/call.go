package clienttest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/hydra-sdk/hydra-admin-go/client"
)

// A Call is a call that arrived.
type Call struct {
	Operation client.Operation
	URL       string // path and query
	Query     url.Values
	Header    http.Header
	Body      []byte
	Status    int // that it was answered with; zero if it was not
}

// Calls returns the calls that arrived, in their order: those of the operations, by
// operationId, or all if none is named.
func (s *Server) Calls(operationIDs ...string) []Call {
	s.tb.Helper()
	for _, id := range operationIDs {
		s.byID(id)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var calls []Call
	for _, c := range s.calls {
		if len(operationIDs) == 0 || slices.Contains(operationIDs, c.Operation.ID) {
			calls = append(calls, *c)
		}
	}
	return calls
}

// WantCalls fails the test unless exactly these operations were called, in this
// order.
func (s *Server) WantCalls(operationIDs ...string) {
	s.tb.Helper()
	calls := s.Calls()
	got := make([]string, len(calls))
	for i, c := range calls {
		got[i] = c.Operation.ID
	}
	if !slices.Equal(got, operationIDs) {
		s.tb.Errorf("clienttest: not the wanted calls:\n%s", diff(operationIDs, got))
	}
}

// WantBody fails the test unless the last call of the operation carried want, a
// value that is encoded as JSON, such as a models.AcceptLoginRequest.
func (s *Server) WantBody(operationID string, want any) {
	s.tb.Helper()
	wanted, err := json.Marshal(want)
	if err != nil {
		s.tb.Fatalf("clienttest: %v", err)
	}
	if got := s.last(operationID).Body; !slices.Equal(lines(wanted), lines(got)) {
		s.tb.Errorf("clienttest: not the wanted body of %s:\n%s", operationID, diff(lines(wanted), lines(got)))
	}
}

// Body returns the body of the last call of the operation. A call that has no such
// body, or a body with members that T does not have, fails the test:
//
//	accepted := clienttest.Body[models.AcceptLoginRequest](hydra, "acceptLoginRequest")
func Body[T any](s *Server, operationID string) T {
	s.tb.Helper()
	var v T
	d := json.NewDecoder(bytes.NewReader(s.last(operationID).Body))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		s.tb.Fatalf("clienttest: the body of %s is no %T: %v", operationID, v, err)
	}
	return v
}

func (s *Server) last(operationID string) Call {
	s.tb.Helper()
	calls := s.Calls(operationID)
	if len(calls) == 0 {
		s.tb.Fatalf("clienttest: %s was not called\n%s", operationID, s.story())
	}
	return calls[len(calls)-1]
}

// story tells what happened until now.
func (s *Server) story() string {
	var b strings.Builder
	b.WriteString("calls until now:\n")
	for _, c := range s.Calls() {
		fmt.Fprintf(&b, "  %s %d\n", c.Operation.ID, c.Status)
	}
	return b.String()
}
