// Package decode reads the responses of Hydra in one pass and without reflection. It
// reads as encoding/json does, or leaves the document to encoding/json, so that it
// can be deleted: see openapi/README.md for when and how.
package decode

import (
	"bytes"
	"encoding/json"
	"iter"
)

// Unmarshal decodes data into v, a pointer to a zero value, as [json.Unmarshal] does:
// the same values and the same errors, in a fraction of the time if v points to a type
// of package models or a slice of one. After an error, v is undefined.
func Unmarshal(data []byte, v any) error {
	if read(data, v) {
		return nil
	}
	return json.Unmarshal(data, v)
}

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

// readValue reports whether it has read data into v; if not, v is as it was.
func readValue[T any](data []byte, v *T, read func(*reader, *T)) bool {
	if v == nil {
		return false
	}
	before := *v
	r := newReader(data)
	defer r.release()
	if read(r, v); r.done() {
		return true
	}
	*v = before
	return false
}

// readList is readValue for a list.
func readList[T any](data []byte, v *[]T, read func(*reader, *T)) bool {
	return readValue(data, v, func(r *reader, v *[]T) {
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
			list = append(make([]T, 0, r.estimate()), list...)
		}
		list = append(list, *new(T))
		read(r, &list[len(list)-1])
	}
	*v = list
}
