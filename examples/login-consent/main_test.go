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

	"github.com/hydra-sdk/hydra-admin-go/examples/internal/graceful"
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
	graceful.LetsRequestsFinish(t, func(ctx context.Context, handler http.Handler, listener net.Listener) error {
		return serve(ctx, &http.Server{ReadHeaderTimeout: time.Minute, Handler: handler}, listener)
	})
}
