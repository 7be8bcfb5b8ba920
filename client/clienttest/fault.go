package clienttest

import (
	"net"
	"net/http"
)

// sendInternalServerError sends Hydra's response to a malformed patch, which is the
// same in all versions.
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
	if err != nil { // a call of RoundTrip has no connection
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // makes Close send RST instead of FIN
	}
	_ = conn.Close()
}
