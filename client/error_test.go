package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
)

// faulty returns a client whose requests go to responder, without retries.
func faulty(t *testing.T, responder httpmock.Responder) *client.AdminAPI {
	t.Helper()
	mock := httpmock.NewMockTransport()
	mock.RegisterNoResponder(responder)
	api, err := client.New("http://127.0.0.1:4445", client.WithHTTPClient(&http.Client{Transport: mock}), client.WithRetries(0))
	require.NoError(t, err)
	return api
}

// strange is what the text says of status 404 that Hydra does not send in this way.
const strange = "this response does not come from Hydra's admin API: the base URL probably leads to another server"

func TestErrorText(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		status int
		body   string
		want   string
	}{
		"name and description":       {404, `{"error":"not_here","error_description":"Gone for good."}`, "404 Not Found: not_here: Gone for good."},
		"name is the status":         {404, `{"error":"Not Found","error_description":"Gone for good."}`, "404 Not Found: Gone for good."},
		"only the status":            {404, `{"error":"Not Found","error_description":""}`, "404 Not Found"},
		"nested":                     {404, `{"error":{"code":404,"message":"Not Found","reason":"No such route."}}`, "404 Not Found: " + strange + ": Not Found: No such route."},
		"generic, as documented":     {409, `{"code":409,"message":"Exists.","reason":"Same key.","details":["any"]}`, "409 Conflict: Exists.: Same key."},
		"handled, relative":          {410, `{"redirect_to":"/oauth2/x?secret=1"}`, "410 Gone: the request was handled before; redirect the browser to Location"},
		"gone without a redirect":    {410, `{}`, "410 Gone"},
		"redirect, but not gone":     {404, `{"redirect_to":"https://a"}`, "404 Not Found: " + strange},
		"HTML of a proxy":            {502, "<html><body>Bad Gateway, secret</body></html>", "502 Bad Gateway"},
		"text":                       {405, "Method Not Allowed\n", "405 Method Not Allowed"},
		"more text":                  {400, "Client sent an HTTP request to an HTTPS server.\n", "400 Bad Request: the server speaks TLS at this port: the base URL must start with https://: Client sent an HTTP request to an HTTPS server."},
		"long text":                  {400, strings.Repeat("x", 1000), "400 Bad Request: " + strings.Repeat("x", 1000)},
		"longer text":                {400, strings.Repeat("é", 10_000), "400 Bad Request: " + strings.Repeat("é", 510) + "…"},
		"text that has the URL":      {404, "no route for /x?login_challenge=secret", "404 Not Found: " + strange + ": no route for /x?login_challenge=[redacted]"},
		"binary":                     {500, "\xff\x00", "500 Internal Server Error"},
		"broken JSON":                {500, `{"error":"`, "500 Internal Server Error"},
		"a JSON string":              {500, `"error"`, "500 Internal Server Error"},
		"a number as name":           {500, `{"error":7}`, "500 Internal Server Error: 7"},
		"members that are not texts": {400, `{"error":"odd","error_description":null,"error_hint":["a"],"error_debug":{"b":1}}`, "400 Bad Request: odd: a"},
		"null":                       {500, `null`, "500 Internal Server Error"},
		"empty":                      {503, "", "503 Service Unavailable"},
		"an unknown status":          {599, "", "599"},
		"two redirects":              {410, `{"redirect_to":"http://a"}{"redirect_to":"http://b"}`, "410 Gone: the request was handled before; redirect the browser to Location"},
		"two documents":              {500, "{\"error\":\"error\",\"error_description\":\"Odd.\"}\n{\"keys\":[{\"d\":\"secret\"}]}", "500 Internal Server Error: error: Odd."},
		"a redirect":                 {307, "", "307 Temporary Redirect"},
		"informational":              {199, "", "199"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := faulty(t, httpmock.NewStringResponder(tt.status, tt.body)).GetLoginRequest(t.Context(), "the-challenge")
			require.EqualError(t, err, "hydra: getLoginRequest: "+tt.want)
			var ce *client.Error
			require.ErrorAs(t, err, &ce)
			assert.Equal(t, client.Operation{ID: "getLoginRequest", Method: http.MethodGet, Path: "/oauth2/auth/requests/login"}, ce.Operation)
			assert.Equal(t, tt.status, ce.StatusCode)
			assert.Equal(t, tt.body, string(ce.Body))
			assert.NotContains(t, err.Error(), "secret")
			assert.NotContains(t, err.Error(), "the-challenge")
		})
	}
}

// TestGenericError: the document has this error for trusted issuers. Only the router sends it.
func TestGenericError(t *testing.T) {
	t.Parallel()
	api := faulty(t, httpmock.NewStringResponder(409, `{"id":"i","code":409,"status":"Conflict","request":"r","message":"m","reason":"why","debug":"d","details":{"a":1}}`))
	_, err := api.GetTrustedJWTGrantIssuer(t.Context(), "id")
	var ge *client.GenericError
	require.ErrorAs(t, err, &ge)
	assert.Equal(t, &client.GenericError{ID: "i", Code: 409, Status: "Conflict", Request: "r", Message: "m", Reason: "why", Debug: "d", Details: []byte(`{"a":1}`)}, ge)
	require.ErrorIs(t, err, client.ErrConflict)
}

