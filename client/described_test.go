package client_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// notRecorded are statuses that descriptions name and that no recording of a call of the SDK
// has, and why.
var notRecorded = map[string]map[int]string{
	"deleteTrustedJwtGrantIssuer": {500: "PostgreSQL, see internal/live/databases"},
	"getTrustedJwtGrantIssuer":    {500: "PostgreSQL, see internal/live/databases"},
	"isReady":                     {503: "a database that is away, see internal/live/table"},
	"trustJwtGrantIssuer":         {400: "the recording of bad JSON is the same", 500: "the recording of bad JSON is the same"},
}

// TestDescribedErrors: the paragraph Errors of a method names the statuses that calls of the
// SDK have got, and no others. A request that only a plain HTTP client sends does not count.
func TestDescribedErrors(t *testing.T) {
	t.Parallel()
	seen := map[string]map[int]bool{}
	for _, e := range loadEvery(t) {
		if seen[e.Group] == nil {
			seen[e.Group] = map[int]bool{}
		}
		assert.NotEqual(t, 403, e.Status, "%s: no version was seen to send 403", e.Name())
		if e.Status >= 400 && !strings.HasSuffix(e.Name(), ".raw.http") {
			seen[e.Group][e.Status] = true
		}
	}
	for id, op := range specOperations(t) {
		_, text, found := strings.Cut(op.Description, "\nErrors: ")
		require.True(t, found, id)
		text, _, _ = strings.Cut(text, "\n\n")
		text = strings.Join(strings.Fields(text), " ")
		named := map[int]bool{}
		for _, digits := range regexp.MustCompile(`\b[45]\d\d\b`).FindAllString(text, -1) {
			status, err := strconv.Atoi(digits)
			require.NoError(t, err)
			named[status] = true
			assert.True(t, seen[id][status] || notRecorded[id][status] != "", "%s names %d, which no call of the SDK has got", id, status)
		}
		assert.Equal(t, seen[id][401], strings.Contains(text, "401 for a challenge that has expired"), "%s: 401 is for expired challenges alone", id)
		for status := range seen[id] {
			assert.True(t, named[status], "%s does not name %d, which calls of the SDK have got", id, status)
		}
		for status := range notRecorded[id] {
			assert.True(t, named[status] && !seen[id][status], "%s: %d has no place in notRecorded", id, status)
		}
	}
}

// TestDescribedRetries: section Retries of the package documentation lists the operations
// that are not sent again once something of them was written.
func TestDescribedRetries(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	_, text, found := strings.Cut(string(b), "\n//   - class C: ")
	require.True(t, found)
	text, _, _ = strings.Cut(text, "\n//\n")
	var named []string
	for _, m := range regexp.MustCompile(`\[AdminAPI\.(\w+)\]`).FindAllStringSubmatch(text, -1) {
		named = append(named, m[1])
	}
	want := []string{"Do"}
	for id, op := range specOperations(t) {
		if op.method != "GET" && op.Extensions["x-repeatable"] == nil {
			want = append(want, strings.NewReplacer("Json", "JSON", "Jwt", "JWT").Replace(strings.ToUpper(id[:1])+id[1:]))
		}
	}
	assert.ElementsMatch(t, want, named)
}

// TestDescribedSentinels: section Errors of the package documentation names each error to
// compare with.
func TestDescribedSentinels(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	_, text, found := strings.Cut(string(b), "\n// # Errors\n")
	require.True(t, found)
	text, _, _ = strings.Cut(text, "\n// # ")
	b, err = os.ReadFile("error.go")
	require.NoError(t, err)
	sentinels := regexp.MustCompile(`(?m)^\t(Err\w+) +(?:error )?= `).FindAllStringSubmatch(string(b), -1)
	require.NotEmpty(t, sentinels)
	for _, m := range sentinels {
		assert.Contains(t, text, "["+m[1]+"]")
	}
}

// TestDescribedSections: sections of the package documentation that comments name are there.
func TestDescribedSections(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	doc, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	named := regexp.MustCompile(`(?:see(?: section)?|[Ss]ection) ([A-Z][a-z]+(?: [a-z]+)*)\b`)
	found := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		b, err := os.ReadFile(file)
		require.NoError(t, err)
		text := regexp.MustCompile(`\n\s*// *([^ \n])`).ReplaceAllString(string(b), " $1")
		for _, m := range named.FindAllStringSubmatch(text, -1) {
			found++
			name, _, _ := strings.Cut(m[1], " of ")
			assert.True(t, strings.Contains(string(doc), "\n// # "+name+"\n"), "%s names section %s", file, name) //nolint:testifylint // the text is long
		}
	}
	assert.Greater(t, found, 10)
}
