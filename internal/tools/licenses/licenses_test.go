package licenses

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/licensecheck"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// linkable has the licences that require no more of a program than a notice.
var linkable = []string{"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"}

// TestLinked checks the modules that users of a package link into their programs.
func TestLinked(t *testing.T) {
	t.Parallel()
	for dir, patterns := range map[string][]string{
		".":                 {"./client", "./client/clienttest", "./models"},
		"client/clientotel": {"."},
	} {
		t.Run(dir, func(t *testing.T) {
			t.Parallel()
			check(t, modules(t, dir, patterns...))
		})
	}
}

// TestTests checks the modules that are linked into tests, examples and commands of the
// repository. Users of the SDK do not get them.
func TestTests(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{".", "client/clientotel"} {
		t.Run(dir, func(t *testing.T) {
			t.Parallel()
			check(t, modules(t, dir, "-test", "./..."))
		})
	}
}

func check(t *testing.T, dirs map[string]string) {
	t.Helper()
	require.NotEmpty(t, dirs)
	for module, dir := range dirs {
		names, err := filepath.Glob(filepath.Join(dir, "LICEN[CS]E*"))
		require.NoError(t, err)
		if !assert.NotEmpty(t, names, "%s has no licence", module) {
			continue
		}
		var found []string
		for _, name := range names {
			text, err := os.ReadFile(name)
			require.NoError(t, err)
			for _, m := range licensecheck.Scan(text).Match {
				found = append(found, m.ID)
			}
		}
		t.Log(module, found)
		assert.NotEmpty(t, found, "%s: unknown licence", module)
		assert.Subset(t, linkable, found, module)
	}
}

// modules returns the modules of the linked packages, except the SDK, and their
// directories.
func modules(t *testing.T, dir string, args ...string) map[string]string {
	t.Helper()
	const format = "{{with .Module}}{{.Path}}\t{{.Dir}}{{end}}"
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"list", "-deps", "-f", format}, args...)...)
	cmd.Dir = filepath.Join("../../..", dir)
	out, err := cmd.Output()
	require.NoError(t, err)
	dirs := make(map[string]string)
	for line := range strings.Lines(string(out)) {
		path, where, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if ok && !strings.HasPrefix(path, "github.com/hydra-sdk/hydra-admin-go") {
			dirs[path] = where
		}
	}
	return dirs
}
