//go:build live

package record

import (
	"fmt"
	"io"
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
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
)

// A recorder is a proxy between the client and a server. It keeps the exchanges that a
// scenario names.
type recorder struct {
	*testing.T
	*hydra.Server

	mu       *sync.Mutex // guards the fields from group on
	url      string      // of the proxy
	prefix   string      // of the paths of the admin API
	client   *client.AdminAPI
	spec     *openapi3.T
	hosts    *strings.Replacer
	norm     *fixture.Normaliser
	group    string // of the exchange to keep; its operation if empty
	pending  string // the case of the exchange to keep; empty for none
	steps    int    // the number of exchanges kept so far; -1 unless all are kept
	recorded map[string][]byte
}

// record starts a server and a recorder for a scenario.
func record(t *testing.T, cfg hydra.Config, recorded map[string][]byte) *recorder {
	t.Helper()
	s := hydra.Run(t, cfg)
	spec, err := openapi3.NewLoader().LoadFromFile("../../openapi/admin.yaml")
	require.NoError(t, err)
	r := &recorder{
		Server: s, spec: spec, recorded: recorded, steps: -1, mu: new(sync.Mutex),
		hosts: fixture.Hosts(s.AdminURL, fixture.AdminHost, s.PublicURL, fixture.PublicHost, cfg.PublicURL, fixture.PublicHost),
	}
	return r.in(t)
}

// in returns a recorder for one of several scenarios on the same server.
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

// as returns the client, and keeps the next exchange as the case.
func (r *recorder) as(name string) *client.AdminAPI {
	r.expect(r.group, name, r.steps)
	return r.client
}

// expect sets the name of the next exchange.
func (r *recorder) expect(group, pending string, steps int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.group, r.pending, r.steps = group, pending, steps
}

// listen starts a proxy to target and returns its URL.
func (r *recorder) listen(target, host string) string {
	server := httptest.NewServer(r.proxy(target, host))
	r.Cleanup(server.Close)
	return server.URL
}

// proxy forwards requests to target and keeps the exchanges, with host as their host.
func (r *recorder) proxy(target, host string) http.Handler {
	u, err := url.Parse(target)
	require.NoError(r, err)
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		fixture.Proxy(w, req, u, func(e *fixture.Exchange) {
			e.Version, e.Host = r.Version.Name, host
			r.keep(e)
		})
	})
}

func (r *recorder) keep(e *fixture.Exchange) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.pending == "" && r.steps < 0 {
		return
	}
	e.Group, e.Case = r.group, r.pending
	if r.steps >= 0 {
		r.steps++
		e.Case = fmt.Sprintf("%02d-%s", r.steps, r.nameOf(e))
	}
	r.pending = ""
	e.Case, e.Raw = strings.CutSuffix(e.Case, ".raw")
	if e.Group == "" {
		e.Group = r.operationOf(e)
	}
	r.norm.Exchange(e)
	if _, twice := r.recorded[e.Name()]; twice {
		r.Errorf("%s is recorded twice", e.Name())
	}
	r.recorded[e.Name()] = e.Format()
}

// nameOf returns the operation of an exchange or, at the public port, the last element
// of its path.
func (r *recorder) nameOf(e *fixture.Exchange) string {
	if e.Host == fixture.AdminHost {
		return r.operationOf(e)
	}
	target, _, _ := strings.Cut(e.Target, "?")
	return path.Base(target)
}

// operationOf finds the operation of an exchange in the OpenAPI document.
func (r *recorder) operationOf(e *fixture.Exchange) string {
	if target, _, ok := e.Route(); ok {
		for template, item := range r.spec.Paths.Map() {
			op := item.Operations()[e.Method]
			if _, matches := fixture.PathParams(template, target); matches && op != nil {
				return op.OperationID
			}
		}
	}
	r.Errorf("no operation for %s %s", e.Method, e.Target)
	return ""
}

// afterV1 reports whether the server is a Hydra v2 or later.
func (r *recorder) afterV1() bool { return r.Version != hydra.V1 }

// afterV2 reports whether the server is a Hydra v25.4 or later.
func (r *recorder) afterV2() bool { return r.Version.HasDeviceFlow() }

// byVersion returns what is expected of the server: of a Hydra v1, v2, or v25.4 and later.
func byVersion[T any](r *recorder, v1, v2, later T) T {
	switch {
	case r.afterV2():
		return later
	case r.afterV1():
		return v2
	}
	return v1
}

// insteadOf500 returns the expected status for a malformed request: v1 often responds
// with 500.
func (r *recorder) insteadOf500(afterV1 int) int {
	return byVersion(r, http.StatusInternalServerError, afterV1, afterV1)
}

// requireError fails unless err is the error of the server's version. Nil is success.
func (r *recorder) requireError(err, v1, afterV1 error) {
	r.Helper()
	require.ErrorIs(r, err, byVersion(r, v1, afterV1, afterV1))
}

// raw sends a request that the client refuses to send or has no method for, and keeps
// the exchange. Target is relative to the base URL of the admin API. Headers are pairs
// of names and values.
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

// write replaces the fixtures of a version.
func write(t *testing.T, dir string, recorded map[string][]byte) {
	t.Helper()
	require.NoError(t, os.RemoveAll(dir))
	for name, data := range recorded {
		file := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, data, 0o644))
	}
}
