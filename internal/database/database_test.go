//go:build live

package database_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/internal/database"
)

func TestServer(t *testing.T) {
	t.Parallel()
	for _, kind := range []database.Kind{database.Postgres, database.MySQL} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			s, err := database.Start(t.Context(), kind)
			if errors.Is(err, database.ErrNotInstalled) {
				t.Skip("needs a database: ", err)
			}
			require.NoError(t, err)
			defer func() { require.NoError(t, s.Stop()) }()
			prepared := 0
			create := func() string {
				name, err := s.Create(t.Context(), "t", func(string) error {
					prepared++
					_, err := s.Query(t.Context(), "template_t", "CREATE TABLE numbers (n INT); INSERT INTO numbers VALUES (7)")
					return err
				})
				require.NoError(t, err)
				return name
			}
			one, other := create(), create()
			assert.Equal(t, 1, prepared)
			_, err = s.Query(t.Context(), one, "UPDATE numbers SET n = 8")
			require.NoError(t, err)
			require.NoError(t, s.Pause())
			_, err = s.Query(t.Context(), one, "SELECT 1")
			require.Error(t, err, "while it is paused")
			require.NoError(t, s.Resume(t.Context()))
			for name, want := range map[string]string{one: "8", other: "7"} {
				got, err := s.Query(t.Context(), name, "SELECT n FROM numbers")
				require.NoError(t, err)
				assert.Equal(t, want, got)
			}
		})
	}
}
