package client_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// silent returns a client whose requests fail the test.
func silent(t *testing.T) *client.AdminAPI {
	t.Helper()
	mock := httpmock.NewMockTransport()
	mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		t.Errorf("sent %s %s", r.Method, r.URL)
		return nil, http.ErrNotSupported
	})
	api, err := client.New("http://127.0.0.1:4445", client.WithHTTPClient(&http.Client{Transport: mock}))
	require.NoError(t, err)
	return api
}

// TestArgumentsAreRefused gives each required argument of each operation values that would
// reach another resource on the server.
func TestArgumentsAreRefused(t *testing.T) {
	t.Parallel()
	for id, op := range specOperations(t) {
		names := map[string][]string{}
		for _, p := range op.Parameters {
			switch {
			case p.Value.In == "path":
				names[p.Value.Name] = []string{"", ".", "..", "/", "a/b", "../clients"}
			case p.Value.Required:
				names[p.Value.Name] = []string{""}
			}
		}
		if op.RequestBody != nil {
			if form := op.RequestBody.Value.Content["application/x-www-form-urlencoded"]; form != nil && form.Schema.Ref == "" {
				for _, name := range form.Schema.Value.Required {
					names[name] = []string{""}
				}
			}
		}
		for name, values := range names {
			for _, v := range values {
				t.Run(fmt.Sprintf("%s/%s=%q", id, name, v), func(t *testing.T) {
					t.Parallel()
					_, err := call(t, id, &request{t: t, api: silent(t), ctx: t.Context(), args: map[string]string{name: v}})
					var ae *client.ArgumentError
					require.ErrorAs(t, err, &ae)
					require.ErrorIs(t, err, client.ErrInvalidArgument)
					assert.Equal(t, id, ae.Operation.ID)
					argument := argumentOf(op, name)
					assert.Equal(t, argument, ae.Argument)
					assert.Contains(t, err.Error(), argument+" ")
					if len(v) > 1 {
						assert.NotContains(t, err.Error(), v, "the value is not repeated")
					}
				})
			}
		}
		t.Run(id+"/nil context", func(t *testing.T) {
			t.Parallel()
			_, err := call(t, id, &request{t: t, api: silent(t)})
			require.ErrorIs(t, err, client.ErrInvalidArgument)
			assert.Contains(t, err.Error(), "ctx is nil")
		})
	}
}

// argumentOf returns the name of the argument for a parameter.
func argumentOf(op specOperation, parameter string) string {
	for _, p := range op.Parameters {
		if name, ok := p.Value.Extensions["x-go-name"].(string); ok && p.Value.Name == parameter {
			return strings.ToLower(name[:1]) + name[1:]
		}
	}
	return strings.ReplaceAll(parameter, "client_id", "clientID")
}

