// Package wire reads the JSON that Hydra sends in one pass and without reflection.
//
// A [Reader] takes what encoding/json takes, or less. It gives up on what is rare or
// wrong: a name or text that is not valid UTF-8, an escaped name, a name that differs
// from a known one by case alone, a surrogate, a number that is no integer where one
// is expected, a value of another kind, deep nesting. Whoever calls it then asks
// encoding/json, which either knows what to do or says what is wrong. So what a
// Reader reads is what encoding/json would have read, and there is one place that
// decides about the rest.
//
// Strings are copied: nothing that was read keeps the data alive.
package wire

import (
	"encoding/json"
	"sync"
)

// maxDepth is how deep objects and lists may be nested; encoding/json takes more.
const maxDepth = 200

// A Reader reads one JSON document. Once it has given up, it reads nothing more, and
// Done says so.
type Reader struct {
	data   []byte
	pos    int
	depth  int
	gaveUp bool

	scratch []byte // of text with escapes
	kept    []member
	seen    *[slots]string
}

type member struct{ name, value []byte }

var readers = sync.Pool{New: func() any { return new(Reader) }}

// NewReader returns a Reader of data, to be released when it is done.
func NewReader(data []byte) *Reader {
	r := readers.Get().(*Reader) //nolint:forcetypeassert // New makes it one
	r.data, r.pos, r.depth, r.gaveUp = data, 0, 0, false
	return r
}

// Release gives the memory of r to the next document.
func (r *Reader) Release() {
	if cap(r.scratch) > 64<<10 || cap(r.kept) > 64 {
		return // nobody needs as much again soon
	}
	clear(r.kept[:cap(r.kept)])
	r.data, r.kept, r.seen = nil, r.kept[:0], nil
	readers.Put(r)
}

// Done reports whether r has read all of the document.
func (r *Reader) Done() bool {
	r.space()
	return !r.gaveUp && r.pos == len(r.data)
}

// GiveUp leaves the document to encoding/json.
func (r *Reader) GiveUp() {
	r.gaveUp = true
	r.pos = len(r.data)
}

// peek returns the next byte that is no space, or 0.
func (r *Reader) peek() byte {
	if r.pos < len(r.data) && r.data[r.pos] > ' ' {
		return r.data[r.pos]
	}
	r.space()
	if r.pos < len(r.data) {
		return r.data[r.pos]
	}
	return 0
}

func (r *Reader) space() {
	for ; r.pos < len(r.data); r.pos++ {
		switch r.data[r.pos] {
		case ' ', '\t', '\n', '\r':
		default:
			return
		}
	}
}

func (r *Reader) expect(c byte) {
	if r.peek() != c {
		r.GiveUp()
		return
	}
	r.pos++
}

// literal consumes a word.
func (r *Reader) literal(word string) bool {
	if rest := r.data[r.pos:]; len(rest) < len(word) || string(rest[:len(word)]) != word {
		r.GiveUp()
		return false
	}
	r.pos += len(word)
	return true
}

// Null consumes a null, if there is one.
func (r *Reader) Null() bool { return r.peek() == 'n' && r.literal("null") }

// Object starts an object and returns the name of its first member. It reports false
// for an empty object and for null.
func (r *Reader) Object() (name []byte, ok bool) {
	if r.Null() || !r.start('{', '}') {
		return nil, false
	}
	return r.name()
}

// Next goes on to the next member of an object, whose value was read.
func (r *Reader) Next() (name []byte, ok bool) {
	if !r.more('}') {
		return nil, false
	}
	return r.name()
}

func (r *Reader) name() ([]byte, bool) {
	name, plain := r.quoted()
	if !plain {
		r.GiveUp()
		return nil, false
	}
	r.expect(':')
	return name, !r.gaveUp
}

// List starts a list, and reports whether it has an element.
func (r *Reader) List() bool { return r.start('[', ']') }

// More goes on to the next element of a list, and reports whether there is one.
func (r *Reader) More() bool { return r.more(']') }

// start enters an object or a list, and reports whether there is something in it.
func (r *Reader) start(opening, closing byte) bool {
	if r.depth++; r.depth > maxDepth {
		r.GiveUp()
		return false
	}
	r.expect(opening)
	if r.peek() == closing {
		r.leave()
		return false
	}
	return !r.gaveUp
}

