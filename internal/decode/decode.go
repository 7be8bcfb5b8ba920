// Package decode reads the responses of Hydra in one pass and without reflection. It
// reads as encoding/json does, or leaves the document to encoding/json, so that it
// can be deleted: see openapi/README.md for when and how.
package decode

import (
	"bytes"
	"encoding/json"
	"iter"
	"reflect"
)

// Unmarshal decodes data into v, a pointer to a zero value, as [json.Unmarshal] does:
// the same values and the same errors. If v points to a type of package models or a slice
// of one, it takes a fraction of the time, and memory in proportion to the size of data:
// a document that needs more is [ErrTooLarge]. After an error, v is undefined.
func Unmarshal(data []byte, v any) error {
	return unmarshal(data, v, func(r *reader) outcome { return read(r, v) })
}

// unmarshal decodes data into v. A program that calls it with the function of one type does
// not link those of the others.
func unmarshal(data []byte, v any, read func(*reader) outcome) error {
	r := newReader(data)
	defer r.release()
	switch read(r) {
	case done:
		return nil
	case refused:
		return ErrTooLarge
	case gaveUp:
		if !r.fits(reflect.TypeOf(v).Elem()) {
			return ErrTooLarge
		}
	case otherType:
	}
	return json.Unmarshal(data, v)
}

// An outcome is how far a reader has come with a document.
type outcome int

const (
	done      outcome = iota
	gaveUp            // the document is for encoding/json
	refused           // it takes too much memory
	otherType         // the reader does not know the type of the value
)

// First returns the JSON value at the start of data, whatever follows it, or nil.
func First(data []byte) []byte {
	if v := first(data); v != nil {
		return v
	}
	var v json.RawMessage
	if json.NewDecoder(bytes.NewReader(data)).Decode(&v) != nil {
		return nil
	}
	return v
}

// Text returns the text of a JSON string.
func Text(data []byte) string {
	if last := len(data) - 1; last > 0 && data[0] == '"' && special(data, 1) == last && data[last] == '"' {
		return string(data[1:last])
	}
	r := newReader(data)
	defer r.release()
	if s := r.text(); r.done() {
		return s
	}
	var s string
	_ = json.Unmarshal(data, &s) // one that cannot be read is empty
	return s
}

// Members returns the members of the JSON object data in their order, or none if it is
// something else.
func Members(data []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(name, value []byte) bool) {
		r := newReader(data)
		defer r.release()
		if r.peek() != '{' {
			return
		}
		for ok := r.enter('{', '}'); ok; ok = r.another('}') {
			name, _ := r.quoted() // with escapes as they are
			r.expect(':')
			if value := r.skip(); r.gaveUp || !yield(name, value) {
				return
			}
		}
	}
}

// readValue reads the document into v. If it is not done, v is as it was.
func readValue[T any](r *reader, v *T, read func(*reader, *T)) outcome {
	if v == nil {
		return otherType
	}
	before := *v
	if read(r, v); r.done() {
		return done
	}
	*v = before
	if r.refused {
		return refused
	}
	return gaveUp
}

// readList is readValue for a list.
func readList[T any](r *reader, v *[]T, read func(*reader, *T)) outcome {
	return readValue(r, v, func(r *reader, v *[]T) {
		r.shareTexts()
		readSlice(r, v, read)
	})
}

// readSlice sizes the slice by the first element, to allocate once. A slice that is not
// empty is left to encoding/json, which reads into its elements.
func readSlice[T any](r *reader, v *[]T, read func(*reader, *T)) {
	if r.null() {
		*v = nil
		return
	}
	if *v != nil {
		r.giveUp()
		return
	}
	list := []T{}
	for ok := r.list(); ok; ok = r.more() {
		if len(list) == 1 {
			list = resized(r, list, r.estimate())
		}
		if list = grown(r, list); r.gaveUp {
			return
		}
		list = append(list, *new(T))
		read(r, &list[len(list)-1])
	}
	*v = list
}