// TestDeepError: encoding/json finds the error if the body is too deep for the fast reader.
func TestDeepError(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("[", 300) + strings.Repeat("]", 300)
	_, err := faulty(t, httpmock.NewStringResponder(409, `{"error":"m","deep":`+deep+`} {}`)).GetOAuth2Client(t.Context(), "c")
	var je *client.JSONError
	require.ErrorAs(t, err, &je)
	assert.Equal(t, "m", je.Name)
}

func TestSentinelHasTextOfStatus(t *testing.T) {
	t.Parallel()
	require.EqualError(t, client.ErrNotFound, "404 Not Found")
}

// TestInvalidResponse: a 200 without a valid body is an error.
func TestInvalidResponse(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"empty": "", "null": " null\n", "HTML": "<html>Sign in</html>", "wrong type": `{"redirect_to":7}`, "a list": "[]", "cut off": `{"redirect_to":"`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			done, err := faulty(t, httpmock.NewStringResponder(200, body)).AcceptLogoutRequest(t.Context(), "c")
			require.ErrorIs(t, err, client.ErrInvalidResponse)
			assert.Nil(t, done)
			var ce *client.Error
			require.ErrorAs(t, err, &ce)
			assert.Equal(t, 200, ce.StatusCode)
			assert.Equal(t, body, string(ce.Body))
			assert.Contains(t, err.Error(), "hydra: acceptLogoutRequest: 200 OK: the response is not what the operation promises: ")
		})
	}
	t.Run("endless", func(t *testing.T) {
		t.Parallel()
		api := faulty(t, func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Body: io.NopCloser(endless{})}, nil
		})
		_, err := api.GetOAuth2Client(t.Context(), "c")
		require.ErrorIs(t, err, client.ErrInvalidResponse)
		api = faulty(t, func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 500, Body: io.NopCloser(endless{})}, nil
		})
		_, err = api.GetOAuth2Client(t.Context(), "c")
		require.ErrorIs(t, err, client.ErrInternalServerError)
	})
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// TestTransportErrors: an error of net/http is wrapped, but not its URL, which holds the
// challenge.
func TestTransportErrors(t *testing.T) {
	t.Parallel()
	for _, cause := range []error{
		context.Canceled, io.ErrUnexpectedEOF, io.EOF,
		&net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED},
	} {
		_, err := faulty(t, httpmock.NewErrorResponder(cause)).GetLoginRequest(t.Context(), "the-challenge")
		require.ErrorIs(t, err, cause)
		assert.Equal(t, fmt.Sprintf("hydra: getLoginRequest: %v", cause), err.Error())
		assert.NotContains(t, err.Error(), "the-challenge")
		var ce *client.Error
		assert.NotErrorAs(t, err, &ce, "there was no response")
	}
	t.Run("cut off inside the body", func(t *testing.T) {
		t.Parallel()
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `{"redirect_to":"x"}`)
		}))
		defer server.Close()
		api, err := client.New(server.URL)
		require.NoError(t, err)
		done, err := api.AcceptLogoutRequest(t.Context(), "c")
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		assert.Nil(t, done)
	})
}

// TestConnectionsAreReused: unexpected bodies are read to the end too, which frees the
// connection.
func TestConnectionsAreReused(t *testing.T) {
	t.Parallel()
	var connections int
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Query().Get("subject") {
		case "error":
			w.WriteHeader(http.StatusInternalServerError)
		case "body":
		default:
			w.WriteHeader(http.StatusNoContent)
			return
		}
		_, _ = io.WriteString(w, strings.Repeat("unexpected ", 10_000))
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections++
		}
	}
	server.Start()
	defer server.Close()
	api, err := client.New(server.URL, client.WithHTTPClient(&http.Client{Transport: &http.Transport{}}))
	require.NoError(t, err)
	for range 5 {
		for _, subject := range []string{"error", "body", "nothing"} {
			_ = api.RevokeAuthenticationSession(t.Context(), client.RevokeAuthenticationSessionParams{Subject: subject})
		}
	}
	assert.Equal(t, 1, connections)
}

// FuzzError gives any status and body to the error decoder.
func FuzzError(f *testing.F) {
	for _, version := range fixture.Versions() {
		exchanges, err := fixture.Load(version)
		if err != nil {
			f.Fatal(err)
		}
		for _, e := range exchanges {
			if e.Status >= 300 {
				f.Add(e.Status, e.Response.Body)
			}
		}
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		if status < 200 || status > 999 || status/100 == 2 {
			return // below 200 the body is not read
		}
		_, err := faulty(t, httpmock.NewBytesResponder(status, body)).GetLoginRequest(t.Context(), "c")
		var ce *client.Error
		require.ErrorAs(t, err, &ce)
		assert.Equal(t, status, ce.StatusCode)
		assert.Equal(t, body, ce.Body)
		assert.True(t, strings.HasPrefix(err.Error(), "hydra: getLoginRequest: "+fmt.Sprint(status)), err.Error())
		if handled, ok := errors.AsType[*client.RequestWasHandledError](err); ok {
			assert.Equal(t, http.StatusGone, status)
			assert.NotEmpty(t, handled.RedirectTo)
		}
	})
}
