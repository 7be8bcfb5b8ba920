package clienttest

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
)

// A Recording holds the arguments of [Record].
type Recording struct {
	// AdminURL is the admin API of the Hydra to record, as New of package client takes it.
	AdminURL string
	// PublicURL is the URL of that Hydra for browsers. The files have a fixed host in its
	// place, and a replay that of its Server.
	PublicURL string
	// Dir is the directory of the files, such as testdata/login. Record removes the files
	// of an earlier recording.
	Dir string
	// Redact, if it is not nil, removes private data. It is called with each body and with
	// each path and query. Secrets, tokens, keys, challenges and verifiers need no
	// Redact: values of the same shape replace them.
	Redact func(string) string
}

// Record starts a server that forwards calls to a real Hydra. At the end of the test, if
// it did not fail, Record writes each call to a file, as raw HTTP:
// <status>-<number>-<operation>.http. [Replay] reads them. Header fields that neither
// Hydra nor its clients read are left out.
func Record(tb testing.TB, rec Recording) *Server {
	tb.Helper()
	target, err := url.Parse(rec.AdminURL)
	if err != nil || target.Host == "" {
		tb.Fatalf("clienttest: AdminURL is not a URL")
	}
	s := newServer(tb, versionAt(target.Path), strings.TrimSuffix(target.Path, "/"))
	r := &recorder{
		Recording: rec, s: s,
		norm: fixture.NewNormaliser(filepath.Base(rec.Dir), fixture.Hosts(rec.AdminURL, fixture.AdminHost, rec.PublicURL, fixture.PublicHost)),
	}
	r.norm.Strict = true
	s.PublicURL = rec.PublicURL
	s.fallback = func(w http.ResponseWriter, req *http.Request, c *Call) {
		fixture.Proxy(w, req, target, func(e *fixture.Exchange) { r.keep(c.Operation.ID, e) })
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

// keptFields are the header fields in recordings.
var keptFields = []string{
	"Accept", "Content-Type", "User-Agent", "X-Forwarded-Proto",
	"Allow", "Cache-Control", "Link", "Location", "Retry-After", "X-Total-Count",
}

func (r *recorder) keep(operationID string, e *fixture.Exchange) {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	e.Group, e.Host = filepath.Base(r.Dir), fixture.AdminHost
	e.Case = fmt.Sprintf("%03d-%s", len(r.exchanges)+1, operationID)
	e.Request.Header, e.Response.Header = kept(e.Request.Header), kept(e.Response.Header)
	r.norm.Exchange(e)
	if r.Redact != nil {
		e.Target = r.Redact(e.Target)
		e.Request.Body = []byte(r.Redact(string(e.Request.Body)))
		e.Response.Body = []byte(r.Redact(string(e.Response.Body)))
	}
	r.exchanges = append(r.exchanges, e)
}

func kept(h http.Header) http.Header {
	fields := http.Header{}
	for _, key := range keptFields {
		if values := h.Values(key); len(values) > 0 {
			fields[key] = slices.Clone(values)
		}
	}
	return fields
}

// write replaces an earlier recording, unless the test failed.
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
