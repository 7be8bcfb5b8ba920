//go:build live

package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/examples/internal/onhydra"
)

func TestExampleOnHydra(t *testing.T) {
	t.Parallel()
	onhydra.Run(t, func(t *testing.T, _ string, admin *client.AdminAPI) {
		t.Helper()
		var out strings.Builder
		require.NoError(t, run(t.Context(), admin, &out))
		assert.Equal(t, wantOutput, out.String())
	})
}
