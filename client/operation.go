package client

import "net/http"

// An Operation is one operation of the admin API, as the OpenAPI document
// describes it.
type Operation struct {
	ID     string // the operationId, such as "getLoginRequest"
	Method string // the HTTP method
	Path   string // the path template, such as "/clients/{id}"
}

// operation is what the OpenAPI document says of an operation. The generated ones are
// the keys of rules.
type operation struct {
	Operation

	repeatable bool   // sending the request twice does what sending it once does
	whenLost   string // otherwise, what to do when the response is lost
	since      string // the first release of Hydra that has the operation
	until      string // the last one that has it
	own        bool   // it is one of Do
	root       bool   // its path is at the root of the admin port, not below /admin
	filled     bool   // the key set of its success has a key
}

// ownOperation describes an operation that has no method here: nothing is known of it
// but what the caller says.
func ownOperation(op Operation) *operation {
	return &operation{Operation: op, repeatable: op.Method == http.MethodGet, own: true}
}

// absent says why the router of a Hydra may not know the operation, or "" if all releases
// have it.
func (op *operation) absent() string {
	switch {
	case op.until != "":
		return "this Hydra is newer than the last release with the operation, " + op.until
	case op.since != "":
		return "this Hydra is older than the first release with the operation, " + op.since
	case op.own:
		return "this Hydra has no such operation, or its path is another one"
	}
	return ""
}
