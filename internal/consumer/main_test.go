package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestLinkedPackages fails if the SDK links another package into a program.
func TestLinkedPackages(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Fields(string(out))
	want := []string{
		"github.com/apapsch/go-jsonmerge/v2",
		"github.com/google/uuid",
		"github.com/hydra-sdk/hydra-admin-go/client",
		"github.com/hydra-sdk/hydra-admin-go/internal/consumer",
		"github.com/hydra-sdk/hydra-admin-go/internal/decode",
		"github.com/hydra-sdk/hydra-admin-go/internal/linkheader",
		"github.com/hydra-sdk/hydra-admin-go/internal/restart",
		"github.com/hydra-sdk/hydra-admin-go/internal/secret",
		"github.com/hydra-sdk/hydra-admin-go/models",
		"github.com/oapi-codegen/runtime",
		"github.com/oapi-codegen/runtime/types",
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("linked:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestTestPackagesAreNotLinked checks packages of the standard library that only
// client/clienttest needs.
func TestTestPackagesAreNotLinked(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, pkg := range []string{"testing", "embed", "net/http/httptest", "net/http/httputil"} {
		if slices.Contains(strings.Fields(string(out)), pkg) {
			t.Errorf("%s is linked", pkg)
		}
	}
}
