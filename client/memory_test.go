package client_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
)

// What a call may allocate: see "Memory" in doc.go.
const (
	memoryOfCall = 5 << 20
	memoryOfByte = 32
)

// floodSize is smaller where the race detector is on, which takes many times as long.
var floodSize = 512 << 10

// flood repeats an element, or many that differ if it has a %d.
func flood(open, element, end string) string { return floodOf(floodSize, open, element, end) }

func floodOf(size int, open, element, end string) string {
	var b strings.Builder
	b.WriteString(open)
	for i := 0; b.Len() < size; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		if strings.Contains(element, "%d") {
			fmt.Fprintf(&b, element, i)
		} else {
			b.WriteString(element)
		}
	}
	b.WriteString(end)
	return b.String()
}

// A place is where a response of an operation has a list, a map or claims.
type place struct{ operation, open, end string }

var listPlaces = []place{
	{"listOAuth2Clients", "[", "]"},
	{"listSubjectConsentSessions", "[", "]"},
	{"listTrustedJwtGrantIssuers", "[", "]"},
	{"getJsonWebKeySet", `{"keys":[`, "]}"},
	{"getJsonWebKeySet", `{"KEYS":[`, "]}"},
	{"getOAuth2Client", `{"jwks":{"keys":[`, "]}}"},
	{"getLoginRequest", `{"client":{"jwks":{"\u006beys":[`, "]}}}"},
	{"listSubjectConsentSessions", `[{"consent_request":{"client":{"jwks":{"keys":[`, "]}}}}]"},
	{"getOAuth2Client", `{"redirect_uris":[`, "]}"},
	{"listOAuth2Clients", `[{"client_id":"c","Contacts":[`, "]}]"},
	{"getConsentRequest", `{"requested_scope":[`, "]}"},
	{"getTrustedJwtGrantIssuer", `{"scope":[`, "]}"},
	{"updateJsonWebKey", `{"x5c":[`, "]}"},
	{"introspectOAuth2Token", `{"active":true,"aud":[`, "]}"},
	{"introspectOAuth2Token", `{"active":true,"ext":{"a":[`, "]}}"},
	{"introspectOAuth2Token", `{"active":true,"aud":"a","ext":{"a":[`, "]}}"},
	{"introspectOAuth2Token", `{"active":true,"\u0065xt":{"a":[`, "]}}"},
	{"getOAuth2Client", `{"metadata":[`, "]}"},
	{"getOAuth2Client", `{"unknown":[`, "]}"},
	{"getLoginRequest", `{"oidc_context":{"id_token_hint_claims":{"a":[`, "]}}}"},
	{"listSubjectConsentSessions", `[{"session":{"id_token":{"a":[`, "]}}}]"},
	{"getVersion", `{"version":[`, "]}"},
}

var objectPlaces = []place{
	{"getOAuth2Client", "{", "}"},
	{"introspectOAuth2Token", "{", "}"},
	{"acceptLoginRequest", "{", "}"},
	{"listOAuth2Clients", `[{`, "}]"},
	{"getJsonWebKeySet", `{"keys":[{`, "}]}"},
	{"getLogoutRequest", `{"client":{`, "}}"},
	{"listSubjectConsentSessions", `[{"consent_request":{"client":{`, "}}}]"},
	{"introspectOAuth2Token", `{"active":true,"ext":{`, "}}"},
	{"introspectOAuth2Token", `{"active":true,"EXT":{`, "}}"},
	{"getOAuth2Client", `{"metadata":{`, "}}"},
	{"listSubjectConsentSessions", `[{"session":{"access_token":{`, "}}}]"},
}

