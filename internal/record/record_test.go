//go:build live

package record

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
)

var update = flag.Bool("update", false, "write the fixtures")

// TestRecord records all scenarios, and fails if the server says anything else
// than the fixtures do.
func TestRecord(t *testing.T) {
	recorded := make(map[string][]byte)
	// One server for those that do not mind each other, so in this order.
	shared := record(t, hydra.Config{}, recorded)
	for _, s := range []struct {
		name string
		run  func(*recorder)
	}{
		{"clients", clients},
		{"patches", patches},
		{"keys", keys},
		{"login", login},
		{"consent", consent},
		{"remembered", remembered},
		{"logout", logout},
		{"sessions", sessions},
		{"tokens", tokens},
		{"trust", trust},
		{"router", router},
	} {
		t.Run(s.name, func(t *testing.T) { s.run(shared.in(t)) })
	}
	for _, s := range []struct {
		name string
		cfg  hydra.Config
		run  func(*recorder)
	}{
		{"pages", hydra.Config{}, pages},
		{"behind a proxy", hydra.Config{BehindProxy: true}, behindProxy},
		{"plain HTTP to TLS", hydra.Config{TLS: true}, plainToTLS},
	} {
		t.Run(s.name, func(t *testing.T) { s.run(record(t, s.cfg, recorded)) })
	}
	t.Run("quickstart", func(t *testing.T) { quickstart(t, recorded) })
	if t.Failed() {
		return
	}

	dir := filepath.Join("..", "fixture", hydra.V1.Name)
	if *update {
		write(t, dir, recorded)
		return
	}
	compare(t, dir, recorded)
}

// compare fails for each fixture that the recording does not reproduce.
func compare(t *testing.T, dir string, recorded map[string][]byte) {
	t.Helper()
	exchanges, err := fixture.Load(hydra.V1.Name)
	require.NoError(t, err)
	names := make([]string, len(exchanges))
	for i, e := range exchanges {
		names[i] = e.Name()
	}
	assert.ElementsMatch(t, slices.Collect(maps.Keys(recorded)), names, "record again with -update")
	for _, name := range names {
		want, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		require.NoError(t, err)
		assert.Equal(t, string(want), string(recorded[name]), "%s: record again with -update", name)
	}
}
