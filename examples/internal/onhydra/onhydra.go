//go:build live

// Package onhydra runs examples on real servers, and records that.
package onhydra

import (
	"flag"
	"slices"
	"testing"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
)

var update = flag.Bool("update", false, "write the recordings")

// Run runs an example on each version. With -update it writes the recordings in testdata.
func Run(t *testing.T, example func(t *testing.T, version string, admin *client.AdminAPI)) {
	t.Helper()
	hydra.EachVersion(t, func(t *testing.T, version hydra.Version) {
		t.Helper()
		server := hydra.Run(t, hydra.Config{Version: version})
		dir := t.TempDir()
		if *update && slices.Contains(hydra.Versions(), version) {
			dir = "testdata/" + version.Name
		}
		recorder := clienttest.Record(t, clienttest.Recording{AdminURL: server.AdminURL, PublicURL: server.PublicURL, Dir: dir})
		example(t, version.Name, recorder.Client())
	})
}