// floodsAt calls f with bodies that hold as many values as they can in some place. Some of
// them are read by the reader of package decode up to their last member alone.
func floodsAt(f func(p place, name, body string)) {
	nested := strings.Repeat("[", 100) + strings.Repeat("]", 100)
	for _, p := range listPlaces {
		for _, element := range []string{"{}", "null", "1", `""`, `"\u0061b"`, "[]", "true", "12345678", `{"":0}`, `{"x":{}}`, `{"":{"":{"":{}}}}`, nested} {
			f(p, element, flood(p.open, element, p.end))
		}
		f(p, "{}, then an escaped name", flood(p.open, "{}", `,{"\u0061":1}`+p.end))
		f(p, "1, then an escaped name", flood(p.open, "1", `,{"\u0061":1}`+p.end))
	}
	for _, p := range objectPlaces {
		for _, member := range []string{`"":0`, `"%d":0`, `"%d":{}`, `"%d":[1]`, `"%d":"\u0061"`, `"%d":{"":{}}`} {
			f(p, member, flood(p.open, member, p.end))
			f(p, member+", then names of another case", flood(p.open, member, `,"KEYS":[],"CLIENT_ID":"c","EXT":{}`+p.end))
		}
	}
}

// allocated returns how many bytes f allocates. The runtime allocates now and then, so it is
// the least of a few counts, if the first is more than is allowed.
func allocated(most uint64, f func()) uint64 {
	least := ^uint64(0)
	for range 3 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		f()
		runtime.ReadMemStats(&after)
		if least = min(least, after.TotalAlloc-before.TotalAlloc); least <= most {
			break
		}
	}
	return least
}

// TestMemoryOfACall: no response makes a call allocate more than some bytes for each byte of
// its own, even if all that becomes garbage on the way is counted.
func TestMemoryOfACall(t *testing.T) { //nolint:paralleltest // others would allocate
	responses := &canned{}
	api, err := client.New("http://127.0.0.1:4445", client.WithHTTPClient(&http.Client{Transport: responses}), client.WithRetries(0))
	require.NoError(t, err)
	check := func(id, name string) {
		size := len(responses.body)
		for _, values := range responses.header {
			size += len(strings.Join(values, ""))
		}
		most := uint64(memoryOfCall + memoryOfByte*size)
		got := allocated(most, func() { _, _ = call(t, id, &request{t: t, api: api, ctx: t.Context()}) })
		assert.LessOrEqual(t, got, most, "%s: %d %s", id, responses.status, name)
	}
	responses.status = http.StatusOK
	floodsAt(func(p place, name, body string) {
		responses.body = body
		check(p.operation, p.open+name)
	})
	for _, status := range []int{http.StatusOK, http.StatusNotFound, http.StatusGone} {
		size := floodSize / 4 // for each operation
		responses.status = status
		for _, body := range []string{floodOf(size, "[", "{}", "]"), floodOf(size, "{", `"%d":0`, "}"), floodOf(size, "{", `"error":"\u0061"`, "}")} {
			responses.body = body
			for id := range operations {
				check(id, body[:20])
			}
		}
	}
	responses.status = http.StatusInternalServerError
	for _, text := range []string{"x", "made-up", "\\u006dade-up", `\"`, "%6dade-up", "%", "<", " ", "ä", "\xff", "\\u0000", "{", "[", `{"error":`, "&lt;"} {
		for _, open := range []string{"", `{"error":"`, `{"error":{"message":"`, `{"error":{"details":"`} {
			responses.body = open + strings.Repeat(text, floodSize/len(text))
			if open != "" {
				responses.body += `"` + strings.Repeat("}", strings.Count(open, "{"))
			}
			check("acceptLoginRequest", open+text)
		}
	}
	responses.status, responses.body = http.StatusOK, "[]"
	for _, link := range []string{
		flood("", `<a?%d>;rel="r%d"`, ""),
		flood("", `<>;rel="next"`, ""),
		"<" + flood("?", "a&b&c;", "") + `>;rel="next prev first last previous"`,
		`</a?b=c&d=e>;rel="` + strings.ReplaceAll(flood("", "r%d", ""), ",", " ") + `"`,
		flood("<?"+strings.Repeat("a&", 4000)+`>;rel="`, "next first last prev previous", `"`),
	} {
		responses.header = http.Header{"Link": {link}}
		check("listOAuth2Clients", "Link")
	}
}

// canned sends the same response to each request.
type canned struct {
	status int
	header http.Header
	body   string
}

func (c *canned) RoundTrip(req *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: c.status, Header: c.header, Body: io.NopCloser(bytes.NewReader([]byte(c.body))), ContentLength: -1, Request: req}, nil
}
