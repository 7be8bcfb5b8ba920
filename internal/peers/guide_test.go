package peers

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the tables and the code of SECURITY.md and docs/migration.md")

const guide = "../../docs/migration.md"

// guideFile is held by a test that reads and writes the guide.
var guideFile sync.Mutex

var (
	code      = regexp.MustCompile("(?s)(<!-- code (\\w+) -->\n```go\n).*?(```\n)")
	variables = regexp.MustCompile("(?s)(<!-- variables -->\n```go\n).*?(```\n)")
	differing = regexp.MustCompile(`(?s)(<!-- parameters (\w+) -->\n).*?(<!-- /parameters -->)`)
	table     = regexp.MustCompile(`(?s)(<!-- operations (\w+) -->\n).*?(<!-- /operations -->)`)
	// boilerplate is in each call of a client, and so not worth a place in a table.
	boilerplate = regexp.MustCompile(`^(c|admin)\.|\.Execute\(\)$|(admin|public)\.New\w+Params\(\)\.WithContext\(ctx\)\.?`)
)

// TestGuide compares the guide with the functions of this package, or writes it.
func TestGuide(t *testing.T) {
	t.Parallel()
	guideFile.Lock()
	defer guideFile.Unlock()
	b, err := os.ReadFile(guide)
	require.NoError(t, err)
	src := readSource(t)
	ours := src.calls(t, "callsOfSDK")

	got := code.ReplaceAllStringFunc(string(b), func(block string) string {
		m := code.FindStringSubmatch(block)
		return m[1] + src.quote(t, m[2]) + "\n" + m[3]
	})
	got = variables.ReplaceAllStringFunc(got, func(block string) string {
		m := variables.FindStringSubmatch(block)
		return m[1] + src.variables(t, "callsOfSDK") + m[2]
	})
	got = table.ReplaceAllStringFunc(got, func(block string) string {
		m := table.FindStringSubmatch(block)
		functions := []string{"callsOf" + m[2]}
		if more := "moreCallsOf" + m[2]; src[more].decl != nil {
			functions = append(functions, more)
		}
		return m[1] + rows(operations(t), src.calls(t, functions...), ours) + m[3]
	})
	differences := differences(t)
	got = differing.ReplaceAllStringFunc(got, func(block string) string {
		m := differing.FindStringSubmatch(block)
		if m[2] == "V1106" { // the test of its module is for it
			return block
		}
		require.Contains(t, differences, m[2])
		return m[1] + differences[m[2]] + m[3]
	})
	if t.Failed() {
		return
	}
	if *update {
		b = []byte(got)
		require.NoError(t, os.WriteFile(guide, b, 0o600))
	}
	if got != string(b) {
		t.Error("docs/migration.md is not up to date: run go test . -update in internal/peers")
	}
	for name := range src {
		version, ok := strings.CutPrefix(name, "callsOf")
		if !ok || version == "SDK" {
			continue
		}
		for _, block := range []string{"operations", "parameters"} {
			if begin := "<!-- " + block + " " + version + " -->"; !strings.Contains(got, begin+"\n") {
				t.Errorf("docs/migration.md has no %s: add this line, one with <!-- /%s -->, and run go test . -update in internal/peers", begin, block)
			}
		}
	}
}

func rows(operations []string, theirs, ours map[string]string) string {
	var out strings.Builder
	out.WriteString("| before | after |\n|---|---|\n")
	for _, operation := range operations {
		before := theirs[operation]
		if before != "none" {
			before = "`" + before + "`"
		}
		out.WriteString("| " + before + " | `" + ours[operation] + "` |\n")
	}
	return out.String()
}

// operations are those of the OpenAPI document, in its order.
func operations(t *testing.T) []string {
	t.Helper()
	doc, err := os.ReadFile("../../openapi/admin.yaml")
	require.NoError(t, err)
	var ids []string
	for _, m := range regexp.MustCompile(`(?m)^ +operationId: (\w+)$`).FindAllStringSubmatch(string(doc), -1) {
		ids = append(ids, m[1])
	}
	require.NotEmpty(t, ids)
	return ids
}

// source has the text and the syntax of each function that the guide can quote.
type source map[string]struct {
	text string
	decl *ast.FuncDecl
	file *token.File
}

func readSource(t *testing.T) source {
	t.Helper()
	src, fset := make(source), token.NewFileSet()
	for _, pattern := range []string{"*_test.go", "v1106/*_test.go"} {
		names, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, name := range names {
			b, err := os.ReadFile(name)
			require.NoError(t, err)
			f, err := parser.ParseFile(fset, name, b, 0)
			require.NoError(t, err)
			for _, d := range f.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok {
					s := src[fn.Name.Name]
					s.text, s.decl, s.file = string(b), fn, fset.File(fn.Pos())
					src[fn.Name.Name] = s
				}
			}
		}
	}
	return src
}

// quote returns the text of a function, without the version in its name.
func (s source) quote(t *testing.T, name string) string {
	t.Helper()
	require.Contains(t, s, name)
	plain := regexp.MustCompile(`(V\d+|ClientGo)$`).ReplaceAllString(name, "")
	return strings.Replace(s.slice(name, s[name].decl), name, plain, 1)
}

func (s source) slice(function string, n ast.Node) string {
	fn := s[function]
	return fn.text[fn.file.Offset(n.Pos()):fn.file.Offset(n.End())]
}

// variables returns the variables that a function declares in a group.
func (s source) variables(t *testing.T, function string) string {
	t.Helper()
	for _, statement := range s[function].decl.Body.List {
		if declared, ok := statement.(*ast.DeclStmt); ok {
			return strings.ReplaceAll(s.slice(function, declared), "\n\t", "\n") + "\n"
		}
	}
	require.Fail(t, "no variables", function)
	return ""
}

// calls reads the maps that functions return: operations, and the call of each.
func (s source) calls(t *testing.T, functions ...string) map[string]string {
	t.Helper()
	calls := make(map[string]string)
	for _, function := range functions {
		require.Contains(t, s, function)
		ast.Inspect(s[function].decl, func(n ast.Node) bool {
			pair, ok := n.(*ast.KeyValueExpr)
			if !ok {
				return true
			}
			key, ok := pair.Key.(*ast.BasicLit)
			if !ok {
				return true
			}
			operation, err := strconv.Unquote(key.Value)
			require.NoError(t, err)
			calls[operation] = "none"
			if fn, ok := pair.Value.(*ast.FuncLit); ok {
				calls[operation] = boilerplate.ReplaceAllString(s.slice(function, call(fn)), "")
			}
			return false
		})
	}
	names := strings.Join(functions, " or ")
	for _, operation := range operations(t) {
		if calls[operation] == "" {
			t.Errorf("%s has no %q: add its call, or nil for a client that does not have it", names, operation)
		}
	}
	for operation := range calls {
		if !slices.Contains(operations(t), operation) {
			t.Errorf("%s has %q, which openapi/admin.yaml does not: remove it", names, operation)
		}
	}
	return calls
}

// call is what fn returns the error of.
func call(fn *ast.FuncLit) ast.Expr {
	e := fn.Body.List[0].(*ast.ReturnStmt).Results[0]
	if wrapped, ok := e.(*ast.CallExpr); ok {
		if helper, ok := wrapped.Fun.(*ast.Ident); ok && (helper.Name == "second" || helper.Name == "third") {
			return wrapped.Args[0]
		}
	}
	return e
}
