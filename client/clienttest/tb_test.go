package clienttest_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/wrongprovider"
)

// yourProvider is a provider without a mistake.
func yourProvider(admin *client.AdminAPI, publicURL string) http.Handler {
	return wrongprovider.Case{Name: "no mistake"}.New(admin, publicURL)
}

// example is the testing.TB of examples, which have none.
type example struct{ testing.TB }

func (example) Helper()                           {}
func (example) Cleanup(func())                    {}
func (example) Context() context.Context          { return context.Background() }
func (example) Errorf(format string, args ...any) { log.Panicf(format, args...) }
func (example) Fatalf(format string, args ...any) { log.Panicf(format, args...) }

// A spy is a test whose failure is expected.
type spy struct {
	testing.TB
	mu       sync.Mutex
	output   string
	cleanups []func()
}

func (s *spy) Cleanup(f func()) { s.cleanups = append(s.cleanups, f) }

func (s *spy) Errorf(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.output += fmt.Sprintf(format, args...)
}

func (s *spy) Fatalf(format string, args ...any) {
	s.Errorf(format, args...)
	runtime.Goexit()
}

func (*spy) FailNow() { runtime.Goexit() }

func (s *spy) Failed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.output != ""
}

// failure runs a test and returns its failure messages.
func failure(t *testing.T, test func(tb testing.TB)) string {
	t.Helper()
	s := &spy{TB: t}
	var wg sync.WaitGroup
	wg.Go(func() { test(s) })
	wg.Wait()
	for _, f := range slices.Backward(s.cleanups) {
		f()
	}
	return s.output
}
