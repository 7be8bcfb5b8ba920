package client

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/hydra-sdk/hydra-admin-go/internal/decode"
)

// A Request is a call of an operation that [AdminAPI] has no method for.
type Request struct {
	// Operation says what to call: an ID of your own for errors and logs, the method,
	// and the path below the base URL, with a {name} for each of Path.
	Operation Operation
	// Path holds the values of the placeholders. They are escaped, and refused as those
	// of the methods are.
	Path map[string]string
	// Query is sent as it is, empty values too.
	Query url.Values
	// Body is sent as JSON, or not at all if it is nil.
	Body any
}

// Do makes a call of an operation that has no method of its own, with the options,
// bounds and errors of all others. The body of the response is decoded into result, a
// pointer as for [encoding/json.Unmarshal]. If result is nil, there may be no body, and the
// JSON that comes is ignored. Each status of 2xx is a success. What a type that is not of
// package models allocates for a response is not bounded.
//
// A request of method GET is retried as those of class A in section Retries of the package
// documentation, any other as those of class C. That holds whatever its ID is: the rules for
// the operations that have a method do not apply.
//
// Errors: [ErrInvalidArgument] if the operation has no ID, no method, or a path whose
// placeholders are not those of Path; those of every call; and any status of the server.
func (a *AdminAPI) Do(ctx context.Context, r Request, result any, opts ...Option) error {
	c := call{op: ownOperation(r.Operation), body: r.Body, decode: decode.Unmarshal}
	if field, reason := r.check(); field != "" {
		return c.refuse(field, reason)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Path)) {
		c.path = append(c.path, param{name: name, arg: fmt.Sprintf("r.Path[%q]", name), value: r.Path[name], required: true})
	}
	for _, name := range slices.Sorted(maps.Keys(r.Query)) {
		for _, value := range r.Query[name] {
			c.query = append(c.query, param{name: url.QueryEscape(name), arg: "r.Query", value: value})
		}
	}
	resp, err := a.send(ctx, &c, opts)
	if err != nil {
		return err
	}
	defer resp.release()
	if result != nil {
		return resp.decode(result)
	}
	if body := bytes.TrimSpace(resp.body.bytes); len(body) > 0 && !json.Valid(body) {
		return resp.invalid(cmp.Or(resp.page(), errors.New("its body is not JSON")))
	}
	return nil
}

// check says what is wrong with the description of an operation.
func (r *Request) check() (field, reason string) {
	switch {
	case r.Operation.ID == "":
		return "r.Operation.ID", "is empty: errors and logs name the operation by it"
	case r.Operation.Method == "":
		return "r.Operation.Method", "is empty"
	case !strings.HasPrefix(r.Operation.Path, "/"):
		return "r.Operation.Path", "does not start with a slash"
	case strings.ContainsAny(r.Operation.Path, "?#"):
		return "r.Operation.Path", "has a query or a fragment: the query has a field of its own"
	}
	placeholders := 0
	for rest := r.Operation.Path; ; placeholders++ {
		_, from, found := strings.Cut(rest, "{")
		if !found {
			break
		}
		var name string
		if name, rest, found = strings.Cut(from, "}"); !found {
			return "r.Operation.Path", "has a placeholder without an end"
		}
		if _, given := r.Path[name]; !given {
			return "r.Path", "has no value for a placeholder of the path"
		}
	}
	if placeholders != len(r.Path) {
		return "r.Path", "has a value without a placeholder in the path"
	}
	return "", ""
}
