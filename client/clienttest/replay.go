package clienttest

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
)

// Replay starts a server that responds from the files that [Record] wrote to dir: to
// the n-th call of an operation with the n-th of its recordings. A call without a
// recording fails the test, and so does a recording without a call.
func Replay(tb testing.TB, dir string) *Server {
	tb.Helper()
	exchanges, err := read(dir)
	if err != nil {
		tb.Fatalf("clienttest: reading the recording: %v", err)
	}
	prefix := prefixOf(exchanges)
	s := newServer(tb, versionAt(prefix), prefix)
	s.playback = true
	queue := fixture.NewQueue(exchanges, func(e *fixture.Exchange) string {
		_, operationID, _ := strings.Cut(e.Case, "-")
		return operationID
	})
	s.fallback = func(w http.ResponseWriter, _ *http.Request, c *Call) {
		e := queue.Next(c.Operation.ID, "")
		if e == nil {
			s.unexpected(w, fmt.Sprintf("unexpected call of %s: no recording of it is left", c.Operation.ID))
			return
		}
		s.send(w, e)
	}
	tb.Cleanup(func() {
		if tb.Failed() {
			return
		}
		for id, n := range queue.Left() {
			tb.Errorf("clienttest: %d recorded calls of %s were not made", n, id)
		}
	})
	return s
}

func read(dir string) ([]*fixture.Exchange, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.http"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("no *.http files in %s", dir)
	}
	var exchanges []*fixture.Exchange
	for _, file := range files {
		data, err := os.ReadFile(file) //nolint:gosec // the test names it
		if err != nil {
			return nil, err
		}
		e, err := fixture.Parse(filepath.ToSlash(file), data)
		if err != nil {
			return nil, err
		}
		exchanges = append(exchanges, e)
	}
	slices.SortFunc(exchanges, func(a, b *fixture.Exchange) int { return strings.Compare(a.Case, b.Case) })
	return exchanges, nil
}

// prefixOf finds the prefix that paths of the recorded Hydra have, by the first exchange
// that shows it.
func prefixOf(exchanges []*fixture.Exchange) string {
	i := slices.IndexFunc(exchanges, func(e *fixture.Exchange) bool { return !fixture.AtRoot(e.Target) })
	if i < 0 {
		return ""
	}
	path, _, _ := strings.Cut(exchanges[i].Target, "?")
	for prefix := ""; ; {
		if _, ok := match(exchanges[i].Method, path[len(prefix):]); ok {
			return prefix
		}
		next := strings.IndexByte(path[min(len(prefix)+1, len(path)):], '/')
		if next < 0 {
			return ""
		}
		prefix = path[:len(prefix)+1+next]
	}
}

// versionAt guesses the version of a Hydra from the path of its admin API.
func versionAt(path string) Version {
	if strings.Contains(path, "/admin") {
		return V2
	}
	return V1
}
