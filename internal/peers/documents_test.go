package peers

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const root = "../.."

var (
	fence     = regexp.MustCompile("(?ms)^ *(?:<!-- ([^\n]+?) -->\n *)?```(\\w+)\n(.*?)^ *```$")
	link      = regexp.MustCompile(`\]\(([^()\s]+)\)|(?:src|href)="([^"]+)"`)
	heading   = regexp.MustCompile(`(?m)^#+ (.+)$`)
	command   = regexp.MustCompile("`((?:cd|go|bash) [^`]+)`")
	inlined   = regexp.MustCompile("`((?:client|models|internal|examples|openapi|docs|\\.ci|\\.github)(?:/[\\w./-]*)?)`")
	testNamed = regexp.MustCompile("`((?:Test|Example|Fuzz)[A-Z]\\w*)`")
)

// documents returns the texts of all Markdown files, by their path in the repository.
func documents(t *testing.T) map[string]string {
	t.Helper()
	all := make(map[string]string)
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if d != nil && d.IsDir() && slices.Contains([]string{".git", ".cache", "node_modules"}, d.Name()) {
			return fs.SkipDir
		}
		if err != nil || filepath.Ext(path) != ".md" {
			return err
		}
		b, err := os.ReadFile(path)
		all[filepath.ToSlash(strings.TrimPrefix(path, filepath.FromSlash(root+"/")))] = string(b)
		return err
	}))
	require.Contains(t, all, "README.md")
	require.Contains(t, all, "docs/production.md")
	return all
}

// TestSnippets: Go code of the README and of docs is in a file that is compiled. A comment
// above it names the file, and the function or type if it is not the whole file.
func TestSnippets(t *testing.T) {
	t.Parallel()
	for name, text := range documents(t) {
		if name != "README.md" && !strings.HasPrefix(name, "docs/") {
			continue
		}
		for _, m := range fence.FindAllStringSubmatch(text, -1) {
			source, language, snippet := m[1], m[2], m[3]
			if language != "go" || strings.HasPrefix(source, "code ") || source == "variables" { // TestGuide is for these
				continue
			}
			file, decl, _ := strings.Cut(source, " ")
			if !assert.NotEmpty(t, file, "%s: a comment above this code is to name its file, and its function:\n%s", name, snippet) {
				continue
			}
			code := lines(declaration(t, file, decl))
			if decl == "" {
				assert.Equal(t, code, lines(snippet), "%s: the program %s", name, source)
			}
			assert.Contains(t, code, lines(snippet), "%s: code of %s", name, source)
		}
	}
}

// TestSnippetsAreGo: code of the README and of docs is a file, declarations or statements.
func TestSnippetsAreGo(t *testing.T) {
	t.Parallel()
	for name, text := range documents(t) {
		if name != "README.md" && !strings.HasPrefix(name, "docs/") {
			continue
		}
		for _, m := range fence.FindAllStringSubmatch(text, -1) {
			if m[2] != "go" {
				continue
			}
			parses := slices.ContainsFunc([]string{m[3], "package p\n" + m[3], "package p\nfunc f() {\n" + m[3] + "\n}"}, func(src string) bool {
				_, err := parser.ParseFile(token.NewFileSet(), "", src, parser.SkipObjectResolution)
				return err == nil
			})
			assert.True(t, parses, "%s: this is not Go:\n%s", name, m[3])
		}
	}
}

// lines returns a text without indentation.
func lines(text string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		out.WriteString("\n" + strings.TrimSpace(line))
	}
	return strings.TrimRight(out.String(), "\n") + "\n"
}

// declaration returns the text of a function, a method as T.M, or a type, or that of the
// file from its package clause on.
func declaration(t *testing.T, file, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, file))
	require.NoError(t, err)
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, file, b, parser.ParseComments|parser.SkipObjectResolution)
	require.NoError(t, err)
	require.NotContains(t, string(b), "\n//go:build ", "%s is not compiled by default", file)
	offset := func(pos token.Pos) int { return fset.Position(pos).Offset }
	if name == "" {
		return string(b[offset(f.Package):])
	}
	for _, decl := range f.Decls {
		if slices.Contains(namesOf(decl), name) {
			return string(b[offset(decl.Pos()):offset(decl.End())])
		}
	}
	require.Fail(t, "not found", "%s in %s", name, file)
	return ""
}

// namesOf returns what a declaration declares.
func namesOf(decl ast.Decl) (names []string) {
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		name := decl.Name.Name
		if decl.Recv != nil {
			receiver := decl.Recv.List[0].Type
			if star, ok := receiver.(*ast.StarExpr); ok {
				receiver = star.X
			}
			if id, ok := receiver.(*ast.Ident); ok {
				name = id.Name + "." + name
			}
		}
		names = append(names, name)
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				names = append(names, spec.Name.Name)
			case *ast.ValueSpec:
				for _, id := range spec.Names {
					names = append(names, id.Name)
				}
			}
		}
	}
	return names
}

