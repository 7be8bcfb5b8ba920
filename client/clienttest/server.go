package clienttest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
)

// A Version is a recorded release of Hydra.
type Version string

// The recorded versions.
const (
	V1  Version = "v1.11.10"
	V2  Version = "v2.3.0"
	V26 Version = "v26.2.0"
)

// A Server responds as a Hydra did. It is safe for concurrent use.
type Server struct {
	// URL is the base URL of the admin API, as New of package client takes it.
	URL string
	// PublicURL is the URL of Hydra for browsers and clients. The RedirectTo of all
	// responses leads there.
	PublicURL string

	tb       testing.TB
	version  Version
	prefix   string // of the paths of the admin API
	server   *httptest.Server
	recorded recordings
	fallback func(w http.ResponseWriter, r *http.Request, c *Call)
	playback bool // it is one of Replay, whose recordings have all requests

	mu        sync.Mutex
	calls     []*Call
	looked    *Call                 // the call after which the client has looked around
	responses map[string][]Response // by operation
	requests  map[string]*request   // by challenge
	verifiers map[string]verified
	opened    map[string]int     // number of requests, by the name of the scenario
	sessions  map[string]session // by browser
	acted     func()             // is called when a request was accepted or rejected; may be nil
	granted   map[string]bool    // subjects whose consent is remembered
	cookies   map[string]string  // challenges, by browser and cookie
}

// New starts a server that responds as a Hydra of that version, until the end of the
// test. It knows the requests of [Server.Open] and the responses of [Server.Respond].
// Any other call fails the test.
func New(tb testing.TB, version Version) *Server {
	tb.Helper()
	s := newServer(tb, version, fixture.Prefix(string(version)))
	s.fallback = s.replay
	return s
}

func newServer(tb testing.TB, version Version, prefix string) *Server {
	tb.Helper()
	s := unstarted(tb, version, prefix)
	s.listen()
	return s
}

// unstarted returns a server without a URL.
func unstarted(tb testing.TB, version Version, prefix string) *Server {
	tb.Helper()
	recorded, err := load(version)
	if err != nil {
		tb.Fatalf("clienttest: %v", err)
	}
	s := &Server{
		tb: tb, version: version, prefix: prefix, recorded: recorded,
		responses: map[string][]Response{}, requests: map[string]*request{}, verifiers: map[string]verified{}, opened: map[string]int{},
		sessions: map[string]session{}, granted: map[string]bool{}, cookies: map[string]string{},
	}
	return s
}

// listen starts the server.
func (s *Server) listen() {
	s.server = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	// Each call gets its own connection: net/http itself retries on a reused one.
	s.server.Config.SetKeepAlivesEnabled(false)
	s.server.Start()
	s.tb.Cleanup(func() {
		s.server.CloseClientConnections() // Close would wait for stalled calls
		s.server.Close()
	})
	s.at(s.server.URL)
}

// at sets the URLs of a server.
func (s *Server) at(base string) { s.PublicURL, s.URL = base, base+s.prefix }

// Client returns a client of the server.
func (s *Server) Client(opts ...client.Option) *client.AdminAPI {
	s.tb.Helper()
	api, err := client.New(s.URL, append([]client.Option{client.WithHTTPClient(s.server.Client())}, opts...)...)
	if err != nil {
		s.tb.Fatalf("clienttest: %v", err)
	}
	return api
}

// RoundTrip responds to a request without a connection. With it a Server is an
// [http.RoundTripper], and s.RoundTrip is a Responder of github.com/jarcoal/httpmock.
func (s *Server) RoundTrip(req *http.Request) (resp *http.Response, err error) {
	defer func() {
		if v := recover(); v == http.ErrAbortHandler { //nolint:errorlint // panics carry the value itself
			resp, err = nil, errors.New("connection reset")
		} else if v != nil {
			panic(v)
		}
	}()
	in := req.Clone(req.Context())
	in.RequestURI = req.URL.RequestURI()
	if in.Body == nil {
		in.Body = http.NoBody
	}
	defer in.Body.Close() //nolint:errcheck // only read
	rec := httptest.NewRecorder()
	s.serve(rec, in)
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	resp = rec.Result()
	resp.Request = req
	return resp, nil
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client closed the connection
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if s.isPublic(r) {
		s.browse(w, r)
		return
	}
	path, ok := fixture.TrimPrefix(r.URL.EscapedPath(), s.prefix)
	op, known := match(r.Method, path)
	if !ok || !known {
		s.unexpected(w, fmt.Sprintf("unexpected request %s %s: no operation of the admin API at %s", r.Method, r.URL.Path, s.URL))
		return
	}
	if s.looksAround(op, r) {
		s.send(w, s.find(op.ID, "limit-2-offset-0"))
		return
	}
	c := &Call{Operation: op, Query: r.URL.Query(), Header: r.Header, Body: body, URL: r.URL.RequestURI()}
	sw := &statusWriter{ResponseWriter: w, s: s, c: c}
	s.response(c).write(s, sw, r, c)
	if !sw.hijacked {
		sw.begun()
	}
}

// response stores a call and chooses the response to it.
func (s *Server) response(c *Call) Response {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, c)
	responses := s.responses[c.Operation.ID]
	switch len(responses) {
	case 0:
		return AsHydra
	case 1: // the last one stays
	default:
		s.responses[c.Operation.ID] = responses[1:]
	}
	return responses[0]
}

// unexpected fails the test, and the call with status 501.
func (s *Server) unexpected(w http.ResponseWriter, problem string) {
	s.tb.Helper()
	s.tb.Errorf("clienttest: %s\n%s", problem, s.callLog())
	http.Error(w, "clienttest: unexpected call", http.StatusNotImplemented)
}

// statusWriter stores the status of the response to a call.
type statusWriter struct {
	http.ResponseWriter
	s        *Server
	c        *Call
	hijacked bool
}

// Hijack takes the connection, so that net/http sends nothing.
func (w *statusWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(w.ResponseWriter).Hijack()
	w.hijacked = err == nil
	return conn, rw, err
}

func (w *statusWriter) WriteHeader(status int) {
	w.s.mu.Lock()
	w.c.Status = status
	w.s.mu.Unlock()
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(b []byte) (int, error) {
	w.begun()
	return w.ResponseWriter.Write(b)
}

// begun stores the status that net/http sends if there is no other.
func (w *statusWriter) begun() {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	if w.c.Status == 0 {
		w.c.Status = http.StatusOK
	}
}

// Unwrap gives [http.ResponseController] the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
