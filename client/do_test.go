package client_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func TestDo(t *testing.T) {
	t.Parallel()
	var sent string
	api := faulty(t, func(r *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(r.Body)
		require.NoError(t, err)
		sent = r.Method + " " + r.URL.RequestURI() + " " + string(body)
		assert.Equal(t, "application/json", r.Header.Get("Accept"))
		return httpmock.NewStringResponse(200, `{"id":9007199254740993}`), nil
	})
	request := client.Request{
		Operation: client.Operation{ID: "acceptUserCode", Method: http.MethodPut, Path: "/oauth2/{kind}/device/{id}"},
		Path:      map[string]string{"id": "a b", "kind": "auth"},
		Query:     url.Values{"device challenge": {"c+1", "c2"}},
		Body:      map[string]string{"user_code": "X"},
	}
	var result struct {
		ID json.Number `json:"id"`
	}
	require.NoError(t, api.Do(t.Context(), request, &result))
	assert.Equal(t, `PUT /oauth2/auth/device/a%20b?device+challenge=c%2B1&device+challenge=c2 {"user_code":"X"}`, sent)
	assert.Equal(t, "9007199254740993", result.ID.String())
	require.NoError(t, api.Do(t.Context(), request, nil), "a nil result drops the body")
}

// TestDoSendsTheQuery: a query is sent as it is, also where a method would leave a value out.
func TestDoSendsTheQuery(t *testing.T) {
	t.Parallel()
	for _, query := range []url.Values{
		nil, {}, {"none": nil}, {"flag": {""}}, {"a": {"", "1", ""}}, {"": {"1"}}, {"": {""}}, {"b": {"0"}, "a": {"false"}},
		{"a b&c=d": {"e f&g=h", "%2F", "ö", "+", ";"}},
	} {
		var sent string
		api := faulty(t, func(r *http.Request) (*http.Response, error) {
			sent = r.URL.RawQuery
			return httpmock.NewStringResponse(200, "{}"), nil
		})
		own := client.Request{Operation: client.Operation{ID: "own", Method: http.MethodGet, Path: "/own"}, Query: query}
		require.NoError(t, api.Do(t.Context(), own, nil))
		assert.Equal(t, query.Encode(), sent)
	}
}

// TestDoSucceeds: each status of 2xx is a success, and what is not JSON is none, whether or
// not the caller wants a result.
func TestDoSucceeds(t *testing.T) {
	t.Parallel()
	const signIn = "<!DOCTYPE html><title>Sign in</title>"
	tests := map[string]struct {
		body             string
		ignored, decoded bool // it is a success without and with a result
	}{
		"JSON": {`{"id":"1"}`, true, true}, "a list": {" [1]\n", true, true}, "no body": {"", true, false}, "spaces": {" \n", true, false},
		"HTML": {signIn, false, false}, "text": {"OK", false, false}, "JSON twice": {"{}{}", false, false}, "JSON that was cut": {`{"id":`, false, false},
	}
	for name, tt := range tests {
		for _, status := range []int{200, 201, 202, 203, 204, 206, 299} {
			for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
				own := client.Request{Operation: client.Operation{ID: "own", Method: method, Path: "/own"}}
				api := faulty(t, httpmock.NewStringResponder(status, tt.body))
				for success, err := range map[*bool]error{&tt.ignored: api.Do(t.Context(), own, nil), &tt.decoded: api.Do(t.Context(), own, new(any))} {
					if *success {
						require.NoError(t, err, "%s: %s %d", name, method, status)
						continue
					}
					require.ErrorIs(t, err, client.ErrInvalidResponse, "%s: %s %d", name, method, status)
					assert.Equal(t, method != http.MethodGet, errors.Is(err, client.ErrResponseLost), "%s: %s %d", name, method, status)
				}
			}
		}
	}
}

