package clienttest

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
)

// A Recording says what [Record] does.
type Recording struct {
	// AdminURL is the admin API of the Hydra to record, as [client.New] takes it.
	AdminURL string
	// PublicURL is where browsers meet that Hydra. In the files a host that stands for
	// it takes its place, and in a replay that of the Server.
	PublicURL string
	// Dir is where the files go, such as testdata/login. Those of an earlier recording
	// are removed.
	Dir string
	// Redact replaces what nobody else may see, if it is not nil, in each path with its
	// query and each body. Secrets, tokens, keys, challenges and verifiers are
	// replaced without it, by values of the same shape.
	Redact func(string) string
}

// Record starts a server that passes calls on to a real Hydra, and at the end of the
// test, if it did not fail, writes them to one file each, as raw HTTP:
// <status>-<number>-<operation>.http. [Replay] reads them. Of the header, only
// what has a meaning to Hydra or its clients is kept.
func Record(tb testing.TB, rec Recording) *Server {
	tb.Helper()
	target, err := url.Parse(rec.AdminURL)
	if err != nil || target.Host == "" {
		tb.Fatalf("clienttest: AdminURL is no URL")
	}
	s := newServer(tb, versionAt(target.Path), strings.TrimSuffix(target.Path, "/"))
	r := &recorder{
		Recording: rec, s: s,
		norm: fixture.NewNormaliser(filepath.Base(rec.Dir), fixture.Hosts(rec.AdminURL, fixture.AdminHost, rec.PublicURL, fixture.PublicHost)),
	}
	r.norm.Strict = true
	proxy := &httputil.ReverseProxy{
		Rewrite: func(p *httputil.ProxyRequest) {
			p.Out.Header.Del("Accept-Encoding") // the file is to be read
			p.Out.URL.Scheme, p.Out.URL.Host, p.Out.Host = target.Scheme, target.Host, target.Host
		},
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) {
			panic(http.ErrAbortHandler) // Hydra cut the connection, or is not there
		},
	}
	s.PublicURL = rec.PublicURL
	s.fallback = func(w http.ResponseWriter, req *http.Request, c *Call) {
		answer := httptest.NewRecorder()
		proxy.ServeHTTP(answer, req)
		r.keep(c, answer)
		maps.Copy(w.Header(), answer.Header())
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	}
	tb.Cleanup(r.write)
	return s
}

type recorder struct {
	Recording
	s         *Server
	norm      *fixture.Normaliser
	exchanges []*fixture.Exchange
}

// Header fields that recordings keep.
var keptFields = []string{
	"Accept", "Content-Type", "User-Agent", "X-Forwarded-Proto",
	"Allow", "Cache-Control", "Link", "Location", "Retry-After", "X-Total-Count",
}

func (r *recorder) keep(c *Call, answer *httptest.ResponseRecorder) {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	e := &fixture.Exchange{
		Group: filepath.Base(r.Dir), Case: fmt.Sprintf("%03d-%s", len(r.exchanges)+1, c.Operation.ID),
		Host: fixture.AdminHost, Method: c.Operation.Method, Target: c.URL, Status: answer.Code,
		Request:  fixture.Message{Header: kept(c.Header), Body: c.Body},
		Response: fixture.Message{Header: kept(answer.Header()), Body: answer.Body.Bytes()},
	}
	r.norm.Exchange(e)
	if r.Redact != nil {
		e.Target = r.Redact(e.Target)
		e.Request.Body = []byte(r.Redact(string(e.Request.Body)))
		e.Response.Body = []byte(r.Redact(string(e.Response.Body)))
	}
	r.exchanges = append(r.exchanges, e)
}

func kept(h http.Header) http.Header {
	own := http.Header{}
	for _, key := range keptFields {
		if values := h.Values(key); len(values) > 0 {
			own[key] = slices.Clone(values)
		}
	}
	return own
}

// write puts the exchanges in place of an earlier recording.
func (r *recorder) write() {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	if r.s.tb.Failed() {
		return
	}
	if err := r.replace(); err != nil {
		r.s.tb.Errorf("clienttest: writing the recording: %v", err)
	}
}

func (r *recorder) replace() error {
	if err := os.MkdirAll(r.Dir, 0o750); err != nil {
		return err
	}
	old, err := filepath.Glob(filepath.Join(r.Dir, "*.http"))
	if err != nil {
		return err
	}
	for _, file := range old {
		if err := os.Remove(file); err != nil {
			return err
		}
	}
	for _, e := range r.exchanges {
		if err := os.WriteFile(filepath.Join(r.Dir, filepath.Base(e.Name())), e.Format(), 0o600); err != nil {
			return err
		}
	}
	return nil
}
