package peers

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
)

var contenders = []struct {
	name string
	make func(t *testing.T, base string) contender
}{
	{"hydra-client-go v1.11.8", hazardsOfV1118},
	{"hydra-client-go v2.2.1", hazardsOfV221},
	{"client-go v1.22.92", hazardsOfClientGo},
	{"stock oapi-codegen v2.8.2, same document", hazardsOfStock},
	{"this SDK", hazardsOfSDK},
}

// hazards are the rows of the table: what the server does, and what a call of the
// client makes of it.
var hazards = []struct {
	name   string
	server func(t *testing.T, seen *seen) http.HandlerFunc
	run    func(c contender, s *seen) string
}{
	{"delete a key whose ID is empty", keySets, func(c contender, s *seen) string {
		err := c.deleteKey("set", "")
		return deleted(s, err)
	}},
	{"delete the key `clients` of the set `..`", keySets, func(c contender, s *seen) string {
		err := c.deleteKey("..", "clients")
		return deleted(s, err)
	}},
	{"delete the client `..`", keySets, func(c contender, s *seen) string {
		err := c.deleteClient("..")
		return deleted(s, err)
	}},
	{"a redirect to another resource", redirecting, func(c contender, s *seen) string {
		err := c.deleteClient("c")
		if s.has("DELETE /elsewhere") {
			return "followed, " + outcome(err)
		}
		return "not followed, " + outcome(err)
	}},
	{"410 for a handled login", recorded("getLoginRequest", "handled"), func(c contender, _ *seen) string {
		err := c.getLogin("c")
		if _, ok := errors.AsType[*client.RequestWasHandledError](err); ok {
			return "an error with the redirect"
		}
		return outcome(err)
	}},
	{"what Hydra says about an error is in its text", recorded("createOAuth2Client", "short-secret"), func(c contender, _ *seen) string {
		err := c.getClient("c")
		if err != nil && strings.Contains(err.Error(), "too short") || err != nil && strings.Contains(err.Error(), "at least 6") {
			return "yes"
		}
		return "no: " + outcome(err)
	}},
	{"502 with HTML of a proxy", responding(502, "text/html", "<html>Bad Gateway</html>"), func(c contender, _ *seen) string {
		err := c.getLogin("c")
		if err != nil && strings.Contains(err.Error(), "502") {
			return "an error with the status"
		}
		return outcome(err)
	}},
	{"200 without a body", responding(200, "application/json", ""), value},
	{"200 with HTML", responding(200, "text/html", "<html>Sign in</html>"), value},
	{"200 with null", responding(200, "application/json", "null"), value},
	{"introspection with custom claims", recorded("introspectOAuth2Token", "access-token"), func(c contender, _ *seen) string {
		return outcome(c.introspect("t"))
	}},
	{"a client whose metadata is a list", metadataList, func(c contender, _ *seen) string { return outcome(c.getClient("array")) }},
	{"a response of 64 MB where an object is expected", endless, func(c contender, s *seen) string {
		_ = c.getClient("c")
		if s.bytes.Load() < 32<<20 {
			return "given up"
		}
		return "read to the end"
	}},
	{"a client read and written back: token lifespans", reading("full"), func(c contender, s *seen) string { return kept(c, s, "implicit_grant_id_token_lifespan") }},
	{"… members of a later version", reading("full"), func(c contender, s *seen) string { return kept(c, s, "later") }},
	{"… integers above 2^53 in metadata", reading("full"), func(c contender, s *seen) string { return kept(c, s, "12345678901234567890") }},
	{"… a `jwks_uri`, which an empty `jwks` contradicts", reading("jwks-uri"), func(c contender, s *seen) string {
		if err := c.writeBack("c"); err != nil {
			return "not written: " + outcome(err)
		}
		if strings.Contains(s.body(), `"jwks":`) {
			return "contradicted: Hydra responds with 400"
		}
		return "kept"
	}},
	{"the challenge in the text of a connection error", broken, func(c contender, _ *seen) string {
		err := c.getLogin("the-challenge")
		if err != nil && strings.Contains(err.Error(), "the-challenge") {
			return "yes"
		}
		return "no"
	}},
}

// TestHazards fills the table of SECURITY.md, or checks it.
func TestHazards(t *testing.T) {
	var table strings.Builder
	table.WriteString("| |")
	for _, c := range contenders {
		fmt.Fprintf(&table, " %s |", c.name)
	}
	table.WriteString("\n|---|" + strings.Repeat("---|", len(contenders)) + "\n")
	for _, h := range hazards {
		fmt.Fprintf(&table, "| %s |", h.name)
		for _, c := range contenders {
			s := &seen{}
			handler := h.server(t, s)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				s.add(r.Method+" "+strings.TrimPrefix(r.URL.EscapedPath(), "/admin"), body)
				handler(w, r)
			}))
			fmt.Fprintf(&table, " %s |", h.run(c.make(t, server.URL), s))
			server.Close()
		}
		table.WriteString("\n")
	}
	const file, begin, end = "../../SECURITY.md", "<!-- hazards -->\n", "<!-- /hazards -->\n"
	b, err := os.ReadFile(file)
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(b), begin)
	require.True(t, found)
	current, after, found := strings.Cut(rest, end)
	require.True(t, found)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(before+begin+table.String()+end+after), 0o600))
		return
	}
	assert.Equal(t, current, table.String())
}

