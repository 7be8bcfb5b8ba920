package models

import (
	"encoding/json"
	"reflect"
	"strings"
)

// PatchAdd adds a value: it sets a member, or inserts into an array, where "-" is
// its end.
func PatchAdd(path string, value any) PatchDocument {
	return PatchDocument{Op: PatchOpAdd, Path: path, Value: value}
}

// PatchReplace replaces a value. Nil is sent as null; use [PatchClear] to clear a member
// of a client.
func PatchReplace(path string, value any) PatchDocument {
	return PatchDocument{Op: PatchOpReplace, Path: path, Value: value}
}

// PatchClear clears a member of a client such as "/owner" in the way that works on all
// versions of Hydra: a text becomes "", a list [], a bool false, JWKS and Metadata null. As in
// Hydra, the name is read without regard to case.
// Hydra does not clear RedirectURIs, and replaces an empty Scope by its default. The
// lifespans are cleared with UpdateOAuth2ClientLifespans.
func PatchClear(path string) PatchDocument {
	client := reflect.TypeFor[OAuth2Client]()
	for field := range client.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if !strings.EqualFold(path, "/"+name) || strings.HasSuffix(name, "_lifespan") {
			continue
		}
		switch field.Type {
		case reflect.TypeFor[string]():
			return PatchReplace(path, "")
		case reflect.TypeFor[bool]():
			return PatchReplace(path, false)
		case reflect.TypeFor[[]string]():
			return PatchReplace(path, []string{})
		}
	}
	return PatchReplace(path, nil)
}

// PatchRemove removes an element of a list or a member of Metadata. Hydra before v25.4
// ignores it for a whole member of a client: use [PatchClear] there.
func PatchRemove(path string) PatchDocument {
	return PatchDocument{Op: PatchOpRemove, Path: path}
}

// PatchTest makes the whole patch fail, with status 500, unless path has the value. Only
// Hydra v1 supports it.
func PatchTest(path string, value any) PatchDocument {
	return PatchDocument{Op: PatchOpTest, Path: path, Value: value}
}

// PatchCopy copies the value at from to path. Only Hydra v1 supports it.
func PatchCopy(from, path string) PatchDocument {
	return PatchDocument{Op: PatchOpCopy, From: from, Path: path}
}

// PatchMove moves the value at from to path: an element of a list or a member of
// Metadata. Only Hydra v1 supports it.
func PatchMove(from, path string) PatchDocument {
	return PatchDocument{Op: PatchOpMove, From: from, Path: path}
}

// MarshalJSON writes the value, even if it is null, for the operations that have one
// (RFC 6902, section 4).
func (d PatchDocument) MarshalJSON() ([]byte, error) {
	type plain PatchDocument
	if d.Op != PatchOpRemove && d.Op != PatchOpMove && d.Op != PatchOpCopy {
		return json.Marshal(plain(d))
	}
	return json.Marshal(struct {
		plain
		Value any `json:"value,omitempty"`
	}{plain: plain(d)})
}
