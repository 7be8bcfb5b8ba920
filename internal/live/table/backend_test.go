//go:build live && linux

package table

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// hydraLike is a server that responds as Hydra does to some operations, at once, and counts
// how often it has carried out each write. A real one would take a browser's flow for each
// login to be accepted.
type hydraLike struct {
	mu       sync.Mutex
	done     map[string]int
	requests []time.Time
	// refuse decides whether a request gets status 503 with Retry-After: 1.
	refuse atomic.Bool
}

func (h *hydraLike) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	h.mu.Lock()
	h.requests = append(h.requests, time.Now())
	h.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if h.refuse.Load() {
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	id := r.Header.Get("X-Request-Id")
	if r.Method != http.MethodGet {
		h.mu.Lock()
		if h.done == nil {
			h.done = map[string]int{}
		}
		h.done[id]++
		h.mu.Unlock()
	}
	switch r.Method {
	case http.MethodPut:
		_, _ = io.WriteString(w, `{"redirect_to":"http://127.0.0.1:4444/oauth2/auth?login_verifier=v"}`)
	case http.MethodPost:
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, `{"client_id":"app"}`)
	case http.MethodDelete:
		w.WriteHeader(http.StatusNoContent)
	default:
		_, _ = io.WriteString(w, `{"client_id":"app"}`)
	}
}

// times returns how often the write was carried out.
func (h *hydraLike) times(id string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.done[id]
}

// serve starts the server and returns its host and port.
func (h *hydraLike) serve(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

// freezer is a proxy of connections. Those that there are when it freezes stay open, and
// nothing comes through them any more.
type freezer struct {
	listener net.Listener
	target   string
	frozen   atomic.Int64 // the generation that is frozen
	current  atomic.Int64
}

func newFreezer(t *testing.T, target string) *freezer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := &freezer{listener: l, target: target}
	f.current.Store(1)
	t.Cleanup(func() { _ = l.Close() })
	go f.accept(t)
	return f
}

func (f *freezer) address() string { return f.listener.Addr().String() }

func (f *freezer) freeze() { f.frozen.Store(f.current.Add(1) - 1) }

func (f *freezer) accept(t *testing.T) {
	t.Helper()
	for {
		in, err := f.listener.Accept()
		if err != nil {
			return
		}
		generation := f.current.Load()
		to, err := net.Dial("tcp", f.target)
		if err != nil {
			_ = in.Close()
			continue
		}
		t.Cleanup(func() { _ = in.Close(); _ = to.Close() })
		go f.copy(in, to, generation)
		go f.copy(to, in, generation)
	}
}

func (f *freezer) copy(to, from net.Conn, generation int64) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if f.frozen.Load() >= generation {
			if err != nil {
				return
			}
			continue // the ends learn nothing
		}
		if err == nil {
			_, err = to.Write(buffer[:n])
		}
		if err != nil {
			_ = to.Close()
			return
		}
	}
}

// certificate is that of servers on this machine. The whole process trusts it.
var certificate tls.Certificate

// trustCertificate makes the certificate, and returns what to do at the end.
func trustCertificate() (end func()) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		panic(err)
	}
	certificate = tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	dir, err := os.MkdirTemp("", "table")
	if err != nil {
		panic(err)
	}
	file := filepath.Join(dir, "roots.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		panic(err)
	}
	if err := os.Setenv("SSL_CERT_FILE", file); err != nil {
		panic(err)
	}
	return func() { _ = os.RemoveAll(dir) }
}

// buckets returns the number of requests in each 100 ms after a time, and the largest.
func (h *hydraLike) buckets(after time.Time, n int) (text string, largest int) {
	counts := make([]int, n)
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, at := range h.requests {
		if i := int(at.Sub(after) / (100 * time.Millisecond)); at.After(after) && i < n {
			counts[i]++
			largest = max(largest, counts[i])
		}
	}
	return fmt.Sprint(counts), largest
}
