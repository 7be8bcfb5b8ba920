package client_test

import (
	"errors"
	"io"
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

// partial are the operations that not each release has, by what their error says of them.
var partial = map[string]struct {
	call func(t *testing.T, a *client.AdminAPI) error
	says string
}{
	"rotateOAuth2ClientSecret": {func(t *testing.T, a *client.AdminAPI) error {
		t.Helper()
		_, err := a.RotateOAuth2ClientSecret(t.Context(), "c")
		return err
	}, "this Hydra is older than the first release with the operation, a release after v26.2"},
	"deleteRotatedOAuth2ClientSecrets": {func(t *testing.T, a *client.AdminAPI) error {
		t.Helper()
		_, err := a.DeleteRotatedOAuth2ClientSecrets(t.Context(), "c")
		return err
	}, "this Hydra is older than the first release with the operation, a release after v26.2"},
	"updateOAuth2ClientLifespans": {func(t *testing.T, a *client.AdminAPI) error {
		t.Helper()
		_, err := a.UpdateOAuth2ClientLifespans(t.Context(), "c", models.UpdateOAuth2ClientLifespans{})
		return err
	}, "this Hydra is older than the first release with the operation, v1.11.10"},
	"acceptUserCodeRequest": {func(t *testing.T, a *client.AdminAPI) error {
		t.Helper()
		_, err := a.AcceptUserCodeRequest(t.Context(), "challenge", models.AcceptDeviceUserCodeRequest{UserCode: "code"})
		return err
	}, "this Hydra is older than the first release with the operation, v25.4"},
	"flushInactiveOAuth2Tokens": {func(t *testing.T, a *client.AdminAPI) error {
		t.Helper()
		return a.FlushInactiveOAuth2Tokens(t.Context(), models.FlushInactiveOAuth2TokensRequest{})
	}, "this Hydra is newer than the last release with the operation, v1.11"},
	"": {func(t *testing.T, a *client.AdminAPI) error {
		t.Helper()
		return a.Do(t.Context(), client.Request{Operation: client.Operation{ID: "own", Method: http.MethodPost, Path: "/own/operation"}}, nil)
	}, "this Hydra has no such operation, or its path is another one"},
}

// TestPartialOperations: each operation that not all releases have is in the tests here.
func TestPartialOperations(t *testing.T) {
	t.Parallel()
	for id, op := range specOperations(t) {
		_, known := partial[id]
		assert.Equal(t, known, op.Extensions["x-since"] != nil || op.Extensions["x-until"] != nil, id)
		if known {
			assert.Nil(t, op.Extensions["x-root"], "%s: another base URL may be right for it than for the clients", id)
		}
	}
}

// unknownPaths are how routers say that they do not know a path.
func unknownPaths(t *testing.T) (bodies []string) {
	t.Helper()
	for _, e := range loadEvery(t) {
		if e.Group == "router" && strings.HasPrefix(e.Case, "json") {
			bodies = append(bodies, string(e.Response.Body))
		}
	}
	return append(bodies, "404 page not found\n") // of the public port
}

// pageOf returns the recorded response to a request for clients.
func pageOf(t *testing.T, version string) *http.Response {
	t.Helper()
	for _, e := range load(t, version, "listOAuth2Clients") {
		if e.Case == "limit-2-offset-0" {
			resp := httpmock.NewBytesResponse(e.Status, e.Response.Body)
			resp.Header = e.Response.Header.Clone()
			return resp
		}
	}
	t.Fatal("it is not recorded")
	return nil
}

// TestMissingOperationOrWrongBaseURL: the router of a Hydra without an operation says the
// same as any other router. Another request shows which it is.
func TestMissingOperationOrWrongBaseURL(t *testing.T) {
	t.Parallel()
	const right, wrong, unknown = 1, 2, 3
	says := func(status int, body string) func(t *testing.T) (*http.Response, error) {
		return func(*testing.T) (*http.Response, error) { return httpmock.NewStringResponse(status, body), nil }
	}
	looks := map[string]struct {
		respond func(t *testing.T) (*http.Response, error)
		want    int
	}{
		"clients of v1":             {func(t *testing.T) (*http.Response, error) { t.Helper(); return pageOf(t, fixture.V1), nil }, right},
		"clients of v2":             {func(t *testing.T) (*http.Response, error) { t.Helper(); return pageOf(t, fixture.V2), nil }, right},
		"clients of v26":            {func(t *testing.T) (*http.Response, error) { t.Helper(); return pageOf(t, fixture.V26), nil }, right},
		"no clients":                {says(200, "[]"), right},
		"Hydra without a database":  {says(500, `{"error":"error","error_description":"The error is unrecognizable"}`), right},
		"Hydra refuses":             {says(400, `{"error":"invalid_request","error_description":""}`), right},
		"router of v1":              {says(404, `{"error":{"code":404,"status":"Not Found","message":"The requested route does not exist. Make sure you are using the right path, domain, and port."}}`), wrong},
		"public port":               {says(404, "404 page not found\n"), wrong},
		"a client named clients":    {says(404, `{"error":"Unable to locate the resource","error_description":""}`), wrong},
		"v2 without its prefix":     {func(*testing.T) (*http.Response, error) { return redirect("http:///admin/clients?limit=1&page_size=1") }, wrong},
		"a sign-in page elsewhere":  {func(*testing.T) (*http.Response, error) { return redirect("https://sso.example.com/login") }, unknown},
		"404 of a proxy":            {says(404, "<html>no</html>"), unknown},
		"403 of a gateway":          {says(403, "no"), unknown},
		"403 in the shape of Hydra": {says(403, `{"error":"request_forbidden","error_description":"No."}`), unknown},
		"401 in the shape of Hydra": {says(401, `{"error":"request_unauthorized","error_description":"No."}`), unknown},
		"429":                       {says(429, ""), unknown},
		"503":                       {says(503, ""), unknown},
		"a page of HTML":            {says(200, "<html>Welcome</html>"), unknown},
		"an object":                 {says(200, `{"client_id":"clients"}`), unknown},
		"nothing":                   {says(204, ""), unknown},
		"a failure":                 {func(*testing.T) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }, unknown},
	}
	bodies := unknownPaths(t)
	require.Greater(t, len(bodies), 3)
	for name, look := range looks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for id, op := range partial {
				for _, body := range bodies {
					var requests []string
					api := faulty(t, func(r *http.Request) (*http.Response, error) {
						requests = append(requests, r.Method+" "+r.URL.RequestURI())
						if r.Method == http.MethodGet {
							return look.respond(t)
						}
						return httpmock.NewStringResponse(404, body), nil
					})
					err := op.call(t, api)
					require.ErrorIs(t, err, client.ErrNotFound)
					assert.Equal(t, look.want != wrong, errors.Is(err, client.ErrNotSupported), "%s: %v", id, err)
					assert.Equal(t, look.want != right, errors.Is(err, client.ErrWrongBaseURL), "%s: %v", id, err)
					assert.Equal(t, look.want != wrong, strings.Contains(err.Error(), op.says), "%v", err)
					assert.Equal(t, look.want == unknown, strings.Contains(err.Error(), "the base URL may be wrong; if it is not, this Hydra"), "%v", err)
					require.Len(t, requests, 2)
					assert.Equal(t, "GET /clients?limit=1&page_size=1", requests[1])
				}
			}
		})
	}
}

