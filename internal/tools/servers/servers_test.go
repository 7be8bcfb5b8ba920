package main

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// An exception is a difference that has a reason. In names, * stands for any text.
type exception struct {
	names, reason string
}

// missing is what servers' documents have and openapi/admin.yaml lacks.
var missing = []exception{
	{"error errors", "of the 503 of /health/ready, for people: the client keeps it in the text of the error"},
	{"GET /oauth2/auth/sessions/consent response [].expires_at*", "v2.3.0 does not send it"},
	{"GET /trust/grants/jwt-bearer/issuers query *Items", "the document of v2.3.0 names page_size wrong"},
	{"PUT /oauth2/auth/requests/logout/reject request *", "v1 does not read this body"},
}

// otherVersions is where x-since and x-until of openapi/admin.yaml are not those of the
// servers' documents.
var otherVersions = []exception{
	{"*x5t*", "of RFC 7517: the servers' documents leave it out"},
	{"*x5u", "of RFC 7517: the servers' documents leave it out"},
	{"*jwks.keys*", "before v25.4 the documents have no more than an object for jwks of a client"},
	{"* query limit", "a parameter of one way to page: client/style.go chooses"},
	{"* query offset", "a parameter of one way to page: client/style.go chooses"},
	{"* query page_size", "a parameter of one way to page: client/style.go chooses"},
	{"* query page_token", "a parameter of one way to page: client/style.go chooses"},
	{"error *", "the client reads the error bodies of all versions and of proxies in one way"},
}

// TestNothingIsMissing: openapi/admin.yaml has each operation, parameter and member of
// the admin API that the documents of servers have.
func TestNothingIsMissing(t *testing.T) {
	t.Parallel()
	servers, ours := load(t)
	lacks := make(map[string]string)
	for name, set := range servers.names {
		if _, ok := ours[name]; !ok {
			lacks[name] = "openapi/admin.yaml lacks what " + strings.Join(servers.list(set), ", ") + " have"
		}
	}
	report(t, lacks, missing)
}

// TestVersions: x-since and x-until of openapi/admin.yaml say which servers' documents
// have an operation, a parameter or a member.
func TestVersions(t *testing.T) {
	t.Parallel()
	servers, ours := load(t)
	wrong := make(map[string]string)
	for name, set := range ours {
		if has := servers.names[name]; has != set {
			wrong[name] = "by x-since and x-until it is in " + strings.Join(servers.list(set), ", ") +
				", by the servers' documents in " + strings.Join(servers.list(has), ", ")
		}
	}
	report(t, wrong, otherVersions)
}

// TestNames: names.txt is what the documents at hand have.
func TestNames(t *testing.T) {
	t.Parallel()
	dir := documents()
	if _, err := os.Stat(dir); err != nil {
		t.Skip("skipped: there are no documents of servers in " + dir)
	}
	want, err := readServers(dir)
	require.NoError(t, err)
	got, err := os.ReadFile("names.txt")
	require.NoError(t, err)
	assert.Equal(t, want.String(), string(got), "run go run ./servers in internal/tools")
}

// load returns what the servers have, and what openapi/admin.yaml has of that.
func load(t *testing.T) (servers *extract, ours map[string]versionSet) {
	t.Helper()
	text, err := os.ReadFile("names.txt")
	require.NoError(t, err)
	servers, err = parse(string(text))
	require.NoError(t, err)
	doc, err := openapi3.NewLoader().LoadFromFile("../../../openapi/admin.yaml")
	require.NoError(t, err)
	w := walk{names: make(map[string]versionSet), narrow: servers.narrow}
	w.document(doc, servers.all())
	return servers, w.names
}

// report fails the test for each difference without an exception, unless that to which it
// belongs is one too, and for each exception without a difference.
func report(t *testing.T, differences map[string]string, exceptions []exception) {
	t.Helper()
	expected := make(map[string]bool)
	for _, e := range exceptions {
		pattern := regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(e.names), `\*`, ".*") + "$")
		used := false
		for name := range differences {
			if pattern.MatchString(name) {
				used, expected[name] = true, true
			}
		}
		if !used {
			t.Errorf("the exception for %s (%s) is not needed any more", e.names, e.reason)
		}
	}
	// What is wrong with a member is so wherever the member is.
	places := make(map[string][]string)
	for _, name := range slices.Sorted(maps.Keys(differences)) {
		above, member := split(name)
		if _, whole := differences[above]; !whole && !expected[name] {
			line := member + ": " + differences[name]
			places[line] = append(places[line], name)
		}
	}
	for _, line := range slices.Sorted(maps.Keys(places)) {
		t.Errorf("%s (%d times, such as %s)", line, len(places[line]), places[line][0])
	}
}

var part = regexp.MustCompile(`[ .](query |path |form |request |response )?[^ .]*$`)

// split takes a member or a parameter apart from the thing that has it.
func split(name string) (above, member string) {
	at := part.FindStringIndex(name)[0]
	return strings.NewReplacer("[]", "", "{}", "").Replace(name[:at]), name[at+1:]
}

func TestVersionSets(t *testing.T) {
	t.Parallel()
	e := &extract{versions: []string{"v1.11.10", "v2.3.0", "v25.4.0", "v26.2.0", "next"}}
	for name, tt := range map[string]struct {
		extensions map[string]any
		want       []string
	}{
		"always":             {nil, e.versions},
		"since a major":      {map[string]any{"x-since": "v2"}, []string{"v2.3.0", "v25.4.0", "v26.2.0", "next"}},
		"since a minor":      {map[string]any{"x-since": "v25.4"}, []string{"v25.4.0", "v26.2.0", "next"}},
		"since a patch":      {map[string]any{"x-since": "v1.11.10"}, e.versions},
		"not released":       {map[string]any{"x-since": "a release after v26.2"}, []string{"next"}},
		"until a major":      {map[string]any{"x-until": "v2"}, []string{"v1.11.10", "v2.3.0"}},
		"until a minor":      {map[string]any{"x-until": "v1.11"}, []string{"v1.11.10"}},
		"since one to other": {map[string]any{"x-since": "v2", "x-until": "v25.4"}, []string{"v2.3.0", "v25.4.0"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tt.want, e.list(e.narrow(tt.extensions, e.all())))
		})
	}
}
