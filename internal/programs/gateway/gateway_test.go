package gateway

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

var api = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = fmt.Fprint(w, Caller(r.Context()).Subject) })

// do sends a request with these Authorization headers through g.
func do(g *Gateway, authorization ...string) *httptest.ResponseRecorder {
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header["Authorization"] = authorization
	g.Protect(api).ServeHTTP(w, r)
	return w
}

func newGateway(hydra *clienttest.Server, log *bytes.Buffer) *Gateway {
	return &Gateway{
		Admin: hydra.Client(client.WithRetries(0)), Scopes: []string{"read"}, Audience: []string{"https://api.example.com"},
		TTL: time.Minute, MaxTokens: 100, Log: slog.New(slog.NewTextHandler(log, nil)),
	}
}

func active(change func(*models.OAuth2TokenIntrospection)) clienttest.Response {
	info := models.OAuth2TokenIntrospection{
		Active: true, Subject: "alice", Scope: "openid read", Audience: []string{"https://api.example.com"},
		TokenUse: "access_token", ExpiresAt: time.Now().Add(time.Hour).Unix(),
	}
	if change != nil {
		change(&info)
	}
	return clienttest.JSON(http.StatusOK, info)
}

const (
	invalid      = `Bearer error="invalid_token"`
	insufficient = `Bearer error="insufficient_scope", scope="read"`
	secret       = "ory_at_c2VjcmV0.dG9rZW4="
)

// A testCase is a request, what Hydra says, and the response.
type testCase struct {
	name          string
	authorization []string
	introspection clienttest.Response
	ready         clienttest.Response
	status        int
	challenge     string
}

func testCases() []testCase {
	ready := clienttest.Recorded("200-ready")
	return []testCase{
		{"no token", nil, clienttest.AsHydra, ready, 401, `Bearer`},
		{"an empty token", []string{"Bearer "}, clienttest.AsHydra, ready, 401, `Bearer`},
		{"another scheme", []string{"Basic YTpi"}, clienttest.AsHydra, ready, 401, `Bearer`},
		{"two tokens", []string{"Bearer a", "Bearer b"}, clienttest.AsHydra, ready, 401, `Bearer`},
		{"a token that is not text", []string{"Bearer \xff"}, clienttest.AsHydra, ready, 401, invalid},
		{"a token", []string{"Bearer " + secret}, active(nil), ready, 200, ``},
		{"a token with the scheme in other letters", []string{"bearer " + secret}, active(nil), ready, 200, ``},
		{"a token of a recording", []string{"Bearer " + secret}, clienttest.Recorded("200-access-token"), ready, 200, ``},
		{"an unknown token", []string{"Bearer " + secret}, clienttest.Recorded("200-unknown"), ready, 401, invalid},
		{"a refresh token", []string{"Bearer " + secret}, clienttest.Recorded("200-refresh-token"), ready, 401, invalid},
		{"a token for another audience", []string{"Bearer " + secret}, active(func(i *models.OAuth2TokenIntrospection) { i.Audience = []string{"https://api.example.com.evil"} }), ready, 401, invalid},
		{"a token without the scope", []string{"Bearer " + secret}, active(func(i *models.OAuth2TokenIntrospection) { i.Scope = "readonly re ad" }), ready, 403, insufficient},
		{"a proxy without Hydra", []string{"Bearer " + secret}, clienttest.BadGateway, ready, 503, ``},
		{"a connection that breaks", []string{"Bearer " + secret}, clienttest.Reset, ready, 503, ``},
		{"a proxy that asks for a password", []string{"Bearer " + secret}, clienttest.JSON(401, map[string]string{"message": secret}), ready, 503, ``},
		{"a proxy with a page of its own", []string{"Bearer " + secret}, clienttest.Handler(func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, "<html>", secret) }), ready, 503, ``},
		// So respond v1.11.10 and v2.3.0 to a valid token once their Postgres is stopped.
		{"any token while the database of v1 is away", []string{"Bearer " + secret}, clienttest.Recorded("200-unknown"), clienttest.JSON(503, map[string]any{"errors": map[string]string{"database": "failed to connect"}}), 503, ``},
		{"any token while the database of v2 is away", []string{"Bearer " + secret}, clienttest.Recorded("200-unknown"), clienttest.JSON(503, map[string]string{"error": "error", "error_description": "The error is unrecognizable"}), 503, ``},
		{"an unknown token while the health breaks", []string{"Bearer " + secret}, clienttest.Recorded("200-unknown"), clienttest.Reset, 503, ``},
		{"an unknown token while a proxy does not reach the health", []string{"Bearer " + secret}, clienttest.Recorded("200-unknown"), clienttest.BadGateway, 503, ``},
		{"an unknown token while the health fails", []string{"Bearer " + secret}, clienttest.Recorded("200-unknown"), clienttest.InternalServerError, 503, ``},
		{"an unknown token where health is forbidden", []string{"Bearer " + secret}, clienttest.Recorded("200-unknown"), clienttest.JSON(403, nil), 401, invalid},
		{"an unknown token where health is not served", []string{"Bearer " + secret}, clienttest.Recorded("200-unknown"), clienttest.JSON(404, nil), 401, invalid},
	}
}

