//go:build live

package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
)

func TestExampleOnHydra(t *testing.T) {
	t.Parallel()
	hydra.EachVersion(t, func(t *testing.T, version hydra.Version) {
		t.Helper()
		server := hydra.Run(t, hydra.Config{Version: version})
		admin, err := client.New(server.AdminURL)
		require.NoError(t, err)
		var out strings.Builder
		require.NoError(t, run(t.Context(), admin, server.PublicURL+"/oauth2/token", &out))
		assert.Equal(t, "active: true, subject: alice, scope: read\n", out.String())
		for left, err := range admin.AllOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{}) {
			require.NoError(t, err)
			assert.Nil(t, left)
		}
		for left, err := range admin.AllTrustedJWTGrantIssuers(t.Context(), client.ListTrustedJWTGrantIssuersParams{}) {
			require.NoError(t, err)
			assert.Nil(t, left)
		}
	})
}
