package clienttest

import (
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/wrongprovider"
)

// A failing is a test whose failure is expected.
type failing struct {
	testing.TB
	mu       sync.Mutex
	output   string
	cleanups []func()
}

func (f *failing) Helper()          {}
func (f *failing) Cleanup(c func()) { f.cleanups = append(f.cleanups, c) }
func (f *failing) Errorf(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.output += fmt.Sprintf(format, args...) + "\n"
}

func (f *failing) Fatalf(format string, args ...any) {
	f.Errorf(format, args...)
	runtime.Goexit()
}

// outcome runs all hazards, and returns the failure messages by the name of the hazard.
func outcome(t *testing.T, version Version, c wrongprovider.Case, user User) map[string]string {
	t.Helper()
	failed := map[string]string{}
	for _, h := range hazards {
		f := &failing{TB: t}
		var wg sync.WaitGroup
		wg.Go(func() {
			h.run(newChecker(f, version, func(hydra *Server) http.Handler { return c.New(hydra.Client(client.WithRetries(0)), hydra.PublicURL) }, user))
		})
		wg.Wait()
		for _, c := range slices.Backward(f.cleanups) {
			c()
		}
		if f.output != "" {
			failed[h.name] = f.output
		}
	}
	return failed
}

var (
	aliceAtPages = User{
		Login: map[string]string{"name": "alice", "password": "wonderland"}, Wrong: map[string]string{"name": "alice", "password": "wrong"},
		Subject: "alice", SignIn: "Sign in", Cancel: "Cancel", Allow: "Allow", Deny: "Deny", SignOut: "Sign out", Stay: "Stay",
	}
	bobAtPages = User{
		Login: map[string]string{"name": "bob", "password": "builder"}, Subject: "bob",
		SignIn: "Sign in", Cancel: "Cancel", Allow: "Allow", Deny: "Deny", SignOut: "Sign out", Stay: "Stay",
	}
)

func TestWrongProvidersAreRedWhereTheyAreBroken(t *testing.T) {
	t.Parallel()
	for _, c := range wrongprovider.Cases() {
		for _, version := range []Version{V1, V2, V26} {
			t.Run(c.Name+" "+string(version), func(t *testing.T) {
				t.Parallel()
				failed := outcome(t, version, c, aliceAtPages)
				for name, output := range failed {
					t.Logf("## %s | %s | %s | %s", c.Name, version, name, strings.ReplaceAll(strings.TrimSpace(output), "\n", " // "))
				}
				assert.Equal(t, slices.Contains(c.BrokenOn, string(version)), len(failed) > 0)
			})
		}
	}
}
