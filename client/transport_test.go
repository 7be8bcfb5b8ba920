package client_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
)

// TestOwnHTTPClient: the timeout and the cookies of an http.Client work. Redirects are not
// followed, and errors do not hold the URL.
func TestOwnHTTPClient(t *testing.T) {
	t.Parallel()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	for name, own := range map[string]*http.Client{"nothing set": {}, "timeout": {Timeout: time.Minute}, "cookies": {Jar: jar}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var cookies []*http.Cookie
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				cookies = r.Cookies()
				http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1"})
				http.Redirect(w, r, "/keys/set", http.StatusTemporaryRedirect)
			}))
			api, err := client.New(server.URL, client.WithHTTPClient(own), client.WithRetries(0))
			require.NoError(t, err)
			for range 2 {
				require.ErrorIs(t, api.DeleteJSONWebKey(t.Context(), "set", "kid"), client.ErrRedirect)
			}
			assert.Equal(t, own.Jar != nil, len(cookies) == 1, "the second call sends the cookie of the first")

			server.Close()
			_, err = api.GetLoginRequest(t.Context(), "the-challenge")
			require.Error(t, err)
			assert.NotContains(t, err.Error(), "the-challenge")
		})
	}
}

// TestOwnHTTPClientIsCopied: a change to it after New has no effect.
func TestOwnHTTPClientIsCopied(t *testing.T) {
	t.Parallel()
	own := &http.Client{Transport: transport(func(*http.Request) (*http.Response, error) { return &http.Response{StatusCode: 204}, nil })}
	api, err := client.New("http://hydra", client.WithHTTPClient(own))
	require.NoError(t, err)
	assert.Nil(t, own.CheckRedirect, "and it is not changed itself")
	own.Transport = transport(func(*http.Request) (*http.Response, error) { t.Error("sent"); return nil, http.ErrNotSupported })
	require.NoError(t, api.DeleteOAuth2Client(t.Context(), "c"))
}

func TestTimeoutOfOwnHTTPClient(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer server.Close()
	api, err := client.New(server.URL, client.WithHTTPClient(&http.Client{Timeout: time.Millisecond}), client.WithRetries(0))
	require.NoError(t, err)
	_, err = api.GetLoginRequest(t.Context(), "the-challenge")
	require.ErrorContains(t, err, "Client.Timeout exceeded")
	assert.NotContains(t, err.Error(), "the-challenge")
}

// TestServerWithoutTLS: net/http has an error of its own for an https URL of a server without
// TLS. It is kept.
func TestServerWithoutTLS(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	api, err := client.New(strings.Replace(server.URL, "http:", "https:", 1))
	require.NoError(t, err)
	require.ErrorIs(t, api.DeleteOAuth2Client(t.Context(), "c"), http.ErrSchemeMismatch)
}

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// TestIncompleteTransports: transports in tests may return no response, or one without body.
func TestIncompleteTransports(t *testing.T) {
	t.Parallel()
	call := func(f transport) error {
		api, err := client.New("http://hydra", client.WithHTTPClient(&http.Client{Transport: f}), client.WithRetries(0))
		require.NoError(t, err)
		return api.DeleteOAuth2Client(t.Context(), "c")
	}
	require.ErrorContains(t, call(func(*http.Request) (*http.Response, error) { return nil, nil }), "neither a response nor an error")
	require.NoError(t, call(func(*http.Request) (*http.Response, error) { return &http.Response{StatusCode: 204}, nil }))
}

// TestPasswordInBaseURL: it is sent as basic authentication, unless an option sets another.
func TestPasswordInBaseURL(t *testing.T) {
	t.Parallel()
	var authorization, url string
	send := transport(func(req *http.Request) (*http.Response, error) {
		authorization, url = req.Header.Get("Authorization"), req.URL.Redacted()
		return &http.Response{StatusCode: 204}, nil
	})
	api, err := client.New("http://user:secret@hydra", client.WithHTTPClient(&http.Client{Transport: send}))
	require.NoError(t, err)
	require.NoError(t, api.DeleteOAuth2Client(t.Context(), "c"))
	assert.Equal(t, "Basic dXNlcjpzZWNyZXQ=", authorization)
	assert.Equal(t, "http://user:xxxxx@hydra/clients/c", url)
	require.NoError(t, api.DeleteOAuth2Client(t.Context(), "c", client.WithBearerToken("t")))
	assert.Equal(t, "Bearer t", authorization)
}
