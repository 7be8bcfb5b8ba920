package main

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/examples/internal/graceful"
)

func TestGuard(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, authorization, scope string
		hydra                      clienttest.Response
		status                     int
		challenge                  string
	}{
		{"no token", "", "read", clienttest.AsHydra, http.StatusUnauthorized, `Bearer`},
		{"another scheme", "Basic YTpi", "read", clienttest.AsHydra, http.StatusUnauthorized, `Bearer`},
		{"a token", "Bearer x", "read", clienttest.Recorded("200-access-token"), http.StatusOK, ``},
		{"an unknown token", "Bearer x", "read", clienttest.Recorded("200-unknown"), http.StatusUnauthorized, `Bearer error="invalid_token"`},
		{"a refresh token", "Bearer x", "read", clienttest.Recorded("200-refresh-token"), http.StatusUnauthorized, `Bearer error="invalid_token"`},
		{"another scope", "Bearer x", "admin", clienttest.Recorded("200-access-token"), http.StatusForbidden, `Bearer error="insufficient_scope", scope="admin"`},
		{"a scope that begins the same", "Bearer x", "rea", clienttest.Recorded("200-access-token"), http.StatusForbidden, `Bearer error="insufficient_scope", scope="rea"`},
		{"a token that is not text", "Bearer \xff", "read", clienttest.AsHydra, http.StatusUnauthorized, `Bearer error="invalid_token"`},
		{"a connection that breaks", "Bearer x", "read", clienttest.Reset, http.StatusServiceUnavailable, ``},
		{"a page of a proxy", "Bearer x", "read", clienttest.JSON(http.StatusOK, nil), http.StatusServiceUnavailable, ``},
		{"no Hydra", "Bearer x", "read", clienttest.BadGateway, http.StatusServiceUnavailable, ``},
	} {
		for _, version := range []clienttest.Version{clienttest.V1, clienttest.V2, clienttest.V26} {
			t.Run(tt.name+" "+string(version), func(t *testing.T) {
				t.Parallel()
				hydra := clienttest.New(t, version)
				hydra.Respond("introspectOAuth2Token", tt.hydra)
				w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
				r.Header.Set("Authorization", tt.authorization)
				guard(hydra.Client(client.WithRetries(0)), tt.scope, http.HandlerFunc(hello)).ServeHTTP(w, r)
				assert.Equal(t, tt.status, w.Code)
				assert.Equal(t, tt.challenge, w.Header().Get("WWW-Authenticate"))
				assert.Equal(t, tt.status == http.StatusOK, w.Body.String() == "Hello alice\n")
			})
		}
	}
}

func TestServeLetsRequestsFinish(t *testing.T) {
	t.Parallel()
	graceful.LetsRequestsFinish(t, serve)
}
