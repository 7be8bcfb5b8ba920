package secret

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// view is a text without some of its escapes, and where each byte comes from.
type view struct {
	text        string
	start, end  []int32 // of each byte, in the original; nil for the original itself
	generations int     // how many kinds of escapes were removed
}

func (v *view) span(start, end int, value string) span {
	if v.start == nil {
		return span{start, end, value}
	}
	return span{int(v.start[start]), int(v.end[end-1]), value}
}

// The bounds of views: texts with more layers of escapes are not read further.
const (
	mostViews       = 40
	mostGenerations = 4
)

// views returns what text may stand for.
func views(text string) (all []*view) {
	seen := map[string]bool{text: true}
	for queue := []*view{{text: text}}; len(queue) > 0 && len(all) < mostViews; queue = queue[1:] {
		v := queue[0]
		if v.generations == mostGenerations {
			break
		}
		for _, unescape := range [...]func(string) (string, int){unescapePercent, unescapeQuery, unescapeQuoted, unescapeHTML} {
			if next := v.unescaped(unescape); next != nil && !seen[next.text] {
				seen[next.text] = true
				queue, all = append(queue, next), append(all, next)
			}
		}
	}
	return all
}

// unescaped returns v without one kind of escapes, or nil if it has none. Unescape returns
// what the escape at the start of a text stands for, and its length.
func (v *view) unescaped(unescape func(string) (string, int)) *view {
	first := 0
	for ; first < len(v.text); first++ {
		if _, size := unescape(v.text[first:]); size > 0 {
			break
		}
	}
	if first == len(v.text) {
		return nil
	}
	text := make([]byte, 0, len(v.text))
	next := &view{start: make([]int32, 0, len(v.text)), end: make([]int32, 0, len(v.text)), generations: v.generations + 1}
	for i := 0; i < len(v.text); {
		plain, size := "", 0
		if i >= first {
			plain, size = unescape(v.text[i:])
		}
		if size == 0 {
			plain, size = v.text[i:i+1], 1
		}
		from := v.span(i, i+size, "")
		for range len(plain) {
			next.start, next.end = append(next.start, int32(from.start)), append(next.end, int32(from.end)) //nolint:gosec // texts are short
		}
		text = append(text, plain...)
		i += size
	}
	next.text = string(text)
	return next
}

func unescapePercent(s string) (string, int) {
	if s[0] == '%' && len(s) >= 3 {
		if c, err := strconv.ParseUint(s[1:3], 16, 8); err == nil {
			return string([]byte{byte(c)}), 3
		}
	}
	return "", 0
}

func unescapeQuery(s string) (string, int) {
	if s[0] == '+' {
		return " ", 1
	}
	return unescapePercent(s)
}

// simple are the escapes of JSON and Go that have one letter.
var simple = map[byte]string{
	'"': `"`, '\'': `'`, '\\': `\`, '/': "/", 'a': "\a", 'b': "\b", 'f': "\f", 'n': "\n", 'r': "\r", 't': "\t", 'v': "\v",
}

// unescapeQuoted reads the escapes of JSON and of Go.
func unescapeQuoted(s string) (string, int) {
	if s[0] != '\\' || len(s) < 2 {
		return "", 0
	}
	switch s[1] {
	case 'x':
		if len(s) >= 4 {
			if c, err := strconv.ParseUint(s[2:4], 16, 8); err == nil {
				return string([]byte{byte(c)}), 4
			}
		}
	case 'u':
		high, ok := codePoint(s, 2, 6)
		if !ok {
			return "", 0
		}
		if utf16.IsSurrogate(high) && len(s) >= 8 && s[6] == '\\' && s[7] == 'u' {
			if low, ok := codePoint(s, 8, 12); ok {
				return string(utf16.DecodeRune(high, low)), 12
			}
		}
		return string(high), 6
	case 'U':
		if r, ok := codePoint(s, 2, 10); ok {
			return string(r), 10
		}
	default:
		if plain, ok := simple[s[1]]; ok {
			return plain, 2
		}
	}
	return "", 0
}

func codePoint(s string, from, to int) (rune, bool) {
	if len(s) < to {
		return 0, false
	}
	r, err := strconv.ParseUint(s[from:to], 16, 32)
	return rune(min(r, utf8.MaxRune)), err == nil
}

// entities are the names that HTML escapes use.
var entities = map[string]string{"amp": "&", "lt": "<", "gt": ">", "quot": `"`, "apos": "'", "nbsp": " "}

// unescapeHTML reads the entities that escape characters. Package html would add its
// two thousand names to each program.
func unescapeHTML(s string) (string, int) {
	const longest = len("&#x10FFFF;")
	if s[0] != '&' {
		return "", 0
	}
	end := strings.IndexByte(s[:min(len(s), longest+4)], ';')
	if end < 2 {
		return "", 0
	}
	name := s[1:end]
	if plain, ok := entities[name]; ok {
		return plain, end + 1
	}
	digits, base := strings.TrimPrefix(name, "#"), 10
	if digits == name {
		return "", 0
	}
	if digits[:min(1, len(digits))] == "x" || digits[:min(1, len(digits))] == "X" {
		digits, base = digits[1:], 16
	}
	r, err := strconv.ParseUint(digits, base, 32)
	if err != nil || r > utf8.MaxRune {
		return "", 0
	}
	return string(rune(r)), end + 1
}

// UnescapeHTML returns a text without the escapes of HTML.
func UnescapeHTML(text string) string {
	if v := (&view{text: text}).unescaped(unescapeHTML); v != nil {
		return v.text
	}
	return text
}
