package client_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
)

// TestFixtures checks each recorded exchange three ways: against the OpenAPI
// document, through the client, and through the models.
func TestFixtures(t *testing.T) {
	t.Parallel()
	all := specOperations(t)
	for _, e := range loadEvery(t) {
		if e.Host != fixture.AdminHost {
			continue // a request of a browser, to the public port
		}
		t.Run(e.Version+"/"+e.Name(), func(t *testing.T) {
			t.Parallel()
			id := operationOf(all, e)
			op, documented := all[id]
			if !documented {
				id, op = "getOAuth2Client", all["getOAuth2Client"] // any operation will do
			}
			if e.Group == "router" && e.Raw && e.Status/100 == 2 {
				return // there is no call like it
			}
			if documented && e.Group != "router" {
				checkSpec(t, op, e)
			}
			result, err := checkClient(t, id, op, e)
			if err != nil {
				checkError(t, op, e, err)
			} else if result != nil {
				checkLossless(t, e.Response.Body, result)
			}
		})
	}
}

// everyVersion returns all versions that there are recordings of.
func everyVersion() []string { return append(fixture.Versions(), fixture.Next) }

func loadEvery(t *testing.T) (all []*fixture.Exchange) {
	t.Helper()
	for _, version := range everyVersion() {
		all = append(all, load(t, version)...)
	}
	return all
}

// load returns the exchanges of groups with a version. Without groups it returns all.
func load(t *testing.T, version string, groups ...string) []*fixture.Exchange {
	t.Helper()
	exchanges, err := fixture.Load(version, groups...)
	require.NoError(t, err)
	require.NotEmpty(t, exchanges)
	return exchanges
}

// replayed reports whether an exchange was recorded for clienttest, which replays one for
// each state of a request. Other exchanges have the same responses.
func replayed(e *fixture.Exchange) bool { return strings.HasPrefix(e.Case, "kit-") }

// operationOf returns the ID of the operation of an exchange, or its group if it has none.
func operationOf(all map[string]specOperation, e *fixture.Exchange) string {
	if e.Group != "router" || e.Raw {
		return e.Group
	}
	// A call with a wrong base URL.
	_, path := splitPrefix(e)
	for id, op := range all {
		if _, ok := fixture.PathParams(op.path, path); ok && op.method == e.Method {
			return id
		}
	}
	return e.Group
}

// splitPrefix returns the path of a recorded call and the part of it that belongs to the
// base URL, which may be a wrong one.
func splitPrefix(e *fixture.Exchange) (prefix, path string) {
	path, _, _ = strings.Cut(e.Target, "?")
	for _, prefix := range []string{"/admin", "/elsewhere"} {
		if rest, found := strings.CutPrefix(path, prefix); found {
			return prefix, rest
		}
	}
	return "", path
}

// checkSpec validates an exchange against the document.
func checkSpec(t *testing.T, op specOperation, e *fixture.Exchange) {
	t.Helper()
	path, query, ok := e.Route()
	require.True(t, ok, "%s is not below the admin API", e.Target)
	req, err := http.NewRequestWithContext(t.Context(), e.Method, "http://"+e.Host+path+"?"+query, bytes.NewReader(e.Request.Body))
	require.NoError(t, err)
	req.Header = e.Request.Header
	params, _ := fixture.PathParams(op.path, path)
	input := &openapi3filter.RequestValidationInput{
		Request: req, PathParams: params,
		Route: &routers.Route{Spec: op.doc, Path: op.path, PathItem: op.item, Method: op.method, Operation: op.Operation},
	}
	if !e.Raw { // raw requests are invalid on purpose
		require.NoError(t, openapi3filter.ValidateRequest(t.Context(), input))
	}
	document := json.NewDecoder(bytes.NewReader(e.Response.Body)) // if there are two documents, the client reads the first
	var first json.RawMessage
	if err := document.Decode(&first); err != nil {
		first = e.Response.Body
	}
	header := e.Response.Header.Clone()
	err = openapi3filter.ValidateResponse(t.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: e.Status, Header: header, Body: io.NopCloser(bytes.NewReader(first)),
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	})
	assert.NoError(t, err)
}

