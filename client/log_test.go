package client_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func TestWithLogger(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		responder httpmock.Responder
		want      map[string]any
	}{
		"a success": {
			httpmock.NewStringResponder(200, `{"redirect_to":"https://app?code=hidden-code"}`),
			map[string]any{"level": "DEBUG", "status": 200.0, "attempts": 1.0},
		},
		"an error": {
			httpmock.NewStringResponder(404, `{"error":"Not Found","error_description":"No the-challenge here."}`),
			map[string]any{"level": "INFO", "status": 404.0, "attempts": 1.0, "error": "hydra: acceptConsentRequest: 404 Not Found: No [redacted] here."},
		},
		"an empty response": {
			httpmock.NewStringResponder(200, ""),
			map[string]any{"level": "INFO", "status": 200.0, "attempts": 1.0, "error": "hydra: acceptConsentRequest: 200 OK: the response is not what the operation promises: its body is empty"},
		},
		"a success after a retry": {
			httpmock.NewStringResponder(503, "").Then(httpmock.NewStringResponder(200, `{"redirect_to":"https://app"}`)),
			map[string]any{"level": "DEBUG", "status": 200.0, "attempts": 2.0},
		},
		"no response": {
			httpmock.ConnectionFailure,
			map[string]any{"level": "INFO", "attempts": 2.0, "error": "hydra: acceptConsentRequest: no responder found"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			log := slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
			api := faulty(t, tt.responder)
			_, _ = api.AcceptConsentRequest(t.Context(), "the-challenge", models.AcceptConsentRequest{}, client.WithLogger(log), client.WithRetries(1))

			var line map[string]any
			require.NoError(t, json.Unmarshal(out.Bytes(), &line), "one line: %s", out.String())
			assert.GreaterOrEqual(t, line["duration"], 0.0)
			delete(line, "time")
			delete(line, "duration")
			maps.Copy(tt.want, map[string]any{"msg": "call of Hydra's admin API", "operation": "acceptConsentRequest", "method": http.MethodPut, "path": "/oauth2/auth/requests/consent/accept"})
			assert.Equal(t, tt.want, line)
			assert.NotContains(t, out.String(), "the-challenge")
			assert.NotContains(t, out.String(), "hidden-code")
		})
	}
}

// TestLinesOfCalls: a call that is refused has no line, and each page of an iterator has one.
func TestLinesOfCalls(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log := client.WithLogger(slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug})))
	_, err := silent(t).GetOAuth2Client(t.Context(), "", log)
	require.ErrorIs(t, err, client.ErrInvalidArgument)
	_, err = silent(t).CreateOAuth2Client(t.Context(), models.OAuth2Client{ClientID: "\xff"}, log)
	require.ErrorIs(t, err, client.ErrInvalidArgument)
	assert.Empty(t, out.String())

	l := &slowList{total: 6}
	_, _, err = l.iterate(t, nil, log, client.WithPagesInFlight(2))
	require.NoError(t, err)
	assert.Equal(t, 3, bytes.Count(out.Bytes(), []byte(`"operation":"listOAuth2Clients"`)))
	assert.Equal(t, 3, bytes.Count(out.Bytes(), []byte("\n")))
}

func TestOperationFromContext(t *testing.T) {
	t.Parallel()
	_, ok := client.OperationFromContext(t.Context())
	assert.False(t, ok)

	var got []client.Operation
	api := faulty(t, func(r *http.Request) (*http.Response, error) {
		op, ok := client.OperationFromContext(r.Context())
		assert.True(t, ok)
		got = append(got, op)
		return httpmock.NewStringResponse(503, ""), nil
	})
	_, err := api.GetOAuth2Client(t.Context(), "the-client", client.WithRetries(1))
	require.ErrorIs(t, err, client.ErrServiceUnavailable)
	want := client.Operation{ID: "getOAuth2Client", Method: http.MethodGet, Path: "/clients/{id}"}
	assert.Equal(t, []client.Operation{want, want}, got, "each attempt has the operation")
}

// TestRefusedCallsAreNotLogged: a call that is refused before anything is sent has no line,
// whatever it is refused for.
func TestRefusedCallsAreNotLogged(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	logger := client.WithLogger(slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug})))
	mock := httpmock.NewMockTransport() // responds to nothing
	api := newClient(t, "http://hydra", logger, client.WithHTTPClient(&http.Client{Transport: mock}))
	for id, op := range specOperations(t) {
		_, err := call(t, id, &request{t: t, api: api})
		require.ErrorIs(t, err, client.ErrInvalidArgument, "%s without a context", id)
		for _, p := range op.Parameters {
			if p.Value.In == "path" || p.Value.Required {
				_, err := call(t, id, &request{t: t, api: api, ctx: t.Context(), args: map[string]string{p.Value.Name: ""}})
				require.ErrorIs(t, err, client.ErrInvalidArgument, "%s without %s", id, p.Value.Name)
			}
		}
	}
	_, err := api.CreateOAuth2Client(t.Context(), models.OAuth2Client{Metadata: []byte("{")})
	require.ErrorIs(t, err, client.ErrInvalidArgument, "a body that cannot be encoded")
	_, err = api.CreateOAuth2Client(t.Context(), models.OAuth2Client{}, client.WithTimeout(-1))
	require.ErrorIs(t, err, client.ErrInvalidArgument, "an option")
	_, err = api.ListOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{Cursor: "x"})
	require.ErrorIs(t, err, client.ErrInvalidArgument, "a cursor")
	_, err = api.ListOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{Offset: 1}, client.WithTimeout(-1))
	require.ErrorIs(t, err, client.ErrInvalidArgument, "an option of a list from an offset on")
	require.ErrorContains(t, err, "hydra: listOAuth2Clients: ")
	require.ErrorIs(t, firstError(api.AllOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{Limit: -1})), client.ErrInvalidArgument)
	assert.Empty(t, out.String())
}
