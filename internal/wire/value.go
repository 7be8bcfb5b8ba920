package wire

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"time"
)

// Each function below reads a value into *p as encoding/json would. A null leaves a
// text, a number, a truth value and a time as they are.

// Text reads a string.
func Text[T ~string](r *Reader, p *T) {
	if !r.Null() {
		*p = T(r.text())
	}
}

// Texts reads a list of strings.
func Texts(r *Reader, p *[]string) {
	switch {
	case r.Null():
		*p = nil
	case *p != nil: // whose elements a null would leave as they are
		r.GiveUp()
	default:
		var few [8]string // most lists fit, so that one allocation is enough
		list := few[:0]
		for ok := r.List(); ok; ok = r.More() {
			var s string
			Text(r, &s)
			list = append(list, s)
		}
		*p = append(make([]string, 0, len(list)), list...)
	}
}

// Bool reads a truth value.
func Bool(r *Reader, p *bool) {
	switch r.peek() {
	case 't':
		*p = r.literal("true")
	case 'f':
		r.literal("false")
		*p = false
	default:
		if !r.Null() {
			r.GiveUp()
		}
	}
}

// Int reads an integer.
func Int(r *Reader, p *int64) {
	if r.Null() {
		return
	}
	start := r.pos
	r.number()
	digits, negative := bytes.CutPrefix(r.data[start:r.pos], []byte("-"))
	var n int64
	for _, c := range digits {
		if c -= '0'; c > 9 || len(digits) > 18 { // a fraction, or it might not fit
			r.GiveUp()
			return
		}
		n = n*10 + int64(c)
	}
	if negative {
		n = -n
	}
	*p = n
}

// Time reads a time.
func Time(r *Reader, p *time.Time) {
	if r.Null() {
		return
	}
	start := r.pos
	if _, plain := r.quoted(); !plain || p.UnmarshalJSON(r.data[start:r.pos]) != nil {
		r.GiveUp()
	}
}

// Raw reads any value as it is.
func Raw(r *Reader, p *json.RawMessage) {
	if raw := r.Skip(); !r.gaveUp {
		*p = slices.Clone(raw)
	}
}

// Any reads any value with encoding/json.
func Any(r *Reader, p any) {
	if raw := r.Skip(); !r.gaveUp && json.Unmarshal(raw, p) != nil {
		r.GiveUp()
	}
}

// Map reads an object of any values.
func Map(r *Reader, p *map[string]any) {
	if r.Null() {
		*p = nil
		return
	}
	object := r.object()
	if *p == nil {
		*p = object
		return
	}
	maps.Copy(*p, object)
}

func (r *Reader) object() map[string]any {
	m := make(map[string]any)
	for ok := r.start('{', '}'); ok; ok = r.more('}') {
		name := r.text()
		r.expect(':')
		m[name] = r.any()
	}
	return m
}

// any reads a value as encoding/json reads one into an interface.
func (r *Reader) any() any {
	switch r.peek() {
	case '"':
		return r.text()
	case '{':
		return r.object()
	case '[':
		list := []any{}
		for ok := r.List(); ok; ok = r.More() {
			list = append(list, r.any())
		}
		return list
	case 't':
		r.literal("true")
		return true
	case 'f':
		r.literal("false")
		return false
	case 'n':
		r.literal("null")
		return nil
	}
	start := r.pos
	r.number()
	n, err := strconv.ParseFloat(string(r.data[start:r.pos]), 64)
	if err != nil {
		r.GiveUp()
	}
	return n
}
