// Package hydra builds and runs real ORY Hydra servers, for the tests, for the recorder
// and for trying things out.
package hydra

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
)

// A Version is a release of Hydra that a nested module pins, or whose binary was given.
type Version struct {
	Name   string // such as "v1.11.10"
	dir    string // of the module, below this package
	pkg    string // the server's main package
	tags   string
	plain  string // the flag that lets the server speak plain HTTP
	prefix string // of the paths of the admin API
	bin    string // the given binary; if it is empty, the fields above say how to build one
}

// V1 is the last release of Hydra v1, and V2 one of Hydra v2.
var (
	V1 = Version{
		Name: "v1.11.10", dir: "v1", pkg: "github.com/ory/hydra",
		tags: "sqlite,json1", plain: "--dangerous-force-http",
	}
	V2 = Version{
		Name: "v2.3.0", dir: "v2", pkg: "github.com/ory/hydra/v2",
		tags: "sqlite,json1,sqlite_omit_load_extension", plain: "--dev", prefix: "/admin",
	}
)

// ErrOutside says that a server cannot be built in the current directory.
var ErrOutside = errors.New("Hydra is built from a clone of hydra-admin-go, by the go command") //nolint:staticcheck // Hydra is a name

// Versions returns the versions that this package can build.
func Versions() []Version { return []Version{V1, V2} }

// Build builds the server and returns the path of its binary. The first time takes some
// minutes; after that the Go build cache has it. The output of the build goes to log.
func (v Version) Build(ctx context.Context, log io.Writer) (string, error) {
	if v.bin != "" {
		return v.bin, nil
	}
	building.Lock()
	defer building.Unlock()
	root, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "github.com/hydra-sdk/hydra-admin-go").Output()
	dir := filepath.Join(strings.TrimSpace(string(root)), "internal", "hydra", v.dir)
	if err == nil {
		_, err = os.Stat(dir) // the module cache has no nested modules
	}
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrOutside, err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	bin := filepath.Join(cache, "hydra-admin-go", "hydra-"+v.Name)
	if err := os.MkdirAll(filepath.Dir(bin), 0o750); err != nil {
		return "", err
	}
	// The name has the ID of this process: another process may run the binary, or build
	// it. The go command does not replace the link if it is up to date.
	own := fmt.Sprintf("%s.%d", bin, os.Getpid())
	if os.Link(bin, own) != nil { // there is none
		_, _ = fmt.Fprintf(log, "Building Hydra %s, which takes some minutes ...\n", v.Name)
	}
	defer os.Remove(own)                                                                                 //nolint:errcheck // gone if it was renamed
	cmd := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-tags", v.tags, "-o", own, v.pkg) //nolint:gosec // nothing here comes from outside
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "CGO_ENABLED=1")
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("building Hydra %s: %w", v.Name, err)
	}
	return bin, os.Rename(own, bin)
}

// building lets the tests of one process build one at a time.
var building sync.Mutex
