package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
)

// wantOutput is the output of four rotations of a new set.
var wantOutput = map[string]string{
	"v1.11.10": "1 keys, 0 entries deleted\n2 keys, 0 entries deleted\n2 keys, 2 entries deleted\n2 keys, 2 entries deleted\n",
	"v2.3.0":   "1 keys, 0 entries deleted\n2 keys, 0 entries deleted\n2 keys, 1 entries deleted\n2 keys, 1 entries deleted\n",
}

func rotations(t *testing.T, admin *client.AdminAPI) string {
	t.Helper()
	var out strings.Builder
	for range 4 {
		require.NoError(t, rotate(t.Context(), admin, "example", "ES256", &out))
	}
	return out.String()
}

func TestExampleOnRecordings(t *testing.T) {
	t.Parallel()
	for version, want := range wantOutput {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			hydra := clienttest.Replay(t, "testdata/"+version)
			assert.Equal(t, want, rotations(t, hydra.Client()))
		})
	}
}

func TestNothingIsDeletedUnlessThereIsANewKey(t *testing.T) {
	t.Parallel()
	hydra := clienttest.New(t, clienttest.V1)
	hydra.Respond("createJsonWebKeySet", clienttest.InternalServerError)
	require.ErrorIs(t, rotate(t.Context(), hydra.Client(), "example", "ES256", &strings.Builder{}), client.ErrInternalServerError)
	hydra.WantCalls("createJsonWebKeySet")
}
