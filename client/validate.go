package client

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hydra-sdk/hydra-admin-go/models"
)

// check refuses what must not be sent: Hydra would do something else than was
// asked, or nothing at all.
func (c call) check() error {
	for _, p := range c.path {
		if reason := checkElement(p.value.(string)); reason != "" { //nolint:forcetypeassert // the template makes it one
			return c.refuse(p.arg, reason)
		}
	}
	for _, p := range append(c.query, c.form...) {
		if n, ok := p.value.(int); ok && n < 0 {
			return c.refuse(p.arg, "is negative: Hydra drops the connection on a limit that is not positive")
		}
		if p.required && p.value == "" {
			return c.refuse(p.arg, "is empty")
		}
	}
	if field, reason := checkBody(c.body); field != "" {
		return c.refuse("body"+field, reason)
	}
	return nil
}

// checkElement says why v is no usable element of a path. Hydra's router matches
// decoded paths and redirects unclean ones.
func checkElement(v string) string {
	switch {
	case v == "":
		return "is empty: the request would reach the whole collection"
	case v == "." || v == "..":
		return fmt.Sprintf("is %q: the request would reach another resource", v)
	case strings.Contains(v, "/"):
		return "contains a slash: the request would reach another resource"
	}
	return ""
}

// checkBody says which member of a body is missing that Hydra requires, and why
// it is needed. A missing member costs a round trip or, in a key set, all keys.
func checkBody(body any) (field, reason string) {
	switch b := body.(type) {
	case models.AcceptLoginRequest:
		if b.Subject == "" {
			return ".Subject", "is empty: it says who has logged in"
		}
	case models.JSONWebKeySetGeneratorRequest:
		if b.Alg == "" {
			return ".Alg", "is empty: it says what kind of key to generate"
		}
	case models.JSONWebKeySet:
		if b.Keys == nil {
			return ".Keys", "is nil: Hydra would delete the whole set; an empty slice does that on purpose"
		}
	case models.JSONWebKey:
		if b.Kty == "" {
			return ".Kty", "is empty: it says what kind of key this is"
		}
	case models.TrustJWTGrantIssuerBody:
		switch {
		case b.Issuer == "":
			return ".Issuer", "is empty: it says whose assertions to trust"
		case b.JWK.Kid == "":
			return ".JWK.Kid", "is empty: assertions name their key by it"
		case b.ExpiresAt.IsZero():
			return ".ExpiresAt", "is zero: it says when the trust ends"
		case b.Subject == "" && !b.AllowAnySubject:
			return ".Subject", "is empty, and AllowAnySubject is not set"
		case b.Subject != "" && b.AllowAnySubject:
			return ".Subject", "is set together with AllowAnySubject"
		}
	case []models.PatchDocument:
		for i, p := range b {
			switch {
			case p.Op == "":
				return fmt.Sprintf("[%d].Op", i), "is empty: it says what to do"
			case !strings.HasPrefix(p.Path, "/"):
				return fmt.Sprintf("[%d].Path", i), "does not start with a slash, as a JSON Pointer must"
			}
		}
	}
	return "", ""
}

func (c call) refuse(arg, reason string) error {
	return &ArgumentError{Operation: c.op, Argument: arg, Reason: reason}
}

// named adds the operation to an error that was found before it was known.
func (c call) named(err error) error {
	if ae := (*ArgumentError)(nil); errors.As(err, &ae) {
		named := *ae
		named.Operation = c.op
		return &named
	}
	return fmt.Errorf("hydra: %s: %w", c.op.ID, err)
}
