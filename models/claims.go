package models

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// Claims are members of a token or of an introspection: any JSON values by name. Numbers
// are decoded into float64, as by [encoding/json], except for integers that a float64
// would round: they are decoded into [json.Number], with all their digits.
type Claims map[string]any

// UnmarshalJSON reads an object, or null.
func (c *Claims) UnmarshalJSON(data []byte) error {
	var claims map[string]any
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(&claims); err != nil {
		return err
	}
	for name, value := range claims {
		claims[name] = withNumbers(value)
	}
	*c = claims
	return nil
}

// withNumbers replaces each json.Number in v that a float64 can hold.
func withNumbers(v any) any {
	switch v := v.(type) {
	case json.Number:
		return number(v)
	case map[string]any:
		for name, member := range v {
			v[name] = withNumbers(member)
		}
	case []any:
		for i, element := range v {
			v[i] = withNumbers(element)
		}
	}
	return v
}

// number returns n as a float64, or unchanged if a float64 would round an integer.
func number(n json.Number) any {
	f, err := n.Float64()
	isInteger := !strings.ContainsAny(string(n), ".eE")
	if err != nil || isInteger && strconv.FormatFloat(f, 'f', -1, 64) != string(n) {
		return n
	}
	return f
}
