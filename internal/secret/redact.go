package secret

import (
	"strings"
	"unicode/utf8"
)

// Redacted stands for a secret in a text.
const Redacted = "[redacted]"

const (
	// shortest is the length from which on a value can be removed from a text. Hydra takes
	// no shorter secret.
	shortest = 6
	// telling is how many characters in a row of a secret give it away: servers and proxies
	// cut what they repeat.
	telling = 16
	// longestWord is how many letters a word has at most.
	longestWord = 11
)

// words are values that are no secrets wherever they stand: those of protocols, of which
// the texts of servers are full.
var words = map[string]bool{
	"address": true, "application/json": true, "authorization": true, "authorization_code": true, "bearer": true,
	"challenge": true, "client": true, "client_credentials": true, "client_id": true, "client_secret": true,
	"consent": true, "error": true, "implicit": true, "invalid": true, "offline": true, "offline_access": true, "openid": true,
	"pairwise": true, "private": true, "profile": true, "public": true, "refresh_token": true, "request": true, "scope": true,
	"secret": true, "server": true, "string": true, "subject": true, "unknown": true,
}

// Counts reports whether a secret value can be told from the words of a text: it has at
// least six characters and is not a word of OAuth 2.0.
func Counts(value string) bool {
	return len(value) >= shortest && !words[strings.ToLower(value)]
}

// CountsLoosely is Counts for a value that only may be a secret, such as a header field of
// the caller's own: a short one that consists of letters is a word.
func CountsLoosely(value string) bool {
	return Counts(value) && (len(value) > longestWord || strings.ContainsFunc(value, func(r rune) bool { return !isLetter(r) }))
}

func isLetter(r rune) bool {
	return 'a' <= r|0x20 && r|0x20 <= 'z' || r == '-' || r == '_' || r == '.' || r == ' ' || r >= utf8.RuneSelf
}

// Redact returns text without values: as they are, and percent-encoded, with the escapes
// of JSON, Go or HTML, or with several of these. Of a long value, 16 characters in a row
// are removed as well; one that is a word or a number is left in the middle of another.
func Redact(text string, values []string) string {
	return Replace(text, values, func(string) string { return Redacted })
}

// Replace is Redact with another replacement for each value.
func Replace(text string, values []string, replacement func(value string) string) string {
	if len(values) == 0 || text == "" {
		return text
	}
	var found []span
	found = (&view{text: text}).find(found, values)
	if strings.ContainsAny(text, `%\&+`) {
		for _, v := range views(text) {
			found = v.find(found, values)
		}
	}
	if len(found) == 0 {
		return text
	}
	covered := make([]bool, len(text)) // places may overlap
	starts := make(map[int]string, len(found))
	for _, s := range found {
		for i := s.start; i < s.end; i++ {
			covered[i] = true
		}
		starts[s.start] = s.value
	}
	var b strings.Builder
	for i := range len(text) {
		switch {
		case !covered[i]:
			b.WriteByte(text[i])
		case i == 0 || !covered[i-1]:
			b.WriteString(replacement(starts[i]))
		}
	}
	return b.String()
}

// span is where a value, or a part of it, is in a text.
type span struct {
	start, end int
	value      string
}

// find appends the places of values in the text of v.
func (v *view) find(found []span, values []string) []span {
	for _, value := range values {
		if len(value) >= telling {
			found = v.findRuns(found, value)
			continue
		}
		for from := 0; ; {
			i := strings.Index(v.text[from:], value)
			if i < 0 {
				break
			}
			start := from + i
			end := start + len(value)
			if !v.tears(start, end) {
				found = append(found, v.span(start, end, value))
			}
			from = start + 1
		}
	}
	return found
}

// findRuns finds at least telling characters in a row of value. Of so many, a half is
// at a multiple of its length.
func (v *view) findRuns(found []span, value string) []span {
	const half = telling / 2
	for at := 0; at+half <= len(value); at += half {
		for from := 0; ; {
			i := strings.Index(v.text[from:], value[at:at+half])
			if i < 0 {
				break
			}
			start, first := from+i, at
			end, last := start+half, at+half
			for start > 0 && first > 0 && v.text[start-1] == value[first-1] {
				start, first = start-1, first-1
			}
			for end < len(v.text) && last < len(value) && v.text[end] == value[last] {
				end, last = end+1, last+1
			}
			if end-start >= telling {
				found = append(found, v.span(start, end, value))
			}
			from = max(end, from+i+1)
		}
	}
	return found
}

// tears reports whether a value at this place is a part of a word or number.
func (v *view) tears(start, end int) bool {
	value := v.text[start:end]
	class := classOf(value[0])
	for i := range len(value) {
		if c := classOf(value[i]); c != class || c == 0 {
			return false // it is neither a word nor a number
		}
	}
	return start > 0 && classOf(v.text[start-1]) != 0 || end < len(v.text) && classOf(v.text[end]) != 0
}

// classOf returns 1 for letters, 2 for digits and 0 for all else.
func classOf(c byte) int {
	switch {
	case 'a' <= c|0x20 && c|0x20 <= 'z', c >= utf8.RuneSelf:
		return 1
	case '0' <= c && c <= '9':
		return 2
	}
	return 0
}
