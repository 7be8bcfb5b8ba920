// Package secret knows which members and parameters of the admin API are secret, finds
// their values in JSON, and removes them from texts. The names come from
// openapi/admin.yaml.
package secret

import (
	"slices"
	"strings"
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

// undocumented are names of secrets that the document does not have: Hydra passes such
// members on, as those of a key with more than two primes (RFC 7518, section 6.3.2.7).
var undocumented = []string{
	"oth", "access_token", "id_token", "refresh_token", "token", "device_code", "code_verifier", "password", "private_key",
}

// IsMember reports whether a member of this name is secret. Hydra does not regard case.
func IsMember(name string) bool {
	same := func(known string) bool { return strings.EqualFold(known, name) }
	return slices.ContainsFunc(members, same) || slices.ContainsFunc(undocumented, same)
}

// IsParameter reports whether a query or form parameter of this name is secret.
func IsParameter(name string) bool { return slices.Contains(parameters, name) || IsMember(name) }
