package main

import (
	"bytes"
	"errors"
	"fmt"
	"go/types"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

const module = "github.com/hydra-sdk/hydra-admin-go"

// public has the packages that users import, by the folder of their module.
var public = map[string][]string{
	".":                 {"./client", "./client/clienttest", "./client/clientweb", "./models"},
	"client/clientotel": {"."},
}

// A packageSet has packages by their path in the repository.
type packageSet map[string]*types.Package

func (s packageSet) names() []string { return slices.Sorted(maps.Keys(s)) }

// load reads the public packages of a tree. Files in overlay, by absolute path,
// take the place of those on disk.
func load(root string, overlay map[string][]byte) (packageSet, error) {
	set := make(packageSet)
	for dir, patterns := range public {
		patterns = slices.DeleteFunc(slices.Clone(patterns), func(pattern string) bool { // a release may not have had it
			_, err := os.Stat(filepath.Join(root, dir, pattern))
			return errors.Is(err, fs.ErrNotExist)
		})
		pkgs, err := packages.Load(&packages.Config{
			Dir:     filepath.Join(root, dir),
			Mode:    packages.NeedName | packages.NeedTypes,
			Overlay: overlay,
		}, patterns...)
		if err != nil {
			return nil, err
		}
		for _, p := range pkgs {
			if len(p.Errors) > 0 {
				return nil, fmt.Errorf("%s: %w", p.PkgPath, p.Errors[0])
			}
			set[strings.TrimPrefix(p.PkgPath, module+"/")] = p.Types
		}
	}
	return set, nil
}

// list returns a line for each exported name.
func list(set packageSet) []byte {
	var b bytes.Buffer
	for _, name := range set.names() {
		pkg := set[name]
		qualify := func(p *types.Package) string {
			if p == pkg {
				return ""
			}
			return strings.TrimPrefix(p.Path(), module+"/")
		}
		fmt.Fprintf(&b, "package %s\n", name)
		for _, id := range pkg.Scope().Names() {
			if obj := pkg.Scope().Lookup(id); obj.Exported() {
				listObject(&b, obj, qualify)
			}
		}
		b.WriteByte('\n')
	}
	return b.Bytes()
}

func listObject(b *bytes.Buffer, obj types.Object, qualify types.Qualifier) {
	switch obj := obj.(type) {
	case *types.TypeName:
		listType(b, obj, qualify)
	case *types.Const:
		fmt.Fprintf(b, "%s = %s\n", types.ObjectString(obj, qualify), obj.Val())
	default:
		fmt.Fprintln(b, types.ObjectString(obj, qualify))
	}
}

func listType(b *bytes.Buffer, obj *types.TypeName, qualify types.Qualifier) {
	s, isStruct := obj.Type().Underlying().(*types.Struct)
	if !isStruct || obj.IsAlias() {
		fmt.Fprintln(b, types.ObjectString(obj, qualify))
	} else {
		fmt.Fprintf(b, "type %s struct\n", types.TypeString(obj.Type(), qualify))
		for i := range s.NumFields() {
			if f := s.Field(i); f.Exported() {
				line := fmt.Sprintf("\t%s %s %s", f.Name(), types.TypeString(f.Type(), qualify), s.Tag(i))
				fmt.Fprintln(b, strings.TrimRight(line, " "))
			}
		}
	}
	for s := range types.NewMethodSet(types.NewPointer(obj.Type())).Methods() {
		if m := s.Obj(); m.Exported() {
			fmt.Fprintf(b, "\t%s%s\n", m.Name(), strings.TrimPrefix(types.TypeString(m.Type(), qualify), "func"))
		}
	}
}