func TestBodiesAreRefused(t *testing.T) {
	t.Parallel()
	api, ctx := silent(t), t.Context()
	trust := models.TrustJWTGrantIssuerBody{Issuer: "i", Subject: "s", JWK: models.JSONWebKey{Kid: "k"}, ExpiresAt: time.Unix(1, 0)}
	trustWith := func(change func(*models.TrustJWTGrantIssuerBody)) func() error {
		return func() error {
			body := trust
			change(&body)
			_, err := api.TrustJWTGrantIssuer(ctx, body)
			return err
		}
	}
	patch := func(docs ...models.PatchDocument) func() error {
		return func() error { _, err := api.PatchOAuth2Client(ctx, "c", docs); return err }
	}
	tests := map[string]func() error{
		"body.Subject": func() error { _, err := api.AcceptLoginRequest(ctx, "c", models.AcceptLoginRequest{}); return err },
		"body.Alg": func() error {
			_, err := api.CreateJSONWebKeySet(ctx, "s", models.JSONWebKeySetGeneratorRequest{})
			return err
		},
		"body.Keys is nil: Hydra would delete": func() error { _, err := api.UpdateJSONWebKeySet(ctx, "s", models.JSONWebKeySet{}); return err },
		"body.Kty":                             func() error { _, err := api.UpdateJSONWebKey(ctx, "s", "k", models.JSONWebKey{}); return err },
		"body.Issuer":                          trustWith(func(b *models.TrustJWTGrantIssuerBody) { b.Issuer = "" }),
		"body.JWK.Kid":                         trustWith(func(b *models.TrustJWTGrantIssuerBody) { b.JWK.Kid = "" }),
		"body.ExpiresAt":                       trustWith(func(b *models.TrustJWTGrantIssuerBody) { b.ExpiresAt = time.Time{} }),
		"body.Subject is empty, and":           trustWith(func(b *models.TrustJWTGrantIssuerBody) { b.Subject = "" }),
		"body.Subject is set together":         trustWith(func(b *models.TrustJWTGrantIssuerBody) { b.AllowAnySubject = true }),
		"body[1].Op":                           patch(models.PatchDocument{Op: models.PatchOpAdd, Path: "/a"}, models.PatchDocument{Path: "/a"}),
		"body[0].Path":                         patch(models.PatchDocument{Op: models.PatchOpAdd, Path: "client_name"}),
		"body cannot be encoded":               patch(models.PatchDocument{Op: models.PatchOpAdd, Path: "/a", Value: make(chan int)}),
		"body[0].Path is the client ID: Hydra would overwrite": patch(models.PatchReplace("/client_id", "other")),
		"body[0].Path is the client ID":                        patch(models.PatchAdd("/CLIENT_ID", "other")),
		"body[1].Path is the client ID":                        patch(models.PatchCopy("/owner", "/client~0_id"), models.PatchCopy("/owner", "/client_id")),
		"body[0].Path removes a whole member":                  patch(models.PatchRemove("/owner")),
		"body[0].From is a whole member":                       patch(models.PatchMove("/owner", "/client_name")),
		"body[0].From is the client secret":                    patch(models.PatchCopy("/client_secret", "/owner")),
		"body[1].From is the client secret":                    patch(models.PatchCopy("/owner", "/client_name"), models.PatchCopy("/Client_Secret", "/owner")),
		"body[0].From does not start":                          patch(models.PatchCopy("", "/owner")),
		"body[0].Value is null for a lifespan":                 patch(models.PatchReplace("/implicit_grant_id_token_lifespan", nil)),
		"body.Kid differs from kid: Hydra would replace": func() error {
			_, err := api.UpdateJSONWebKey(ctx, "s", "k", models.JSONWebKey{Kty: "EC", Kid: "other"})
			return err
		},
		"params has neither Client nor All": func() error { return api.RevokeConsentSessions(ctx, client.RevokeConsentSessionsParams{Subject: "s"}) },
		"params has both Client and All": func() error {
			return api.RevokeConsentSessions(ctx, client.RevokeConsentSessionsParams{Subject: "s", Client: "c", All: true})
		},
		"params has ConsentRequestID and another": func() error {
			return api.RevokeConsentSessions(ctx, client.RevokeConsentSessionsParams{Subject: "s", ConsentRequestID: "r"})
		},
		"params has neither Subject nor ConsentRequestID": func() error { return api.RevokeConsentSessions(ctx, client.RevokeConsentSessionsParams{All: true}) },
		"params has neither Subject nor SessionID": func() error {
			return api.RevokeAuthenticationSession(ctx, client.RevokeAuthenticationSessionParams{})
		},
		"params has both Subject and SessionID": func() error {
			return api.RevokeAuthenticationSession(ctx, client.RevokeAuthenticationSessionParams{Subject: "s", SessionID: "i"})
		},
		"body.UserCode": func() error {
			_, err := api.AcceptUserCodeRequest(ctx, "c", models.AcceptDeviceUserCodeRequest{})
			return err
		},
		"body[0].Value is null, which":              patch(models.PatchReplace("/owner", nil)),
		"body[0].Value is null, which Hydra":        patch(models.PatchReplace("/contacts", []string(nil))),
		"body[0].Value is null, which Hydra before": patch(models.PatchReplace("/owner", (*string)(nil))),
		"Limit": func() error {
			_, err := api.ListOAuth2Clients(ctx, client.ListOAuth2ClientsParams{Limit: -1})
			return err
		},
		"Offset": func() error {
			_, err := api.ListTrustedJWTGrantIssuers(ctx, client.ListTrustedJWTGrantIssuersParams{Offset: -1})
			return err
		},
	}
	for want, call := range tests {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			err := call()
			require.ErrorIs(t, err, client.ErrInvalidArgument)
			require.NotErrorIs(t, err, client.ErrResponseLost)
			assert.Contains(t, err.Error(), "invalid argument: "+want)
		})
	}
}