// checkClient makes the recorded call against a server that sends the recorded response,
// and compares the request with the recorded one.
func checkClient(t *testing.T, id string, op specOperation, e *fixture.Exchange) (any, error) {
	t.Helper()
	var sent *fixture.Exchange
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		if showStyle(t, e.Version, w, r) {
			return
		}
		if sent == nil { // only the first request: after an empty page the client sends more
			sent = &fixture.Exchange{Method: r.Method, Target: r.RequestURI, Request: fixture.Message{Header: r.Header, Body: b}}
		}
		e.Respond(w)
	}))
	defer server.Close()
	opts := []client.Option{client.WithRetries(0)}
	if e.Request.Header.Get("X-Forwarded-Proto") != "" {
		opts = append(opts, client.WithForwardedProto())
	}
	_, query, _ := strings.Cut(e.Target, "?")
	prefix, path := splitPrefix(e)
	base := server.URL + fixture.Prefix(e.Version)
	if prefix != "" || e.Group == "router" && !e.Raw {
		base = server.URL + prefix
	}
	api, err := client.New(base, opts...)
	require.NoError(t, err)
	r := &request{t: t, raw: e.Raw, api: api, ctx: t.Context()}
	r.path, _ = fixture.PathParams(op.path, path)
	r.query, err = url.ParseQuery(query)
	require.NoError(t, err)
	if !e.Raw && e.Request.Header.Get("Content-Type") == "application/json" {
		r.json = e.Request.Body
	}
	if e.Request.Header.Get("Content-Type") == "application/x-www-form-urlencoded" {
		r.form, err = url.ParseQuery(string(e.Request.Body))
		require.NoError(t, err)
	}
	require.Contains(t, operations, id)
	result, err := call(t, id, r)
	if e.Raw {
		return result, err
	}
	require.NotNil(t, sent, "nothing was sent: %v", err)
	assert.Equal(t, e.Method, sent.Method)
	assert.Equal(t, e.Target, sent.Target)
	assert.Equal(t, string(e.Request.Body), string(sent.Request.Body))
	sent.Request.Header.Del("Content-Length") // formatting of the recording changes it
	recorded := e.Request.Header.Clone()
	recorded.Del("Content-Length")
	assert.Equal(t, recorded, sent.Request.Header)
	return result, err
}

// statusErrors are the sentinel errors by status.
var statusErrors = map[int]error{
	301: client.ErrRedirect, 307: client.ErrRedirect,
	400: client.ErrBadRequest, 401: client.ErrUnauthorized, 403: client.ErrForbidden, 404: client.ErrNotFound,
	409: client.ErrConflict, 410: client.ErrRequestWasHandled, 429: client.ErrTooManyRequests,
	500: client.ErrInternalServerError, 502: client.ErrBadGateway, 503: client.ErrServiceUnavailable, 504: client.ErrGatewayTimeout,
}

// meanings are the recorded responses that match another sentinel than that of their
// status, and do not show it by their status or text alone.
var meanings = map[string]error{
	"v1.11.10/acceptConsentRequest/400-member-of-v2.http":           client.ErrNotSupported,
	"v1.11.10/acceptLoginRequest/400-members-of-v2.http":            client.ErrNotSupported,
	"v1.11.10/createJsonWebKeySet/400-ecdsa-p384.http":              client.ErrNotSupported,
	"v1.11.10/revokeAuthenticationSession/400-session.http":         client.ErrNotSupported,
	"v1.11.10/revokeAuthenticationSession/400-unknown-session.http": client.ErrNotSupported,
	"v1.11.10/router/400-plain-http-to-tls.http":                    client.ErrWrongBaseURL,
	"v2.3.0/router/307-no-prefix-on-v2.http":                        client.ErrWrongBaseURL,
	"v2.3.0/router/307-no-prefix-on-v2-delete.http":                 client.ErrWrongBaseURL,
	"v2.3.0/router/307-no-prefix-on-v2-post.http":                   client.ErrWrongBaseURL,
}

// meaningOf returns the sentinel that a recorded response matches beside that of its
// status, or nil.
func meaningOf(op specOperation, e *fixture.Exchange) error {
	body := string(e.Response.Body)
	v1 := e.Version == fixture.V1
	switch {
	case e.Status == http.StatusNotFound && (strings.Contains(body, "The requested route does not exist") || strings.HasPrefix(body, "404 page not found")):
		if op.Extensions["x-since"] != nil || op.Extensions["x-until"] != nil {
			return client.ErrNotSupported
		}
		return client.ErrWrongBaseURL
	case e.Status == http.StatusUnauthorized && strings.Contains(body, "expired"):
		return client.ErrChallengeExpired
	case e.Group == "createJsonWebKeySet" && strings.HasPrefix(e.Case, "hmac-") && !v1 && !e.Raw,
		e.Group == "patchOAuth2Client" && e.Status == http.StatusInternalServerError && !v1 && !e.Raw && !strings.Contains(e.Case, "unknown"),
		e.Group == "revokeConsentSessions" && strings.HasSuffix(e.Case, "consent-request") && e.Version != fixture.V26:
		return client.ErrNotSupported
	case e.Status == http.StatusBadRequest && strings.Contains(e.Target, "page_token=") && !e.Raw:
		return client.ErrCursorExpired
	}
	return meanings[e.Version+"/"+e.Name()]
}

