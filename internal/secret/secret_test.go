package secret_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/hydra-sdk/hydra-admin-go/internal/secret"
)

func TestFind(t *testing.T) {
	t.Parallel()
	for document, want := range map[string][]string{
		`{"client_secret":"a","client_name":"b"}`:                            {"a"},
		`{"Client_Secret" : "a" }`:                                           {"a"},
		`{"jwks":{"keys":[{"kty":"EC","d":"a"}]}}`:                           {"a"},
		`{"keys":[{"kty":"RSA","n":"b","oth":[{"r":"a","t":"c"}]}]}`:         {"a", "c"},
		`[{"k":"a"},{"k":"b"}]`:                                              {"a", "b"},
		`{"d":{"kid":"a","n":[1,"b"]}}`:                                      {"1", "a", "b"},
		`{"d":null,"k":true}`:                                                nil,
		`{"client_secret":"with \"quotes\" and \\"}`:                         {`with "quotes" and \`},
		`{"client_secret`:                                                    nil,
		`"client_secret"`:                                                    nil,
		`{"error":"b"} {"keys":[{"d":"a"}]}`:                                 {"a"},
		`{"session":{"access_token":{"token":"a","n":[7]},"other":1}}`:       {"7", "a"},
		`[{"op":"replace","path":"/client_secret","value":"a"}]`:             {"a"},
		`[{"value":"a","path":"/jwks/keys/0/oth/0/r","op":"add"}]`:           {"a"},
		`[{"value":{"keys":[{"d":"a","n":"b"}]},"path":"/jwks","op":"add"}]`: {"a"},
		`[{"op":"replace","path":"/client_name","value":"b"}]`:               nil,
		`{"path":"/client_secret","value":"b"}`:                              nil,
		`{"client_secret":"a","x":[`:                                         nil,
		`[1}`:                                                                nil,
		`{"a":[{"b":`:                                                        nil,
		strings.Repeat("[", 2000) + strings.Repeat("]", 2000):                nil,
	} {
		found, _ := secret.Find([]byte(document))
		var texts []string
		for _, l := range found {
			texts = append(texts, l.Text)
			encoded := document[l.Start:l.End]
			assert.True(t, json.Valid([]byte(encoded)) && (encoded == l.Text || encoded[0] == '"'), encoded)
		}
		assert.ElementsMatch(t, want, texts, document)
	}
	all, rest := secret.FindAll([]byte(`{"a":"x","b":[1]}]`))
	assert.Len(t, all, 2)
	assert.Equal(t, len(`{"a":"x","b":[1]}`), rest)
}

func TestNames(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []string{"challenge", "client_secret", "d", "dp", "dq", "k", "login_challenge", "p", "q", "qi", "registration_access_token", "user_code"}, secret.Members())
	assert.Equal(t, []string{"consent_challenge", "device_challenge", "login_challenge", "logout_challenge", "token"}, secret.Parameters())
	assert.True(t, secret.IsMember("d"))
	assert.True(t, secret.IsMember("Client_Secret"))
	assert.False(t, secret.IsMember("n"))
	assert.True(t, secret.IsParameter("consent_challenge"))
	assert.True(t, secret.IsParameter("Client_Secret"), "a member that is secret is secret in a query, too")
}

// TestRedact hides each value in each encoding, and in encodings of encodings.
func TestRedact(t *testing.T) {
	t.Parallel()
	encodings := map[string]func(string) string{
		"as it is":       func(s string) string { return s },
		"path":           url.PathEscape,
		"query":          url.QueryEscape,
		"query, %20":     func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") },
		"query, small":   func(s string) string { return lowerHex(url.QueryEscape(s)) },
		"each character": everyByte,
		"JSON": func(s string) string {
			b, _ := json.Marshal(s)
			return string(b)
		},
		"JSON, slashes":     func(s string) string { return strings.ReplaceAll(strings.Trim(fmt.Sprintf("%q", s), `"`), "/", `\/`) },
		"JSON, letters":     func(s string) string { return strings.Join(strings.Split(fmt.Sprintf("%U", []rune(s)), " "), "") },
		"Go":                func(s string) string { return fmt.Sprintf("%q", s) },
		"Go, ASCII":         func(s string) string { return fmt.Sprintf("%+q", s) },
		"HTML":              html.EscapeString,
		"HTML, all":         func(s string) string { return numeric(s, "&#%d;") },
		"HTML, hex":         func(s string) string { return numeric(s, "&#x%X;") },
		"JSON, code points": func(s string) string { return numeric(s, `\u%04x`) },
	}
	delete(encodings, "JSON, letters")
	for _, value := range []string{
		"hunter2-is-the-secret", "s3cr3t", "pa55+w/rd= x", `"<&>' \ %41`, "swordfish", "\u00e9t\u00e9 & \u2028 <\u65e5\u672c>", strings.Repeat("QUJD", 260) + "==",
	} {
		for first, encode := range encodings {
			for second, again := range encodings {
				text := "no route for x=" + again("y="+encode(value)) + " here"
				got := secret.Redact(text, []string{"another-value", value})
				assert.NotContains(t, decoded(got), value, "%s, then %s: %s", first, second, text)
				assert.Contains(t, got, secret.Redacted, "%s, then %s", first, second)
				assert.True(t, strings.HasPrefix(got, "no route for x="), got)
				assert.True(t, strings.HasSuffix(got, " here"), got)
			}
		}
	}
}

func decoded(s string) string {
	for range 3 {
		if u, err := url.QueryUnescape(s); err == nil {
			s = u
		}
		s = html.UnescapeString(s)
	}
	return s
}

func lowerHex(s string) string {
	parts := strings.Split(s, "%")
	for i, p := range parts[1:] {
		parts[i+1] = strings.ToLower(p[:2]) + p[2:]
	}
	return strings.Join(parts, "%")
}

func everyByte(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, "%%%02x", s[i])
	}
	return b.String()
}

