package peers

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestComparison: what the table of comparisons names as proof is there, and the rows of
// the README are from it.
func TestComparison(t *testing.T) {
	t.Parallel()
	all := documents(t)
	table := comparison(t, all["docs/comparison.md"])
	tests := testsOf(t, root)
	counts := "| operations |"
	for _, peer := range peers {
		counts += fmt.Sprintf(" %d |", operationsOf(peer.calls(t, "")))
	}
	counts += fmt.Sprintf(" %d, ", operationsOf(callsOfSDK(t, "http://hydra")))
	if !strings.Contains(strings.Join(table, "\n"), counts) {
		t.Errorf("docs/comparison.md is to say: %s", counts)
	}
	for _, row := range table[2:] {
		cells := strings.Split(strings.Trim(row, "|"), "|")
		require.Len(t, cells, 3+len(peers), row)
		proofs := testNamed.FindAllStringSubmatch(cells[len(cells)-1], -1)
		assert.NotEmpty(t, proofs, row)
		for _, proof := range proofs {
			assert.Contains(t, tests, proof[1], row)
		}
	}
	assert.Subset(t, table, comparison(t, all["README.md"]))
}

// comparison returns the lines of the table of comparisons in a document, two of which are
// its head.
func comparison(t *testing.T, text string) []string {
	t.Helper()
	_, rest, found := strings.Cut(text, "<!-- comparison -->\n")
	require.True(t, found)
	table, _, found := strings.Cut(rest, "<!-- /comparison -->")
	require.True(t, found)
	lines := strings.Split(strings.TrimSpace(table), "\n")
	require.Greater(t, len(lines), 2)
	return lines
}

// TestTestsOfOthers counts the tests that the table speaks of.
func TestTestsOfOthers(t *testing.T) {
	t.Parallel()
	dir := func(module string) string {
		out, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", module).Output()
		require.NoError(t, err)
		return strings.TrimSpace(string(out))
	}
	assert.Empty(t, testsOf(t, dir("github.com/ory/hydra-client-go")))

	for module, want := range map[string]int{"github.com/ory/hydra-client-go/v2": 47, "github.com/ory/client-go": 179} {
		files, err := filepath.Glob(dir(module) + "/test/*_test.go")
		require.NoError(t, err)
		run, skipped := 0, 0
		for _, file := range files {
			b, err := os.ReadFile(file)
			require.NoError(t, err)
			run += strings.Count(string(b), "t.Run(")
			skipped += strings.Count(string(b), "t.Skip(")
		}
		assert.Equal(t, want, run, module)
		assert.Equal(t, run, skipped, module)
	}
}

func operationsOf(calls map[string]func() error) (n int) {
	for _, call := range calls {
		if call != nil {
			n++
		}
	}
	return n
}

// testsOf returns the names of all tests and examples below dir.
func testsOf(t *testing.T, dir string) map[string]bool {
	t.Helper()
	names := make(map[string]bool)
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if d != nil && d.IsDir() && (d.Name() == ".cache" || d.Name() == "node_modules") {
			return fs.SkipDir
		}
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, decl := range f.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil {
				names[fn.Name.Name] = true
			}
		}
		return nil
	}))
	return names
}
