package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/hydra-sdk/hydra-admin-go/models"
)

// check refuses what must not be sent: Hydra would do something else than was
// asked, or nothing at all.
func (c *call) check() error {
	for _, p := range c.path {
		if reason := checkElement(p.value); reason != "" {
			return c.refuse(p.arg, reason)
		}
	}
	if err := c.checkTexts(); err != nil {
		return err
	}
	for _, params := range [][]param{c.query, c.form} {
		for _, p := range params {
			if p.required && p.value == "" {
				return c.refuse(p.arg, "is empty")
			}
		}
	}
	if refuse := rules[c.op].refuse; refuse != nil {
		if arg, reason := refuse(c); arg != "" {
			return c.refuse(arg, reason)
		}
	}
	return nil
}

// checkElement says why v cannot be used as an element of a path.
func checkElement(v string) string {
	if v == "" {
		return "is empty: the request would reach the whole collection"
	}
	if reason := misleads(v); reason != "" {
		return reason + ": the request would reach another resource"
	}
	return ""
}

// misleads says why a path with the element v leads to another resource. Hydra's router
// matches decoded paths and redirects unclean ones.
func misleads(v string) string {
	switch {
	case v == "." || v == "..":
		return "consists of one dot or two"
	case strings.Contains(v, "/"):
		return "contains a slash"
	}
	return ""
}

// checkName says why the name of what a call creates must not be v: no later call could
// read or delete it. Hydra makes a name in place of an empty one.
func checkName(v string) string {
	if reason := misleads(v); reason != "" {
		return reason + ": no other call could name what this one creates"
	}
	return ""
}

func refuseLogin(c *call) (arg, reason string) {
	if body, ok := c.body.(*models.AcceptLoginRequest); ok && body.Subject == "" {
		return "body.Subject", "is empty: it says who has logged in"
	}
	return "", ""
}

// completeRejection sets an empty Error of body. Hydra would tell the client "login request
// denied", which is no error code of OAuth 2.0.
func completeRejection(c *call) (arg, reason string) {
	if body, ok := c.body.(*models.RejectRequest); ok && body.Error == "" {
		body.Error = "access_denied"
	}
	return "", ""
}

func refuseGenerator(c *call) (arg, reason string) {
	body := c.body.(*models.JSONWebKeySetGeneratorRequest) //nolint:forcetypeassert // the template makes it one
	if body.Alg == "" {
		return "body.Alg", "is empty: it says what kind of key to generate"
	}
	if reason := checkName(body.Kid); reason != "" {
		return "body.Kid", reason
	}
	return "", ""
}

func refuseClient(c *call) (arg, reason string) {
	body := c.body.(*models.OAuth2Client) //nolint:forcetypeassert // the template makes it one
	if reason := checkName(body.ClientID); reason != "" {
		return "body.ClientID", reason
	}
	return "", ""
}

func refuseKeySet(c *call) (arg, reason string) {
	if body, ok := c.body.(*models.JSONWebKeySet); ok && body.Keys == nil {
		return "body.Keys", "is nil: Hydra would delete the whole set; an empty slice does that on purpose"
	}
	return "", ""
}

// refuseKey sets an empty Kid of body to that of the path. Hydra goes by the body: with
// another ID there it would replace another key, and without one store a key that only
// the set can reach.
func refuseKey(c *call) (arg, reason string) {
	key := c.body.(*models.JSONWebKey) //nolint:forcetypeassert // the template makes it one
	kid := c.pathValue("kid")
	switch key.Kid {
	case kid:
	case "":
		key.Kid = kid
	default:
		return "body.Kid", "differs from kid: Hydra would replace the key that body names"
	}
	if key.Kty == "" {
		return "body.Kty", "is empty: it says what kind of key this is"
	}
	return "", ""
}

func refuseTrust(c *call) (arg, reason string) {
	body := c.body.(*models.TrustJWTGrantIssuerBody) //nolint:forcetypeassert // the template makes it one
	switch {
	case body.Issuer == "":
		return "body.Issuer", "is empty: it says whose assertions to trust"
	case body.JWK.Kid == "":
		return "body.JWK.Kid", "is empty: assertions name their key by it"
	case body.ExpiresAt.IsZero():
		return "body.ExpiresAt", "is zero: it says when the trust ends"
	case body.Subject == "" && !body.AllowAnySubject:
		return "body.Subject", "is empty, and AllowAnySubject is not set"
	case body.Subject != "" && body.AllowAnySubject:
		return "body.Subject", "is set together with AllowAnySubject"
	}
	return "", ""
}

func refuseUserCode(c *call) (arg, reason string) {
	if body, ok := c.body.(*models.AcceptDeviceUserCodeRequest); ok && body.UserCode == "" {
		return "body.UserCode", "is empty: it says which device to connect"
	}
	return "", ""
}

