package client_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// TestSuccessWithoutTheValue: a success that is not what was promised is an error, and none
// of it is returned. TestFixtures shows that Hydra always sends what is asked for here.
func TestSuccessWithoutTheValue(t *testing.T) {
	t.Parallel()
	const nulls = `"redirect_to":null,"challenge":null,"client_id":null,"active":null,"id":null,"kty":null,"status":null,"version":null`
	const empty = `"redirect_to":"","challenge":"","client_id":"","id":"","kty":"","status":""`
	bodies := []string{
		`{}`, `{"message":"no route"}`, `{"error":"internal_error","error_description":"Odd."}`, `{"error":{"code":503}}`,
		"<!doctype html><title>Sign in</title>", "OK", `""`, `0`, `true`, `null`, `[null]`, `[{}]`, `[{"message":"no route"}]`, `[[]]`,
		"{" + nulls + "}", "[{" + nulls + "}]", "{" + empty + "}", "[{" + empty + "}]",
		`{"keys":[{}]}`, `{"keys":[null]}`, `{"keys":[{"kty":"EC"},{"kid":"k"}]}`, `{"keys":{}}`,
		`{"redirect_to":7,"active":"true","challenge":{},"client_id":[],"id":1,"kty":1,"status":1,"version":1}`,
		`[{"consent_request":{}}]`, `[{"consent_request":{"client":{"client_name":"n"}}}]`,
	}
	for id, op := range specOperations(t) {
		for _, body := range bodies {
			t.Run(id+"/"+body, func(t *testing.T) {
				t.Parallel()
				wantInvalid(t, id, op, httpmock.NewStringResponder(200, body))
			})
		}
	}
}

// TestPagesInPlaceOfAResponse: the title of a page says more than where the JSON of it ends.
func TestPagesInPlaceOfAResponse(t *testing.T) {
	t.Parallel()
	page := httpmock.NewStringResponder(200, "\n<html><head><title>Sign in &ndash; SSO</title></head><body>Welcome</body></html>")
	for id := range specOperations(t) {
		_, err := call(t, id, &request{t: t, api: faulty(t, page), ctx: t.Context()})
		require.ErrorIs(t, err, client.ErrInvalidResponse, id)
		require.ErrorContains(t, err, "it is a page: Sign in", id)
	}
	for _, result := range []any{nil, new(any)} {
		err := faulty(t, page).Do(t.Context(), client.Request{Operation: client.Operation{ID: "own", Method: http.MethodGet, Path: "/own"}}, result)
		require.ErrorContains(t, err, "it is a page: Sign in")
	}
}

func wantInvalid(t *testing.T, id string, op specOperation, responder httpmock.Responder) {
	t.Helper()
	result, err := call(t, id, &request{t: t, api: faulty(t, responder), ctx: t.Context()})
	require.ErrorIs(t, err, client.ErrInvalidResponse)
	assert.True(t, isNil(result))
	assert.Equal(t, once(op), errors.Is(err, client.ErrResponseLost), "it is not Hydra that has responded: %v", err)
}

// successes are the first recorded successes of the operations with v2.3.0, or a later
// version if that does not have them.
func successes(t *testing.T) map[string]*fixture.Exchange {
	t.Helper()
	all := make(map[string]*fixture.Exchange)
	for _, version := range append([]string{fixture.V2}, everyVersion()...) {
		for _, e := range load(t, version) {
			if _, found := all[e.Group]; !found && e.Status/100 == 2 && !e.Raw {
				all[e.Group] = e
			}
		}
	}
	return all
}

// TestSuccessOfAnotherStatus: 202 is not done yet and 206 is a part. A status that Hydra has
// for other operations, or that a proxy makes of 200, is a success.
func TestSuccessOfAnotherStatus(t *testing.T) {
	t.Parallel()
	recorded := successes(t)
	for id, op := range specOperations(t) {
		require.Contains(t, recorded, id)
		body := string(recorded[id].Response.Body)
		for _, status := range []int{202, 205, 206, 207, 226, 299} {
			t.Run(fmt.Sprintf("%s/%d", id, status), func(t *testing.T) {
				t.Parallel()
				wantInvalid(t, id, op, httpmock.NewStringResponder(status, body))
			})
		}
		for _, status := range []int{200, 201, 203} {
			_, err := call(t, id, &request{t: t, api: faulty(t, httpmock.NewStringResponder(status, body)), ctx: t.Context()})
			require.NoError(t, err, "%s: %d", id, status)
		}
		if promises(op) {
			wantInvalid(t, id, op, httpmock.NewStringResponder(204, ""))
		}
	}
}