// more reports whether an object or a list goes on.
func (r *Reader) more(closing byte) bool {
	switch r.peek() {
	case ',':
		r.pos++
		return true
	case closing:
		r.leave()
	default:
		r.GiveUp()
	}
	return false
}

func (r *Reader) leave() {
	r.depth--
	r.pos++
}

// Estimate returns how many elements a list has of which one was read: if it is the
// whole document, as many as are as large as the first, and some. It does not go beyond what a
// page of Hydra holds: a small element in front must not make room for millions.
func (r *Reader) Estimate() int {
	if r.depth > 1 {
		return 4
	}
	return min(len(r.data)/r.pos*9/8+1, 512)
}

// Unknown passes over the value of a member that has no field, and returns it. Names
// are matched without regard to case: if one of known is the name but for that, r
// gives up.
func (r *Reader) Unknown(name []byte, known []string) (value []byte) {
	for _, k := range known {
		if len(k) == len(name) && alike(k, name) {
			r.GiveUp()
			return nil
		}
	}
	return r.Skip()
}

// alike reports whether two ASCII texts of one length are equal but for case. It may
// take a few others for equal.
func alike(a string, b []byte) bool {
	for i := range b {
		if (a[i]^b[i])&^('a'-'A') != 0 {
			return false
		}
	}
	return true
}

// Mark is where Keep begins; see [Reader.Kept].
func (r *Reader) Mark() int { return len(r.kept) }

// Keep is Unknown, but [Reader.Kept] will return the member.
func (r *Reader) Keep(name []byte, known []string) {
	r.kept = append(r.kept, member{name, r.Unknown(name, known)})
}

// Kept returns the members that were kept since mark, or nil. They share one piece of
// memory, which holds nothing else.
func (r *Reader) Kept(mark int) map[string]json.RawMessage {
	kept := r.kept[mark:]
	r.kept = r.kept[:mark]
	if len(kept) == 0 || r.gaveUp {
		return nil
	}
	size := 0
	for _, m := range kept {
		size += len(m.value)
	}
	all, members := make([]byte, 0, size), make(map[string]json.RawMessage, len(kept))
	for _, m := range kept {
		start := len(all)
		all = append(all, m.value...)
		members[r.own(m.name)] = all[start:len(all):len(all)]
	}
	return members
}

// Skip passes over any value and returns it, as a part of the document.
func (r *Reader) Skip() []byte {
	c := r.peek()
	start := r.pos
	switch c {
	case '"':
		r.quoted()
	case '{': // names may be anything here
		for ok := r.start('{', '}'); ok; ok = r.more('}') {
			r.quoted()
			r.expect(':')
			r.Skip()
		}
	case '[':
		for ok := r.List(); ok; ok = r.More() {
			r.Skip()
		}
	case 't':
		r.literal("true")
	case 'f':
		r.literal("false")
	case 'n':
		r.literal("null")
	default:
		r.number()
	}
	if r.gaveUp {
		return nil
	}
	return r.data[start:r.pos]
}

// First returns the value at the start of data, whatever follows it, or nil if a
// Reader gives up on it.
func First(data []byte) []byte {
	r := NewReader(data)
	defer r.Release()
	return r.Skip()
}

// number passes over a number (RFC 8259, section 6).
func (r *Reader) number() {
	if r.pos < len(r.data) && r.data[r.pos] == '-' {
		r.pos++
	}
	switch {
	case r.pos < len(r.data) && r.data[r.pos] == '0':
		r.pos++
	case !r.digits():
		return
	}
	if r.pos < len(r.data) && r.data[r.pos] == '.' {
		if r.pos++; !r.digits() {
			return
		}
	}
	if r.pos < len(r.data) && r.data[r.pos]|0x20 == 'e' {
		r.pos++
		if r.pos < len(r.data) && (r.data[r.pos] == '+' || r.data[r.pos] == '-') {
			r.pos++
		}
		r.digits()
	}
}

// digits passes over at least one digit.
func (r *Reader) digits() bool {
	start := r.pos
	for r.pos < len(r.data) && r.data[r.pos]-'0' < 10 {
		r.pos++
	}
	if r.pos == start {
		r.GiveUp()
		return false
	}
	return true
}