func numeric(s, format string) string {
	var b strings.Builder
	for _, r := range s {
		if r > 0xffff {
			r = '?'
		}
		fmt.Fprintf(&b, format, r)
	}
	return b.String()
}

// TestRedactParts: a server may cut what it repeats.
func TestRedactParts(t *testing.T) {
	t.Parallel()
	value := base64.StdEncoding.EncodeToString([]byte("a long challenge that is sealed and signed"))
	for from := range value {
		for to := from + 16; to <= len(value); to++ {
			got := secret.Redact("<"+value[from:to]+">", []string{value})
			assert.Equal(t, "<[redacted]>", got)
		}
	}
	got := secret.Redact("["+value[:10]+"]", []string{value})
	assert.Equal(t, "["+value[:10]+"]", got, "ten characters tell nothing")
	assert.Equal(t, "x[redacted]y[redacted]z", secret.Redact("x"+value+"y"+value+"z", []string{value}))
}

// TestValues: a claim counts only if it cannot be a word, and each value comes once.
func TestValues(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []string{"swordfish", "s3cr3t"}, secret.Values([]secret.Literal{
		{Text: "short"}, {Text: "platform", Claim: true}, {Text: "swordfish", Claim: true}, {Text: "swordfish"}, {Text: "s3cr3t", Claim: true}, {Text: "s3cr3t"}, {Text: "swordfish"}, {Text: "openid"},
	}))
}

