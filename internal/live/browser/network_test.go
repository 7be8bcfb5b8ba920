//go:build live

package browser

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// A network is between the provider and Hydra, and in front of the app. It can be slow, and
// lose a response after Hydra has sent it.
type network struct {
	mu    sync.Mutex
	delay time.Duration
	fault *fault
}

// A fault is what becomes of the response to a call.
type fault struct {
	method, path string // a suffix
	times        int
	status       int // of a gateway; zero resets the connection
}

func (n *network) slow(delay time.Duration) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.delay = delay
}

func (n *network) lose(f fault) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.fault = &f
}

// pending reports whether the fault has not happened yet.
func (n *network) pending() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.fault != nil && n.fault.times > 0
}

func (n *network) heal() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.delay, n.fault = 0, nil
}

// pass takes as long as the network does.
func (n *network) pass(ctx context.Context) error {
	n.mu.Lock()
	delay := n.delay
	n.mu.Unlock()
	return pause(ctx, delay)
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (n *network) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := n.pass(req.Context()); err != nil {
		return nil, err
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	f := n.fault
	if f == nil || f.times == 0 || req.Method != f.method || !strings.HasSuffix(req.URL.Path, f.path) {
		return resp, nil
	}
	f.times--
	_, _ = io.Copy(io.Discard, resp.Body) // Hydra is done
	_ = resp.Body.Close()
	if f.status == 0 {
		return nil, errors.New("connection reset by peer")
	}
	return &http.Response{
		StatusCode: f.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: req,
		Header: http.Header{"Content-Type": {"text/html"}}, Body: io.NopCloser(strings.NewReader("<html>Bad Gateway</html>")),
	}, nil
}

// app makes the app as slow as the network.
func (n *network) app(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n.pass(r.Context()) == nil {
			next.ServeHTTP(w, r)
		}
	})
}