// TestSuccessAroundTheValue: one document is promised, and its Content-Type does not matter.
func TestSuccessAroundTheValue(t *testing.T) {
	t.Parallel()
	recorded := successes(t)
	for id, op := range specOperations(t) {
		body := string(recorded[id].Response.Body)
		for name, tt := range map[string]struct {
			body, contentType string
			valid             bool
		}{
			"two documents":            {body + body + "{}", "application/json", false},
			"text after the document":  {body + "OK", "application/json", false},
			"space around it":          {"\n " + body + " \n", "application/json", true},
			"a byte order mark":        {"\ufeff" + body, "application/json", false},
			"the Content-Type of text": {body, "text/plain", true},
			"the Content-Type of HTML": {body, "text/html", true},
			"no Content-Type":          {body, "", true},
		} {
			t.Run(id+"/"+name, func(t *testing.T) {
				t.Parallel()
				responder := httpmock.ResponderFromResponse(&http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {tt.contentType}}, Body: httpmock.NewRespBodyFromString(tt.body)})
				if !tt.valid {
					wantInvalid(t, id, op, responder)
					return
				}
				_, err := call(t, id, &request{t: t, api: faulty(t, responder), ctx: t.Context()})
				require.NoError(t, err)
			})
		}
	}
}

// TestRedirectToIsAURL: RedirectTo goes to a browser.
func TestRedirectToIsAURL(t *testing.T) {
	t.Parallel()
	const host = "https://hydra.example:4444"
	for redirect, valid := range map[string]bool{
		host + "/oauth2/auth?client_id=a&login_verifier=b_-~.%3D%2b": true, "http://127.0.0.1:4444/": true, "http://[::1]:4444/": true, "https://h": true,
		"/oauth2/sessions/logout?logout_verifier=a": true, "HTTPS://H/a": true, host + "/ä": true, host + "/a+b&c=d": true, host + "/%C3%A4?a=%": true, host + "/?ä=ö": true, "https://h?a=b/c": true, host + "/?a=b#c": true, "com.app:/callback": true, "?a=b": true,
		"": false, " ": false, "Sign in": false, host + "/a b": false, host + "/?a b": false, host + "/?a=\\t": false, host + "/?a=\\u007f": false, host + "/?a#%zz": false, host + "/\\n": false, host + "/\\u0000": false, host + "/\\u007f": false,
		"http://[::1/": false, "http://h:port/": false, "http://h:1:2/": false, host + "/%": false, host + "/%4": false, host + "/%zz": false, host + "/%4g": false, "http://a%zz/": false, ":": false, "://h/": false,
	} {
		done, err := faulty(t, httpmock.NewStringResponder(200, `{"redirect_to":"`+redirect+`"}`)).AcceptLogoutRequest(t.Context(), "c")
		if valid {
			require.NoError(t, err, redirect)
			assert.Equal(t, redirect, done.RedirectTo)
			continue
		}
		require.ErrorIs(t, err, client.ErrInvalidResponse, redirect)
		require.ErrorContains(t, err, `its body has no "redirect_to"`)
	}
}

// TestEssentialMembersMayBe: what a real server may send for an essential member.
func TestEssentialMembersMayBe(t *testing.T) {
	t.Parallel()
	keys, err := faulty(t, httpmock.NewStringResponder(200, `{"keys":null}`)).GetJSONWebKeySet(t.Context(), "set")
	require.NoError(t, err)
	assert.Empty(t, keys.Keys)
	inactive, err := faulty(t, httpmock.NewStringResponder(200, `{"active":false}`)).IntrospectOAuth2Token(t.Context(), "t", client.IntrospectOAuth2TokenParams{})
	require.NoError(t, err)
	assert.False(t, inactive.Active)
	version, err := faulty(t, httpmock.NewStringResponder(200, `{"version":""}`)).GetVersion(t.Context())
	require.NoError(t, err, "a server that was built without one")
	assert.Empty(t, version.Version)
}

// TestKeySetWithoutTheKey: an operation on one key returns that key. A set may be empty.
func TestKeySetWithoutTheKey(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"keys":[]}`, `{"keys":null}`} {
		for _, id := range []string{"createJsonWebKeySet", "getJsonWebKey"} {
			t.Run(id+"/"+body, func(t *testing.T) {
				t.Parallel()
				wantInvalid(t, id, specOperations(t)[id], httpmock.NewStringResponder(200, body))
			})
		}
		for _, id := range []string{"getJsonWebKeySet", "updateJsonWebKeySet"} {
			t.Run(id+"/"+body, func(t *testing.T) {
				t.Parallel()
				_, err := call(t, id, &request{t: t, api: faulty(t, httpmock.NewStringResponder(200, body)), ctx: t.Context()})
				require.NoError(t, err)
			})
		}
	}
}

// TestLackingItemIsNamed: the text of the error says which item lacks what.
func TestLackingItemIsNamed(t *testing.T) {
	t.Parallel()
	body := strings.Replace(rows(0, 3), `"client_id":"2"`, `"client_name":"2"`, 1)
	_, err := faulty(t, httpmock.NewStringResponder(200, body)).ListOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{})
	require.ErrorContains(t, err, `its body has no "[2].client_id"`)
	_, err = faulty(t, httpmock.NewStringResponder(201, `{"keys":[{"kty":"EC"},{}]}`)).CreateJSONWebKeySet(t.Context(), "set", models.JSONWebKeySetGeneratorRequest{Alg: "ES256"})
	require.ErrorContains(t, err, `its body has no "keys[1].kty"`)
	require.ErrorIs(t, err, client.ErrResponseLost)
}
