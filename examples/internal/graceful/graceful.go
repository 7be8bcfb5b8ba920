// Package graceful tests how the servers of examples end.
package graceful

import (
	"context"
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// LetsRequestsFinish fails unless serve takes no new connections once its context ends, and
// returns when the requests that it had have finished.
func LetsRequestsFinish(t *testing.T, serve func(ctx context.Context, handler http.Handler, listener net.Listener) error) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // local and instant
	require.NoError(t, err)
	arrived, finish := make(chan struct{}), make(chan struct{})
	ended, status := make(chan error, 1), make(chan int, 1)
	go func() {
		ended <- serve(ctx, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			close(arrived)
			<-finish
			w.WriteHeader(http.StatusTeapot)
		}), listener)
	}()
	go func() {
		resp, err := http.Get("http://" + listener.Addr().String()) //nolint:noctx // it ends with the test
		if assert.NoError(t, err) {
			_ = resp.Body.Close()
			status <- resp.StatusCode
		}
	}()
	<-arrived
	stop()
	refused := make(chan struct{})
	go func() {
		defer close(refused)
		for t.Context().Err() == nil {
			conn, err := net.Dial("tcp", listener.Addr().String()) //nolint:noctx // local and instant
			if err != nil {
				return
			}
			_ = conn.Close()
		}
	}()
	select {
	case <-refused:
	case <-ended: //nolint:errcheck // too early, with or without one
		require.Fail(t, "the request is still running")
	}
	close(finish)
	assert.Equal(t, http.StatusTeapot, <-status)
	require.NoError(t, <-ended)
}
