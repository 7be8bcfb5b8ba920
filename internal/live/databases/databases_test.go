//go:build live

package databases

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/database"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// A hydraOn is a server with a database server of its own.
type hydraOn struct {
	kind   database.Kind
	api    *client.AdminAPI
	server *hydra.Server
	db     *database.Server
}

// TestDifferences runs each version on PostgreSQL, and v1 on MariaDB.
func TestDifferences(t *testing.T) {
	t.Parallel()
	for _, version := range hydra.Versions() {
		for _, kind := range []database.Kind{database.Postgres, database.MySQL} {
			if kind == database.MySQL && version != hydra.V1 {
				continue // as TestV2OnMariaDB says
			}
			t.Run(fmt.Sprint(version.Name, " ", kind), func(t *testing.T) {
				t.Parallel()
				db := hydra.RunDatabase(t, kind)
				server := hydra.Run(t, hydra.Config{Version: version, Database: db})
				api, err := client.New(server.AdminURL)
				require.NoError(t, err)
				on := &hydraOn{kind, api, server, db}
				t.Run("issuer ID without UUID", on.issuerIDWithoutUUID)
				t.Run("issuer after 2038", on.issuerAfter2038)
				t.Run("order of keys", on.orderOfKeys)
				t.Run("introspection without database", on.introspectionWithoutDatabase)
			})
		}
	}
}

// TestV2OnMariaDB: its tables cannot be made.
func TestV2OnMariaDB(t *testing.T) {
	t.Parallel()
	db := hydra.RunDatabase(t, database.MySQL)
	err := hydra.Migrate(t.Context(), hydra.V2, db)
	require.ErrorContains(t, err, "Error 1064", "it works: let tests of v2 run on MariaDB")
}

// issuerIDWithoutUUID: PostgreSQL refuses what the database in memory does not find.
func (on *hydraOn) issuerIDWithoutUUID(t *testing.T) {
	t.Helper()
	want := map[database.Kind]error{database.Postgres: client.ErrInternalServerError, database.MySQL: client.ErrNotFound}[on.kind]
	_, err := on.api.GetTrustedJWTGrantIssuer(t.Context(), "nothing")
	require.ErrorIs(t, err, want)
	require.ErrorIs(t, on.api.DeleteTrustedJWTGrantIssuer(t.Context(), "nothing"), want)
}

// issuerAfter2038: the timestamps of MariaDB end there.
func (on *hydraOn) issuerAfter2038(t *testing.T) {
	t.Helper()
	key, err := hydra.PublicKey("key")
	require.NoError(t, err)
	_, err = on.api.TrustJWTGrantIssuer(t.Context(), models.TrustJWTGrantIssuerBody{
		Issuer: "https://idp.example.com", Subject: "erin", JWK: key, ExpiresAt: time.Date(2039, time.January, 1, 0, 0, 0, 0, time.UTC),
	})
	if on.kind == database.MySQL {
		require.ErrorIs(t, err, client.ErrInternalServerError)
	} else {
		require.NoError(t, err)
	}
}

// orderOfKeys: of keys of one second the newest one comes first, but in MariaDB any of
// them.
func (on *hydraOn) orderOfKeys(t *testing.T) {
	t.Helper()
	const sets = 30
	newestFirst := 0
	for n := range sets {
		set := fmt.Sprint("set-", n)
		for _, kid := range []string{"old", "new"} {
			key, err := hydra.PublicKey(kid)
			require.NoError(t, err)
			_, err = on.api.UpdateJSONWebKey(t.Context(), set, kid, key)
			require.NoError(t, err)
		}
		keys, err := on.api.GetJSONWebKeySet(t.Context(), set)
		require.NoError(t, err)
		require.Len(t, keys.Keys, 2)
		if keys.Keys[0].Kid == "new" {
			newestFirst++
		}
	}
	t.Logf("%d of %d with the newest key first", newestFirst, sets)
	if on.kind != database.MySQL { // which has any order
		assert.Equal(t, sets, newestFirst)
	}
}

// introspectionWithoutDatabase: while its database is away, Hydra says of a valid token
// that it is not active, with status 200. The SDK cannot tell that from the truth, but
// IsReady is an error.
func (on *hydraOn) introspectionWithoutDatabase(t *testing.T) {
	t.Helper()
	app, err := on.api.CreateOAuth2Client(t.Context(), models.OAuth2Client{GrantTypes: []string{"client_credentials"}})
	require.NoError(t, err)
	token, err := hydra.App{PublicURL: on.server.PublicURL, ID: app.ClientID, Secret: app.ClientSecret}.Token(t.Context(), "client_credentials")
	require.NoError(t, err)
	active := func() bool {
		i, err := on.api.IntrospectOAuth2Token(t.Context(), token.AccessToken, client.IntrospectOAuth2TokenParams{})
		require.NoError(t, err)
		return i.Active
	}
	assert.True(t, active())
	_, err = on.api.IsReady(t.Context())
	require.NoError(t, err)
	require.NoError(t, on.db.Pause())
	assert.False(t, active())
	_, err = on.api.IsReady(t.Context())
	require.ErrorIs(t, err, client.ErrServiceUnavailable)
	_, err = on.api.IsReady(t.Context(), client.WithRetries(0))
	require.ErrorIs(t, err, client.ErrServiceUnavailable)
	_, err = on.api.GetOAuth2Client(t.Context(), app.ClientID)
	require.ErrorIs(t, err, client.ErrInternalServerError)
	require.NoError(t, on.db.Resume(t.Context()))
	require.Eventually(t, active, 10*time.Second, 50*time.Millisecond)
}
