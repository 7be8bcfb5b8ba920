package client_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// request holds the parts of a recorded request that are arguments of a method.
type request struct {
	t     *testing.T
	raw   bool // was not sent by the client
	api   *client.AdminAPI
	ctx   context.Context
	path  map[string]string
	query url.Values
	form  url.Values
	json  []byte            // nil if the client refuses it
	args  map[string]string // override path, query and form, even if empty
}

// operations has a function for each operation that calls its method. If the method has no
// result, the function returns nil.
var operations = map[string]func(*request) (any, error){
	"acceptConsentRequest": func(r *request) (any, error) {
		return r.api.AcceptConsentRequest(r.ctx, r.arg("consent_challenge"), body[models.AcceptConsentRequest](r))
	},
	"acceptLoginRequest": func(r *request) (any, error) {
		return r.api.AcceptLoginRequest(r.ctx, r.arg("login_challenge"), body[models.AcceptLoginRequest](r))
	},
	"acceptLogoutRequest": func(r *request) (any, error) { return r.api.AcceptLogoutRequest(r.ctx, r.arg("logout_challenge")) },
	"acceptUserCodeRequest": func(r *request) (any, error) {
		return r.api.AcceptUserCodeRequest(r.ctx, r.arg("device_challenge"), body[models.AcceptDeviceUserCodeRequest](r))
	},
	"createJsonWebKeySet": func(r *request) (any, error) {
		return r.api.CreateJSONWebKeySet(r.ctx, r.arg("set"), body[models.JSONWebKeySetGeneratorRequest](r))
	},
	"createOAuth2Client":               func(r *request) (any, error) { return r.api.CreateOAuth2Client(r.ctx, body[models.OAuth2Client](r)) },
	"deleteJsonWebKey":                 func(r *request) (any, error) { return nil, r.api.DeleteJSONWebKey(r.ctx, r.arg("set"), r.arg("kid")) },
	"deleteJsonWebKeySet":              func(r *request) (any, error) { return nil, r.api.DeleteJSONWebKeySet(r.ctx, r.arg("set")) },
	"deleteOAuth2Client":               func(r *request) (any, error) { return nil, r.api.DeleteOAuth2Client(r.ctx, r.arg("id")) },
	"deleteOAuth2Token":                func(r *request) (any, error) { return nil, r.api.DeleteOAuth2Token(r.ctx, r.arg("client_id")) },
	"deleteRotatedOAuth2ClientSecrets": func(r *request) (any, error) { return r.api.DeleteRotatedOAuth2ClientSecrets(r.ctx, r.arg("id")) },
	"deleteTrustedJwtGrantIssuer":      func(r *request) (any, error) { return nil, r.api.DeleteTrustedJWTGrantIssuer(r.ctx, r.arg("id")) },
	"flushInactiveOAuth2Tokens": func(r *request) (any, error) {
		return nil, r.api.FlushInactiveOAuth2Tokens(r.ctx, body[models.FlushInactiveOAuth2TokensRequest](r))
	},
	"getConsentRequest":        func(r *request) (any, error) { return r.api.GetConsentRequest(r.ctx, r.arg("consent_challenge")) },
	"getJsonWebKey":            func(r *request) (any, error) { return r.api.GetJSONWebKey(r.ctx, r.arg("set"), r.arg("kid")) },
	"getJsonWebKeySet":         func(r *request) (any, error) { return r.api.GetJSONWebKeySet(r.ctx, r.arg("set")) },
	"getLoginRequest":          func(r *request) (any, error) { return r.api.GetLoginRequest(r.ctx, r.arg("login_challenge")) },
	"getLogoutRequest":         func(r *request) (any, error) { return r.api.GetLogoutRequest(r.ctx, r.arg("logout_challenge")) },
	"getOAuth2Client":          func(r *request) (any, error) { return r.api.GetOAuth2Client(r.ctx, r.arg("id")) },
	"getTrustedJwtGrantIssuer": func(r *request) (any, error) { return r.api.GetTrustedJWTGrantIssuer(r.ctx, r.arg("id")) },
	"getVersion":               func(r *request) (any, error) { return r.api.GetVersion(r.ctx) },
	"isAlive":                  func(r *request) (any, error) { return r.api.IsAlive(r.ctx) },
	"isReady":                  func(r *request) (any, error) { return r.api.IsReady(r.ctx) },
	"introspectOAuth2Token": func(r *request) (any, error) {
		return r.api.IntrospectOAuth2Token(r.ctx, r.arg("token"), client.IntrospectOAuth2TokenParams{Scope: r.form.Get("scope")})
	},
	"listOAuth2Clients": func(r *request) (any, error) {
		limit, offset, cursor := r.page("listOAuth2Clients")
		return items(r.api.ListOAuth2Clients(r.ctx, client.ListOAuth2ClientsParams{
			Limit: limit, Offset: offset, Cursor: cursor, ClientName: r.query.Get("client_name"), Owner: r.query.Get("owner"),
		}))
	},
	"listSubjectConsentSessions": func(r *request) (any, error) {
		limit, offset, cursor := r.page("listSubjectConsentSessions")
		return items(r.api.ListSubjectConsentSessions(r.ctx, r.arg("subject"), client.ListSubjectConsentSessionsParams{
			Limit: limit, Offset: offset, Cursor: cursor, LoginSessionID: r.query.Get("login_session_id"),
		}))
	},
	"listTrustedJwtGrantIssuers": func(r *request) (any, error) {
		limit, offset, cursor := r.page("listTrustedJwtGrantIssuers")
		return items(r.api.ListTrustedJWTGrantIssuers(r.ctx, client.ListTrustedJWTGrantIssuersParams{
			Limit: limit, Offset: offset, Cursor: cursor, Issuer: r.query.Get("issuer"),
		}))
	},
	"patchOAuth2Client": func(r *request) (any, error) {
		return r.api.PatchOAuth2Client(r.ctx, r.arg("id"), body[[]models.PatchDocument](r))
	},
	"rejectConsentRequest": func(r *request) (any, error) {
		return r.api.RejectConsentRequest(r.ctx, r.arg("consent_challenge"), body[models.RejectRequest](r))
	},
	"rejectLoginRequest": func(r *request) (any, error) {
		return r.api.RejectLoginRequest(r.ctx, r.arg("login_challenge"), body[models.RejectRequest](r))
	},
	"rejectLogoutRequest": func(r *request) (any, error) {
		return nil, r.api.RejectLogoutRequest(r.ctx, r.arg("logout_challenge"))
	},
	"revokeAuthenticationSession": func(r *request) (any, error) {
		if session := r.query.Get("sid"); session != "" {
			return nil, r.api.RevokeAuthenticationSession(r.ctx, client.RevokeAuthenticationSessionParams{SessionID: session})
		}
		return nil, r.api.RevokeAuthenticationSession(r.ctx, client.RevokeAuthenticationSessionParams{Subject: r.arg("subject")})
	},
	"revokeConsentSessions": func(r *request) (any, error) {
		if id := r.query.Get("consent_request_id"); id != "" {
			return nil, r.api.RevokeConsentSessions(r.ctx, client.RevokeConsentSessionsParams{ConsentRequestID: id})
		}
		return nil, r.api.RevokeConsentSessions(r.ctx, client.RevokeConsentSessionsParams{
			Subject: r.arg("subject"), Client: r.query.Get("client"), All: r.query.Get("client") == "",
		})
	},
	"rotateOAuth2ClientSecret": func(r *request) (any, error) { return r.api.RotateOAuth2ClientSecret(r.ctx, r.arg("id")) },
	"trustJwtGrantIssuer": func(r *request) (any, error) {
		return r.api.TrustJWTGrantIssuer(r.ctx, body[models.TrustJWTGrantIssuerBody](r))
	},
	"updateJsonWebKey": func(r *request) (any, error) {
		return r.api.UpdateJSONWebKey(r.ctx, r.arg("set"), r.arg("kid"), body[models.JSONWebKey](r))
	},
	"updateJsonWebKeySet": func(r *request) (any, error) {
		return r.api.UpdateJSONWebKeySet(r.ctx, r.arg("set"), body[models.JSONWebKeySet](r))
	},
	"updateOAuth2ClientLifespans": func(r *request) (any, error) {
		return r.api.UpdateOAuth2ClientLifespans(r.ctx, r.arg("id"), body[models.UpdateOAuth2ClientLifespans](r))
	},
	"updateOAuth2Client": func(r *request) (any, error) {
		return r.api.UpdateOAuth2Client(r.ctx, r.arg("id"), body[models.OAuth2Client](r))
	},
}

