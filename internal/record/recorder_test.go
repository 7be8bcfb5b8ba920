//go:build live

package record

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
)

// A recorder stands between the client and a server and keeps the exchanges that
// it is told to.
type recorder struct {
	*testing.T
	*hydra.Server

	mu       *sync.Mutex // guards what follows from the server's goroutines
	url      string      // of the server, through the recorder
	prefix   string      // of the paths of the admin API there
	client   *client.AdminAPI
	router   routers.Router
	hosts    *strings.Replacer
	norm     *fixture.Normaliser
	group    string // of the exchange to keep; its operation if empty
	pending  string // the case of the exchange to keep
	steps    int    // how many were kept, if all are to be kept; else -1
	recorded map[string][]byte
}

// record starts a server for a scenario, with a recorder in front of it.
func record(t *testing.T, cfg hydra.Config, recorded map[string][]byte) *recorder {
	t.Helper()
	s := hydra.Run(t, cfg)
	r := &recorder{
		Server: s, router: specRouter(t, fixture.Prefix(s.Version.Name)), recorded: recorded, steps: -1, mu: new(sync.Mutex),
		hosts: fixture.Hosts(s.AdminURL, fixture.AdminHost, s.PublicURL, fixture.PublicHost, cfg.PublicURL, fixture.PublicHost),
	}
	return r.in(t)
}

// in returns the recorder for one of several scenarios on its server.
func (r *recorder) in(t *testing.T) *recorder {
	t.Helper()
	scenario := *r
	scenario.T = t
	scenario.norm = fixture.NewNormaliser("TestRecord/"+path.Base(t.Name()), r.hosts)
	scenario.url = scenario.listen(r.AdminURL, fixture.AdminHost)
	scenario.prefix = fixture.Prefix(r.Version.Name)
	var err error
	scenario.client, err = client.New(scenario.url + scenario.prefix)
	require.NoError(t, err)
	return &scenario
}

func specRouter(t *testing.T, prefix string) routers.Router {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromFile("../../openapi/admin.yaml")
	require.NoError(t, err)
	doc.Servers = openapi3.Servers{{URL: "http://" + fixture.AdminHost + prefix}}
	router, err := gorillamux.NewRouter(doc)
	require.NoError(t, err)
	return router
}

// as keeps the next exchange under the name of the case.
func (r *recorder) as(name string) *client.AdminAPI {
	r.expect(r.group, name, r.steps)
	return r.client
}

// expect says what the next exchange is.
func (r *recorder) expect(group, pending string, steps int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.group, r.pending, r.steps = group, pending, steps
}

// listen starts a server that forwards to target, and returns its URL.
func (r *recorder) listen(target, host string) string {
	server := httptest.NewServer(r.forward(target, host))
	r.Cleanup(server.Close)
	return server.URL
}

// forward passes requests on to target byte by byte and keeps the exchanges as
// those with host.
func (r *recorder) forward(target, host string) http.Handler {
	u, err := url.Parse(target)
	require.NoError(r, err)
	transport := &http.Transport{DisableCompression: true} // so that Accept-Encoding stays as it is
	r.Cleanup(transport.CloseIdleConnections)
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		out := req.Clone(req.Context())
		out.URL = &url.URL{Scheme: u.Scheme, Host: u.Host, Opaque: req.RequestURI}
		out.Host, out.RequestURI, out.Body = u.Host, "", io.NopCloser(bytes.NewReader(body))
		if len(body) == 0 {
			out.Body = http.NoBody
		}
		resp, err := transport.RoundTrip(out)
		if err != nil {
			panic(http.ErrAbortHandler) // the server closed the connection, so do it too
		}
		answer, err := io.ReadAll(resp.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		_ = resp.Body.Close()
		r.keep(host, req, body, resp, answer)
		maps.Copy(w.Header(), resp.Header)
		w.WriteHeader(resp.StatusCode)
		_, _ = w.Write(answer)
	})
}

func (r *recorder) keep(host string, req *http.Request, reqBody []byte, resp *http.Response, respBody []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.pending == "" && r.steps < 0 {
		return
	}
	e := &fixture.Exchange{
		Version: r.Version.Name, Group: r.group, Case: r.pending, Host: host,
		Method: req.Method, Target: req.RequestURI, Status: resp.StatusCode,
		Request:  fixture.Message{Header: req.Header, Body: reqBody},
		Response: fixture.Message{Header: resp.Header, Body: respBody},
	}
	if r.steps >= 0 {
		r.steps++
		e.Case = fmt.Sprintf("%02d-%s", r.steps, path.Base(req.URL.Path))
		if host == fixture.AdminHost {
			e.Case = fmt.Sprintf("%02d-%s", r.steps, r.operation(req))
		}
	}
	r.pending = ""
	e.Case, e.Raw = strings.CutSuffix(e.Case, ".raw")
	if e.Group == "" {
		e.Group = r.operation(req)
	}
	r.norm.Exchange(e)
	if _, twice := r.recorded[e.Name()]; twice {
		r.Errorf("%s is recorded twice", e.Name())
	}
	r.recorded[e.Name()] = e.Format()
}

// operation finds the operation of a request in the OpenAPI document.
func (r *recorder) operation(req *http.Request) string {
	clone := req.Clone(req.Context())
	clone.URL.Host, clone.URL.Scheme = fixture.AdminHost, "http"
	route, _, err := r.router.FindRoute(clone)
	require.NoErrorf(r, err, "no operation for %s %s", req.Method, req.URL.Path)
	return route.Operation.OperationID
}

// v2 reports whether the server is a Hydra v2.
func (r *recorder) v2() bool { return r.Version == hydra.V2 }

// insteadOf500 is the status for a request that the server cannot read: v1 often
// takes it for a failure of its own.
func (r *recorder) insteadOf500(v2 int) int {
	if r.v2() {
		return v2
	}
	return http.StatusInternalServerError
}

// requireError fails unless err is the one of the server's version. Nil stands for
// success.
func (r *recorder) requireError(err, v1, v2 error) {
	r.Helper()
	want := v1
	if r.v2() {
		want = v2
	}
	require.ErrorIs(r, err, want)
}

// raw sends a request that the client refuses to send, or has no method for, and
// keeps the exchange. Headers are pairs of names and values. Target is below the
// admin API.
func (r *recorder) raw(wantStatus int, group, name, method, target, body string, headers ...string) {
	r.Helper()
	r.expect(group, name+".raw", -1)
	defer r.expect("", "", -1)
	u, err := url.Parse(r.url)
	require.NoError(r, err)
	req, err := http.NewRequestWithContext(r.Context(), method, r.url, strings.NewReader(body))
	require.NoError(r, err)
	req.URL = &url.URL{Scheme: u.Scheme, Host: u.Host, Opaque: r.prefix + target}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "by-hand")
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	require.NoError(r, err)
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	require.Equal(r, wantStatus, resp.StatusCode)
}

// write replaces the fixtures of a version by the recorded ones.
func write(t *testing.T, dir string, recorded map[string][]byte) {
	t.Helper()
	require.NoError(t, os.RemoveAll(dir))
	for name, data := range recorded {
		file := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, data, 0o644))
	}
}
