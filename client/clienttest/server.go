package clienttest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
)

// A Version is a release of Hydra whose answers are replayed.
type Version string

// The recorded versions.
const (
	V1 Version = fixture.V1
	V2 Version = fixture.V2
)

// A Server answers as a Hydra did. It is safe for concurrent use.
type Server struct {
	// URL is the base URL of the admin API, as [client.New] takes it.
	URL string
	// PublicURL is where browsers and clients meet Hydra. The RedirectTo of all
	// answers leads there.
	PublicURL string

	tb       testing.TB
	version  Version
	prefix   string // of the paths of the admin API
	server   *httptest.Server
	recorded recordings
	fallback func(w http.ResponseWriter, r *http.Request, c *Call)

	mu        sync.Mutex
	calls     []*Call
	answers   map[string][]Response // by operation
	requests  map[string]*request   // by challenge
	verifiers map[string]verified
	opened    map[string]int // how many requests of a scenario there are
}

// New starts a server that answers as Hydra of that version for the time of the
// test. It knows the requests that [Server.Open] made and the answers that were
// given to [Server.Respond]. Any other call fails the test.
func New(tb testing.TB, version Version) *Server {
	tb.Helper()
	s := newServer(tb, version, fixture.Prefix(string(version)))
	s.fallback = s.replay
	return s
}

func newServer(tb testing.TB, version Version, prefix string) *Server {
	tb.Helper()
	recorded, err := load(version)
	if err != nil {
		tb.Fatalf("clienttest: %v", err)
	}
	s := &Server{
		tb: tb, version: version, prefix: prefix, recorded: recorded,
		answers: map[string][]Response{}, requests: map[string]*request{}, verifiers: map[string]verified{}, opened: map[string]int{},
	}
	s.server = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	// A connection for each call: net/http repeats by itself what fails on an old one.
	s.server.Config.SetKeepAlivesEnabled(false)
	s.server.Start()
	tb.Cleanup(func() {
		s.server.CloseClientConnections() // so that no call waits for a client that waits
		s.server.Close()
	})
	s.PublicURL = s.server.URL
	s.URL = s.server.URL + s.prefix
	return s
}

// Client returns a client of the server.
func (s *Server) Client(opts ...client.Option) *client.AdminAPI {
	s.tb.Helper()
	api, err := client.New(s.URL, append([]client.Option{client.WithHTTPClient(s.server.Client())}, opts...)...)
	if err != nil {
		s.tb.Fatalf("clienttest: %v", err)
	}
	return api
}

// RoundTrip answers a request without a connection. It makes of a Server an
// [http.RoundTripper], and s.RoundTrip is a Responder of
// github.com/jarcoal/httpmock.
func (s *Server) RoundTrip(req *http.Request) (resp *http.Response, err error) {
	defer func() {
		if v := recover(); v == http.ErrAbortHandler { //nolint:errorlint // the value itself is thrown
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
	resp = rec.Result()
	resp.Request = req
	return resp, nil
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client is gone
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if s.isPublic(r) {
		s.browse(w, r)
		return
	}
	path, ok := strings.CutPrefix(r.URL.EscapedPath(), s.prefix)
	op, known := match(r.Method, path)
	if !ok || !known {
		s.unexpected(w, fmt.Sprintf("unexpected request %s %s: no operation of the admin API at %s", r.Method, r.URL.Path, s.URL))
		return
	}
	c := &Call{Operation: op, Query: r.URL.Query(), Header: r.Header, Body: body, URL: r.URL.RequestURI()}
	s.answer(c).write(s, &statusWriter{ResponseWriter: w, s: s, c: c}, r, c)
}

// answer notes a call and finds what to say.
func (s *Server) answer(c *Call) Response {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, c)
	scripted := s.answers[c.Operation.ID]
	switch len(scripted) {
	case 0:
		return AsHydra
	case 1:
	default:
		s.answers[c.Operation.ID] = scripted[1:]
	}
	return scripted[0]
}

// unexpected fails the test, and the caller.
func (s *Server) unexpected(w http.ResponseWriter, problem string) {
	s.tb.Helper()
	s.tb.Errorf("clienttest: %s\n%s", problem, s.story())
	http.Error(w, "clienttest: the test did not expect this call", http.StatusNotImplemented)
}

// statusWriter notes the status of a call.
type statusWriter struct {
	http.ResponseWriter
	s *Server
	c *Call
}

func (w *statusWriter) WriteHeader(status int) {
	w.s.mu.Lock()
	w.c.Status = status
	w.s.mu.Unlock()
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(b []byte) (int, error) {
	w.s.mu.Lock()
	if w.c.Status == 0 {
		w.c.Status = http.StatusOK
	}
	w.s.mu.Unlock()
	return w.ResponseWriter.Write(b)
}

// Unwrap leads [http.ResponseController] to the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
