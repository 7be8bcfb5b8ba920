package main

import (
	"cmp"
	"go/ast"
	"go/doc"
	"go/doc/comment"
	"go/types"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/go/packages"
)

// unresolved is a link to a name in a doc comment that stays text: there is no such name in
// the package, or the comment is inside a declaration, which is shown as source.
var unresolved = regexp.MustCompile(`\[\*?[A-Z]\w*(\.\w+)?\]|\[\*?[a-z]\w*\.[A-Z]\w*(\.\w+)?\]`)

// TestDocLinks: the links of the doc comments of the public packages lead to names that are
// there, and there are none where they would stay text.
func TestDocLinks(t *testing.T) {
	t.Parallel()
	for dir, patterns := range public {
		pkgs, err := packages.Load(&packages.Config{
			Dir:  filepath.Join(root, dir),
			Mode: packages.NeedName | packages.NeedTypes | packages.NeedSyntax | packages.NeedTypesInfo,
		}, patterns...)
		require.NoError(t, err)
		for _, p := range pkgs {
			for _, problem := range brokenLinks(t, p) {
				t.Errorf("%s: %s", p.PkgPath, problem)
			}
			for _, problem := range rawLinks(p) {
				t.Errorf("%s: %s is shown with its brackets, since its comment is inside a declaration: remove them", p.PkgPath, problem)
			}
		}
	}
}

// TestDocLinksAreFound: the test before finds links that lead nowhere.
func TestDocLinksAreFound(t *testing.T) {
	t.Parallel()
	file, err := filepath.Abs(filepath.Join(root, "client/extra.go"))
	require.NoError(t, err)
	pkgs, err := packages.Load(&packages.Config{
		Dir:  root,
		Mode: packages.NeedName | packages.NeedTypes | packages.NeedSyntax | packages.NeedTypesInfo,
		Overlay: map[string][]byte{file: []byte(`package client

import "github.com/hydra-sdk/hydra-admin-go/models"

// Extra is like [AdminAPI.GetLogin], [Missing], [models.Missing] and [AdminAPI.GetVersion].
var Extra models.Version

// Constants are like [Operation].
const (
	// InBlock is like [New].
	InBlock = 1
	AtEnd   = 2 // like [*Error]
	// hidden is like [Page].
	hidden = 3
)

// Fields are like [Option].
type Fields struct {
	// Field is like [models.Version].
	Field int
	Inner struct {
		Deep int // like [PageLink]
	}
	// hidden is like [PageLinks].
	hidden int
}

// Methods are like [Request].
type Methods interface {
	// Method is like [AdminAPI.Do], or list[0] of a [a-z].
	Method()
}

type private struct {
	// Field is like [JSONError].
	Field int
}
`)},
	}, "./client")
	require.NoError(t, err)
	require.Len(t, pkgs, 1)
	assert.ElementsMatch(t, []string{"[AdminAPI.GetLogin]", "[Missing]", "[github.com/hydra-sdk/hydra-admin-go/models#Missing]"}, brokenLinks(t, pkgs[0]))
	assert.ElementsMatch(t, []string{"[New]", "[*Error]", "[models.Version]", "[PageLink]", "[AdminAPI.Do]"}, rawLinks(pkgs[0]))
}

// brokenLinks returns the links of the doc comments of a package that lead nowhere.
func brokenLinks(t *testing.T, p *packages.Package) (broken []string) {
	t.Helper()
	require.Empty(t, p.Errors)
	var texts []string
	for _, f := range p.Syntax {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CommentGroup:
				texts = append(texts, n.Text())
			case *ast.BlockStmt: // its comments are not documentation
				return false
			}
			return true
		})
	}
	require.NotEmpty(t, texts)
	docs, err := doc.NewFromFiles(p.Fset, p.Syntax, p.PkgPath, doc.PreserveAST)
	require.NoError(t, err)
	parser := docs.Parser()
	for _, text := range texts {
		eachText(parser.Parse(text).Content, func(text comment.Text) {
			switch text := text.(type) {
			case comment.Plain:
				broken = append(broken, unresolved.FindAllString(string(text), -1)...)
			case *comment.DocLink:
				if !exists(p, text) {
					broken = append(broken, "["+text.DefaultURL("")[1:]+"]")
				}
			}
		})
	}
	return broken
}

// rawLinks returns the links in comments that are part of the source of a declaration, as
// documentation shows it: those of constants and variables in parentheses, of fields, and of
// methods of an interface.
func rawLinks(p *packages.Package) (raw []string) {
	look := func(exported bool, groups ...*ast.CommentGroup) {
		for _, g := range groups {
			if exported {
				raw = append(raw, unresolved.FindAllString(g.Text(), -1)...)
			}
		}
	}
	isExported := func(names []*ast.Ident) bool { return slices.ContainsFunc(names, (*ast.Ident).IsExported) }
	for _, f := range p.Syntax {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				return false
			case *ast.ValueSpec:
				look(isExported(n.Names), n.Doc, n.Comment)
			case *ast.TypeSpec:
				return n.Name.IsExported()
			case *ast.Field:
				look(len(n.Names) == 0 || isExported(n.Names), n.Doc, n.Comment)
			}
			return true
		})
	}
	return raw
}

// exists reports whether a link to a name of another package leads there. Those to its own
// names stay text if they do not.
func exists(p *packages.Package, link *comment.DocLink) bool {
	i := slices.IndexFunc(p.Types.Imports(), func(i *types.Package) bool { return i.Path() == link.ImportPath })
	if link.Name == "" || i < 0 {
		return true
	}
	imported := p.Types.Imports()[i]
	obj := imported.Scope().Lookup(cmp.Or(link.Recv, link.Name))
	if obj == nil || link.Recv == "" {
		return obj != nil
	}
	member, _, _ := types.LookupFieldOrMethod(obj.Type(), true, imported, link.Name)
	return member != nil
}

// eachText calls f for each piece of text in a doc comment.
func eachText(blocks []comment.Block, f func(comment.Text)) {
	texts := func(all []comment.Text) {
		for _, text := range all {
			f(text)
		}
	}
	for _, block := range blocks {
		switch block := block.(type) {
		case *comment.Paragraph:
			texts(block.Text)
		case *comment.Heading:
			texts(block.Text)
		case *comment.List:
			for _, item := range block.Items {
				eachText(item.Content, f)
			}
		}
	}
}
