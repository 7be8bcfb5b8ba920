//go:build live

package main

import (
	"flag"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
)

var update = flag.Bool("update", false, "write the recordings")

func TestExampleOnHydra(t *testing.T) {
	t.Parallel()
	for _, version := range hydra.Versions() {
		t.Run(version.Name, func(t *testing.T) {
			t.Parallel()
			server := hydra.Run(t, hydra.Config{Version: version})
			dir := t.TempDir()
			if *update {
				dir = "testdata/" + version.Name
			}
			recorder := clienttest.Record(t, clienttest.Recording{AdminURL: server.AdminURL, PublicURL: server.PublicURL, Dir: dir})
			var out strings.Builder
			require.NoError(t, run(t.Context(), recorder.Client(), &out))
			assert.Equal(t, wantOutput, out.String())
		})
	}
}