func redirect(to string) (*http.Response, error) {
	resp := httpmock.NewStringResponse(http.StatusTemporaryRedirect, "")
	resp.Header.Set("Location", to)
	return resp, nil
}

// TestOperationsOfAllReleases: for them a router's 404 means a wrong base URL, without
// another request.
func TestOperationsOfAllReleases(t *testing.T) {
	t.Parallel()
	requests := 0
	api := faulty(t, func(*http.Request) (*http.Response, error) {
		requests++
		return httpmock.NewStringResponse(404, "404 page not found\n"), nil
	})
	err := api.DeleteOAuth2Client(t.Context(), "c")
	require.ErrorIs(t, err, client.ErrWrongBaseURL)
	require.NotErrorIs(t, err, client.ErrNotSupported)
	assert.Equal(t, 1, requests)
}

// TestMissingOperationOfHydra: a 404 of Hydra itself is about the client or challenge.
func TestMissingOperationOfHydra(t *testing.T) {
	t.Parallel()
	for id, op := range partial {
		err := op.call(t, faulty(t, httpmock.NewStringResponder(404, `{"error":"Unable to locate the resource","error_description":""}`)))
		require.ErrorIs(t, err, client.ErrNotFound, id)
		require.NotErrorIs(t, err, client.ErrNotSupported, id)
		require.NotErrorIs(t, err, client.ErrWrongBaseURL, id)
	}
}
