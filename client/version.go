package client

import (
	"net/http"
	"net/url"
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

// understand adds to an error what its answer means in the light of the call: Hydra
// itself does not say that another version would know better.
func (c *call) understand(e *Error) *Error {
	switch reason := c.unsupported(e); {
	case reason != "":
		e.cause = &NotSupportedError{Operation: *c.op, Reason: reason, cause: e.cause}
	case c.missesPrefix(e):
		e.cause = &explained{ErrWrongBaseURL, "this is Hydra v2: its base URL ends in /admin", e.cause}
	case routed(e):
		e.cause = &explained{ErrWrongBaseURL, "the base URL is not that of the admin API: for Hydra v1 it has no path, for Hydra v2 it ends in /admin", e.cause}
	case c.expired(e):
		e.cause = &explained{ErrChallengeExpired, "", e.cause}
	}
	return e
}

// unsupported says what the server does not have, if the answer shows that.
func (c *call) unsupported(e *Error) string {
	switch body := c.body.(type) {
	case models.FlushInactiveOAuth2TokensRequest:
		if routed(e) {
			return "Hydra v2 has no such operation, and v1 has it where the base URL is right"
		}
	case models.UpdateOAuth2ClientLifespans:
		if routed(e) {
			return "Hydra has this operation since v1.11.10"
		}
	case models.JSONWebKeySetGeneratorRequest:
		if e.StatusCode == http.StatusBadRequest {
			return generatedElsewhere[body.Alg]
		}
	case []models.PatchDocument:
		if e.StatusCode == http.StatusInternalServerError && fromV2(e) && slices.ContainsFunc(body, onlyV1) {
			return "Hydra v2 takes only add, replace and remove in a patch"
		}
	case models.AcceptLoginRequest:
		if e.StatusCode == http.StatusBadRequest && !fromV2(e) && (body.ExtendSessionLifespan || body.IdentityProviderSessionID != "") {
			return "Hydra v1 knows neither ExtendSessionLifespan nor IdentityProviderSessionID"
		}
	case models.AcceptConsentRequest:
		if e.StatusCode == http.StatusBadRequest && !fromV2(e) && body.Context != nil {
			return "Hydra v1 does not know Context"
		}
	}
	return ""
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

func onlyV1(d models.PatchDocument) bool {
	return d.Op == models.PatchOpTest || d.Op == models.PatchOpMove || d.Op == models.PatchOpCopy
}

// fromV2 recognises the answers of Hydra v2 by a header that v1 does not send.
func fromV2(e *Error) bool {
	return e.Header.Get("Cache-Control") == "private, no-cache, no-store, must-revalidate"
}

// routed reports whether the answer is that of Hydra's router for a path that it
// does not know. What is in a path is checked before, so it is the operation that
// is not there, and nothing that the call names.
func routed(e *Error) bool {
	said, ok := e.cause.(*GenericError) //nolint:errorlint // readCause returns it as it is
	return ok && e.StatusCode == http.StatusNotFound && strings.HasPrefix(said.Reason, "The requested route does not exist")
}

// missesPrefix recognises how the admin port of Hydra v2 answers without /admin: by
// a redirect to the same path below it, at no host.
func (c *call) missesPrefix(e *Error) bool {
	if e.StatusCode/100 != 3 {
		return false
	}
	to, err := url.Parse(e.Header.Get("Location"))
	fixed, _, _ := strings.Cut(c.op.Path, "{")
	return err == nil && strings.HasPrefix(to.Path, "/admin"+fixed)
}

// expired recognises how Hydra v2 answers for a challenge that is too old.
func (c *call) expired(e *Error) bool {
	said, ok := e.cause.(*JSONError) //nolint:errorlint // readCause returns it as it is
	return ok && e.StatusCode == http.StatusUnauthorized && strings.HasPrefix(c.op.Path, "/oauth2/auth/requests/") &&
		said.Name == "request_unauthorized"
}
