package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const root = "../../.."

// edited loads the tree with one text in a file replaced by another.
func edited(t *testing.T, file, from, to string) packageSet {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(root, file))
	require.NoError(t, err)
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, 1, strings.Count(string(b), from), "%q in %s", from, file)
	set, err := load(root, map[string][]byte{path: bytes.Replace(b, []byte(from), []byte(to), 1)})
	require.NoError(t, err)
	return set
}

func TestGate(t *testing.T) {
	t.Parallel()
	released, err := load(root, nil)
	require.NoError(t, err)
	_, errs := breaks(released, released, "v1.2.3", "")
	assert.Empty(t, errs, "no change")

	for _, tt := range []struct {
		name, file, from, to string
		want                 string // part of the error; empty if the change is allowed
	}{
		{"function renamed", "client/env.go", "func NewFromEnv(", "func NewFromEnvironment(", "client: breaks programs written for v1.2.3: NewFromEnv: removed"},
		{"another argument", "client/env.go", "func NewFromEnv(", "func NewFromEnv(name string, ", "NewFromEnv: changed from func(...Option)"},
		{"method removed", "client/modify.go", ") ModifyOAuth2Client(", ") modifyOAuth2Client(", "(*AdminAPI).ModifyOAuth2Client: removed"},
		{"constant of another value", "client/env.go", `"HYDRA_ADMIN_URL"`, `"HYDRA_URL"`, "EnvAdminURL: value changed"},
		{"function added", "client/env.go", "func NewFromEnv(", "func Added() {}\n\nfunc NewFromEnv(", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			changed := edited(t, tt.file, tt.from, tt.to)
			assert.NotEqual(t, string(list(released)), string(list(changed)), "api.txt shows the change")
			_, errs := breaks(released, changed, "v1.2.3", "")
			if tt.want == "" {
				assert.Empty(t, errs)
				return
			}
			require.NotEmpty(t, errs)
			assert.ErrorContains(t, errs[0], tt.want)
		})
	}
}

func TestAnnouncedBreaks(t *testing.T) {
	t.Parallel()
	released, err := load(root, nil)
	require.NoError(t, err)
	renamed := edited(t, "client/env.go", "func NewFromEnv(", "func NewFromEnvironment(")

	const changelog = "# Changelog\n\n## Unreleased\n\n### Removed\n\n- `NewFromEnv: removed`, use New.\n\n## 0.1.0\n"
	for _, tt := range []struct {
		version, changelog string
		announced          bool
	}{
		{"v0.1.0", changelog, true},
		{"v1.0.0", changelog, false}, // not from v1 on
		{"v0.1.0", strings.Replace(changelog, "Unreleased", "0.2.0", 1), true},  // about to be released
		{"v0.2.0", strings.Replace(changelog, "Unreleased", "0.2.0", 1), false}, // of an earlier release
		{"ebb37dc", changelog, true}, // a commit that has no tag
		{"ebb37dc", strings.Replace(changelog, "Unreleased", "0.2.0 - 2026-11-26", 1), true},
		{"ebb37dc", strings.Replace(changelog, "## Unreleased", "## Unreleased\n\n## 0.2.0", 1), false},
		{"ebb37dc", strings.Replace(changelog, "## 0.1.0", "## 1.0.0 - 2026-11-25", 1), false},
		{"ebb37dc", strings.Replace(changelog, "\n## 0.1.0\n", "", 1), false},
	} {
		announced, errs := breaks(released, renamed, tt.version, tt.changelog)
		assert.Equal(t, tt.announced, len(announced) == 1)
		assert.Equal(t, tt.announced, len(errs) == 0)
	}
}