// call calls the method of an operation. One that is not in operations fails the test.
func call(t *testing.T, id string, r *request) (any, error) {
	t.Helper()
	require.Contains(t, operations, id, "TestLedger reports what is missing")
	return operations[id](r)
}

// hasEssential reports whether an object has an essential member.
func hasEssential(schema *openapi3.Schema) bool {
	for _, member := range schema.Properties {
		if member.Extensions["x-essential"] != nil || member.Value.Extensions["x-essential"] != nil {
			return true
		}
	}
	return false
}

// arg returns a required argument. If a raw request lacks it, arg returns a placeholder.
func (r *request) arg(name string) string {
	if v, ok := r.args[name]; ok {
		return v
	}
	for _, v := range []string{r.path[name], r.query.Get(name), r.form.Get(name)} {
		if v != "" {
			return v
		}
	}
	return "made-up"
}

// page returns the parameters for the page of a list that was requested. If the request has
// the paging parameters of a single version, it was made with a cursor.
func (r *request) page(operation string) (limit, offset int, cursor string) {
	size, errSize := strconv.Atoi(r.query.Get("page_size"))
	limit, errLimit := strconv.Atoi(r.query.Get("limit"))
	offset, _ = strconv.Atoi(r.query.Get("offset"))
	fields := map[string]any{"o": operation, "t": -1}
	switch {
	case r.raw:
		return 0, 0, ""
	case errSize == nil && errLimit == nil:
		return size, offset, ""
	case errLimit == nil:
		fields["l"], fields["n"], fields["d"] = limit, offset, 1
	case errSize == nil:
		var token struct{ Offset string }
		text := r.query.Get("page_token")
		if b, err := base64.RawURLEncoding.DecodeString(text); text != "" && (err != nil || json.Unmarshal(b, &token) != nil) {
			fields["l"], fields["d"], fields["k"] = size, 3, text
			break
		}
		offset, _ = strconv.Atoi(token.Offset)
		fields["l"], fields["n"], fields["d"] = size, offset, 2
	default:
		return 0, 0, ""
	}
	b, err := json.Marshal(fields)
	require.NoError(r.t, err)
	return 0, 0, base64.RawURLEncoding.EncodeToString(b)
}

