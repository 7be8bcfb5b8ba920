package secret

import (
	"bytes"
	"encoding/json"
	"strings"
)

// A Literal is a text or number in a JSON document.
type Literal struct {
	Start, End int // its place in the document
	Text       string
	// Claim is whether it belongs to an object in a secret member, such as the claims of
	// a token: not each of them is a secret of its own.
	Claim bool
}

// Values returns the values of literals that can be told from the words of a text, each
// once.
func Values(literals []Literal) (values []string) {
	seen := make(map[string]bool, len(literals))
	for _, l := range literals {
		counts := Counts
		if l.Claim {
			counts = CountsLoosely
		}
		if counts(l.Text) && !seen[l.Text] {
			seen[l.Text] = true
			values = append(values, l.Text)
		}
	}
	return values
}

// Find returns the literals that belong to secret members, at any depth, in the JSON
// documents at the start of data. The value of an operation of a JSON Patch belongs to
// the members that its path names. Rest is what is no JSON.
func Find(data []byte) (found []Literal, rest int) {
	return find(data, false)
}

// FindAll is Find for documents of which nothing is known: all literals count.
func FindAll(data []byte) (found []Literal, rest int) { return find(data, true) }

func find(data []byte, all bool) (found []Literal, rest int) {
	r := &tree{data: data, decoder: json.NewDecoder(bytes.NewReader(data))}
	r.decoder.UseNumber()
	for {
		n, ok := r.value(0)
		if !ok {
			return found, rest
		}
		rest = int(r.decoder.InputOffset())
		found = n.collect(found, false, all)
	}
}

// node is a value of a document, with its place.
type node struct {
	Literal

	isText, isLiteral bool
	members           []member
	elements          []node
}

type member struct {
	name string
	node
}

// tree reads nodes.
type tree struct {
	data    []byte
	decoder *json.Decoder
}

// deepest is how deep values may be nested.
const deepest = 1000

func (r *tree) value(depth int) (n node, ok bool) {
	before := int(r.decoder.InputOffset())
	token, err := r.decoder.Token()
	if err != nil || depth > deepest {
		return n, false
	}
	n.End = int(r.decoder.InputOffset())
	n.Start = n.End - len(bytes.TrimLeft(r.data[before:n.End], " \t\r\n,:"))
	switch token := token.(type) {
	case json.Delim:
		for r.decoder.More() {
			var name string
			if token == '{' {
				key, err := r.decoder.Token()
				if err != nil {
					return n, false
				}
				name, _ = key.(string)
			}
			inner, ok := r.value(depth + 1)
			if !ok {
				return n, false
			}
			if token == '{' {
				n.members = append(n.members, member{name, inner})
			} else {
				n.elements = append(n.elements, inner)
			}
		}
		if _, err := r.decoder.Token(); err != nil {
			return n, false
		}
	case string:
		n.Text, n.isText, n.isLiteral = token, true, true
	case json.Number:
		n.Text, n.isLiteral = token.String(), true
	}
	return n, true
}

// collect appends the secret literals in n. Everything in a secret member is secret.
func (n *node) collect(found []Literal, isSecret, isClaim bool) []Literal {
	if n.isLiteral {
		if isSecret || isClaim {
			n.Claim = !isSecret
			found = append(found, n.Literal)
		}
		return found
	}
	for i := range n.elements {
		found = n.elements[i].collect(found, isSecret, isClaim)
	}
	path := n.patchPath()
	for i := range n.members {
		m := &n.members[i]
		switch {
		case isSecret:
			found = m.collect(found, true, false)
		case isClaims(m.name) && len(m.members) > 0:
			found = m.collect(found, false, true)
		case IsMember(m.name), m.name == "value" && LeadsToSecret(path):
			found = m.collect(found, true, false)
		default:
			found = m.collect(found, false, isClaim)
		}
	}
	return found
}

// isClaims reports whether a member holds a token, or the claims of one.
func isClaims(name string) bool { return name == "access_token" || name == "id_token" }

// patchPath returns the path of an operation of a JSON Patch, or "".
func (n *node) patchPath() (path string) {
	isPatch := false
	for _, m := range n.members {
		switch m.name {
		case "op":
			isPatch = m.isText
		case "path":
			path = m.Text
		}
	}
	if !isPatch {
		return ""
	}
	return path
}

// LeadsToSecret reports whether a JSON Pointer leads to or into a secret member.
func LeadsToSecret(pointer string) bool {
	for element := range strings.SplitSeq(pointer, "/") {
		if IsMember(strings.NewReplacer("~1", "/", "~0", "~").Replace(element)) {
			return true
		}
	}
	return false
}
