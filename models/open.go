package models

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// decodeOpen decodes an object into the struct that v points to, and returns the
// members that are not known.
func decodeOpen(data []byte, v any, known []string) (map[string]json.RawMessage, error) {
	if err := json.Unmarshal(data, v); err != nil {
		return nil, err
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, err
	}
	maps.DeleteFunc(all, func(name string, _ json.RawMessage) bool { return has(known, name) })
	if len(all) == 0 {
		return nil, nil
	}
	return all, nil
}

// encodeOpen encodes the struct v with extra members. Extra members with a known name are
// left out: the field wins.
func encodeOpen(v any, extra map[string]json.RawMessage, known []string) ([]byte, error) {
	data, err := json.Marshal(v)
	if err != nil || len(extra) == 0 {
		return data, err
	}
	buf := bytes.NewBuffer(bytes.TrimSuffix(data, []byte("}")))
	for _, name := range slices.Sorted(maps.Keys(extra)) {
		if has(known, name) {
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

// has reports whether a name is known. It ignores case, as encoding/json does.
func has(known []string, name string) bool {
	return slices.ContainsFunc(known, func(k string) bool { return strings.EqualFold(k, name) })
}
