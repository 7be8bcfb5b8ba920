package client_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
)

func TestNewRefusesBaseURL(t *testing.T) {
	t.Parallel()
	for name, baseURL := range map[string]string{
		"empty":                   "",
		"no scheme":               "127.0.0.1:4445",
		"a host name, no scheme":  "localhost:4445",
		"a path":                  "/admin",
		"another scheme":          "ftp://127.0.0.1",
		"no host":                 "http://",
		"a port without a host":   "http://:4445",
		"not a URL":               "http://user:hunter2@[::1",
		"a query":                 "http://127.0.0.1:4445?a=b",
		"an empty query":          "http://127.0.0.1:4445?",
		"a fragment":              "http://127.0.0.1:4445#a",
		"a bad escape":            "http://127.0.0.1:4445/%zz",
		"a control character":     "http://127.0.0.1:4445/\x00",
		"a password in a bad URL": "http://user:hunter2@127.0.0.1:port",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api, err := client.New(baseURL)
			require.ErrorIs(t, err, client.ErrInvalidArgument)
			assert.Nil(t, api)
			assert.Contains(t, err.Error(), "baseURL")
			assert.NotContains(t, err.Error(), "hunter2")
		})
	}
}

// TestBaseURL: slashes and escapes in the base URL must not change the path of a request.
func TestBaseURL(t *testing.T) {
	t.Parallel()
	for suffix, want := range map[string]string{
		"":                "/keys/a%2520b/c",
		"/":               "/keys/a%2520b/c",
		"///":             "/keys/a%2520b/c",
		"/admin":          "/admin/keys/a%2520b/c",
		"/admin/":         "/admin/keys/a%2520b/c",
		"/a/b":            "/a/b/keys/a%2520b/c",
		"/with%20space/":  "/with%20space/keys/a%2520b/c",
		"/escaped%2Fpath": "/escaped%2Fpath/keys/a%2520b/c",
	} {
		t.Run(suffix, func(t *testing.T) {
			t.Parallel()
			var got string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				got = r.RequestURI
				w.WriteHeader(http.StatusNoContent)
			}))
			defer server.Close()
			api, err := client.New(server.URL + suffix)
			require.NoError(t, err)
			require.NoError(t, api.DeleteJSONWebKey(t.Context(), "a%20b", "c"))
			assert.Equal(t, want, got)
		})
	}
}

// TestHealthIsNotBelowAdmin: other prefixes of the base URL stay as they are.
func TestHealthIsNotBelowAdmin(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"": "/health/alive", "/admin": "/health/alive", "/admin/": "/health/alive", "/a%2Fb": "/a%2Fb/health/alive", "/a%2Fb/admin": "/a%2Fb/health/alive",
		"/admin/admin": "/admin/health/alive", "/superadmin": "/superadmin/health/alive", "/a%20b/admin/": "/a%20b/health/alive",
	} {
		var got string
		api := newClient(t, "http://hydra"+path, client.WithHTTPClient(&http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
			got = r.URL.EscapedPath()
			return &http.Response{StatusCode: http.StatusConflict}, nil
		})}))
		_, err := call(t, "isAlive", &request{t: t, api: api, ctx: t.Context()})
		require.ErrorIs(t, err, client.ErrConflict)
		assert.Equal(t, want, got, path)
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	var got http.Header
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.Header
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(server.Close)
	api, err := client.New(server.URL,
		client.WithUserAgent("my-idp/1.4"), client.WithBearerToken("t0"), client.WithForwardedProto(),
		client.WithHeader("X-Team", "a"), client.WithHeader("Accept", "text/html"))
	require.NoError(t, err)

	require.NoError(t, api.DeleteOAuth2Client(t.Context(), "c", client.WithBearerToken("t1"), client.WithHeader("x-team", "b")))
	assert.Equal(t, "my-idp/1.4 hydra-admin-go", got.Get("User-Agent"))
	assert.Equal(t, "Bearer t1", got.Get("Authorization"))
	assert.Equal(t, "https", got.Get("X-Forwarded-Proto"))
	assert.Equal(t, []string{"b"}, got.Values("X-Team"))
	assert.Equal(t, []string{"application/json"}, got.Values("Accept"), "with anything else Hydra's router sends HTML")

	require.NoError(t, api.DeleteOAuth2Client(t.Context(), "c"))
	assert.Equal(t, "Bearer t0", got.Get("Authorization"), "an option of one call must not affect the next call")
	assert.Equal(t, []string{"a"}, got.Values("X-Team"))

	require.NoError(t, api.DeleteOAuth2Client(t.Context(), "c", client.WithBasicAuth("user", "secret")))
	assert.Equal(t, "Basic dXNlcjpzZWNyZXQ=", got.Get("Authorization"))
}

