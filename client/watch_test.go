package client_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// TestNothingArrived: an error is not a lost response if nothing can have been lost.
func TestNothingArrived(t *testing.T) {
	t.Parallel()
	arrived := 0
	server := newServer(t, func(w http.ResponseWriter, _ *http.Request) {
		arrived++
		w.WriteHeader(http.StatusInternalServerError)
	})
	noProxy := &http.Transport{Proxy: func(*http.Request) (*url.URL, error) { return nil, errors.New("no proxy today") }}
	noToken := roundTripper(func(*http.Request) (*http.Response, error) { return nil, errors.New("no token today") })
	for id, op := range specOperations(t) {
		if !once(op) || op.method == http.MethodDelete || id == "rotateOAuth2ClientSecret" {
			continue // without a body there is no telling what an unknown transport has done
		}
		for name, opt := range map[string]client.Option{
			"the context is over":    client.WithTimeout(1),
			"the proxy fails":        client.WithHTTPClient(&http.Client{Transport: noProxy}),
			"the token source fails": client.WithHTTPClient(&http.Client{Transport: noToken}),
		} {
			api, err := client.New(server, client.WithRetries(0), opt)
			require.NoError(t, err)
			_, err = call(t, id, &request{t: t, api: api, ctx: t.Context()})
			require.Error(t, err, name)
			require.NotErrorIs(t, err, client.ErrResponseLost, "%s: %s", id, name)
		}
	}
	assert.Zero(t, arrived)
}

// TestBodyReadAgain: a transport that reads the body again has sent it once.
func TestBodyReadAgain(t *testing.T) {
	t.Parallel()
	api := faulty(t, func(r *http.Request) (*http.Response, error) {
		again, err := r.GetBody()
		require.NoError(t, err)
		body, err := io.ReadAll(again)
		require.NoError(t, err)
		assert.JSONEq(t, `{"client_id":"c"}`, string(body))
		return nil, errors.New("the connection broke")
	})
	_, err := api.CreateOAuth2Client(t.Context(), models.OAuth2Client{ClientID: "c"})
	require.ErrorIs(t, err, client.ErrResponseLost)
}

// TestWhatTheTransportReports: a transport that reports what it does is believed, even if
// the request has no body that could show it.
func TestWhatTheTransportReports(t *testing.T) {
	t.Parallel()
	closed := errors.New("http: server closed idle connection")
	tests := map[string]struct {
		does func(*httptrace.ClientTrace)
		err  error
		lost bool
	}{
		"it looks for a connection":                          {func(t *httptrace.ClientTrace) { t.GetConn("") }, io.EOF, false},
		"it writes the header":                               {func(t *httptrace.ClientTrace) { t.GetConn(""); t.WroteHeaders() }, io.EOF, true},
		"it writes to a connection that was closed before":   {func(t *httptrace.ClientTrace) { t.GetConn(""); t.WroteHeaders() }, closed, false},
		"it looks for another connection after such a write": {func(t *httptrace.ClientTrace) { t.GetConn(""); t.WroteHeaders(); t.GetConn("") }, io.EOF, false},
		"it reports nothing":                                 {func(*httptrace.ClientTrace) {}, io.EOF, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := faulty(t, func(r *http.Request) (*http.Response, error) {
				tt.does(httptrace.ContextClientTrace(r.Context()))
				return nil, tt.err
			})
			assert.Equal(t, tt.lost, errors.Is(api.DeleteOAuth2Client(t.Context(), "c"), client.ErrResponseLost))
		})
	}
}

// TestContextIsOverBefore: nothing is sent, whatever the transport says.
func TestContextIsOverBefore(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	api := faulty(t, func(r *http.Request) (*http.Response, error) { return nil, r.Context().Err() })
	err := api.DeleteOAuth2Client(ctx, "c")
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, client.ErrResponseLost)
}

// newServer starts a server for the time of the test, and returns its URL.
func newServer(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}
