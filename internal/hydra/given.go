package hydra

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// BinariesEnv is the environment variable that names binaries of releases of Hydra that
// this package cannot build: paths, separated as in PATH.
const BinariesEnv = "HYDRA_BINARIES"

// Next is the name of a version that is not a release.
const Next = "next"

// Given returns the versions of the binaries that [BinariesEnv] names.
var Given = sync.OnceValues(func() ([]Version, error) {
	var versions []Version
	for _, bin := range filepath.SplitList(os.Getenv(BinariesEnv)) {
		version, err := FromBinary(bin)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", BinariesEnv, err)
		}
		versions = append(versions, version)
	}
	return versions, nil
})

// FromBinary returns the version of a binary of Hydra v2 or later.
func FromBinary(bin string) (Version, error) {
	name, err := nameOf(bin)
	if err != nil {
		return Version{}, err
	}
	return Version{
		Name: name, bin: bin, plain: "--dev", prefix: "/admin",
	}, nil
}

// nameOf runs a binary to find out its version.
func nameOf(bin string) (string, error) {
	out, err := exec.Command(bin, "version").Output() //nolint:gosec,noctx // the user names it, and it is instant
	if err != nil {
		return "", fmt.Errorf("running %s version: %w", bin, err)
	}
	for line := range bytes.Lines(out) {
		if name, found := bytes.CutPrefix(line, []byte("Version:")); found {
			if name := strings.TrimSpace(string(name)); !strings.Contains(name, "-") {
				return name, nil
			}
			return Next, nil
		}
	}
	return "", fmt.Errorf("%s does not print its version", bin)
}

// HasDeviceFlow reports whether the version has the device authorization grant, as all
// from v25.4.0 on.
func (v Version) HasDeviceFlow() bool {
	number, _, _ := strings.Cut(strings.TrimPrefix(v.Name, "v"), ".")
	major, err := strconv.Atoi(number)
	return v.Name == Next || err == nil && major >= 25
}

// EachVersion runs a test in parallel for each version that this package can build and
// for each whose binary was given.
func EachVersion(t *testing.T, test func(t *testing.T, version Version)) {
	t.Helper()
	given, err := Given()
	if err != nil {
		t.Fatal(err)
	}
	if len(given) == 0 {
		t.Run("later versions", func(t *testing.T) {
			t.Skipf("no binary of v25.4.0 or later: name some in %s, as paths separated by %q", BinariesEnv, filepath.ListSeparator)
		})
	}
	for _, version := range append(Versions(), given...) {
		t.Run(version.Name, func(t *testing.T) {
			t.Parallel()
			test(t, version)
		})
	}
}