// TestFixedHeaders: no option sets Accept and Content-Type, whatever the operation is.
func TestFixedHeaders(t *testing.T) {
	t.Parallel()
	for id, op := range specOperations(t) {
		var sent http.Header
		api := newClient(t, "http://hydra", client.WithHTTPClient(&http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
			sent = r.Header
			return &http.Response{StatusCode: http.StatusConflict}, nil
		})}), client.WithHeader("accept", "text/html"), client.WithHeader("content-type", "text/plain"))
		_, err := call(t, id, &request{t: t, api: api, ctx: t.Context()})
		require.ErrorIs(t, err, client.ErrConflict, id)
		assert.Equal(t, []string{"application/json"}, sent.Values("Accept"), id)
		if op.RequestBody == nil {
			assert.NotContains(t, sent, "Content-Type", id)
			continue
		}
		require.Len(t, sent.Values("Content-Type"), 1, id)
		assert.Contains(t, op.RequestBody.Value.Content, sent.Get("Content-Type"), id)
	}
}

// TestOptionsOfOneCall: an option of a method wins for that call alone.
func TestOptionsOfOneCall(t *testing.T) {
	t.Parallel()
	requests := 0
	api := newClient(t, "http://hydra", client.WithHTTPClient(&http.Client{Transport: transport(func(*http.Request) (*http.Response, error) {
		if requests++; requests%2 == 1 {
			return &http.Response{StatusCode: http.StatusServiceUnavailable}, nil
		}
		return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(`{"client_id":"c"}`))}, nil
	})}), client.WithRetries(5), client.WithRetries(1), client.WithMaxResponseBytes(100))
	get := func(opts ...client.Option) error {
		_, err := api.GetOAuth2Client(t.Context(), "c", opts...)
		return err
	}
	require.NoError(t, get())
	assert.Equal(t, 2, requests)
	require.ErrorIs(t, get(client.WithMaxResponseBytes(5)), client.ErrInvalidResponse)
	require.NoError(t, get(client.WithMaxResponseBytes(5), client.WithMaxResponseBytes(50)), "the later one wins")
	require.NoError(t, get())
	requests = 0
	require.ErrorIs(t, get(client.WithRetries(3), client.WithRetries(0)), client.ErrServiceUnavailable)
	assert.Equal(t, 1, requests)
	requests = 0
	require.NoError(t, get())
	assert.Equal(t, 2, requests)
}

func TestOptionsRefuse(t *testing.T) {
	t.Parallel()
	for name, opt := range map[string]client.Option{
		"opts": nil, "hc": client.WithHTTPClient(nil), "key": client.WithHeader("", "v"), "token": client.WithBearerToken(""), "user": client.WithBasicAuth("", "p"), "l": client.WithLogger(nil),
		"product of WithUserAgent": client.WithUserAgent(""), "d of WithTimeout": client.WithTimeout(-time.Second), "n of WithRetries is negative": client.WithRetries(-1), "n of WithMaxResponseBytes is not positive": client.WithMaxResponseBytes(0),
	} {
		_, err := client.New("http://127.0.0.1:4445", opt)
		require.ErrorIs(t, err, client.ErrInvalidArgument, name)
		assert.Contains(t, err.Error(), name)

		api, err := client.New("http://127.0.0.1:4445")
		require.NoError(t, err)
		err = api.DeleteOAuth2Client(t.Context(), "c", opt)
		require.ErrorIs(t, err, client.ErrInvalidArgument, name)
		assert.Contains(t, err.Error(), "deleteOAuth2Client")
	}
}

// TestRedirectsAreNotFollowed: Hydra redirects unclean paths to other resources.
func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 303, 307, 308} {
		requests := 0
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			requests++
			http.Redirect(w, r, "/keys/set", status)
		}))
		own := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return nil }}
		for _, opts := range [][]client.Option{nil, {client.WithHTTPClient(own)}} {
			requests = 0
			api, err := client.New(server.URL, opts...)
			require.NoError(t, err)
			err = api.DeleteJSONWebKey(t.Context(), "set", "kid")
			require.ErrorIs(t, err, client.ErrRedirect)
			assert.Equal(t, 1, requests)
		}
		server.Close()
	}
}

func TestTimeout(t *testing.T) {
	t.Parallel()
	stalled := func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}
	midway := func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, `{"active":`)
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}
	for name, handler := range map[string]http.HandlerFunc{"before the header": stalled, "inside the body": midway} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(handler)
			defer server.Close()
			api, err := client.New(server.URL, client.WithTimeout(time.Millisecond))
			require.NoError(t, err)
			_, err = api.IntrospectOAuth2Token(t.Context(), "the-token", client.IntrospectOAuth2TokenParams{})
			require.ErrorIs(t, err, context.DeadlineExceeded)
			assert.Contains(t, err.Error(), "introspectOAuth2Token")

			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			_, err = api.IntrospectOAuth2Token(ctx, "the-token", client.IntrospectOAuth2TokenParams{}, client.WithTimeout(0))
			require.ErrorIs(t, err, context.Canceled)
		})
	}
}
