//go:build live

package gateway

import (
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func TestGatewayWithTokensOfHydra(t *testing.T) {
	t.Parallel()
	hydra.EachVersion(t, func(t *testing.T, version hydra.Version) {
		t.Helper()
		server := hydra.Run(t, hydra.Config{Version: version})
		admin, err := client.New(server.AdminURL)
		require.NoError(t, err)
		const audience = "https://api.example.com"
		c, err := admin.CreateOAuth2Client(t.Context(), models.OAuth2Client{
			ClientID: "machine", GrantTypes: []string{"client_credentials"}, Scope: "read write", Audience: []string{audience},
		})
		require.NoError(t, err)
		app := hydra.App{PublicURL: server.PublicURL, ID: c.ClientID, Secret: c.ClientSecret}
		g := &Gateway{Admin: admin, Scopes: []string{"read"}, Audience: []string{audience}, TTL: time.Minute, MaxTokens: 10, Log: slog.New(slog.DiscardHandler)}
		var good string
		for _, tt := range []struct {
			scope, audience string
			status          int
		}{
			{"read", audience, http.StatusOK}, {"write", audience, http.StatusForbidden}, {"read", "", http.StatusUnauthorized},
		} {
			token, err := app.Token(t.Context(), "client_credentials", "scope", tt.scope, "audience", tt.audience)
			require.NoError(t, err)
			assert.Equal(t, tt.status, do(g, "Bearer "+token.AccessToken).Code, tt)
			if tt.status == http.StatusOK {
				good = token.AccessToken
			}
		}
		assert.Equal(t, http.StatusUnauthorized, do(g, "Bearer "+good+"x").Code)
		require.NoError(t, admin.DeleteOAuth2Client(t.Context(), c.ClientID))
		assert.Equal(t, http.StatusOK, do(g, "Bearer "+good).Code, "it is remembered")
		g.cache = cache{}
		assert.Equal(t, http.StatusUnauthorized, do(g, "Bearer "+good).Code)
	})
}
