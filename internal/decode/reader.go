package decode

import (
	"encoding/json"
	"sync"
)

// maxDepth is how deep objects and lists may be nested. encoding/json allows more.
const maxDepth = 200

// A reader reads one JSON document. It accepts what encoding/json accepts, or less: it
// gives up on what is rare or wrong, such as a name or text that is not valid UTF-8, an
// escaped name, a name that differs from a known one by case alone, a surrogate, a
// value of another kind, deep nesting. Its caller then asks encoding/json, which reads
// the document or says what is wrong with it. So there is one place that decides.
//
// Strings are copied: nothing that was read keeps the data alive.
type reader struct {
	data     []byte
	pos      int
	depth    int
	maxDepth int
	gaveUp   bool

	room    int  // how much more may be allocated: see bound.go
	refused bool // there was not enough; gaveUp is set too

	scratch []byte // of text with escapes
	kept    []member
	seen    *[slots]string
}

type member struct{ name, value []byte }

var readers = sync.Pool{New: func() any { return new(reader) }}

// newReader returns a reader of data. Release it when it is done.
func newReader(data []byte) *reader {
	r := readers.Get().(*reader) //nolint:forcetypeassert // New makes it one
	r.data, r.pos, r.depth, r.maxDepth, r.gaveUp = data, 0, 0, maxDepth, false
	r.room, r.refused = room(len(data)), false
	return r
}

// release returns the memory of r to the pool.
func (r *reader) release() {
	if cap(r.scratch) > 64<<10 || cap(r.kept) > 64 {
		return // too large to keep
	}
	clear(r.kept[:cap(r.kept)])
	r.data, r.kept, r.seen = nil, r.kept[:0], nil
	readers.Put(r)
}

// done reports whether r has read all of the document.
func (r *reader) done() bool {
	r.space()
	return !r.gaveUp && r.pos == len(r.data)
}

// giveUp leaves the document to encoding/json.
func (r *reader) giveUp() {
	r.gaveUp = true
	r.pos = len(r.data)
}

// peek returns the next byte that is not a space, or 0.
func (r *reader) peek() byte {
	if r.pos < len(r.data) && r.data[r.pos] > ' ' {
		return r.data[r.pos]
	}
	r.space()
	if r.pos < len(r.data) {
		return r.data[r.pos]
	}
	return 0
}

func (r *reader) space() {
	for ; r.pos < len(r.data); r.pos++ {
		switch r.data[r.pos] {
		case ' ', '\t', '\n', '\r':
		default:
			return
		}
	}
}

func (r *reader) expect(c byte) {
	if r.peek() != c {
		r.giveUp()
		return
	}
	r.pos++
}

// literal consumes a word.
func (r *reader) literal(word string) bool {
	if rest := r.data[r.pos:]; len(rest) < len(word) || string(rest[:len(word)]) != word {
		r.giveUp()
		return false
	}
	r.pos += len(word)
	return true
}

// null consumes a null, if there is one.
func (r *reader) null() bool { return r.peek() == 'n' && r.literal("null") }

// object starts an object and returns the name of its first member. It reports false
// for an empty object and for null.
func (r *reader) object() (name []byte, ok bool) {
	if r.null() || !r.enter('{', '}') {
		return nil, false
	}
	return r.name()
}

// next goes on to the next member of an object, once the value of the last is read.
func (r *reader) next() (name []byte, ok bool) {
	if !r.another('}') {
		return nil, false
	}
	return r.name()
}

func (r *reader) name() ([]byte, bool) {
	name, plain := r.quoted()
	if !plain {
		r.giveUp()
		return nil, false
	}
	r.expect(':')
	return name, !r.gaveUp
}

// list starts a list, and reports whether it has an element.
func (r *reader) list() bool { return r.enter('[', ']') }

// more goes on to the next element of a list, and reports whether there is one.
func (r *reader) more() bool { return r.another(']') }

// enter starts an object or a list, and reports whether it has an element.
func (r *reader) enter(opening, closing byte) bool {
	if r.depth++; r.depth > r.maxDepth {
		r.giveUp()
		return false
	}
	r.expect(opening)
	if r.peek() == closing {
		r.leave()
		return false
	}
	return !r.gaveUp
}

// another reports whether an object or a list has another element.
func (r *reader) another(closing byte) bool {
	switch r.peek() {
	case ',':
		r.pos++
		return true
	case closing:
		r.leave()
	default:
		r.giveUp()
	}
	return false
}

func (r *reader) leave() {
	r.depth--
	r.pos++
}

// estimate returns how many elements a list probably has, of which one was read. For a
// list that is the whole document that is len(data)/first, plus an eighth, and not more
// than a page of Hydra holds: a small first element must not make room for millions.
func (r *reader) estimate() int {
	if r.depth > 1 {
		return 4
	}
	return min(len(r.data)/r.pos*9/8+1, 512)
}

// unknown skips the value of a member that has no field, and returns it. encoding/json
// matches names without regard to case: if name differs from one of known by case
// alone, r gives up.
func (r *reader) unknown(name []byte, known []string) (value []byte) {
	for _, k := range known {
		if len(k) == len(name) && alike(k, name) {
			r.giveUp()
			return nil
		}
	}
	return r.skip()
}

// alike reports whether two ASCII texts of one length are equal but for case. It
// also reports true for a few others.
func alike(a string, b []byte) bool {
	for i := range b {
		if (a[i]^b[i])&^('a'-'A') != 0 {
			return false
		}
	}
	return true
}

// mark is where keep begins; see keptSince.
func (r *reader) mark() int { return len(r.kept) }

// keep is unknown, but keptSince will return the member.
func (r *reader) keep(name []byte, known []string) {
	value := r.unknown(name, known)
	if r.kept = grown(r, r.kept); !r.gaveUp {
		r.kept = append(r.kept, member{name, value})
	}
}

// keptSince returns the members that were kept since mark, or nil. They share one
// piece of memory, which holds nothing else.
func (r *reader) keptSince(mark int) map[string]json.RawMessage {
	kept := r.kept[mark:]
	r.kept = r.kept[:mark]
	if len(kept) == 0 || r.gaveUp || !r.take(ofFirst+len(kept)*ofMember) {
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

// skip skips any value and returns it, as a part of the document.
func (r *reader) skip() []byte {
	c := r.peek()
	start := r.pos
	switch c {
	case '"':
		r.quoted()
	case '{': // names may be anything here
		for ok := r.enter('{', '}'); ok; ok = r.another('}') {
			r.quoted()
			r.expect(':')
			r.skip()
		}
	case '[':
		for ok := r.list(); ok; ok = r.more() {
			r.skip()
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

// first returns the value at the start of data, whatever follows it, or nil if the
// reader gives up.
func first(data []byte) []byte {
	r := newReader(data)
	defer r.release()
	return r.skip()
}

// number skips a number (RFC 8259, section 6).
func (r *reader) number() {
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

// digits skips at least one digit.
func (r *reader) digits() bool {
	start := r.pos
	for r.pos < len(r.data) && r.data[r.pos]-'0' < 10 {
		r.pos++
	}
	if r.pos == start {
		r.giveUp()
		return false
	}
	return true
}
