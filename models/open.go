package models

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// decodeOpen decodes an object into the struct that v points to, and returns the
// members that the struct has no field for.
func decodeOpen(data []byte, v any) (map[string]json.RawMessage, error) {
	if err := json.Unmarshal(data, v); err != nil {
		return nil, err
	}
	known := members(reflect.TypeOf(v).Elem())
	if !hasUnknown(data, known) {
		return nil, nil
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, err
	}
	maps.DeleteFunc(all, func(name string, _ json.RawMessage) bool { return known.has(name) })
	return all, nil
}

// encodeOpen encodes the struct v with extra members. One that v has a field for is
// left out, since the field says it.
func encodeOpen(v any, extra map[string]json.RawMessage) ([]byte, error) {
	data, err := json.Marshal(v)
	if err != nil || len(extra) == 0 {
		return data, err
	}
	known := members(reflect.TypeOf(v))
	buf := bytes.NewBuffer(bytes.TrimSuffix(data, []byte("}")))
	for _, name := range slices.Sorted(maps.Keys(extra)) {
		if known.has(name) {
			continue
		}
		key, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(extra[name])
		if err != nil {
			return nil, err
		}
		if buf.Len() > 1 {
			buf.WriteByte(',')
		}
		buf.Write(key)
		buf.WriteByte(':')
		buf.Write(value)
	}
	buf.WriteByte('}')
	return buf.Bytes(), nil
}

// names are the members that a struct has fields for.
type names map[string]bool

// has reports whether encoding/json would decode the member into a field: it looks
// for names without regard to case.
func (n names) has(name string) bool {
	if n[name] {
		return true
	}
	for known := range n {
		if strings.EqualFold(known, name) {
			return true
		}
	}
	return false
}

var membersOf sync.Map // of reflect.Type to names

func members(t reflect.Type) names {
	if n, ok := membersOf.Load(t); ok {
		return n.(names) //nolint:forcetypeassert // see the line below
	}
	n := make(names)
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if name != "-" {
			n[name] = true
		}
	}
	membersOf.Store(t, n)
	return n
}

// hasUnknown reports whether the JSON object data, which is known to be valid, may
// have a member that is not known. It saves decoding most objects twice.
func hasUnknown(data []byte, known names) bool {
	depth, key := 0, false // key: a string here is the name of a member
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '{', '[':
			depth++
			key = depth == 1
		case '}', ']':
			depth--
		case ',':
			key = depth == 1
		case '"':
			end := i + 1
			for ; data[end] != '"'; end++ {
				if data[end] == '\\' {
					end++
				}
			}
			if key && !known[string(data[i+1:end])] {
				return true
			}
			key, i = false, end
		}
	}
	return false
}
