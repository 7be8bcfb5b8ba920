package client

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hydra-sdk/hydra-admin-go/models"
)

// check refuses what must not be sent: Hydra would do something else than was
// asked, or nothing at all. It completes what can be completed.
func (c *call) check() error {
	for _, p := range c.path {
		if reason := checkElement(p.value.(string)); reason != "" { //nolint:forcetypeassert // the template makes it one
			return c.refuse(p.arg, reason)
		}
	}
	for _, p := range append(c.query, c.form...) {
		if p.required && p.value == "" {
			return c.refuse(p.arg, "is empty")
		}
	}
	if arg, reason := c.checkSelectors(); arg != "" {
		return c.refuse(arg, reason)
	}
	if field, reason := c.checkKey(); field != "" {
		return c.refuse("body"+field, reason)
	}
	if field, reason := checkBody(c.body); field != "" {
		return c.refuse("body"+field, reason)
	}
	return nil
}

// checkSelectors says which of two parameters is missing or one too many, where
// Hydra wants one of them.
func (c *call) checkSelectors() (arg, reason string) {
	if c.op.ID != "revokeConsentSessions" {
		return "", ""
	}
	set := 0
	for _, p := range c.query {
		if !p.required && p.value != "" && p.value != false {
			set++
		}
	}
	switch set {
	case 0:
		return "params", "has neither Client nor All: one of them says whose grants to revoke"
	case 2:
		return "params", "has both Client and All: Hydra would revoke for Client alone and keep the rest"
	}
	return "", ""
}

// checkKey makes the key ID in the body that of the path. Hydra goes by the body:
// with another ID there it would replace another key, and without one store a key
// that only the set can reach.
func (c *call) checkKey() (field, reason string) {
	key, ok := c.body.(models.JSONWebKey)
	if !ok {
		return "", ""
	}
	for _, p := range c.path {
		switch {
		case p.name != "kid" || p.value == key.Kid:
		case key.Kid == "":
			key.Kid = fmt.Sprint(p.value)
			c.body = key
		default:
			return ".Kid", "differs from kid: Hydra would replace the key that body names"
		}
	}
	return "", ""
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
			if member, reason := checkPatch(p); reason != "" {
				return fmt.Sprintf("[%d].%s", i, member), reason
			}
		}
	}
	return "", ""
}

// checkPatch says what is wrong with one operation of a patch on a client: Hydra
// would answer 200 and do nothing, or change another client.
func checkPatch(p models.PatchDocument) (member, reason string) {
	member, nested := topLevel(p.Path)
	from, fromNested := topLevel(p.From)
	writes := p.Op != models.PatchOpTest
	switch {
	case p.Op == "":
		return "Op", "is empty: it says what to do"
	case !strings.HasPrefix(p.Path, "/"):
		return "Path", "does not start with a slash, as a JSON Pointer must"
	case (p.Op == models.PatchOpMove || p.Op == models.PatchOpCopy) && !strings.HasPrefix(p.From, "/"):
		return "From", "does not start with a slash, as a JSON Pointer must"
	// Hydra decodes names without regard to case: which of two wins is luck.
	case writes && strings.EqualFold(member, "client_id"):
		return "Path", "is the client ID: Hydra would overwrite the client of that ID with this one"
	case p.Op == models.PatchOpRemove && !nested:
		return "Path", "removes a whole member, which Hydra ignores: replace it by null"
	case p.Op == models.PatchOpMove && !fromNested:
		return "From", "is a whole member, which Hydra copies but does not remove: copy it, and replace it by null"
	case p.Op == models.PatchOpCopy && strings.EqualFold(from, "client_secret"):
		return "From", "is the client secret: Hydra would show its hash in another member"
	case p.Op == models.PatchOpReplace && p.Value == nil && strings.HasSuffix(member, "_lifespan"):
		return "Value", "is null for a lifespan, which Hydra ignores: use UpdateOAuth2ClientLifespans"
	}
	return "", ""
}

// topLevel returns the member of the client that a JSON Pointer leads to or into.
func topLevel(pointer string) (member string, nested bool) {
	member, _, nested = strings.Cut(strings.TrimPrefix(pointer, "/"), "/")
	return strings.NewReplacer("~1", "/", "~0", "~").Replace(member), nested
}

func (c *call) refuse(arg, reason string) error {
	return &ArgumentError{Operation: *c.op, Argument: arg, Reason: reason}
}

// named adds the operation to an error that was found before it was known.
func (c *call) named(err error) error {
	if ae := (*ArgumentError)(nil); errors.As(err, &ae) {
		named := *ae
		named.Operation = *c.op
		return &named
	}
	return fmt.Errorf("hydra: %s: %w", c.op.ID, err)
}