// TestNamesOfWhatIsCreated: a call does not create what no other call can name.
func TestNamesOfWhatIsCreated(t *testing.T) {
	t.Parallel()
	names := map[string]string{
		".": "consists of one dot or two: no other call", "..": "consists of one dot or two", "/": "contains a slash", "a/b": "contains a slash", "../clients": "contains a slash", "a/": "contains a slash",
		"": "", "a": "", "...": "", "a.b": "", "%2F": "", "a b": "", "?#": "", "ä": "",
	}
	for name, refused := range names {
		api := silent(t)
		if refused == "" {
			api = faulty(t, httpmock.NewStringResponder(http.StatusConflict, ""))
		}
		_, errClient := api.CreateOAuth2Client(t.Context(), models.OAuth2Client{ClientID: name})
		_, errKey := api.CreateJSONWebKeySet(t.Context(), "s", models.JSONWebKeySetGeneratorRequest{Alg: "ES256", Kid: name})
		for argument, err := range map[string]error{"body.ClientID ": errClient, "body.Kid ": errKey} {
			if refused == "" {
				require.ErrorIs(t, err, client.ErrConflict, "%q", name)
				continue
			}
			require.ErrorIs(t, err, client.ErrInvalidArgument, "%q", name)
			require.ErrorContains(t, err, "invalid argument: "+argument+refused)
			if len(name) > 2 {
				assert.NotContains(t, err.Error(), name)
			}
			_, errRead := silent(t).GetOAuth2Client(t.Context(), name)
			require.ErrorIs(t, errRead, client.ErrInvalidArgument, "%q: what is refused is what no call can name", name)
		}
	}
	// A set may hold keys that others have made.
	_, err := faulty(t, httpmock.NewStringResponder(http.StatusConflict, "")).UpdateJSONWebKeySet(t.Context(), "s", models.JSONWebKeySet{Keys: []models.JSONWebKey{{Kty: "EC", Kid: "a/b"}}})
	require.ErrorIs(t, err, client.ErrConflict)
}

// TestKidIsFilledIn: Hydra reads the key ID from the body, not from the path.
func TestKidIsFilledIn(t *testing.T) {
	t.Parallel()
	var sent string
	api := faulty(t, func(r *http.Request) (*http.Response, error) {
		b, err := io.ReadAll(r.Body)
		sent = string(b)
		return httpmock.NewStringResponse(200, sent), err
	})
	key := models.JSONWebKey{Kty: "EC"}
	_, err := api.UpdateJSONWebKey(t.Context(), "s", "k", key)
	require.NoError(t, err)
	assert.JSONEq(t, `{"kid":"k","kty":"EC"}`, sent)
	assert.Empty(t, key.Kid, "the caller's key stays as it is")
}

// FuzzPathArguments checks that an argument is either refused or arrives unchanged, as one
// element of the path.
func FuzzPathArguments(f *testing.F) {
	for _, v := range []string{"", ".", "..", "a/b", "a%2Fb", "a b", "?#;+%:@\\", "\x00\n", "ä", "{kid}", "%", "\xff", "..%2f"} {
		f.Add(v, "kid")
		f.Add("set", v)
	}
	var path string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path = r.RequestURI
		w.WriteHeader(http.StatusNoContent)
	}))
	f.Cleanup(server.Close)
	api, err := client.New(server.URL + "/a%2Fb/")
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, set, kid string) {
		err := api.DeleteJSONWebKey(t.Context(), set, kid)
		for _, v := range []string{set, kid} {
			if v == "" || v == "." || v == ".." || strings.Contains(v, "/") || !utf8.ValidString(v) {
				require.ErrorIs(t, err, client.ErrInvalidArgument)
				return
			}
		}
		require.NoError(t, err)
		elements := strings.Split(path, "/")
		require.Len(t, elements, 5, path)
		assert.Equal(t, []string{"", "a%2Fb", "keys"}, elements[:3])
		for i, want := range []string{set, kid} {
			got, err := url.PathUnescape(elements[3+i])
			require.NoError(t, err)
			assert.Equal(t, want, got)
		}
	})
}

// TestClearingPatches: a null that some servers ignore is refused however it is written, and
// PatchClear is right for the same member.
func TestClearingPatches(t *testing.T) {
	t.Parallel()
	for _, member := range []string{"owner", "contacts", "skip_consent", "implicit_grant_id_token_lifespan"} {
		for _, path := range []string{"/" + member, "/" + strings.ToUpper(member), "/" + strings.ToUpper(member[:1]) + member[1:]} {
			for _, p := range []models.PatchDocument{models.PatchReplace(path, nil), models.PatchAdd(path, nil), models.PatchAdd(path, json.RawMessage("null"))} {
				_, err := silent(t).PatchOAuth2Client(t.Context(), "c", []models.PatchDocument{p})
				require.ErrorIs(t, err, client.ErrInvalidArgument, "%s %s", p.Op, path)
			}
			if strings.HasSuffix(member, "_lifespan") {
				continue
			}
			var sent string
			api := faulty(t, func(r *http.Request) (*http.Response, error) {
				b, err := io.ReadAll(r.Body)
				sent = string(b)
				return httpmock.NewStringResponse(200, `{"client_id":"c"}`), err
			})
			_, err := api.PatchOAuth2Client(t.Context(), "c", []models.PatchDocument{models.PatchClear(path)})
			require.NoError(t, err)
			assert.NotContains(t, sent, "null", path)
		}
	}
}
