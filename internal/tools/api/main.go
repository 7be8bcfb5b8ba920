// Command api checks the exported API of the SDK.
//
// It compares the API with api.txt, so that a review shows additions and removals;
// -update writes that file. Given the tree of the last release, it also fails on changes
// that break programs written for that release:
//
//	api [-update] [-root DIR] [-release DIR -version vX.Y.Z]
//
// Before v1.0.0 a release may have such changes if CHANGELOG.md lists each of them, in the
// words of this command, above the section of the last release. If -version names a commit
// and no version, that is the second section.
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
	changelog, err := os.ReadFile(filepath.Join(root, "CHANGELOG.md")) //nolint:gosec // in the tree to check
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
		return fmt.Errorf("the exported API differs from api.txt; update it with go run . -update in internal/tools/api:\n%s",
			cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")))
	}
	return nil
}

// previous returns the version of the second section of a changelog. The first one is of
// what comes next.
func previous(changelog string) string {
	sections := strings.SplitN(changelog, "\n## ", 4)
	if len(sections) < 3 {
		return ""
	}
	heading, _, _ := strings.Cut(sections[2], "\n")
	version, _, _ := strings.Cut(heading, " ")
	return "v" + version
}

// breaks returns the changes between old and now that break programs: those that the
// changelog announces, and an error for each of the others.
func breaks(old, now packageSet, version, changelog string) (announced []string, errs []error) {
	last := version
	if !semver.IsValid(last) {
		last = previous(changelog)
	}
	var notes string
	if semver.Major(last) == "v0" {
		notes, _, _ = strings.Cut(changelog, "\n## "+strings.TrimPrefix(last, "v"))
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
