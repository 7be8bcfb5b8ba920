//go:build live

package main

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func TestGuardWithTokensOfHydra(t *testing.T) {
	t.Parallel()
	hydra.EachVersion(t, func(t *testing.T, version hydra.Version) {
		t.Helper()
		server := hydra.Run(t, hydra.Config{Version: version})
		admin, err := client.New(server.AdminURL)
		require.NoError(t, err)
		c, err := admin.CreateOAuth2Client(t.Context(), models.OAuth2Client{ClientID: "machine", GrantTypes: []string{"client_credentials"}, Scope: "read write"})
		require.NoError(t, err)
		app := hydra.App{PublicURL: server.PublicURL, ID: c.ClientID, Secret: c.ClientSecret}
		for scope, want := range map[string]int{"read": http.StatusOK, "write": http.StatusForbidden} {
			token, err := app.Token(t.Context(), "client_credentials", "scope", scope)
			require.NoError(t, err)
			w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header.Set("Authorization", "Bearer "+token.AccessToken)
			guard(admin, "read", http.HandlerFunc(hello)).ServeHTTP(w, r)
			assert.Equal(t, want, w.Code, scope)
		}
	})
}