// TestCommands: the folders and files that commands of the documents name are there.
func TestCommands(t *testing.T) {
	t.Parallel()
	for name, text := range documents(t) {
		if name == "CHANGELOG.md" {
			continue
		}
		var commands []string
		for _, m := range fence.FindAllStringSubmatch(text, -1) {
			if m[2] == "sh" {
				commands = append(commands, strings.Split(m[3], "\n")...)
			}
		}
		for _, m := range command.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
			commands = append(commands, m[1])
		}
		for _, line := range commands {
			line, _, _ = strings.Cut(line, " # ")
			dir, words := root, strings.Fields(line)
			for i, word := range words {
				before := ""
				if i > 0 {
					before = words[i-1]
				}
				switch {
				case before == "cd":
					dir = filepath.Join(root, word)
					assert.DirExists(t, dir, "%s: %s", name, line)
				case before == "bash" || strings.HasPrefix(word, "./") && word != "./...":
					assertInRepository(t, dir, word, name+": "+line)
				}
			}
		}
	}
}

// assertInRepository looks for a file or folder at its place, or in one of the modules below
// internal, which some commands are for.
func assertInRepository(t *testing.T, dir, path, message string) {
	t.Helper()
	path = strings.TrimSuffix(path, "/...")
	for _, dir := range []string{dir, filepath.Join(root, "internal/live"), filepath.Join(root, "internal/peers")} {
		if _, err := os.Stat(filepath.Join(dir, path)); err == nil {
			return
		}
	}
	assert.Fail(t, "no such file", "%s: %s", message, path)
}

// TestLinks: relative links of the documents lead to files that are there, and to headings
// that they have. Those to the documentation of package client lead to its names.
func TestLinks(t *testing.T) {
	t.Parallel()
	all, api := documents(t), namesOfClient(t)
	const reference = "https://pkg.go.dev/github.com/hydra-sdk/hydra-admin-go/client#"
	for name, text := range all {
		for _, m := range link.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
			target := m[1] + m[2]
			if symbol, ok := strings.CutPrefix(target, reference); ok && !strings.HasPrefix(symbol, "hdr-") {
				assert.Contains(t, api, symbol, "%s: %s", name, target)
			}
			if strings.Contains(target, "://") {
				continue
			}
			path, anchor, _ := strings.Cut(target, "#")
			to := name
			if path != "" {
				to = filepath.ToSlash(filepath.Join(filepath.Dir(name), path))
			}
			_, err := os.Stat(filepath.Join(root, to))
			require.NoError(t, err, "%s: %s", name, target)
			if anchor != "" {
				assert.Contains(t, anchors(all[to]), anchor, "%s: %s", name, target)
			}
		}
	}
}

// anchors returns the fragments of the headings of a document.
func anchors(text string) (all []string) {
	for _, m := range heading.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
		all = append(all, strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
				return unicode.ToLower(r)
			}
			return -1
		}, m[1]))
	}
	return all
}

// namesOfClient returns the functions, methods and types of package client.
func namesOfClient(t *testing.T) (names []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, "client", "*.go"))
	require.NoError(t, err)
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		for _, decl := range f.Decls {
			names = append(names, namesOf(decl)...)
		}
	}
	return names
}

// TestNamesInDocuments: files, folders and tests that are named in code are there.
func TestNamesInDocuments(t *testing.T) {
	t.Parallel()
	tests := slices.Sorted(maps.Keys(testsOf(t, root)))
	for name, text := range documents(t) {
		if name == "CHANGELOG.md" {
			continue
		}
		for _, m := range inlined.FindAllStringSubmatch(text, -1) {
			if strings.HasSuffix(m[1], "/vX.Y.Z") { // a tag
				continue
			}
			if _, err := os.Stat(filepath.Join(root, m[1])); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, m := range testNamed.FindAllStringSubmatch(text, -1) {
			assert.Contains(t, tests, m[1], name)
		}
	}
}

// TestProduction: the guide for operators has each error, and each operation that is not
// sent twice.
func TestProduction(t *testing.T) {
	t.Parallel()
	errorRows := part(t, "errors")
	for _, name := range namesOfClient(t) {
		if regexp.MustCompile(`^Err[A-Z]\w+$`).MatchString(name) && !strings.Contains(errorRows, "`"+name+"`") {
			t.Errorf("docs/production.md has no row for %s", name)
		}
	}

	b, err := os.ReadFile(filepath.Join(root, "client/admin.gen.go"))
	require.NoError(t, err)
	var want, got []string
	for _, m := range regexp.MustCompile(`(?ms)^var op(\w+) = operation\{$(.*?)^\}$`).FindAllStringSubmatch(string(b), -1) {
		if !strings.Contains(m[2], "repeatable: true") {
			want = append(want, m[1])
		}
	}
	for _, m := range regexp.MustCompile("`(\\w+)`").FindAllStringSubmatch(part(t, "once"), -1) {
		got = append(got, m[1])
	}
	assert.ElementsMatch(t, want, got)
}

// TestOperationsInReadme: the README leads to each operation, of a list to its iterator.
func TestOperationsInReadme(t *testing.T) {
	t.Parallel()
	readme, methods := documents(t)["README.md"], namesOfClient(t)
	for _, method := range methods {
		name, ok := strings.CutPrefix(method, "AdminAPI.")
		if !ok || !ast.IsExported(name) || slices.Contains(methods, strings.Replace(method, ".List", ".All", 1)) && strings.HasPrefix(name, "List") {
			continue
		}
		if name != "Format" && name != "LogValue" && !strings.Contains(readme, "client#"+method+")") {
			t.Errorf("the README has no link to %s", method)
		}
	}
}
