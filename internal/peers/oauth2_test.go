package peers

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
)

func newClientWithTokens(url string, config clientcredentials.Config, opts ...client.Option) (*client.AdminAPI, error) {
	endpoint := &http.Client{Timeout: 2 * time.Second} // for the token endpoint
	source := config.TokenSource(context.WithValue(context.Background(), oauth2.HTTPClient, endpoint))
	transport := &oauth2.Transport{Base: client.NewTransport(), Source: source}
	return client.New(url, append(opts, client.WithHTTPClient(&http.Client{Transport: transport}))...)
}

// tokenEndpoint calls before, and sends a token.
func tokenEndpoint(t *testing.T, before func(r *http.Request)) clientcredentials.Config {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // from then on the server sees that the client leaves
		before(r)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"access_token":"fetched","token_type":"bearer","expires_in":3600}`)
	}))
	t.Cleanup(server.Close)
	return clientcredentials.Config{ClientID: clientID, ClientSecret: "secret", TokenURL: server.URL}
}

// TestTokenSource: the token of an oauth2.Transport takes the place of that of
// WithBearerToken.
func TestTokenSource(t *testing.T) {
	t.Parallel()
	hydra := clienttest.New(t, clienttest.V26)
	hydra.Respond("getOAuth2Client", clienttest.Recorded("200-full"))
	admin, err := newClientWithTokens(hydra.URL, tokenEndpoint(t, func(*http.Request) {}), client.WithBearerToken("given"))
	require.NoError(t, err)
	require.NoError(t, readClient(t.Context(), admin))
	assert.Equal(t, []string{"Bearer fetched"}, hydra.Calls()[0].Header["Authorization"])
}

// TestSlowTokenSource: an oauth2.Transport fetches its token to the end, although the
// context of the call has ended. The client of its source can have a timeout.
func TestSlowTokenSource(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	var fetched atomic.Bool
	admin, err := newClientWithTokens("http://hydra", tokenEndpoint(t, func(*http.Request) {
		<-ctx.Done()
		fetched.Store(true)
	}), client.WithRetries(0))
	require.NoError(t, err)
	require.ErrorIs(t, readClient(ctx, admin), context.DeadlineExceeded)
	assert.True(t, fetched.Load())

	admin, err = newClientWithTokens("http://hydra", tokenEndpoint(t, func(r *http.Request) { <-r.Context().Done() }), client.WithRetries(0), client.WithTimeout(0))
	require.NoError(t, err)
	require.ErrorContains(t, readClient(t.Context(), admin), "Client.Timeout exceeded")
}