// body returns the body of the recorded request. For a raw request it returns one that the
// client accepts.
func body[T any](r *request) (v T) {
	if r.json != nil {
		require.NoError(r.t, json.Unmarshal(r.json, &v))
		return v
	}
	for _, valid := range []any{
		models.AcceptLoginRequest{Subject: "alice"},
		models.AcceptDeviceUserCodeRequest{UserCode: "made-up"},
		models.JSONWebKeySetGeneratorRequest{Alg: "ES256"},
		models.JSONWebKey{Kty: "EC"},
		models.JSONWebKeySet{Keys: []models.JSONWebKey{}},
		models.TrustJWTGrantIssuerBody{Issuer: "i", Subject: "s", JWK: models.JSONWebKey{Kid: "k"}, ExpiresAt: time.Unix(1, 0)},
	} {
		if v, ok := valid.(T); ok {
			return v
		}
	}
	return v
}

func items[T any](p *client.Page[T], err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return p.Items, nil
}

// specOperation is an operation of the OpenAPI document.
type specOperation struct {
	*openapi3.Operation
	doc          *openapi3.T
	item         *openapi3.PathItem
	method, path string
	documented   []int // statuses in Hydra's documentation
}

// anyStatus stands for "default" in the documentation.
const anyStatus = -1

// specOperations returns the operations of the OpenAPI document by their IDs.
func specOperations(t *testing.T) map[string]specOperation {
	t.Helper()
	all, err := readSpec()
	require.NoError(t, err)
	return all
}

var readSpec = sync.OnceValues(func() (map[string]specOperation, error) {
	doc, err := openapi3.NewLoader().LoadFromFile("../openapi/admin.yaml")
	if err != nil {
		return nil, err
	}
	all := make(map[string]specOperation)
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			named, _ := op.Extensions["x-documented"].([]any)
			var documented []int
			for _, status := range named {
				code, isCode := status.(float64)
				if !isCode {
					code = anyStatus
				}
				documented = append(documented, int(code))
			}
			all[op.OperationID] = specOperation{op, doc, item, method, path, documented}
		}
	}
	return all, nil
})