// seen is what arrived at the server of one cell.
type seen struct {
	requests []string
	bodies   []string
	bytes    atomic.Int64 // sent
}

func (s *seen) add(request string, body []byte) {
	s.requests = append(s.requests, request)
	s.bodies = append(s.bodies, string(body))
}

func (s *seen) has(request string) bool {
	return slices.Contains(s.requests, request)
}

func (s *seen) body() string {
	if len(s.bodies) == 0 {
		return ""
	}
	return s.bodies[len(s.bodies)-1]
}

func outcome(err error) string {
	switch {
	case err == nil:
		return "no error"
	case strings.Contains(err.Error(), "undefined response type"):
		return "an error that hides the status"
	}
	return "an error"
}

// deleted names the resource that a request to delete something reached.
func deleted(s *seen, err error) string {
	if errors.Is(err, client.ErrInvalidArgument) {
		return "refused"
	}
	if len(s.requests) == 0 {
		return outcome(err)
	}
	return fmt.Sprintf("`%s`, %s", s.requests[len(s.requests)-1], outcome(err))
}

func value(c contender, _ *seen) string {
	redirectTo, ok, err := c.acceptLogout("c")
	switch {
	case err != nil:
		return outcome(err)
	case !ok:
		return "neither a value nor an error"
	case redirectTo == "":
		return "an empty value"
	}
	return "a value"
}

// kept reports whether something of a client is part of what is written back.
func kept(c contender, s *seen, what string) string {
	if err := c.writeBack("c"); err != nil {
		return "not read: " + outcome(err)
	}
	if strings.Contains(s.body(), what) {
		return "kept"
	}
	return "lost"
}

// keySets is Hydra's router where it matters: it redirects a trailing slash away.
func keySets(*testing.T, *seen) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if clean := strings.TrimSuffix(r.URL.Path, "/"); clean != r.URL.Path && clean != "" {
			w.Header().Set("Location", clean)
			w.WriteHeader(http.StatusTemporaryRedirect)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}
}

func redirecting(*testing.T, *seen) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/elsewhere" {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(http.StatusTemporaryRedirect)
	}
}

func responding(status int, contentType, body string) func(*testing.T, *seen) http.HandlerFunc {
	return func(*testing.T, *seen) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
}

// recorded responds as Hydra did.
func recorded(group, name string) func(*testing.T, *seen) http.HandlerFunc {
	return func(t *testing.T, s *seen) http.HandlerFunc {
		t.Helper()
		e := exchange(t, group, name)
		return responding(e.Status, e.Response.Header.Get("Content-Type"), string(e.Response.Body))(t, s)
	}
}

func exchange(t *testing.T, group, name string) *fixture.Exchange {
	t.Helper()
	exchanges, err := fixture.Load(fixture.V1, group)
	require.NoError(t, err)
	for _, e := range exchanges {
		if e.Case == name {
			return e
		}
	}
	require.Failf(t, "not recorded", "%s/%s", group, name)
	return nil
}

// metadataList responds with the client of which Hydra was asked to keep a list. What
// it responded has the form of what it responds when it is read.
func metadataList(t *testing.T, s *seen) http.HandlerFunc {
	t.Helper()
	e := exchange(t, "createOAuth2Client", "metadata-array")
	return responding(200, "application/json", string(e.Response.Body))(t, s)
}

// reading responds with a recorded client that has a member of a later version.
func reading(name string) func(*testing.T, *seen) http.HandlerFunc {
	return func(t *testing.T, s *seen) http.HandlerFunc {
		t.Helper()
		e := exchange(t, "getOAuth2Client", name)
		var c map[string]json.RawMessage
		require.NoError(t, json.Unmarshal(e.Response.Body, &c))
		c["client_id"], c["later"] = json.RawMessage(`"c"`), json.RawMessage(`true`)
		body, err := json.Marshal(c)
		require.NoError(t, err)
		return responding(200, "application/json", string(body))(t, s)
	}
}

func endless(_ *testing.T, s *seen) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		spaces := []byte(strings.Repeat(" ", 1<<20))
		for range 64 {
			n, err := w.Write(spaces)
			s.bytes.Add(int64(n))
			if err != nil {
				return
			}
		}
	}
}

func broken(*testing.T, *seen) http.HandlerFunc {
	return func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
}
