package client

import (
	"context"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

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

// An inquiry finds out about a server what a response alone does not show, by another
// request in the time that is left to the call.
type inquiry struct {
	ctx      context.Context //nolint:containedctx // that of the call, which it is a part of
	deadline time.Time
	api      *AdminAPI
	opts     []Option
}

// style returns how the server pages.
func (i inquiry) style() styleID {
	ctx, cancel := until(i.ctx, i.deadline)
	defer cancel()
	return i.api.learnStyle(ctx, i.opts)
}

// place returns where the base URL leads to.
func (i inquiry) place() (at place, reason string) {
	ctx, cancel := until(i.ctx, i.deadline)
	defer cancel()
	return i.api.place(ctx, i.opts)
}

// understand adds to an error what its response means in the light of the call: Hydra
// itself does not say that another version has what this one lacks.
func (c *call) understand(e *Error, ask inquiry) {
	if absent := c.op.absent(); e.spoke == router && absent != "" {
		c.unrouted(e, absent, ask)
		return
	}
	if reason := c.unsupported(e, ask); reason != "" {
		e.cause = &NotSupportedError{Operation: c.op.Operation, Reason: reason, cause: e.cause}
		return
	}
	if reason := c.misdirected(e); reason != "" {
		e.cause = &explained{ErrWrongBaseURL, reason, e.cause}
		return
	}
	if c.expired(e) {
		e.cause = &explained{ErrChallengeExpired, "", e.cause}
	}
}

// unrouted tells a Hydra without the operation from a wrong base URL. A router says the
// same of both.
func (c *call) unrouted(e *Error, absent string, ask inquiry) {
	missing := &NotSupportedError{Operation: c.op.Operation, Reason: absent, cause: e.cause}
	switch at, reason := ask.place(); at {
	case adminAPI:
		e.cause = missing
	case elsewhere:
		e.cause = &explained{ErrWrongBaseURL, reason, e.cause}
	default:
		missing.Reason = "the base URL may be wrong; if it is not, " + absent
		missing.cause = &explained{ErrWrongBaseURL, "", e.cause}
		e.cause = missing
	}
}

// unsupported says what the server does not have, if the response shows that.
func (c *call) unsupported(e *Error, ask inquiry) string {
	if lacks := rules[c.op].lacks; lacks != nil {
		return lacks(c, e, ask.style)
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
func lacksMembers(c *call, e *Error, _ func() styleID) string {
	description := e.reported().Description
	if e.StatusCode != http.StatusBadRequest || !strings.Contains(description, "json: unknown field") && description != unrecognizable {
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

// unrecognizable is how Hydra describes failures of its own.
const unrecognizable = "The error is unrecognizable"

// lacksParameters recognises how versions of Hydra that do not know a parameter ask for
// another one.
func lacksParameters(c *call, e *Error, _ func() styleID) string {
	if e.StatusCode != http.StatusBadRequest || !strings.Contains(e.reported().Description, "is not defined but should have been") {
		return ""
	}
	var reasons []string
	for _, p := range c.query {
		if p.since != "" && p.value != "" {
			reasons = append(reasons, "Hydra has "+p.arg+" since "+p.since)
		}
	}
	return strings.Join(reasons, ", ")
}

const (
	notByV1 = "Hydra v1 generates keys for RS256, ES256, ES512, EdDSA, HS256 and HS512 only"
	notByV2 = "Hydra generates symmetric keys up to v1.11"
)

// generatedElsewhere says which version does not generate keys for an algorithm,
// of those that only one of them does.
var generatedElsewhere = map[string]string{
	"HS256": notByV2, "HS512": notByV2,
	"RS384": notByV1, "RS512": notByV1, "PS256": notByV1, "PS384": notByV1, "PS512": notByV1, "ES384": notByV1,
}

func lacksAlgorithm(c *call, e *Error, _ func() styleID) string {
	if body, ok := c.body.(*models.JSONWebKeySetGeneratorRequest); ok && e.reported().Description == "Unsupported key algorithm" {
		return generatedElsewhere[body.Alg]
	}
	return ""
}

// lacksPatch tells how versions after v1 refuse an operation of a patch from how v1 says
// that one has failed. The responses are the same.
func lacksPatch(c *call, e *Error, style func() styleID) string {
	patch := c.body.(*[]models.PatchDocument) //nolint:forcetypeassert // the template makes it one
	if e.StatusCode != http.StatusInternalServerError || e.reported().Description != unrecognizable || !slices.ContainsFunc(*patch, onlyV1) {
		return ""
	}
	if s := style(); s == unknownStyle || s == limitOffset {
		return ""
	}
	return "Hydra takes test, copy and move in a patch up to v1.11"
}

func onlyV1(d models.PatchDocument) bool {
	return d.Op == models.PatchOpTest || d.Op == models.PatchOpMove || d.Op == models.PatchOpCopy
}

// expired recognises how Hydra responds to a challenge that is too old, since v2. A
// gateway may use the same name for a bad key.
func (c *call) expired(e *Error) bool {
	j := e.reported()
	return e.StatusCode == http.StatusUnauthorized && strings.HasPrefix(c.op.Path, "/oauth2/auth/requests/") &&
		j.Name == "request_unauthorized" && strings.Contains(j.Description, "request has expired")
}

// refusesToken recognises how Hydra responds to a page_token that it does not take any
// more.
func (e *Error) refusesToken() bool {
	j := e.reported()
	return e.StatusCode == http.StatusBadRequest &&
		(strings.Contains(j.Description, "Unable to parse pagination parameters") || j.Name == "invalid pagination token")
}
