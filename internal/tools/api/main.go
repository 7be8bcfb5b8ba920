// Command api guards what users of the SDK can name.
//
// It compares the exported API with api.txt, where a review sees what a change adds
// and takes away; -update writes that file. Given the tree of the last release, it
// also fails on what breaks programs that were written for it:
//
//	api [-update] [-root DIR] [-release DIR -version vX.Y.Z]
//
// Before v1.0.0 a release may break them, if CHANGELOG.md names each break, above what
// it says of the last release, in the words of this command.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/exp/apidiff"
	"golang.org/x/mod/semver"
)

func main() {
	root := flag.String("root", "../../..", "the tree to check")
	update := flag.Bool("update", false, "write api.txt")
	release := flag.String("release", "", "the tree of the last release")
	version := flag.String("version", "", "its version")
	flag.Parse()
	if err := run(*root, *update, *release, *version); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(root string, update bool, release, version string) error {
	pkgs, err := load(root, nil)
	if err != nil {
		return err
	}
	if err := compareList(filepath.Join(root, "internal/tools/api/api.txt"), list(pkgs), update); err != nil {
		return err
	}
	if release == "" {
		return nil
	}
	old, err := load(release, nil)
	if err != nil {
		return err
	}
	changelog, err := os.ReadFile(filepath.Join(root, "CHANGELOG.md")) //nolint:gosec // of the tree that the command was told to check
	if err != nil {
		return err
	}
	announced, errs := breaks(old, pkgs, version, string(changelog))
	for _, b := range announced {
		fmt.Println("announced:", b)
	}
	return errors.Join(errs...)
}

func compareList(file string, got []byte, update bool) error {
	if update {
		return os.WriteFile(file, got, 0o644) //nolint:gosec // a file of the repository, for all to read
	}
	want, err := os.ReadFile(file) //nolint:gosec // see above
	if err != nil {
		return err
	}
	if !bytes.Equal(got, want) {
		return fmt.Errorf("the exported API is not that of api.txt; go run . -update in internal/tools/api writes it:\n%s",
			cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")))
	}
	return nil
}

// breaks are the changes between old and now that break programs: those that the
// changelog announces, and those that are not allowed.
func breaks(old, now packageSet, version, changelog string) (announced []string, errs []error) {
	var notes string
	if semver.Major(version) == "v0" {
		notes, _, _ = strings.Cut(changelog, "\n## "+strings.TrimPrefix(version, "v"))
	}
	for _, name := range old.names() {
		if now[name] == nil {
			errs = append(errs, fmt.Errorf("package %s: removed since %s", name, version))
			continue
		}
		for _, c := range apidiff.Changes(old[name], now[name]).Changes {
			switch {
			case c.Compatible:
			case strings.Contains(notes, c.Message):
				announced = append(announced, c.Message)
			default:
				errs = append(errs, fmt.Errorf("package %s: breaks programs written for %s: %s", name, version, c.Message))
			}
		}
	}
	return announced, errs
}
