package main

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWrongSettingsAreRefused(t *testing.T) {
	t.Parallel()
	log := slog.New(slog.DiscardHandler)
	_, err := newHandler("not a URL", "http://127.0.0.1:4444", "", log)
	require.Error(t, err)
	_, err = newHandler("http://127.0.0.1:4445", "not a URL", "", log)
	require.Error(t, err)
	require.Error(t, run([]string{"-admin", ""}))
	require.Error(t, run([]string{"-unknown"}))
}

func TestHandlerIsHealthy(t *testing.T) {
	t.Parallel()
	handler, err := newHandler("http://127.0.0.1:4445", "http://127.0.0.1:4444", "X-Forwarded-For", slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/health", nil))
	assert.Equal(t, http.StatusNoContent, w.Code)
}

func TestServeLetsRequestsFinish(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	arrived, finish := make(chan struct{}), make(chan struct{})
	server := &http.Server{
		ReadHeaderTimeout: time.Minute,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			close(arrived)
			<-finish
			w.WriteHeader(http.StatusTeapot)
		}),
	}
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, server, listener) }()
	status := make(chan int, 1)
	go func() {
		resp, err := http.Get("http://" + listener.Addr().String())
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
			conn, err := net.Dial("tcp", listener.Addr().String())
			if err != nil {
				return
			}
			_ = conn.Close()
		}
	}()
	select {
	case <-refused:
	case <-ended:
		require.Fail(t, "the request is still running")
	}
	close(finish)
	assert.Equal(t, http.StatusTeapot, <-status)
	require.NoError(t, <-ended)
}
