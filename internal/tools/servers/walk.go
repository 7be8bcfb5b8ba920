package main

import (
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// public are the operations that are not of the admin API. A path that ends with a
// slash stands for all below it.
var public = []string{
	"/.well-known/", "/credentials", "/oauth2/auth", "/oauth2/device/", "/oauth2/register", "/oauth2/register/",
	"/oauth2/revoke", "/oauth2/sessions/logout", "/oauth2/token", "/userinfo",
}

// A walk collects the names of a document. Schemas have other names in each version,
// so a member is named by its operation and its place in there, such as
//
//	GET /oauth2/auth/requests/login response client.jwks.keys[].kid
type walk struct {
	names map[string]versionSet
	// narrow returns the versions of set that have a thing with these extensions; nil
	// if the document does not say.
	narrow func(extensions map[string]any, set versionSet) versionSet
}

// document collects the operations of the admin API, of the health and of the version.
func (w *walk) document(doc *openapi3.T, set versionSet) {
	for path, item := range doc.Paths.Map() {
		admin, isAdmin := strings.CutPrefix(path, "/admin")
		if !isAdmin && isPublic(path) {
			continue
		}
		for method, op := range item.Operations() {
			w.operation(method+" "+admin, item, op, w.only(op.Extensions, set))
		}
	}
}

func isPublic(path string) bool {
	return slices.ContainsFunc(public, func(p string) bool {
		return path == p || strings.HasSuffix(p, "/") && strings.HasPrefix(path, p)
	})
}

func (w *walk) only(extensions map[string]any, set versionSet) versionSet {
	if w.narrow == nil {
		return set
	}
	return w.narrow(extensions, set)
}

func (w *walk) operation(name string, item *openapi3.PathItem, op *openapi3.Operation, set versionSet) {
	w.names[name] |= set
	for _, ref := range slices.Concat(item.Parameters, op.Parameters) {
		p := ref.Value
		w.names[name+" "+p.In+" "+p.Name] |= w.only(p.Extensions, set)
	}
	if op.RequestBody != nil {
		content := op.RequestBody.Value.Content
		for media, body := range content {
			switch {
			case media == "application/json":
				w.schema(name+" request ", body.Schema, set, nil)
			case content["application/json"] == nil: // a form next to a JSON body is left out
				w.schema(name+" form ", body.Schema, set, nil)
			}
		}
	}
	for status, response := range op.Responses.Map() {
		prefix := name + " response "
		if !strings.HasPrefix(status, "2") {
			prefix = "error " // the client reads the errors of all operations in one way
		}
		for _, body := range response.Value.Content {
			w.schema(prefix, body.Schema, set, nil)
		}
	}
}

// schema collects the members of a schema. Those in above are being collected.
func (w *walk) schema(prefix string, ref *openapi3.SchemaRef, set versionSet, above []*openapi3.Schema) {
	if ref == nil || slices.Contains(above, ref.Value) {
		return
	}
	s := ref.Value
	above = append(slices.Clip(above), s)
	for member, of := range s.Properties {
		within := w.only(of.Extensions, w.only(of.Value.Extensions, set))
		name := prefix + member
		if !strings.HasSuffix(prefix, " ") {
			name = prefix + "." + member
		}
		w.names[name] |= within
		w.schema(name, of, within, above)
	}
	w.schema(prefix+"[]", s.Items, set, above)
	w.schema(prefix+"{}", s.AdditionalProperties.Schema, set, above)
	for _, part := range slices.Concat(s.AllOf, s.AnyOf, s.OneOf) {
		w.schema(prefix, part, set, above)
	}
}
