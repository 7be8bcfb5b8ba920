package client_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// TestArgumentsThatAreNotUTF8: in JSON two of them would be one, wherever they are.
func TestArgumentsThatAreNotUTF8(t *testing.T) {
	t.Parallel()
	const text = "M\xfcller"
	for id, op := range specOperations(t) {
		for _, p := range op.Parameters {
			if p.Value.In != "path" && !p.Value.Required {
				continue
			}
			_, err := call(t, id, &request{t: t, api: silent(t), ctx: t.Context(), args: map[string]string{p.Value.Name: text}})
			require.ErrorIs(t, err, client.ErrInvalidArgument, id)
			require.ErrorContains(t, err, " is not UTF-8")
		}
	}
	api, ctx := silent(t), t.Context()
	calls := map[string]error{
		"params.Owner": errOfPage(api.ListOAuth2Clients(ctx, client.ListOAuth2ClientsParams{Owner: text})),
		"Do":           api.Do(ctx, client.Request{Operation: client.Operation{ID: "own", Method: "POST", Path: "/own"}, Body: map[string]any{"a": []string{text}}}, nil),
		"Do's key":     api.Do(ctx, client.Request{Operation: client.Operation{ID: "own", Method: "POST", Path: "/own"}, Body: map[string]string{text: "a"}}, nil),
		"Do's query":   api.Do(ctx, client.Request{Operation: client.Operation{ID: "own", Method: "GET", Path: "/own"}, Query: url.Values{"q": {text}}}, nil),
	}
	_, calls["a form"] = api.IntrospectOAuth2Token(ctx, text, client.IntrospectOAuth2TokenParams{})
	for name, body := range map[string]models.OAuth2Client{
		"ClientID": {ClientID: text}, "Contacts[1]": {Contacts: []string{"a", text}}, "JWKS.Keys[0].D": {JWKS: models.JSONWebKeySet{Keys: []models.JSONWebKey{{D: text}}}},
		"Metadata": {Metadata: json.RawMessage(`"` + text + `"`)}, "AdditionalProperties[a]": {AdditionalProperties: map[string]json.RawMessage{"a": json.RawMessage(`"` + text + `"`)}},
	} {
		_, err := api.CreateOAuth2Client(ctx, body)
		calls["body."+name] = err
		require.ErrorContains(t, err, "body."+name+" is not UTF-8")
	}
	_, calls["a claim"] = api.AcceptConsentRequest(ctx, "c", models.AcceptConsentRequest{Session: models.ConsentRequestSession{IDToken: map[string]any{"a": map[string]any{"guid": text}}}})
	_, calls["a patch"] = api.PatchOAuth2Client(ctx, "c", []models.PatchDocument{models.PatchReplace("/owner", text)})
	for name, err := range calls {
		require.ErrorIs(t, err, client.ErrInvalidArgument, name)
		assert.NotContains(t, err.Error(), "ller", "%s: the value is not repeated", name)
	}
}

func errOfPage[T any](_ *client.Page[T], err error) error { return err }

// TestReplacementCharacterIsAText: U+FFFD itself is valid, raw and escaped.
func TestReplacementCharacterIsAText(t *testing.T) {
	t.Parallel()
	api := faulty(t, httpmock.NewStringResponder(201, `{"client_id":"c"}`))
	_, err := api.CreateOAuth2Client(t.Context(), models.OAuth2Client{ClientName: "\ufffd", Owner: `\ufffd`, Metadata: json.RawMessage(`"\ufffd"`)})
	require.NoError(t, err)
}

// TestHeadersAreRefused: what net/http drops or refuses is refused before.
func TestHeadersAreRefused(t *testing.T) {
	t.Parallel()
	for want, opt := range map[string]client.Option{
		"key of WithHeader is set by the transport":        client.WithHeader("Host", "h"),
		"key of WithHeader is set by":                      client.WithHeader("content-length", "1"),
		"key of WithHeader is set":                         client.WithHeader("Transfer-Encoding", "chunked"),
		"key of WithHeader is":                             client.WithHeader("trailer", "X"),
		"key of WithHeader is not the name":                client.WithHeader("X Y", "z"),
		"key of WithHeader is not the":                     client.WithHeader("X:", "z"),
		"key of WithHeader is not":                         client.WithHeader("Ä", "z"),
		"value of WithHeader has a control character":      client.WithHeader("X", "a\r\nY: b"),
		"token of WithBearerToken has a control character": client.WithBearerToken("token\n"),
		"product of WithUserAgent has a control character": client.WithUserAgent("a\x00"),
		"user of WithBasicAuth has a colon":                client.WithBasicAuth("a:b", "c"),
	} {
		err := silent(t).DeleteOAuth2Client(t.Context(), "c", opt, client.WithRetries(0))
		require.ErrorIs(t, err, client.ErrInvalidArgument, want)
		require.ErrorContains(t, err, want)
		_, err = client.New("http://127.0.0.1:4445", opt)
		require.ErrorIs(t, err, client.ErrInvalidArgument, want)
	}
}

// TestHeadersArrive: a header field is refused, or arrives as it was given.
func TestHeadersArrive(t *testing.T) {
	t.Parallel()
	var got http.Header
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.Header
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(server.Close)
	api := newClient(t, server.URL)
	for _, key := range []string{
		"A-IM", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Authorization", "Cache-Control", "Connection", "Content-Encoding", "Content-Length", "Cookie",
		"Date", "DNT", "Forwarded", "From", "Host", "If-Match", "If-None-Match", "Idempotency-Key", "X-Idempotency-Key", "Keep-Alive", "Max-Forwards", "Origin", "Pragma",
		"Prefer", "Priority", "Proxy-Authorization", "Proxy-Connection", "Range", "Referer", "TE", "Trailer", "Transfer-Encoding", "Traceparent", "Upgrade", "User-Agent",
		"Via", "X-Api-Key", "X-Forwarded-For", "X-Forwarded-Host", "X-Http-Method-Override", "X-Request-Id", "x_underscore", "X.dots", "X-Real-Ip",
	} {
		got = nil
		err := api.DeleteOAuth2Client(t.Context(), "c", client.WithHeader(key, "some value"))
		if errors.Is(err, client.ErrInvalidArgument) {
			assert.Contains(t, []string{"Accept-Encoding", "Content-Length", "Host", "Idempotency-Key", "Trailer", "Transfer-Encoding", "X-Idempotency-Key"}, key)
			continue
		}
		require.NoError(t, err, key)
		assert.Equal(t, []string{"some value"}, got.Values(key), key)
	}
}

// TestTextsOfBodies: the place of a text in a body is named as in Go.
func TestTextsOfBodies(t *testing.T) {
	t.Parallel()
	for _, body := range []any{models.OAuth2Client{}, models.AcceptLoginRequest{}, models.TrustJWTGrantIssuerBody{}} {
		fields := reflect.TypeOf(body)
		for i := range fields.NumField() {
			if fields.Field(i).Type.Kind() != reflect.String {
				continue
			}
			v := reflect.New(fields).Elem()
			v.Field(i).SetString("\xff")
			err := silent(t).Do(t.Context(), client.Request{Operation: client.Operation{ID: "own", Method: "POST", Path: "/own"}, Body: v.Interface()}, nil)
			require.ErrorIs(t, err, client.ErrInvalidArgument)
			assert.True(t, strings.HasSuffix(err.Error(), "body."+fields.Field(i).Name+" is not UTF-8"), err)
		}
	}
}