func TestDoRefuses(t *testing.T) {
	t.Parallel()
	valid := func() client.Request {
		return client.Request{
			Operation: client.Operation{ID: "get", Method: http.MethodGet, Path: "/things/{id}"},
			Path:      map[string]string{"id": "1"},
		}
	}
	for name, change := range map[string]func(*client.Request){
		"no ID":                        func(r *client.Request) { r.Operation.ID = "" },
		"no method":                    func(r *client.Request) { r.Operation.Method = "" },
		"no path":                      func(r *client.Request) { r.Operation.Path = "" },
		"a path of another host":       func(r *client.Request) { r.Operation.Path = "https://elsewhere/{id}" },
		"a query in the path":          func(r *client.Request) { r.Operation.Path = "/things/{id}?all=true" },
		"a fragment in the path":       func(r *client.Request) { r.Operation.Path = "/things/{id}#all" },
		"a placeholder without an end": func(r *client.Request) { r.Operation.Path = "/things/{id" },
		"a missing value":              func(r *client.Request) { r.Path = nil },
		"an unused value":              func(r *client.Request) { r.Path["other"] = "1" },
		"an empty value":               func(r *client.Request) { r.Path["id"] = "" },
		"a value that is a parent":     func(r *client.Request) { r.Path["id"] = ".." },
		"a value with a slash":         func(r *client.Request) { r.Path["id"] = "a/b" },
		"a body that is not JSON":      func(r *client.Request) { r.Body = func() {} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := valid()
			change(&r)
			require.ErrorIs(t, silent(t).Do(t.Context(), r, nil), client.ErrInvalidArgument)
		})
	}
}

// TestDoRetriesReads: Do returns the errors of other calls. It retries reads and no writes.
func TestDoRetriesReads(t *testing.T) {
	t.Parallel()
	for method, want := range map[string]int{http.MethodGet: 2, http.MethodPost: 1} {
		requests := 0
		api := faulty(t, func(*http.Request) (*http.Response, error) {
			requests++
			return httpmock.NewStringResponse(503, `{"error":"busy","error_description":"Later."}`), nil
		})
		err := api.Do(t.Context(), client.Request{Operation: client.Operation{ID: "own", Method: method, Path: "/own"}}, nil, client.WithRetries(1))
		require.ErrorIs(t, err, client.ErrServiceUnavailable)
		require.EqualError(t, err, "hydra: own: 503 Service Unavailable: busy: Later.")
		assert.Equal(t, want, requests, method)
	}
}

// TestDoIgnoresRules: a caller may give a request the ID of any operation. The rules for
// that operation do not apply to it.
func TestDoIgnoresRules(t *testing.T) {
	t.Parallel()
	bodies := []any{
		nil, models.AcceptLoginRequest{}, models.JSONWebKey{}, models.JSONWebKeySet{}, models.JSONWebKeySetGeneratorRequest{},
		models.TrustJWTGrantIssuerBody{}, []models.PatchDocument{{}},
	}
	for id := range specOperations(t) {
		for _, body := range bodies {
			requests := 0
			api := faulty(t, func(*http.Request) (*http.Response, error) {
				requests++
				return httpmock.NewStringResponse(503, ""), nil
			})
			err := api.Do(t.Context(), client.Request{
				Operation: client.Operation{ID: id, Method: http.MethodPost, Path: "/own"},
				Query:     url.Values{"client": {"c"}, "all": {"true"}},
				Body:      body,
			}, nil, client.WithRetries(2))
			require.ErrorIs(t, err, client.ErrServiceUnavailable, id)
			assert.Equal(t, 1, requests, "%s: a POST is not known to be safe to retry", id)

			api = faulty(t, brokenOff(io.ErrUnexpectedEOF))
			err = api.Do(t.Context(), client.Request{Operation: client.Operation{ID: id, Method: http.MethodPost, Path: "/own"}, Body: body}, nil)
			require.ErrorIs(t, err, client.ErrResponseLost, id)
			assert.Equal(t, "hydra: "+id+": unexpected EOF: the response was lost; Hydra may have carried out the request", err.Error(), "without the advice for the operation of this ID")
		}
	}
}