func TestGateway(t *testing.T) {
	t.Parallel()
	for _, version := range []clienttest.Version{clienttest.V1, clienttest.V2, clienttest.V26} {
		for _, tt := range testCases() {
			t.Run(tt.name+" "+string(version), func(t *testing.T) {
				t.Parallel()
				hydra := clienttest.New(t, version)
				hydra.Respond("introspectOAuth2Token", tt.introspection)
				hydra.Respond("isReady", tt.ready)
				var log bytes.Buffer
				w := do(newGateway(hydra, &log), tt.authorization...)
				assert.Equal(t, tt.status, w.Code)
				assert.Equal(t, tt.challenge, w.Header().Get("WWW-Authenticate"))
				assert.Equal(t, tt.status == 200, w.Body.String() == "alice")
				assert.Equal(t, tt.status == 503, w.Header().Get("Retry-After") != "")
				assert.Equal(t, tt.status == 503, log.Len() > 0, "failures that are not the caller's fault are logged")
				for _, text := range []string{log.String(), w.Body.String()} {
					assert.NotContains(t, text, secret)
				}
			})
		}
	}
}

func TestHydraIsNotAskedForACallerWhoIsGone(t *testing.T) {
	t.Parallel()
	hydra := clienttest.New(t, clienttest.V2)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w, r := httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil)
	r.Header.Set("Authorization", "Bearer "+secret)
	newGateway(hydra, &bytes.Buffer{}).Protect(api).ServeHTTP(w, r)
	assert.Equal(t, http.StatusServiceUnavailable, w.Code)
	hydra.WantCalls()
}

func TestWhatIsRemembered(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name          string
		introspection clienttest.Response
		change        func(*Gateway)
		requests      int
	}{
		{"an active token", active(nil), nil, 1},
		{"not without a TTL", active(nil), func(g *Gateway) { g.TTL = 0 }, 2},
		{"not without a bound", active(nil), func(g *Gateway) { g.MaxTokens = 0 }, 2},
		{"not beyond the expiry", active(func(i *models.OAuth2TokenIntrospection) { i.ExpiresAt = time.Now().Unix() }), nil, 2},
		{"not if the expiry is unknown", active(func(i *models.OAuth2TokenIntrospection) { i.ExpiresAt = 0 }), nil, 2},
		{"not an inactive token", clienttest.Recorded("200-unknown"), nil, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			hydra := clienttest.New(t, clienttest.V2)
			hydra.Respond("introspectOAuth2Token", tt.introspection)
			hydra.Respond("isReady", clienttest.Recorded("200-ready"))
			g := newGateway(hydra, &bytes.Buffer{})
			if tt.change != nil {
				tt.change(g)
			}
			first, second := do(g, "Bearer "+secret), do(g, "Bearer "+secret)
			assert.Equal(t, first, second)
			assert.Len(t, hydra.Calls("introspectOAuth2Token"), tt.requests)
		})
	}
}

func TestTheCacheIsBounded(t *testing.T) {
	t.Parallel()
	var c cache
	info := &models.OAuth2TokenIntrospection{Active: true}
	now := time.Now()
	key := func(i int) [sha256.Size]byte { return sha256.Sum256(fmt.Append(nil, i)) }
	for i := range 10 {
		c.put(key(i), info, now.Add(time.Minute), 3)
		require.NotNil(t, c.get(key(i), now), "the newest one is there")
	}
	assert.Len(t, c.entries, 3)
	require.NotNil(t, c.get(key(9), now.Add(time.Minute-1)))
	require.Nil(t, c.get(key(9), now.Add(time.Minute)), "its time is over")
	assert.Len(t, c.entries, 2)
	c.put(key(10), info, now, 3)
	assert.Nil(t, c.get(key(10), now), "its time was over before")
}
