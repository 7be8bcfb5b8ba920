// Package linkheader reads the Link header field of RFC 8288.
//
// Other libraries split the header at every comma, and lose a link whose URL has one.
package linkheader

import "strings"

// most is how many relations are read. The pages of a list have up to five.
const most = 32

// Parse returns the target of each relation in the values of Link headers. If two links
// have the same relation, the first one wins. Malformed links are left out, and so are
// all relations after the first 32.
func Parse(values []string) map[string]string {
	links := make(map[string]string)
	for _, v := range values {
		for v != "" {
			var target, rels string
			target, rels, v = next(v)
			for rel := range strings.FieldsSeq(strings.ToLower(rels)) {
				if _, seen := links[rel]; !seen && len(links) < most {
					links[rel] = target
				}
			}
		}
	}
	return links
}

// next reads one link from the start of s. It returns its target, its relations and the
// rest of s.
func next(s string) (target, rels, rest string) {
	_, s, found := strings.Cut(s, "<")
	if !found {
		return "", "", ""
	}
	target, s, found = strings.Cut(s, ">")
	if !found {
		return "", "", ""
	}
	for {
		s = strings.TrimLeft(s, " \t")
		if !strings.HasPrefix(s, ";") {
			return target, rels, s
		}
		var name, value string
		name, value, s = param(s[1:])
		if rels == "" && strings.EqualFold(name, "rel") {
			rels = value
		}
	}
}

// param reads one parameter, such as rel="next", from the start of s.
func param(s string) (name, value, rest string) {
	end := strings.IndexAny(s, "=;,")
	if end < 0 {
		return strings.TrimSpace(s), "", ""
	}
	name = strings.TrimSpace(s[:end])
	if s[end] != '=' {
		return name, "", s[end:]
	}
	s = strings.TrimLeft(s[end+1:], " \t")
	if quoted, found := strings.CutPrefix(s, `"`); found {
		end = closingQuote(quoted)
		return name, quoted[:end], quoted[min(end+1, len(quoted)):]
	}
	if end = strings.IndexAny(s, ";,"); end < 0 {
		end = len(s)
	}
	return name, strings.TrimSpace(s[:end]), s[end:]
}

// closingQuote returns the index of the first quote that no backslash precedes,
// or the length of s.
func closingQuote(s string) int {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return len(s)
}
