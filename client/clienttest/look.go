package clienttest

import (
	"net/http"

	"github.com/hydra-sdk/hydra-admin-go/client"
)

// firstPage is the query of the request by which the client finds out, after some failures,
// what kind of server it has.
const firstPage = "limit=1&page_size=1"

// looksAround reports whether a request is that one. It is no call of the program, so a test
// does not have to expect it.
func (s *Server) looksAround(op client.Operation, r *http.Request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.playback || op.ID != "listOAuth2Clients" || r.URL.RawQuery != firstPage || len(s.calls) == 0 {
		return false
	}
	last := s.calls[len(s.calls)-1]
	if last == s.looked || last.Status != http.StatusNotFound && last.Status != http.StatusInternalServerError || last.Operation.Method == http.MethodGet {
		return false
	}
	s.looked = last
	return true
}
