package client_test

import (
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
	"github.com/hydra-sdk/hydra-admin-go/internal/linkheader"
)

var update = flag.Bool("update", false, "write the table into docs/compatibility.md")

// TestCompatibility derives the table in docs/compatibility.md from the recordings. The live
// tests record them again and compare.
func TestCompatibility(t *testing.T) {
	t.Parallel()
	const file, begin, end = "../docs/compatibility.md", "<!-- table -->\n", "<!-- /table -->"
	var rows strings.Builder
	var recorded []map[string]map[string]*fixture.Exchange // by version
	rows.WriteString("| operation |")
	for _, version := range fixture.Versions() {
		recorded = append(recorded, recordedOperations(t, version))
		rows.WriteString(" " + version + " |")
	}
	rows.WriteString("\n|---|" + strings.Repeat("---|", len(recorded)) + "\n")
	all := specOperations(t)
	for _, id := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(&rows, "| `%s` | %s |", id, documentedCell(all[id], recorded[0][id]))
		for i, version := range recorded[1:] {
			old := recorded[i]
			client := compare(old["getOAuth2Client"], version["getOAuth2Client"])
			fmt.Fprintf(&rows, " %s |", versionCell(id, old[id], version[id], client))
		}
		rows.WriteString("\n")
	}

	text, err := os.ReadFile(file)
	require.NoError(t, err)
	before, rest, _ := strings.Cut(string(text), begin)
	_, after, found := strings.Cut(rest, end)
	require.True(t, found, "no table in %s", file)
	want := before + begin + rows.String() + end + after
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(want), 0o600))
	}
	assert.Equal(t, want, string(text), "write it with: go test ./client -run TestCompatibility -update")
}

// recordedOperations returns the exchanges of a version by operation and case.
func recordedOperations(t *testing.T, version string) map[string]map[string]*fixture.Exchange {
	t.Helper()
	all := make(map[string]map[string]*fixture.Exchange)
	for _, e := range load(t, version) {
		if replayed(e) {
			continue
		}
		if all[e.Group] == nil {
			all[e.Group] = make(map[string]*fixture.Exchange)
		}
		name := e.Case
		for all[e.Group][name] != nil { // a success and an error may have the same case
			name += "'"
		}
		all[e.Group][name] = e
	}
	return all
}

// documentedCell compares the recorded statuses of an operation with the documented ones.
func documentedCell(op specOperation, recorded map[string]*fixture.Exchange) string {
	switch {
	case absent(recorded):
		return "absent"
	case len(op.documented) == 0:
		return "differs: undocumented"
	}
	seen := make(map[int]bool)
	for _, e := range recorded {
		seen[e.Status] = true
	}
	var also, never []string
	for _, status := range slices.Sorted(maps.Keys(seen)) {
		if !slices.Contains(op.documented, status) && !slices.Contains(op.documented, anyStatus) {
			also = append(also, fmt.Sprint(status))
		}
	}
	for _, status := range op.documented {
		if status != anyStatus && status < 500 && !seen[status] {
			never = append(never, fmt.Sprint(status))
		}
	}
	return cell(list("also ", also), list("never ", never))
}

// versionCell compares the recordings of two versions. Members of a client appear in
// the row of getOAuth2Client alone.
func versionCell(id string, old, recent map[string]*fixture.Exchange, client difference) string {
	switch isAbsent, wasAbsent := absent(recent), absent(old); {
	case isAbsent:
		return "absent"
	case wasAbsent:
		return "new"
	}
	d, members := compare(old, recent), ""
	known := func(name string) bool {
		return slices.Contains(client.adds, name) || slices.Contains(client.lacks, name)
	}
	if id != "getOAuth2Client" && slices.ContainsFunc(slices.Concat(d.adds, d.lacks), known) {
		d.adds, d.lacks = slices.DeleteFunc(d.adds, known), slices.DeleteFunc(d.lacks, known)
		members = "members of a client as for `getOAuth2Client`"
	}
	return cell(append(d.how, list("adds ", d.adds), list("lacks ", d.lacks), members)...)
}

// absent reports whether the router of a version has no route to an operation.
func absent(recorded map[string]*fixture.Exchange) bool {
	for _, e := range recorded {
		body := string(e.Response.Body)
		if !strings.Contains(body, "The requested route does not exist") && !strings.HasPrefix(body, "404 page not found") {
			return false
		}
	}
	return true
}

