//go:build live

package users

import (
	"database/sql"
	"net/url"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/examples/login-consent/provider"
	"github.com/hydra-sdk/hydra-admin-go/internal/database"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
)

func TestUsersInPostgreSQL(t *testing.T) {
	t.Parallel()
	server := hydra.RunDatabase(t, database.Postgres)
	name, err := server.Create(t.Context(), "users", func(string) error { return nil })
	require.NoError(t, err)
	dsn, err := url.Parse(server.DSN(name))
	require.NoError(t, err)
	dsn.RawQuery = "sslmode=disable" // the rest is Hydra's own
	db, err := sql.Open("pgx", dsn.String())
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, db.Close()) })

	for range 2 { // it is there already
		_, err = db.ExecContext(t.Context(), provider.UsersTable)
		require.NoError(t, err)
	}
	var users provider.Users = provider.SQLUsers{DB: db}
	demo, err := provider.DemoUsers()
	require.NoError(t, err)
	for _, user := range demo {
		require.NoError(t, provider.SQLUsers{DB: db}.Add(t.Context(), user))
		require.Error(t, provider.SQLUsers{DB: db}.Add(t.Context(), user), "a user is there once")
	}
	for _, want := range demo {
		byLogin, err := users.ByLogin(t.Context(), want.Login)
		require.NoError(t, err)
		assert.Equal(t, want, byLogin)
		byID, err := users.ByID(t.Context(), want.ID)
		require.NoError(t, err)
		assert.Equal(t, want, byID)
	}
	for _, login := range []string{"", "ALICE", "mallory", "alice' OR '1'='1", "%"} {
		_, err := users.ByLogin(t.Context(), login)
		require.ErrorIs(t, err, provider.ErrNoUser, login)
		_, err = users.ByID(t.Context(), login)
		require.ErrorIs(t, err, provider.ErrNoUser, login)
	}
	require.NoError(t, db.Close())
	_, err = users.ByLogin(t.Context(), "alice")
	require.Error(t, err)
	assert.NotErrorIs(t, err, provider.ErrNoUser, "an outage is not a wrong name")
}
