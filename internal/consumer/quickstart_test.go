package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestQuickstartCanBeCopied runs examples/quickstart in a module outside of this
// repository, where it cannot import internal packages.
func TestQuickstartCanBeCopied(t *testing.T) {
	t.Parallel()
	sdk, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(sdk, "examples", "quickstart"))); err != nil {
		t.Fatal(err)
	}
	// This module requires what a user of the SDK gets, so a copy may do the same.
	for _, name := range []string{"go.mod", "go.sum"} {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		s := strings.NewReplacer("github.com/hydra-sdk/hydra-admin-go/internal/consumer", "example.com/quickstart", "=> ../..", "=> "+sdk).Replace(string(b))
		if err := os.WriteFile(filepath.Join(dir, name), []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), "go", "run", ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "HYDRA_ADMIN_URL=", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "404 Not Found") {
		t.Errorf("%v\n%s", err, out)
	}
}
