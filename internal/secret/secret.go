// Package secret knows which members and parameters of the admin API are secret. The
// list comes from openapi/admin.yaml.
package secret

import (
	"bytes"
	"encoding/json"
	"slices"
)

// Members returns the names of the members that hold secrets, each once.
func Members() []string { return unique(members) }

// Parameters returns the names of the query and form parameters that hold secrets, each
// once.
func Parameters() []string { return unique(parameters) }

func unique(names []string) []string {
	names = slices.Clone(names)
	slices.Sort(names)
	return slices.Compact(names)
}

// IsMember reports whether a member of this name is secret.
func IsMember(name string) bool { return slices.Contains(members, name) }

// Values returns the texts in a JSON document that belong to secret members, at any
// depth.
func Values(document []byte) []string {
	var v any
	d := json.NewDecoder(bytes.NewReader(document))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return nil
	}
	return collect(nil, v, false)
}

// collect appends the secret texts in v. Everything in a secret member is secret.
func collect(found []string, v any, isSecret bool) []string {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			found = collect(found, member, isSecret || IsMember(name))
		}
	case []any:
		for _, element := range v {
			found = collect(found, element, isSecret)
		}
	case string:
		if isSecret {
			found = append(found, v)
		}
	case json.Number:
		if isSecret {
			found = append(found, v.String())
		}
	}
	return found
}
