//go:build live

package mock

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// documents returns the OpenAPI documents of the servers by their versions, or skips the
// test if there are none.
func documents(t *testing.T) map[string]string {
	t.Helper()
	dir := os.Getenv("SERVER_SPECS")
	if dir == "" {
		dir = "../../../../shared/specs"
	}
	files, err := filepath.Glob(filepath.Join(dir, "hydra-*.json"))
	require.NoError(t, err)
	if len(files) == 0 {
		t.Skip("skipped: there are no documents of servers in " + dir)
	}
	all := make(map[string]string)
	for _, file := range files {
		all[strings.TrimSuffix(strings.TrimPrefix(filepath.Base(file), "hydra-"), ".json")] = file
	}
	return all
}

var listening = regexp.MustCompile(`Prism is listening on (http://127\.0\.0\.1:\d+)`)

// startPrism starts a mock of a document for the time of the test and returns its URL.
func startPrism(t *testing.T, document string) string {
	t.Helper()
	const program = "node_modules/.bin/prism"
	require.FileExists(t, program, "run npm ci in internal/live/mock")
	cmd := exec.CommandContext(t.Context(), program, "mock", "--host", "127.0.0.1", "--port", "0", document)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	url, done := make(chan string, 1), make(chan string, 1)
	go func() {
		var text strings.Builder
		for lines := bufio.NewScanner(out); lines.Scan(); { // to its end, or Prism would block
			if at := listening.FindStringSubmatch(lines.Text()); at != nil {
				url <- at[1]
			}
			text.WriteString(lines.Text() + "\n")
		}
		done <- text.String()
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // or it has ended by itself
		_ = cmd.Wait()
	})
	select {
	case base := <-url:
		return base
	case text := <-done:
		t.Fatal("Prism has ended: " + text)
		return ""
	}
}
