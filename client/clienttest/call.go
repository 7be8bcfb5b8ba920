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

// A Call is a call that the server received.
type Call struct {
	Operation client.Operation
	URL       string // path and query
	Query     url.Values
	Header    http.Header
	Body      []byte
	Status    int // of the response; zero if there was none
}

// Calls returns the received calls, in their order: those of the operations, by
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

// WantCalls fails the test unless these operations, and no others, were called in
// this order.
func (s *Server) WantCalls(operationIDs ...string) {
	s.tb.Helper()
	calls := s.Calls()
	got := make([]string, len(calls))
	for i, c := range calls {
		got[i] = c.Operation.ID
	}
	if !slices.Equal(got, operationIDs) {
		s.tb.Errorf("clienttest: other calls than wanted:\n%s", diff(operationIDs, got))
	}
}

// WantBody fails the test unless the body of the last call of the operation is want,
// encoded as JSON. Want is for example a models.AcceptLoginRequest.
func (s *Server) WantBody(operationID string, want any) {
	s.tb.Helper()
	wanted, err := json.Marshal(want)
	if err != nil {
		s.tb.Fatalf("clienttest: %v", err)
	}
	if got := s.last(operationID).Body; !slices.Equal(lines(wanted), lines(got)) {
		var m marks
		s.tb.Errorf("clienttest: another body of %s than wanted:\n%s", operationID, diff(lines(m.mark(wanted)), lines(m.mark(got))))
	}
}

// Body decodes the body of the last call of the operation. It fails the test if there
// was no call, if the body is not a T, or if it has members that T does not have:
//
//	accepted := clienttest.Body[models.AcceptLoginRequest](hydra, "acceptLoginRequest")
func Body[T any](s *Server, operationID string) T {
	s.tb.Helper()
	var v T
	d := json.NewDecoder(bytes.NewReader(s.last(operationID).Body))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		s.tb.Fatalf("clienttest: the body of %s is not a %T: %v", operationID, v, withoutSecrets(err, s.last(operationID).Body))
	}
	return v
}

func (s *Server) last(operationID string) Call {
	s.tb.Helper()
	calls := s.Calls(operationID)
	if len(calls) == 0 {
		s.tb.Fatalf("clienttest: %s was not called\n%s", operationID, s.callLog())
	}
	return calls[len(calls)-1]
}

// callLog lists the calls for a failure message.
func (s *Server) callLog() string {
	var b strings.Builder
	b.WriteString("calls so far:\n")
	for _, c := range s.Calls() {
		fmt.Fprintf(&b, "  %s %d\n", c.Operation.ID, c.Status)
	}
	return b.String()
}
