package clienttest_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func TestUnpreparedTestsFailReadably(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	for _, tt := range []struct {
		name string
		test func(hydra *clienttest.Server)
		want []string
	}{
		{"an operation without a response", func(hydra *clienttest.Server) {
			_, err := hydra.Client().GetOAuth2Client(ctx, "app")
			assert.Error(t, err)
		}, []string{`unexpected call of getOAuth2Client`, `Respond("getOAuth2Client", ...)`, "calls so far:\n  getOAuth2Client"}},
		{"a challenge of no opened request", func(hydra *clienttest.Server) {
			known := hydra.Open(clienttest.FreshLogin)
			_, err := hydra.Client().GetLoginRequest(ctx, known[1:])
			assert.Error(t, err)
		}, []string{"unexpected call of getLoginRequest", "  - ", "\n  + "}},
		{"a challenge of another kind", func(hydra *clienttest.Server) {
			_, err := hydra.Client().GetConsentRequest(ctx, hydra.Open(clienttest.FreshLogin))
			assert.Error(t, err)
		}, []string{"no consent request has this challenge"}},
		{"a request of no operation", func(hydra *clienttest.Server) {
			resp, err := hydra.RoundTrip(httptest.NewRequest(http.MethodGet, "/nothing", nil))
			if assert.NoError(t, err) {
				assert.Equal(t, http.StatusNotImplemented, resp.StatusCode)
			}
		}, []string{"unexpected request GET /nothing"}},
		{"other calls than wanted", func(hydra *clienttest.Server) {
			_, err := hydra.Client().GetLoginRequest(ctx, hydra.Open(clienttest.FreshLogin))
			require.NoError(t, err)
			hydra.WantCalls("getLoginRequest", "acceptLoginRequest")
		}, []string{"    getLoginRequest\n  - acceptLoginRequest\n"}},
		{"another body than wanted", func(hydra *clienttest.Server) {
			_, err := hydra.Client().AcceptLoginRequest(ctx, hydra.Open(clienttest.FreshLogin), models.AcceptLoginRequest{Subject: "alice", Remember: true})
			require.NoError(t, err)
			hydra.WantBody("acceptLoginRequest", models.AcceptLoginRequest{Subject: "bob", Remember: true})
		}, []string{`    "remember": true,`, `  -   "subject": "bob"`, `  +   "subject": "alice"`}},
		{"a call that was not made", func(hydra *clienttest.Server) {
			clienttest.Body[models.AcceptLoginRequest](hydra, "acceptLoginRequest")
		}, []string{"acceptLoginRequest was not called"}},
		{"a body of another type", func(hydra *clienttest.Server) {
			_, err := hydra.Client().AcceptLoginRequest(ctx, hydra.Open(clienttest.FreshLogin), alice)
			require.NoError(t, err)
			clienttest.Body[models.RejectRequest](hydra, "acceptLoginRequest")
		}, []string{"is not a models.RejectRequest", `unknown field "subject"`}},
		{"an operation that does not exist", func(hydra *clienttest.Server) {
			hydra.Respond("getLogin", clienttest.Reset)
		}, []string{`no operation is called "getLogin"`, "getLoginRequest"}},
		{"a recording that does not exist", func(hydra *clienttest.Server) {
			hydra.Respond("getOAuth2Client", clienttest.Recorded("404"))
		}, []string{`no recording "404"`, "404-unknown"}},
		{"recordings of an operation that does not exist", func(hydra *clienttest.Server) {
			hydra.Cases("getClient")
		}, []string{`no operation is called "getClient"`}},
		{"an empty list of an operation that returns none", func(hydra *clienttest.Server) {
			hydra.Respond("getOAuth2Client", clienttest.EmptyList)
		}, []string{"getOAuth2Client does not return a list"}},
		{"a value that JSON cannot encode", func(hydra *clienttest.Server) {
			hydra.Respond("getOAuth2Client", clienttest.JSON(200, func() {}))
		}, []string{"unsupported type"}},
		{"a scenario that does not exist", func(hydra *clienttest.Server) {
			hydra.Open("fresh-login")
		}, []string{`no scenario is called "fresh-login"`}},
		{"a browser that is redirected to another host", func(hydra *clienttest.Server) {
			hydra.Follow("https://evil.example.com/")
		}, []string{"not back to Hydra"}},
		{"an unknown verifier", func(hydra *clienttest.Server) {
			hydra.Follow("/oauth2/auth?login_verifier=x")
		}, []string{"a verifier that is not from a RedirectTo"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			output := failure(t, func(tb testing.TB) {
				tb.Helper()
				tt.test(clienttest.New(tb, clienttest.V1))
			})
			for _, want := range tt.want {
				assert.Contains(t, output, want)
			}
		})
	}
}

func TestOtherVersionsWereNotRecorded(t *testing.T) {
	t.Parallel()
	output := failure(t, func(tb testing.TB) {
		tb.Helper()
		clienttest.New(tb, "v0.1.0")
	})
	assert.Contains(t, output, "no recordings of Hydra v0.1.0")
}
