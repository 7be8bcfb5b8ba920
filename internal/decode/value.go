package decode

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/models"
)

// Each function below reads a value into *p as encoding/json does. A null leaves a
// string, a number, a bool and a time as they are.

// readText reads a string.
func readText[T ~string](r *reader, p *T) {
	if !r.null() {
		*p = T(r.text())
	}
}

// readTexts reads a list of strings.
func readTexts(r *reader, p *[]string) {
	switch {
	case r.null():
		*p = nil
	case *p != nil: // encoding/json reads into its elements
		r.giveUp()
	default:
		var few [8]string // most lists fit, so that one allocation is enough
		list := few[:0]
		for ok := r.list(); ok; ok = r.more() {
			var s string
			readText(r, &s)
			if list = grown(r, list); r.gaveUp {
				return
			}
			list = append(list, s)
		}
		if r.take(len(list) * ofHeader) {
			*p = append(make([]string, 0, len(list)), list...) // a copy, so that few stays on the stack
		}
	}
}

// readBool reads a bool.
func readBool(r *reader, p *bool) {
	switch r.peek() {
	case 't':
		*p = r.literal("true")
	case 'f':
		r.literal("false")
		*p = false
	default:
		if !r.null() {
			r.giveUp()
		}
	}
}

// readInt reads an integer.
func readInt(r *reader, p *int64) {
	if r.null() {
		return
	}
	start := r.pos
	r.number()
	digits, negative := bytes.CutPrefix(r.data[start:r.pos], []byte("-"))
	var n int64
	for _, c := range digits {
		if c -= '0'; c > 9 || len(digits) > 18 { // a fraction, or too large to be sure that it fits
			r.giveUp()
			return
		}
		n = n*10 + int64(c)
	}
	if negative {
		n = -n
	}
	*p = n
}

// readTime reads a time.
func readTime(r *reader, p *time.Time) {
	if r.null() {
		return
	}
	start := r.pos
	if _, plain := r.quoted(); !plain || p.UnmarshalJSON(r.data[start:r.pos]) != nil {
		r.giveUp()
	}
}

// readRaw reads any value as it is.
func readRaw(r *reader, p *json.RawMessage) {
	if raw := r.skip(); !r.gaveUp {
		*p = slices.Clone(raw)
	}
}

// readAny reads any value with encoding/json.
func readAny(r *reader, p any) {
	r.peek()
	start := r.pos
	r.weigh(reflect.TypeOf(p).Elem())
	if !r.gaveUp && json.Unmarshal(r.data[start:r.pos], p) != nil {
		r.giveUp()
	}
}

// readClaims reads an object of any values. It leaves numbers to the models that a
// float64 may round.
func readClaims(r *reader, p *models.Claims) {
	if r.null() {
		*p = nil
		return
	}
	*p = r.anyObject()
}

func (r *reader) anyObject() map[string]any {
	m := make(map[string]any)
	r.take(ofMap)
	for ok := r.enter('{', '}'); ok && r.takeMember(len(m)); ok = r.another('}') {
		name := r.text()
		r.expect(':')
		m[name] = r.any()
	}
	return m
}

// any reads a value as encoding/json reads one into an interface.
func (r *reader) any() any {
	switch r.peek() {
	case '"':
		return r.text()
	case '{':
		return r.anyObject()
	case '[':
		list := []any{}
		for ok := r.list(); ok; ok = r.more() {
			if list = grown(r, list); r.gaveUp {
				break
			}
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
	const exact = 15 // digits of an integer that a float64 surely holds
	n, err := strconv.ParseFloat(string(r.data[start:r.pos]), 64)
	if err != nil || r.pos-start > exact {
		r.giveUp()
	}
	return n
}
