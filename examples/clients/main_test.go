package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
)

const wantOutput = `created photos, with a secret of 26 characters
team-a owns photos
it has 2 redirect URIs now
deleted: true
`

func TestExampleOnRecordings(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"v1.11.10", "v2.3.0"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			require.NoError(t, run(t.Context(), clienttest.Replay(t, "testdata/"+version).Client(), &out))
			assert.Equal(t, wantOutput, out.String())
		})
	}
}

func TestExampleStopsIfTheClientExists(t *testing.T) {
	t.Parallel()
	hydra := clienttest.New(t, clienttest.V1)
	hydra.Respond("createOAuth2Client", clienttest.Recorded("409-exists"))
	require.ErrorIs(t, run(t.Context(), hydra.Client(), &strings.Builder{}), client.ErrConflict)
	hydra.WantCalls("createOAuth2Client")
}
