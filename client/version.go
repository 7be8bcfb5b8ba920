package client

import (
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/hydra-sdk/hydra-admin-go/models"
)

// A NotSupportedError says that the version of Hydra at hand does not have what was
// asked for: an operation, or a value of one.
type NotSupportedError struct {
	Operation Operation
	Reason    string // which version does not have what

	cause error
}

// Error returns the reason and what Hydra said.
func (e *NotSupportedError) Error() string { return explain(e.Reason, e.cause) }

// Unwrap returns what Hydra said.
func (e *NotSupportedError) Unwrap() error { return e.cause }

// Is reports whether target is [ErrNotSupported].
func (e *NotSupportedError) Is(target error) bool { return target == ErrNotSupported }

// explained is an error of Hydra with what it means.
type explained struct {
	meaning error // to compare with
	reason  string
	cause   error
}

func (e *explained) Error() string        { return explain(e.reason, e.cause) }
func (e *explained) Unwrap() error        { return e.cause }
func (e *explained) Is(target error) bool { return target == e.meaning }

func explain(reason string, cause error) string {
	if cause == nil {
		return reason
	}
	return sentence(reason, cause.Error())
}

// understand adds to an error what its response means in the light of the call: Hydra
// itself does not say that another version has what this one lacks.
func (c *call) understand(e *Error) *Error {
	switch reason := c.unsupported(e); {
	case reason != "":
		e.cause = &NotSupportedError{Operation: c.op.Operation, Reason: reason, cause: e.cause}
	case c.missesPrefix(e):
		e.cause = &explained{ErrWrongBaseURL, "this is Hydra v2: its base URL ends in /admin", e.cause}
	case isRouter404(e):
		e.cause = &explained{ErrWrongBaseURL, "the base URL is not that of the admin API: for Hydra v1 it has no path, for Hydra v2 it ends in /admin", e.cause}
	case c.expired(e):
		e.cause = &explained{ErrChallengeExpired, "", e.cause}
	}
	return e
}

// unsupported says what the server does not have, if the response shows that.
func (c *call) unsupported(e *Error) string {
	if isRouter404(e) {
		return c.op.absent()
	}
	if lacks := rules[c.op].lacks; lacks != nil {
		return lacks(c, e)
	}
	return ""
}

// newerMember is a member that Hydra has since a version.
type newerMember struct {
	field, since string
	value        any
}

// lacksMembers recognises how Hydra v1 refuses a body with members that it does not
// know.
func lacksMembers(c *call, e *Error) string {
	if e.StatusCode != http.StatusBadRequest || fromV2(e) {
		return ""
	}
	var reasons []string
	for _, m := range newerMembers(c.body) {
		if !reflect.ValueOf(m.value).IsZero() {
			reasons = append(reasons, "Hydra has "+m.field+" since "+m.since)
		}
	}
	return strings.Join(reasons, ", ")
}

const (
	notByV1 = "Hydra v1 generates keys for RS256, ES256, ES512, EdDSA, HS256 and HS512 only"
	notByV2 = "Hydra v2 does not generate symmetric keys"
)

// generatedElsewhere says which version does not generate keys for an algorithm,
// of those that only one of them does.
var generatedElsewhere = map[string]string{
	"HS256": notByV2, "HS512": notByV2,
	"RS384": notByV1, "RS512": notByV1, "PS256": notByV1, "PS384": notByV1, "PS512": notByV1, "ES384": notByV1,
}

func lacksAlgorithm(c *call, e *Error) string {
	if body, ok := c.body.(models.JSONWebKeySetGeneratorRequest); ok && e.StatusCode == http.StatusBadRequest {
		return generatedElsewhere[body.Alg]
	}
	return ""
}

func lacksPatch(c *call, e *Error) string {
	patch, _ := c.body.([]models.PatchDocument)
	if e.StatusCode == http.StatusInternalServerError && fromV2(e) && slices.ContainsFunc(patch, onlyV1) {
		return "Hydra v2 takes only add, replace and remove in a patch"
	}
	return ""
}

func onlyV1(d models.PatchDocument) bool {
	return d.Op == models.PatchOpTest || d.Op == models.PatchOpMove || d.Op == models.PatchOpCopy
}

// fromV2 recognises the responses of Hydra v2 by a header that v1 does not send.
func fromV2(e *Error) bool {
	return e.Header.Get("Cache-Control") == "private, no-cache, no-store, must-revalidate"
}

// isRouter404 reports whether the response is that of Hydra's router for a path that
// it does not know. Path arguments are checked before, so the operation is missing and
// not what the call names.
func isRouter404(e *Error) bool {
	generic, ok := e.cause.(*GenericError) //nolint:errorlint // readErrorBody returns it as it is
	return ok && e.StatusCode == http.StatusNotFound && strings.HasPrefix(generic.Reason, "The requested route does not exist")
}

// missesPrefix recognises how the admin port of Hydra v2 responds without /admin: with
// a redirect to the same path below it, without a host.
func (c *call) missesPrefix(e *Error) bool {
	if e.StatusCode/100 != 3 {
		return false
	}
	to, err := url.Parse(e.Header.Get("Location"))
	fixed, _, _ := strings.Cut(c.op.Path, "{")
	return err == nil && strings.HasPrefix(to.Path, "/admin"+fixed)
}

// expired recognises how Hydra v2 responds to a challenge that is too old.
func (c *call) expired(e *Error) bool {
	json, ok := e.cause.(*JSONError) //nolint:errorlint // readErrorBody returns it as it is
	return ok && e.StatusCode == http.StatusUnauthorized && strings.HasPrefix(c.op.Path, "/oauth2/auth/requests/") &&
		json.Name == "request_unauthorized"
}
