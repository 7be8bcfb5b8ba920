package models

// IsZero reports whether the set has no keys. Hydra writes such a set into each
// client without keys, but refuses it in a client that has a JWKSURI: a client
// that was read could not be written back.
func (s JSONWebKeySet) IsZero() bool { return len(s.Keys) == 0 }
