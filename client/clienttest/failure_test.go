package clienttest_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

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
			hydra.Follow(hydra.PublicURL + "/oauth2/auth?login_verifier=x")
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

// TestFailuresShowNoSecrets: the log of a test run is read by many.
func TestFailuresShowNoSecrets(t *testing.T) {
	t.Parallel()
	const secret = `hunter2-is-"the"-secret/of/them`
	ctx := t.Context()
	for name, test := range map[string]func(hydra *clienttest.Server){
		"body": func(hydra *clienttest.Server) {
			hydra.Respond("createOAuth2Client", clienttest.Recorded("201-all-defaults"))
			_, err := hydra.Client().CreateOAuth2Client(ctx, models.OAuth2Client{ClientSecret: secret, ClientName: "name"})
			require.NoError(t, err)
			hydra.WantBody("createOAuth2Client", models.OAuth2Client{ClientSecret: secret + "2", ClientName: "name"})
		},
		"patch": func(hydra *clienttest.Server) {
			hydra.Respond("patchOAuth2Client", clienttest.InternalServerError)
			_, _ = hydra.Client().PatchOAuth2Client(ctx, "c", []models.PatchDocument{models.PatchReplace("/client_secret", secret)})
			hydra.WantBody("patchOAuth2Client", []models.PatchDocument{models.PatchReplace("/client_secret", "another")})
		},
		"claims": func(hydra *clienttest.Server) {
			session := models.ConsentRequestSession{IDToken: map[string]any{"a": []any{secret}}}
			_, err := hydra.Client().AcceptConsentRequest(ctx, hydra.Open(clienttest.FreshConsent), models.AcceptConsentRequest{Session: session})
			require.NoError(t, err)
			hydra.WantBody("acceptConsentRequest", models.AcceptConsentRequest{})
		},
		"a body of another type": func(hydra *clienttest.Server) {
			session := models.ConsentRequestSession{IDToken: map[string]any{"a": secret}}
			_, err := hydra.Client().AcceptConsentRequest(ctx, hydra.Open(clienttest.FreshConsent), models.AcceptConsentRequest{Session: session})
			require.NoError(t, err)
			clienttest.Body[struct {
				Session map[string]map[string]time.Time `json:"session"`
			}](hydra, "acceptConsentRequest")
		},
		"challenge": func(hydra *clienttest.Server) {
			hydra.Open(clienttest.FreshLogin)
			_, err := hydra.Client().GetLoginRequest(ctx, secret)
			require.Error(t, err)
		},
		"location": func(hydra *clienttest.Server) {
			hydra.Follow("https://elsewhere.example.com/?login_verifier=" + secret)
		},
		"location that is not a URL": func(hydra *clienttest.Server) { hydra.Follow("http://%zz" + secret) },
		"verifier":                   func(hydra *clienttest.Server) { hydra.Follow("/oauth2/auth?login_verifier=" + url.QueryEscape(secret)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			output := failure(t, func(tb testing.TB) {
				tb.Helper()
				test(clienttest.New(tb, clienttest.V1))
			})
			assert.NotEmpty(t, output)
			assert.NotContains(t, output, "hunter2")
			assert.NotContains(t, output, "of/them")
			if name == "body" {
				assert.Contains(t, output, `-   "client_secret": "[secret 1]"`)
				assert.Contains(t, output, `+   "client_secret": "[secret 2]"`)
			}
		})
	}
}