// checkError compares an error with the recorded response.
func checkError(t *testing.T, op specOperation, e *fixture.Exchange, err error) {
	t.Helper()
	switch {
	case e.Raw && errors.Is(err, client.ErrInvalidArgument):
		return
	case e.Version == fixture.V1 && strings.Contains(e.Target, "login_session_id="):
		require.ErrorIs(t, err, client.ErrNotSupported, "v1 ignores the filter")
		return
	case e.Status/100 == 2:
		// A raw request may succeed where the method returns an error. The call must not fail.
		require.NoError(t, err)
	}
	var ce *client.Error
	require.ErrorAs(t, err, &ce)
	assert.Equal(t, e.Status, ce.StatusCode)
	assert.Equal(t, string(e.Response.Body), string(ce.Body))
	for status, sentinel := range statusErrors {
		assert.Equal(t, errors.Is(statusErrors[e.Status], sentinel), errors.Is(err, sentinel), "ErrorIs of %d", status)
	}
	meaning := meaningOf(op, e)
	for _, possible := range []error{client.ErrNotSupported, client.ErrWrongBaseURL, client.ErrChallengeExpired, client.ErrCursorExpired} {
		assert.Equal(t, meaning == possible, errors.Is(err, possible), "%v", possible) //nolint:errorlint // sentinels
	}
	if missing := (*client.NotSupportedError)(nil); errors.As(err, &missing) {
		assert.Equal(t, e.Group, missing.Operation.ID)
		assert.Contains(t, err.Error(), missing.Reason)
	}
	if e.Case == "kid-a-number" { // v1 responds with two documents, and a private key in the second
		assert.NotContains(t, err.Error(), `"d"`)
	}

	var wire struct {
		Error       json.RawMessage `json:"error"`
		Description string          `json:"error_description"`
		RedirectTo  string          `json:"redirect_to"`
	}
	_ = json.NewDecoder(bytes.NewReader(e.Response.Body)).Decode(&wire)
	var (
		je *client.JSONError
		ge *client.GenericError
		he *client.RequestWasHandledError
	)
	switch {
	case wire.RedirectTo != "":
		require.ErrorAs(t, err, &he)
		assert.Equal(t, wire.RedirectTo, he.RedirectTo)
		assert.NotContains(t, err.Error(), wire.RedirectTo)
	case bytes.HasPrefix(wire.Error, []byte("{")):
		require.ErrorAs(t, err, &ge)
		assert.Contains(t, err.Error(), ge.Reason)
		checkLossless(t, wire.Error, ge)
	case len(wire.Error) > 0:
		require.ErrorAs(t, err, &je)
		assert.Equal(t, wire.Description, je.Description)
		assert.Contains(t, err.Error(), wire.Description)
		assert.Contains(t, string(wire.Error), je.Name)
	default:
		assert.False(t, errors.As(err, &je) || errors.As(err, &ge) || errors.As(err, &he), "an error type that the body does not have: %s", e.Response.Body)
	}
}

// checkLossless fails if v lacks a member of recorded JSON.
func checkLossless(t *testing.T, recorded []byte, v any) {
	t.Helper()
	encoded, err := json.Marshal(v)
	require.NoError(t, err)
	assert.Equal(t, prune(decodeAny(t, recorded), false), prune(decodeAny(t, encoded), false))
}

func decodeAny(t *testing.T, data []byte) (v any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber() // float64 would change large numbers
	require.NoError(t, d.Decode(&v))
	return v
}

// free are the members that hold any JSON. In them null, {} and 0 are data.
var free = map[string]bool{
	"metadata": true, "context": true, "ext": true, "access_token": true, "id_token": true, "id_token_hint_claims": true,
}

// prune removes the members of v that mean the same as absent ones.
func prune(v any, exactly bool) any {
	object, ok := v.(map[string]any)
	if list, isList := v.([]any); isList {
		for i := range list {
			list[i] = prune(list[i], exactly)
		}
	}
	if !ok || exactly {
		return v
	}
	for name, member := range object {
		object[name] = prune(member, free[name])
		switch m := object[name].(type) {
		case map[string]any:
			if len(m) == 0 && name != "metadata" && name != "context" {
				delete(object, name)
			}
		case []any:
			if len(m) == 0 && !free[name] {
				delete(object, name)
			}
		default:
			if (m == nil || m == "" || m == false || m == json.Number("0")) && !free[name] {
				delete(object, name)
			}
		}
	}
	return object
}
