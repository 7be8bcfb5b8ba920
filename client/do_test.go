package client_test

import (
	"encoding/json"
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
	require.NoError(t, api.Do(t.Context(), request, nil), "a result that nobody wants")
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
		"no ID":                       func(r *client.Request) { r.Operation.ID = "" },
		"no method":                   func(r *client.Request) { r.Operation.Method = "" },
		"no path":                     func(r *client.Request) { r.Operation.Path = "" },
		"a path of another host":      func(r *client.Request) { r.Operation.Path = "https://elsewhere/{id}" },
		"a query in the path":         func(r *client.Request) { r.Operation.Path = "/things/{id}?all=true" },
		"a placeholder without a end": func(r *client.Request) { r.Operation.Path = "/things/{id" },
		"a missing value":             func(r *client.Request) { r.Path = nil },
		"a value too many":            func(r *client.Request) { r.Path["other"] = "1" },
		"an empty value":              func(r *client.Request) { r.Path["id"] = "" },
		"a value that leads up":       func(r *client.Request) { r.Path["id"] = ".." },
		"a value with a slash":        func(r *client.Request) { r.Path["id"] = "a/b" },
		"a body that is no JSON":      func(r *client.Request) { r.Body = func() {} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := valid()
			change(&r)
			require.ErrorIs(t, silent(t).Do(t.Context(), r, nil), client.ErrInvalidArgument)
		})
	}
}

// TestDoFails: a call without a method of its own has the errors of those with one,
// and is repeated with the same care.
func TestDoFails(t *testing.T) {
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
// the operation that has it do not apply.
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
			assert.Equal(t, 1, requests, "%s is not known to be repeatable", id)

			api = faulty(t, httpmock.NewErrorResponder(io.ErrUnexpectedEOF))
			err = api.Do(t.Context(), client.Request{Operation: client.Operation{ID: id, Method: http.MethodPost, Path: "/own"}, Body: body}, nil)
			require.ErrorIs(t, err, client.ErrResponseLost, id)
			assert.Equal(t, "hydra: "+id+": unexpected EOF: the response was lost; Hydra may have carried out the request", err.Error(), "no advice for another operation")
		}
	}
}
