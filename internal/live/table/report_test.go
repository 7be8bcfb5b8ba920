//go:build live && linux

package table

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

var (
	long   = flag.Bool("long", false, "make the whole table")
	length = flag.Duration("length", 15*time.Second, "how long the mixed load is")
	out    = flag.String("out", "", "the file that gets the table")
)

// table has the rows of the table.
var table struct {
	mu   sync.Mutex
	rows []string
}

// row adds a row to the table: what was done, to what, and what came of it.
func row(t *testing.T, done, to, format string, values ...any) {
	t.Helper()
	result := fmt.Sprintf(format, values...)
	t.Logf("%s | %s | %s", done, to, result)
	table.mu.Lock()
	defer table.mu.Unlock()
	table.rows = append(table.rows, fmt.Sprintf("| %s | %s | %s |\n", done, to, result))
}

func TestMain(m *testing.M) {
	flag.Parse()
	end := trustCertificate()
	code := m.Run()
	end()
	slices.Sort(table.rows)
	text := "| fault | with | result |\n|---|---|---|\n" + strings.Join(table.rows, "")
	fmt.Print(text)
	if *out != "" {
		if err := os.WriteFile(*out, []byte(text), 0o600); err != nil {
			fmt.Println(err)
			code = 1
		}
	}
	os.Exit(code)
}

// inTable returns short, or long for the whole table.
func inTable[T any](short, whole T) T {
	if *long {
		return whole
	}
	return short
}