func cell(differences ...string) string {
	differences = slices.DeleteFunc(differences, func(d string) bool { return d == "" })
	if len(differences) == 0 {
		return "same"
	}
	return "differs: " + strings.Join(differences, "; ")
}

func list(prefix string, items []string) string {
	if len(items) == 0 {
		return ""
	}
	return prefix + strings.Join(items, ", ")
}

// difference is how recordings differ: in the behaviour of the server, and in the
// members of its responses.
type difference struct{ how, adds, lacks []string }

func compare(old, recent map[string]*fixture.Exchange) (d difference) {
	cases := make(map[string][]string) // by difference
	members, oldMembers := make(map[string]bool), make(map[string]bool)
	for _, name := range slices.Sorted(maps.Keys(old)) {
		a, b := old[name], recent[name]
		if b == nil || a.Raw != b.Raw {
			continue
		}
		if a.Status == b.Status && a.Status < 300 {
			paths("", a.Response.Body, oldMembers)
			paths("", b.Response.Body, members)
		}
		for _, how := range compareOne(a, b) {
			cases[how] = append(cases[how], "`"+name+"`")
		}
	}
	for _, how := range slices.Sorted(maps.Keys(cases)) {
		d.how = append(d.how, how+list(" for ", cases[how]))
	}
	d.adds, d.lacks = missing(members, oldMembers), missing(oldMembers, members)
	return d
}

// compareOne compares two recordings of one case.
func compareOne(a, b *fixture.Exchange) (how []string) {
	differ := func(format string, old, recent any) {
		if old != recent {
			how = append(how, fmt.Sprintf(format, recent, old))
		}
	}
	differ("%d instead of %d", a.Status, b.Status)
	if a.Status != b.Status {
		return how
	}
	differ("error `%s` instead of `%s`", errorName(a), errorName(b))
	differ("%d key instead of %d", keys(a), keys(b))
	if a.Response.Header.Get("Location") != b.Response.Header.Get("Location") {
		how = append(how, "another `Location`")
	}
	if !a.Raw {
		differ("requested with %s instead of %s", parameters(a), parameters(b))
	}
	if linkedPages(a) != linkedPages(b) {
		how = append(how, "other pages in `Link`")
	}
	return how
}

// missing returns the names that others lacks.
func missing(names, others map[string]bool) (left []string) {
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if !others[name] {
			left = append(left, "`"+name+"`")
		}
	}
	return left
}

func errorName(e *fixture.Exchange) string {
	var body struct {
		Error json.RawMessage `json:"error"`
	}
	_ = json.Unmarshal(e.Response.Body, &body)
	return strings.Trim(string(body.Error), `"`)
}

// paths adds the paths of the members of a JSON value. It skips the client in another
// object, and members that hold any JSON.
func paths(at string, value json.RawMessage, into map[string]bool) {
	var object map[string]json.RawMessage
	var array []json.RawMessage
	if json.Unmarshal(value, &array) == nil {
		for _, item := range array {
			paths(at, item, into)
		}
	}
	if json.Unmarshal(value, &object) != nil {
		return
	}
	for name, member := range object {
		into[at+name] = true
		if !free[name] && name != "client" {
			paths(at+name+".", member, into)
		}
	}
}

// parameters returns the names of the query parameters of a request.
func parameters(e *fixture.Exchange) string {
	_, query, _ := e.Route()
	values, _ := url.ParseQuery(query)
	var names []string
	for name := range values {
		names = append(names, "`"+name+"`")
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// linkedPages returns the limits and offsets in the Link header of a page. Tokens of v2
// are decoded, so that both versions compare.
func linkedPages(e *fixture.Exchange) string {
	var links []string
	for rel, target := range linkheader.Parse(e.Response.Header.Values("Link")) {
		u, err := url.Parse(target)
		if err != nil {
			continue
		}
		limit, offset := u.Query().Get("limit"), u.Query().Get("offset")
		if e.Version == fixture.V26 { // its tokens are opaque
			links = append(links, rel)
			continue
		}
		if e.Version == fixture.V2 {
			var token struct{ Offset string }
			b, _ := base64.RawURLEncoding.DecodeString(u.Query().Get("page_token"))
			_ = json.Unmarshal(b, &token)
			limit, offset = u.Query().Get("page_size"), token.Offset
		}
		links = append(links, rel+" "+limit+" "+offset)
	}
	slices.Sort(links)
	return strings.Join(links, "\n")
}

// keys counts the keys of a set.
func keys(e *fixture.Exchange) int {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	_ = json.Unmarshal(e.Response.Body, &set)
	return len(set.Keys)
}
