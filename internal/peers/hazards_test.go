package peers

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
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
	{"create the client `a/b`, which no later request can read", recorded("createOAuth2Client", "all-defaults"), func(c contender, s *seen) string {
		err := c.createClient("a/b")
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
		return withStatus(c.getLogin("c"), "502")
	}},
	{"504 to an accepted login, from a proxy", responding(504, "text/html", "<html>Gateway Timeout</html>"), func(c contender, _ *seen) string {
		_, _, err := c.acceptLogin("c", subject)
		if errors.Is(err, client.ErrResponseLost) && strings.Contains(err.Error(), "may have carried out") {
			return "an error that says that Hydra may have accepted it"
		}
		return withStatus(err, "504")
	}},
	{"503 to a read while Hydra restarts", restarting, func(c contender, s *seen) string {
		err := c.getClient("c")
		if len(s.requests) > 1 {
			return "retried, " + outcome(err)
		}
		return "not retried, " + outcome(err)
	}},
	{"an error of a gateway whose code is a text: its message", responding(401, "application/json", `{"error":{"code":"unauthorized","message":"`+reason+`"}}`), shown("401")},
	{"… in the form of RFC 9457: its detail", responding(403, "application/problem+json", `{"title":"Forbidden","status":403,"detail":"`+reason+`"}`), shown("403")},
	{"… that repeats the bearer token: its message", repeatingToken, func(c contender, s *seen) string {
		text := shown("400")(c, s)
		switch {
		case text != "shown":
			return text
		case strings.Contains(c.getClient("c").Error(), bearer):
			return "shown with the token"
		}
		return "shown without the token"
	}},
	{"200 without a body", responding(200, "application/json", ""), value},
	{"200 with HTML", responding(200, "text/html", "<html>Sign in</html>"), value},
	{"200 with null", responding(200, "application/json", "null"), value},
	{"200 with `{}` for an accepted login", responding(200, "application/json", "{}"), value},
	{"the sign-in page of a proxy for a deletion", responding(200, "text/html", "<html>Sign in</html>"), func(c contender, _ *seen) string { return outcome(c.deleteClient("c")) }},
	{"introspection with custom claims", recorded("introspectOAuth2Token", "access-token"), func(c contender, _ *seen) string {
		return outcome(second(c.introspect("t")))
	}},
	{"integers above 2^53 in the claims of a token", responding(200, "application/json", `{"active":true,"ext":{"claims":{"n":9007199254740993}}}`), func(c contender, _ *seen) string {
		token, err := c.introspect("t")
		if err != nil {
			return outcome(err)
		}
		if b, err := json.Marshal(token); err == nil && strings.Contains(string(b), "9007199254740993") {
			return "kept"
		}
		return "rounded"
	}},
	{"a subject that is not UTF-8", responding(200, "application/json", `{"redirect_to":"https://hydra/"}`), func(c contender, s *seen) string {
		_, _, err := c.acceptLogin("c", "alice\xff")
		if errors.Is(err, client.ErrInvalidArgument) {
			return "refused"
		}
		if strings.Contains(s.body(), `"alice\ufffd"`) {
			return "sent as another one, " + outcome(err)
		}
		return outcome(err)
	}},
	{"a client whose metadata is a list", metadataList, func(c contender, _ *seen) string { return outcome(c.getClient("array")) }},
	{"a response of 160 MiB where an object is expected", endless, func(c contender, s *seen) string {
		_ = c.getClient("c")
		if s.bytes.Load() < 160<<20 { // buffers of the system take up to 40
			return "given up"
		}
		return "read to the end"
	}},
	{"memory for a list of 128 KiB that consists of `{}`", emptyObjects, func(c contender, _ *seen) string {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := c.listClients()
		runtime.ReadMemStats(&after)
		if after.TotalAlloc-before.TotalAlloc > 100*128<<10 {
			return "more than 100 times as much, " + outcome(err)
		}
		return "less than 100 times as much, " + outcome(err)
	}},
	{"a list whose server responds with the first page each time", firstPage, func(c contender, s *seen) string {
		_, err := c.listClients()
		if len(s.requests) > manyRequests {
			return "read without end"
		}
		return outcome(err)
	}},
	{"1,200 consent sessions of one second, in the order of Hydra up to v2.3 on PostgreSQL", unordered, func(c contender, _ *seen) string {
		challenges, err := c.listSessions()
		if err != nil {
			return outcome(err)
		}
		listed := len(challenges)
		slices.Sort(challenges)
		switch {
		case len(slices.Compact(challenges)) < sessions:
			return "some missing"
		case listed > sessions:
			return "some twice"
		}
		return "each once"
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
	{"… of a redirect to a sign-in page that fails, percent-encoded there", failingSignIn, func(c contender, _ *seen) string {
		err := c.getLogin("the/secret/challenge==")
		if err != nil && strings.Contains(err.Error(), "secret") {
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
	mu       sync.Mutex
	requests []string
	bodies   []string
	bytes    atomic.Int64 // sent
}

func (s *seen) add(request string, body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, request)
	s.bodies = append(s.bodies, string(body))
}

func (s *seen) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.requests)
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

func withStatus(err error, status string) string {
	if err != nil && strings.Contains(err.Error(), status) {
		return "an error with the status"
	}
	return outcome(err)
}

// reason is what a gateway says about an error.
const reason = "the gateway does not know you"

// shown reports whether the text of an error has the reason.
func shown(status string) func(contender, *seen) string {
	return func(c contender, _ *seen) string {
		err := c.getClient("c")
		switch {
		case err == nil:
			return "no error"
		case strings.Contains(err.Error(), reason):
			return "shown"
		case strings.Contains(err.Error(), status):
			return "lost"
		}
		return "lost, and the status too"
	}
}

func value(c contender, _ *seen) string {
	redirectTo, ok, err := c.acceptLogin("c", subject)
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
		for range 160 {
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

// restarting is Hydra behind a proxy that cannot reach it at first.
func restarting(_ *testing.T, s *seen) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if s.count() == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"client_id":"c"}`)
	}
}

// emptyObjects responds with a page of them, and with an empty one after it.
func emptyObjects(_ *testing.T, s *seen) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if s.count() > 1 {
			_, _ = io.WriteString(w, "[]")
			return
		}
		_, _ = io.WriteString(w, "["+strings.Repeat("{},", 128<<10/3)+"{}]")
	}
}

func repeatingToken(t *testing.T, _ *seen) http.HandlerFunc {
	t.Helper()
	return func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "Bearer "+bearer, r.Header.Get("Authorization"))
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprintf(w, `{"message":"%s: %s"}`, reason, r.Header.Get("Authorization"))
	}
}

func failingSignIn(*testing.T, *seen) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/sign-in" {
			panic(http.ErrAbortHandler)
		}
		http.Redirect(w, r, "/sign-in?rd="+url.QueryEscape(r.RequestURI), http.StatusFound)
	}
}

// manyRequests are more than a list of two pages takes.
const manyRequests = 10

// firstPage responds with the same full page and a next one to each request, until it
// gives up.
func firstPage(_ *testing.T, s *seen) http.HandlerFunc {
	var items []string
	for i := range 500 {
		items = append(items, fmt.Sprintf(`{"client_id":"c%d"}`, i))
	}
	return func(w http.ResponseWriter, r *http.Request) {
		if s.count() > manyRequests {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		respondWithPage(w, r, 500, items)
	}
}

const sessions = 1200

// unordered is the table of consent sessions on PostgreSQL: rows of one second come in
// another order for each LIMIT and OFFSET.
func unordered(*testing.T, *seen) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		limit, offset := place(r)
		var items []string
		order := rand.New(rand.NewPCG(uint64(limit), uint64(offset))).Perm(sessions)
		for _, row := range order[min(offset, sessions):min(offset+limit, sessions)] {
			items = append(items, fmt.Sprintf(`{"consent_request":{"challenge":"row-%d","client":{"client_id":"c"}}}`, row))
		}
		w.Header().Set("X-Total-Count", strconv.Itoa(sessions))
		respondWithPage(w, r, offset+limit, items)
	}
}

// place returns the limit and the offset that a request of Hydra v1 or v2 asks for.
func place(r *http.Request) (limit, offset int) {
	q := r.URL.Query()
	limit, _ = strconv.Atoi(cmp.Or(q.Get("limit"), q.Get("page_size"), "100"))
	offset, _ = strconv.Atoi(q.Get("offset"))
	if token, err := base64.StdEncoding.DecodeString(q.Get("page_token")); err == nil && len(token) > 0 {
		_, _ = fmt.Sscanf(string(token), `{"offset":"%d"`, &offset)
	}
	return limit, offset
}

// respondWithPage responds with a page, and a link to that at next in the version of the
// request.
func respondWithPage(w http.ResponseWriter, r *http.Request, next int, items []string) {
	limit, _ := place(r)
	query := fmt.Sprintf("limit=%d&offset=%d", limit, next)
	if !r.URL.Query().Has("limit") {
		token := base64.StdEncoding.EncodeToString(fmt.Appendf(nil, `{"offset":"%d","v":2}`, next))
		query = url.Values{"page_size": {strconv.Itoa(limit)}, "page_token": {token}}.Encode()
	}
	if len(items) == limit {
		w.Header().Set("Link", fmt.Sprintf(`<%s?%s>; rel="next"`, r.URL.Path, query))
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, "[%s]", strings.Join(items, ","))
}