// TestRedactKeepsWords: what is no secret stays as it is.
func TestRedactKeepsWords(t *testing.T) {
	t.Parallel()
	const text = "Subject type pairwise is not supported, true RS256 openid 127.0.0.1 order 12345678: 100%25 of unsupported requests &amp; more"
	assert.Equal(t, text, secret.Redact(text, []string{"support", "456789", "123456", "nonsense", "rted, tru!"}), "not within a word or number")
	assert.Equal(t, text, secret.Redact(text, nil))
	assert.Equal(t, "a [redacted], b", secret.Redact("a hunter, b", []string{"hunter"}))
	assert.Equal(t, "a hunters b", secret.Redact("a hunters b", []string{"hunter"}))
	assert.Equal(t, "a[redacted]b", secret.Redact("ahunter2b", []string{"hunter2"}), "it is no word")
	for _, neighbour := range []string{"a", "A", "z", "Z", "é"} {
		for _, written := range []string{neighbour + "hunter", "hunter" + neighbour} {
			assert.Equal(t, written, secret.Redact(written, []string{"hunter"}))
		}
	}
	for _, neighbour := range []string{"0", "9", "@", "[", "`", "{", "/", ":"} {
		assert.NotContains(t, secret.Redact("a "+neighbour+"b3tray3d"+neighbour, []string{"b3tray3d"}), "b3tray3d")
	}
	for _, word := range []string{"true", "RS256", "openid", "OpenID", "short", "", "pairwise", "client_secret"} {
		assert.False(t, secret.Counts(word), word)
		assert.False(t, secret.CountsLoosely(word), word)
	}
	for _, name := range []string{"platform", "production", "team.west", "zebra-zone"} {
		assert.False(t, secret.CountsLoosely(name), name)
	}
	for _, value := range []string{"s3cr3t", "alice@example.com", "administrator", "key-0123456789"} {
		assert.True(t, secret.CountsLoosely(value), value)
	}
	assert.True(t, secret.Counts("swordfish"))
}

// TestRedactReadsEscapes of characters that are rare, and leaves what is none.
func TestRedactReadsEscapes(t *testing.T) {
	t.Parallel()
	const value = "key-😀-value"
	for _, written := range []string{`key-\ud83d\ude00-value`, `key-\U0001f600-value`, "key-&#x1F600;-value", "key-&#128512;-value", "key-%F0%9F%98%80-value", `key-\xf0\x9f\x98\x80-value`} {
		assert.Equal(t, "<[redacted]>", secret.Redact("<"+written+">", []string{value}))
	}
	const long = "a-value-of-more-than-sixteen-characters"
	for _, written := range []string{long, long[:len(long)-1] + `\x73`, long[:len(long)-1] + `\u0073`, long[:len(long)-1] + "%73", long[:len(long)-1] + "&#115;"} {
		assert.Equal(t, "[redacted]", secret.Redact(written, []string{long}), "the end of the text is that of the value")
	}
	for _, written := range []string{`key-\ud83d-value`, `key-\ud83`, `key-\ud83dxxxxxx`, `key-\ud83d\u12`, `key-\U0001`, `key-\xzz-\x1`, `\`, `\q`, "&#xzz;", "&#;", "&;", "&#1114112;", "&nothing;", "&x", "%zz", "%", `\Uffffffff`} {
		assert.Equal(t, written, secret.Redact(written, []string{value}))
	}
	assert.Equal(t, "a & b", secret.UnescapeHTML("a &amp; b"))
	assert.Equal(t, "a b", secret.UnescapeHTML("a b"))
}

// TestRedactReadsLayers: a value is found behind four layers of escapes.
func TestRedactReadsLayers(t *testing.T) {
	t.Parallel()
	const value = "hunter2/is the secret"
	for name, escape := range map[string]func(string) string{"of a query": url.QueryEscape, "of a path": url.PathEscape, "of HTML": html.EscapeString, "of Go": func(s string) string {
		quoted := strconv.Quote(s)
		return quoted[1 : len(quoted)-1]
	}} {
		written := `"` + value + `"`
		for range 4 {
			written = escape(written)
			got := secret.Redact(written, []string{value})
			assert.NotContains(t, got, "hunter2", name)
			assert.Contains(t, got, secret.Redacted, name)
		}
	}
}

// TestRedactIsBounded: a text that has many layers of escapes is not read to its end.
func TestRedactIsBounded(t *testing.T) {
	t.Parallel()
	layered := strings.Repeat("%25252525&amp;amp;amp;+\\\\\\\\", 500)
	assert.Equal(t, layered, secret.Redact(layered, []string{"hunter2-is-the-secret"}))
}

func FuzzRedact(f *testing.F) {
	f.Add("a%41&#x41;\\u0041+", "AAAAAA")
	f.Fuzz(func(t *testing.T, text, value string) {
		if len(value) < 6 {
			return
		}
		got := secret.Redact(text, []string{value})
		if len(value) < 16 {
			return
		}
		if strings.Contains(strings.ReplaceAll(got, secret.Redacted, "\x00"), value) {
			t.Fatalf("%q in %q", value, got)
		}
	})
}
