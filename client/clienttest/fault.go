package clienttest

import (
	"cmp"
	"fmt"
	"net"
	"net/http"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
)

func (s *Server) emptyList(op client.Operation) *fixture.Exchange {
	return cmp.Or(s.find(op.ID, "empty"), s.find(op.ID, "none"))
}

func returnsList(s *Server, op client.Operation) error {
	if s.emptyList(op) == nil {
		return fmt.Errorf("%s returns no list", op.ID)
	}
	return nil
}

func sendEmptyList(s *Server, w http.ResponseWriter, _ *http.Request, c *Call) {
	s.send(w, s.emptyList(c.Operation))
}

// sendInternalServerError says what both versions say to a patch that is none.
func sendInternalServerError(s *Server, w http.ResponseWriter, _ *http.Request, _ *Call) {
	s.send(w, s.find("patchOAuth2Client", "no-array.raw"))
}

func sendBadGateway(_ *Server, w http.ResponseWriter, _ *http.Request, _ *Call) {
	const page = "<html>\n<head><title>502 Bad Gateway</title></head>\n<body><h1>502 Bad Gateway</h1></body>\n</html>\n"
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(http.StatusBadGateway)
	_, _ = w.Write([]byte(page))
}

func reset(_ *Server, w http.ResponseWriter, _ *http.Request, _ *Call) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil { // there is none, see RoundTrip
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // a reset, not an end
	}
	_ = conn.Close()
}
