package decode

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// quoted skips a string and returns the bytes between its quotes, and whether they
// are the text itself: ASCII without escapes. It checks escapes, but not UTF-8.
func (r *reader) quoted() (inner []byte, plain bool) {
	if r.peek() != '"' {
		r.giveUp()
		return nil, false
	}
	data, start, plain := r.data, r.pos+1, true
	for i := start; ; {
		i = special(data, i)
		if i >= len(data) {
			break
		}
		switch c := data[i]; {
		case c == '"':
			r.pos = i + 1
			return data[start:i], plain
		case c == '\\':
			n := escape(data[i:])
			if n == 0 {
				r.giveUp()
				return nil, false
			}
			i, plain = i+n, false
		case c >= utf8.RuneSelf:
			i, plain = i+1, false
		default: // a control character
			r.giveUp()
			return nil, false
		}
	}
	r.giveUp()
	return nil, false
}

const (
	ones = 0x0101010101010101
	tops = 0x8080808080808080
)

// special returns the index of the first byte from i on that is a quote, a backslash,
// a control character or not ASCII. It looks at eight bytes at a time. Only the lowest
// set bit of found is exact: a borrow can set higher ones.
func special(data []byte, i int) int {
	for ; i+8 <= len(data); i += 8 {
		w := binary.LittleEndian.Uint64(data[i:])
		quote, backslash := w^(ones*'"'), w^(ones*'\\')
		found := ((quote-ones)&^quote | (backslash-ones)&^backslash | (w-ones*' ')&^w | w) & tops
		if found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for ; i < len(data); i++ {
		if c := data[i]; c == '"' || c == '\\' || c < ' ' || c >= utf8.RuneSelf {
			return i
		}
	}
	return i
}

// escape returns the length of the escape at the start of s, or 0 if there is none.
func escape(s []byte) int {
	if len(s) < 2 {
		return 0
	}
	if s[1] != 'u' {
		if unescaped(s[1]) == 0 {
			return 0
		}
		return 2
	}
	if _, ok := unicode(s); !ok {
		return 0
	}
	return 6
}

// unescaped returns the character that a backslash and c stand for, or 0.
func unescaped(c byte) byte {
	switch c {
	case '"', '\\', '/':
		return c
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return 0
}

// unicode reads an escape such as \u0026.
func unicode(s []byte) (v rune, ok bool) {
	if len(s) < 6 {
		return 0, false
	}
	for _, c := range s[2:6] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		v = v<<4 | rune(c)
	}
	return v, true
}

// text reads a string as a string that owns its bytes.
func (r *reader) text() string {
	inner, plain := r.quoted()
	if plain {
		return r.own(inner)
	}
	if r.gaveUp || !utf8.Valid(inner) {
		r.giveUp()
		return ""
	}
	if bytes.IndexByte(inner, '\\') < 0 {
		return string(inner)
	}
	return r.unescape(inner)
}

// unescape returns the text of inner, which is valid and has escapes.
func (r *reader) unescape(inner []byte) string {
	buf := r.scratch[:0]
	for {
		i := bytes.IndexByte(inner, '\\')
		if i < 0 {
			break
		}
		buf = append(buf, inner[:i]...)
		inner = inner[i:]
		if inner[1] != 'u' {
			buf, inner = append(buf, unescaped(inner[1])), inner[2:]
			continue
		}
		v, _ := unicode(inner)
		if 0xD800 <= v && v <= 0xDFFF { // half of a surrogate pair
			r.giveUp()
			return ""
		}
		buf, inner = utf8.AppendRune(buf, v), inner[6:]
	}
	buf = append(buf, inner...)
	r.scratch = buf
	return string(buf)
}

const (
	slots   = 256
	longest = 64 // of the texts that are shared
)

// shareTexts makes equal short texts share their memory from now on: most objects of a
// list have many values in common.
func (r *reader) shareTexts() {
	if r.seen == nil {
		r.seen = new([slots]string)
	}
}

// own returns b as a string that owns its bytes.
func (r *reader) own(b []byte) string {
	if len(b) > longest || len(b) == 0 {
		return string(b)
	}
	at := slot(b)
	if w := words[at]; w == string(b) {
		return w
	}
	if r.seen == nil {
		return string(b)
	}
	s := &r.seen[at]
	if *s != string(b) {
		*s = string(b)
	}
	return *s
}

// slot mixes the length of b with its ends, which differ where texts do.
func slot(b []byte) uint8 {
	var head, tail uint64
	if len(b) >= 8 {
		head, tail = binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[len(b)-8:])
	} else {
		for _, c := range b {
			head = head<<8 | uint64(c)
		}
	}
	const odd = 0x3F176557FD9FA01D // found by trial: TestWordsAreReadWithoutAllocation checks that no two words collide
	return uint8((head ^ bits.RotateLeft64(tail, 32) + uint64(len(b))) * odd >> 56)
}