// isSet reports whether an optional parameter of the query is set.
func (c *call) isSet(arg string) bool {
	return slices.ContainsFunc(c.query, func(p param) bool { return p.arg == arg && (p.value != "" || p.other == true) })
}

// refuseSelectors wants the parameters that say whose grants to revoke, and no others:
// versions of Hydra disagree about which of them counts.
func refuseSelectors(c *call) (arg, reason string) {
	subject, client, all, request := c.isSet("Subject"), c.isSet("Client"), c.isSet("All"), c.isSet("ConsentRequestID")
	switch {
	case request && (subject || client || all):
		return "params", "has ConsentRequestID and another field: it names one grant, and the others name more"
	case request:
	case !subject:
		return "params", "has neither Subject nor ConsentRequestID: one of them says whose grants to revoke"
	case !client && !all:
		return "params", "has neither Client nor All: one of them says which grants to revoke"
	case client && all:
		return "params", "has both Client and All: Hydra would revoke for Client alone and keep the rest"
	}
	return "", ""
}

// refuseSessions wants one of the parameters that say which login sessions to revoke.
func refuseSessions(c *call) (arg, reason string) {
	switch subject, session := c.isSet("Subject"), c.isSet("SessionID"); {
	case !subject && !session:
		return "params", "has neither Subject nor SessionID: one of them says which login sessions to revoke"
	case subject && session:
		return "params", "has both Subject and SessionID: Hydra v1 would revoke all sessions of Subject"
	}
	return "", ""
}

// ignoredSession recognises a list that was not filtered by LoginSessionID.
func ignoredSession(c *call, items any) (reason string) {
	sessions, _ := items.([]models.PreviousConsentSession)
	for _, p := range c.query {
		for _, s := range sessions {
			if p.arg == "LoginSessionID" && p.value != "" && p.value != s.ConsentRequest.LoginSessionID {
				return "Hydra has LoginSessionID since v2, and lists the sessions of all logins"
			}
		}
	}
	return ""
}

func refusePatch(c *call) (arg, reason string) {
	patch := c.body.(*[]models.PatchDocument) //nolint:forcetypeassert // the template makes it one
	for i, p := range *patch {
		if member, reason := checkPatch(p); reason != "" {
			return fmt.Sprintf("body[%d].%s", i, member), reason
		}
	}
	return "", ""
}

// checkPatch says what is wrong with one operation of a patch on a client: Hydra
// would send 200 and do nothing, or change another client.
func checkPatch(p models.PatchDocument) (member, reason string) {
	member, nested := topLevel(p.Path)
	from, fromNested := topLevel(p.From)
	writes := p.Op != models.PatchOpTest
	clears := (p.Op == models.PatchOpReplace || p.Op == models.PatchOpAdd) && !nested && isNull(p.Value)
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
		return "Path", "removes a whole member, which Hydra before v25.4 ignores: use models.PatchClear"
	case p.Op == models.PatchOpMove && !fromNested:
		return "From", "is a whole member, which Hydra copies but does not remove: copy it, and use models.PatchClear"
	case p.Op == models.PatchOpCopy && strings.EqualFold(from, "client_secret"):
		return "From", "is the client secret: Hydra would show its hash in another member"
	case clears && strings.HasSuffix(strings.ToLower(member), "_lifespan"):
		return "Value", "is null for a lifespan, which Hydra before v25.4 ignores: use UpdateOAuth2ClientLifespans"
	case clears && !isNull(models.PatchClear(p.Path).Value):
		return "Value", "is null, which Hydra before v25.4 ignores for this member: use models.PatchClear"
	}
	return "", ""
}

// isNull reports whether a value is sent as null.
func isNull(value any) bool {
	v := reflect.ValueOf(value)
	switch v.Kind() {
	case reflect.Invalid:
		return true
	case reflect.Pointer, reflect.Map, reflect.Interface:
		return v.IsNil()
	case reflect.Slice:
		raw, isRaw := value.(json.RawMessage)
		return v.IsNil() || isRaw && string(raw) == "null"
	default:
		return false
	}
}

// topLevel returns the member of the client that a JSON Pointer leads to or into.
func topLevel(pointer string) (member string, nested bool) {
	member, _, nested = strings.Cut(strings.TrimPrefix(pointer, "/"), "/")
	return strings.NewReplacer("~1", "/", "~0", "~").Replace(member), nested
}

func (c *call) refuse(arg, reason string) error {
	return &ArgumentError{Operation: c.op.Operation, Argument: arg, Reason: reason}
}

// named adds the operation to an error that was found before it was known.
func (c *call) named(err error) error {
	if ae := (*ArgumentError)(nil); errors.As(err, &ae) {
		named := *ae
		named.Operation = c.op.Operation
		return &named
	}
	return fmt.Errorf("hydra: %s: %w", c.op.ID, err)
}
