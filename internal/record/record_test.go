//go:build live

package record

import (
	"flag"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
)

var update = flag.Bool("update", false, "write the fixtures")

// TestRecord records all scenarios, and fails if a recording differs from the fixtures.
func TestRecord(t *testing.T) {
	t.Parallel()
	hydra.EachVersion(t, func(t *testing.T, version hydra.Version) {
		t.Helper()
		if version.Name == fixture.Next {
			settle(t, filepath.Join("..", "fixture", version.Name), recordNext(t, version))
			return
		}
		if !slices.Contains(fixture.Versions(), version.Name) {
			t.Skipf("there are no recordings of %s", version.Name)
		}
		// The quickstart is to be copied with its recordings, so they are beside it.
		recorded, quickstart := recordAll(t, version)
		if t.Failed() {
			return
		}
		settle(t, filepath.Join("..", "fixture", version.Name), recorded)
		settle(t, filepath.Join("..", "..", "examples", "quickstart", "testdata", version.Name), quickstart)
	})
}

// recordNext records the operations that no release has.
func recordNext(t *testing.T, version hydra.Version) map[string][]byte {
	t.Helper()
	recorded := make(map[string][]byte)
	t.Run("rotation", func(t *testing.T) { rotation(record(t, hydra.Config{Version: version}, recorded)) })
	return recorded
}

func recordAll(t *testing.T, version hydra.Version) (recorded, ofQuickstart map[string][]byte) {
	t.Helper()
	recorded, ofQuickstart = make(map[string][]byte), make(map[string][]byte)
	// These share a server. Their order is part of the recording.
	shared := record(t, hydra.Config{Version: version}, recorded)
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
		{"health", health},
		{"user codes", userCodes},
		{"rotation", rotation},
	} {
		t.Run(s.name, func(t *testing.T) { s.run(shared.in(t)) })
	}
	for _, s := range []struct {
		name string
		cfg  hydra.Config
		run  func(*recorder)
		of   bool // whether this version has it
	}{
		{"pages", hydra.Config{}, pages, true},
		{"expired", hydra.Config{ChallengeTTL: time.Second}, expired, true},
		{"expired code", hydra.Config{UserCodeTTL: time.Second}, expiredCode, version.HasDeviceFlow()},
		// The admin port of later versions is always plain HTTP.
		{"behind a proxy", hydra.Config{BehindProxy: true}, behindProxy, version == hydra.V1},
		{"plain HTTP to TLS", hydra.Config{TLS: true}, plainToTLS, version == hydra.V1},
	} {
		if !s.of {
			continue
		}
		s.cfg.Version = version
		t.Run(s.name, func(t *testing.T) { s.run(record(t, s.cfg, recorded)) })
	}
	t.Run("quickstart", func(t *testing.T) { quickstart(t, version, ofQuickstart) })
	t.Run("provider", func(t *testing.T) { provider(t, version, recorded) })
	t.Run("late provider", func(t *testing.T) { lateProvider(t, version, recorded) })
	return recorded, ofQuickstart
}

// settle writes recordings to a folder, or fails for each that differs from its file.
func settle(t *testing.T, dir string, recorded map[string][]byte) {
	t.Helper()
	if *update {
		require.Empty(t, hydra.Database(), "fixtures are made with the database in memory")
		write(t, dir, recorded)
		return
	}
	var names []string
	require.NoError(t, fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, name)
		}
		return err
	}))
	assert.ElementsMatch(t, slices.Collect(maps.Keys(recorded)), names, "record again with -update")
	for _, name := range names {
		if slices.Contains(otherOn[hydra.Database()], name) {
			continue
		}
		want, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		require.NoError(t, err)
		assert.Equal(t, string(want), onAnyDatabase(recorded[name]), "%s: record again with -update", name)
	}
}
