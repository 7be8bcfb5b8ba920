package client_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// strangers are responses of gateways and other servers by what they say.
var strangers = map[string]struct{ body, says string }{
	"nginx":                       {"<html>\r\n<head><title>%d Wrong Thing</title></head>\r\n<body>\r\n<center><h1>%[1]d Wrong Thing</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n", "Wrong Thing"},
	"HTML with escapes":           {"<!doctype html>\n<title\n lang=en> Wrong\n&amp; &#8220;odd&#x201d; </title>", "Wrong & “odd”"},
	"RFC 9457":                    {`{"type":"about:blank","title":"Wrong.","status":%d,"detail":"Odd."}`, "Wrong.: Odd."},
	"RFC 9457, type only":         {`{"type":"https://example.com/odd","status":%d}`, "https://example.com/odd"},
	"Spring":                      {`{"timestamp":"2026-01-01T00:00:00.000+00:00","status":%d,"error":"Wrong","message":"Odd.","path":"/x"}`, "Wrong: Odd."},
	"NestJS":                      {`{"statusCode":%d,"message":"Odd.","error":"Wrong"}`, "Wrong: Odd."},
	"NestJS, a list":              {`{"statusCode":%d,"message":["Odd.","Even."],"error":"Wrong"}`, "Wrong: Odd.: Even."},
	"Apigee":                      {`{"fault":{"faultstring":"Odd.","detail":{"errorcode":"wrong.Thing"}}}`, "Odd.: wrong.Thing"},
	"APISIX":                      {`{"error_msg":"404 Route Odd"}`, "404 Route Odd"},
	"list of texts":               {`{"errors":["Odd.","Even."]}`, "Odd.: Even."},
	"list of objects":             {`{"errors":[{"code":"wrong","title":"Odd.","detail":"Why."},{"message":"Even.","code":%d}]}`, "wrong: Odd.: Why.: Even."},
	"health of Hydra":             {`{"errors":{"database":"Odd.","migrations":"Even."}}`, "Odd.: Even."},
	"fields":                      {`{"errors":{"name":["Odd.","Even."]}}`, "Odd.: Even."},
	"nested too deep":             {`{"errors":[[[[[[[["Even."]]]]]]],"Odd."]}`, "Odd."},
	"many":                        {`{"errors":["Odd."` + strings.Repeat(`,"x"`, 5000) + `]}`, "Odd."},
	"capitals":                    {`{"Error":{"Code":"Wrong","Message":"Odd."}}`, "Wrong: Odd."},
	"a list":                      {`[{"message":"Odd."},"Even."]`, "Odd.: Even."},
	"AWS":                         {`{"Message":"Odd."}`, "Odd."},
	"Kong":                        {`{"message":"no Route matched with those values","request_id":"1"}`, "no Route matched with those values"},
	"Envoy":                       {"upstream connect error or disconnect/reset before headers. retried and the latest reset reason: remote connection failure, transport failure reason: TLS_error:|268435581:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:TLS_error_end", "CERTIFICATE_VERIFY_FAILED"},
	"a line that has a number":    {"%d upstream is odd", "upstream is odd"},
	"a line with signs":           {`'x' not a valid key=value pair (missing "=") <in> {header} & more`, `'x' not a valid key=value pair (missing "=") <in> {header} & more`},
	"code as text":                {`{"error":{"code":"wrong","message":"Odd."}}`, "Odd."},
	"only a code":                 {`{"error":{"code":"wrong_thing"}}`, "wrong_thing"},
	"flat code":                   {`{"code":"wrong","message":"Odd."}`, "Odd."},
	"status as text":              {`{"error":"wrong","error_description":"Odd.","status_code":"403"}`, "wrong: Odd."},
	"nested status":               {`{"error":{"code":%d,"status":%[1]d,"message":"Odd."}}`, "Odd."},
	"a fraction":                  {`{"error":{"code":%d.0,"message":"Odd."}}`, "Odd."},
	"request is an object":        {`{"error":{"message":"Odd.","request":{"id":"r"}}}`, "Odd."},
	"error is a bool":             {`{"error":true,"message":"Odd."}`, "Odd."},
	"error is null":               {`{"error":null,"detail":"Odd."}`, "Odd."},
	"hint is a list":              {`{"error":"wrong","error_description":"Odd.","error_hint":["a"]}`, "wrong: Odd.: a"},
	"description is a list":       {`{"error":"wrong","error_description":["Odd.","Even."]}`, "wrong: Odd.: Even."},
	"description is an object":    {`{"error":"wrong","error_description":{"message":"Odd."}}`, "wrong: Odd."},
	"error is a list":             {`{"error":["Odd.",{"message":"Even."}]}`, "Odd.: Even."},
	"the object of Ory's gateway": {`{"error":{"code":%d,"status":"Wrong","request":"r","reason":"Odd.","message":"No project."}}`, "No project.: Odd."},
	"a member of its own":         {`{"error":"wrong","error_description":"Odd.","trace_id":"1"}`, "wrong: Odd."},
	"nothing":                     {"", ""},
	"an empty object":             {"{}", ""},
	"null":                        {"null", ""},
	"binary":                      {"\x00\x01\xff", ""},
}

// stranger returns the body that a stranger sends with a status.
func stranger(name string, status int) string {
	body := strangers[name].body
	if strings.Contains(body, "%d") {
		return fmt.Sprintf(body, status)
	}
	return body
}

// TestStrangersAreQuoted: what another server says is part of the text, and is not lost
// over a member.
func TestStrangersAreQuoted(t *testing.T) {
	t.Parallel()
	for name, want := range strangers {
		for _, status := range []int{400, 403, 404, 429, 500, 503} {
			_, err := faulty(t, httpmock.NewStringResponder(status, stranger(name, status))).GetOAuth2Client(t.Context(), "c")
			require.ErrorIs(t, err, statusErrors[status])
			assert.Contains(t, err.Error(), want.says, name)
			assert.NotContains(t, err.Error(), "center")
			if name == "nested too deep" {
				assert.NotContains(t, err.Error(), "Even.")
			}
			assert.Less(t, len(err.Error()), 1400)
		}
	}
}

// TestStrangersSayNothingOfHydra: neither the version nor a challenge or cursor is to blame
// for what another server refuses.
func TestStrangersSayNothingOfHydra(t *testing.T) {
	t.Parallel()
	page := faulty(t, func(*http.Request) (*http.Response, error) {
		resp := httpmock.NewStringResponse(200, `[{"client_id":"a"}]`)
		resp.Header.Set("Link", `</admin/clients?page_size=1&page_token=opaque-and-long>; rel="next"`)
		return resp, nil
	})
	first, err := page.ListOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{Limit: 1})
	require.NoError(t, err)
	require.NotEmpty(t, first.Next)
	calls := map[string]func(a *client.AdminAPI) error{
		"members of v2": func(a *client.AdminAPI) error {
			_, err := a.AcceptLoginRequest(t.Context(), "a-challenge", models.AcceptLoginRequest{Subject: "s", IdentityProviderSessionID: "i"})
			return err
		},
		"context of v2": func(a *client.AdminAPI) error {
			_, err := a.AcceptConsentRequest(t.Context(), "a-challenge", models.AcceptConsentRequest{Context: json.RawMessage(`{"a":1}`)})
			return err
		},
		"algorithm of v1": func(a *client.AdminAPI) error {
			_, err := a.CreateJSONWebKeySet(t.Context(), "s", models.JSONWebKeySetGeneratorRequest{Alg: "HS256"})
			return err
		},
		"parameter of v2": func(a *client.AdminAPI) error {
			return a.RevokeAuthenticationSession(t.Context(), client.RevokeAuthenticationSessionParams{SessionID: "s"})
		},
		"patch of v1": func(a *client.AdminAPI) error {
			_, err := a.PatchOAuth2Client(t.Context(), "c", []models.PatchDocument{models.PatchTest("/a", "b")})
			return err
		},
		"operation of v26": func(a *client.AdminAPI) error { _, err := a.RotateOAuth2ClientSecret(t.Context(), "c"); return err },
		"challenge":        func(a *client.AdminAPI) error { _, err := a.GetConsentRequest(t.Context(), "a-challenge"); return err },
		"cursor": func(a *client.AdminAPI) error {
			_, err := a.ListOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{Cursor: first.Next})
			return err
		},
	}
	for what, call := range calls {
		for name := range strangers {
			for _, status := range []int{400, 401, 404, 500} {
				err := call(faulty(t, httpmock.NewStringResponder(status, stranger(name, status))))
				require.ErrorIs(t, err, statusErrors[status])
				for _, meaning := range []error{client.ErrNotSupported, client.ErrChallengeExpired, client.ErrCursorExpired} {
					require.NotErrorIs(t, err, meaning, "%s: %s: %d", what, name, status)
				}
			}
		}
		// Hydra's own shape, but not what it says of these.
		err := call(faulty(t, httpmock.NewStringResponder(400, `{"error":"invalid_request","error_description":"Odd: the token expired."}`)))
		for _, meaning := range []error{client.ErrNotSupported, client.ErrChallengeExpired, client.ErrCursorExpired} {
			require.NotErrorIs(t, err, meaning, what)
		}
	}
}

// TestStrangers404 is not "already deleted".
func TestStrangers404(t *testing.T) {
	t.Parallel()
	for name := range strangers {
		err := faulty(t, httpmock.NewStringResponder(404, stranger(name, 404))).DeleteOAuth2Client(t.Context(), "c")
		require.ErrorIs(t, err, client.ErrNotFound, name)
		require.ErrorIs(t, err, client.ErrWrongBaseURL, name)
		require.ErrorContains(t, err, "does not come from Hydra's admin API", name)
	}
	for _, body := range []string{ // the public port and the router of each version
		"404 page not found\n", `{"error":{"code":404,"message":"Not Found","reason":"The requested route does not exist. Make sure you are using the right path, domain, and port."}}`,
		"Error 404 - The requested route does not exist. Make sure you are using the right path, domain, and port.",
	} {
		err := faulty(t, httpmock.NewStringResponder(404, body)).DeleteOAuth2Client(t.Context(), "c")
		require.ErrorIs(t, err, client.ErrNotFound)
		require.ErrorIs(t, err, client.ErrWrongBaseURL)
	}
	err := faulty(t, httpmock.NewStringResponder(404, `{"error":"Unable to locate the resource","error_description":""}`)).DeleteOAuth2Client(t.Context(), "c")
	require.ErrorIs(t, err, client.ErrNotFound)
	require.NotErrorIs(t, err, client.ErrWrongBaseURL)
}

// TestTextsAreClean: a server cannot break lines of a log, colour a terminal or turn the
// direction of writing, and not fill a disk.
func TestTextsAreClean(t *testing.T) {
	t.Parallel()
	dirty := "a\r\nb\x1b[31mc\u202ed\u2028e\x7f\u0085\t f" + strings.Repeat("é\n", 50_000)
	encoded, err := json.Marshal(dirty)
	require.NoError(t, err)
	said := string(encoded)
	for _, body := range []string{
		dirty, `{"error":` + said + `,"error_description":` + said + `,"error_hint":` + said + `}`, `{"error":{"message":` + said + `,"reason":` + said + `}}`,
		`{"title":` + said + `,"detail":` + said + `}`, `{"errors":[` + said[:100] + `",` + said + `]}`, "<title>" + dirty + "</title>",
	} {
		_, err := faulty(t, httpmock.NewStringResponder(500, body)).GetOAuth2Client(t.Context(), "c")
		text := err.Error()
		assert.Less(t, len(text), 1200)
		assert.False(t, strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }), "%q", text)
		assert.True(t, strings.HasSuffix(text, "…") || strings.HasPrefix(body, "<"), text)
	}
	_, err = faulty(t, httpmock.NewErrorResponder(fmt.Errorf("odd%s", dirty))).GetOAuth2Client(t.Context(), "c")
	assert.Less(t, len(err.Error()), 1200)
	assert.NotContains(t, err.Error(), "\n")
}

// TestOtherChallengesAreHidden: parameters that are secret are hidden by their names, since
// they may be those of another call.
func TestOtherChallengesAreHidden(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		"no /x?a=b&login_challenge=other&c=d here":             "no /x?a=b&login_challenge=[redacted]&c=d here",
		"no /x%3Fa%3Db%26login_challenge%3Dother%26c%3Dd here": "no /x%3Fa%3Db%26login_challenge%3D[redacted]%26c%3Dd here",
		"no /?token=a&token=b&page_token=c&login_verifier=d":   "no /?token=[redacted]&token=[redacted]&page_token=c&login_verifier=[redacted]",
		"no login_challenge= here":                             "no login_challenge= here",
	} {
		_, err := faulty(t, httpmock.NewStringResponder(502, said)).GetOAuth2Client(t.Context(), "c")
		require.ErrorContains(t, err, want)
	}
}

// TestCutSecretsAreHidden: a secret at the place where a text is cut is not shown in part.
func TestCutSecretsAreHidden(t *testing.T) {
	t.Parallel()
	for n := range 40 {
		said := strings.Repeat(sealed+";", 100)[:16<<10-n] + sealed + strings.Repeat(".", 20<<10)
		quoted, err := json.Marshal(said)
		require.NoError(t, err)
		for _, body := range []string{said, `{"error":` + string(quoted) + `}`, `{"errors":[` + string(quoted) + `]}`} {
			_, err = faulty(t, httpmock.NewStringResponder(502, body)).GetLoginRequest(t.Context(), sealed)
			rest := strings.ReplaceAll(strings.TrimPrefix(err.Error(), "hydra: getLoginRequest: 502 Bad Gateway: "), "[redacted];", "")
			rest = strings.TrimRight(rest, ".…")
			assert.Equal(t, "[redacted]"[:min(len(rest), len("[redacted]"))], rest)
		}
	}
}

// TestRedirectsNameTheMistake in a base URL.
func TestRedirectsNameTheMistake(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ base, location, want string }{
		"https":                        {"http://h/admin", "https://h/admin/clients/c", "the base URL must start with https://"},
		"https at another port":        {"http://h:4445", "https://h/clients/c", "the base URL must start with https://"},
		"http":                         {"https://h", "http://h/clients/c", "the base URL must start with http://"},
		"another host":                 {"http://h", "http://www.h/clients/c", "redirects to http://www.h"},
		"another port":                 {"http://h:80", "http://h:4445/clients/c", "redirects to http://h:4445"},
		"a login page":                 {"https://h/admin", "https://sso.example.com/login?next=%2Fadmin%2Fclients", "redirects to https://sso.example.com"},
		"a login page of the host":     {"http://h/admin", "https://h/login", "redirects to https://h"},
		"v2 without its prefix":        {"http://h", "http:///admin/clients/c", "its base URL ends in /admin"},
		"v2 without its prefix, host":  {"http://h", "http://h/admin/clients/c", "its base URL ends in /admin"},
		"v2 without its prefix, path":  {"http://h", "/admin/clients/c", "its base URL ends in /admin"},
		"another prefix":               {"http://h", "/hydra/clients/c", "the base URL ends in /hydra"},
		"another resource":             {"http://h", "/clients", ""},
		"the same":                     {"http://h", "/clients/c", ""},
		"no location":                  {"http://h", "", ""},
		"a location that is not a URL": {"http://h", "http://%zz", ""},
		"a prefix that is there":       {"http://h/admin", "/admin/clients/", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, status := range []int{301, 302, 307, 308} {
				hc := &http.Client{Transport: transport(func(*http.Request) (*http.Response, error) {
					resp := httpmock.NewStringResponse(status, "")
					resp.Header.Set("Location", tt.location)
					return resp, nil
				})}
				api, err := client.New(tt.base, client.WithHTTPClient(hc))
				require.NoError(t, err)
				err = api.DeleteOAuth2Client(t.Context(), "c")
				require.ErrorIs(t, err, client.ErrRedirect)
				require.ErrorContains(t, err, tt.want)
				if tt.want == "" {
					require.NotErrorIs(t, err, client.ErrWrongBaseURL)
				} else {
					require.ErrorIs(t, err, client.ErrWrongBaseURL)
				}
			}
		})
	}
}

// TestTLSMismatch: one side speaks TLS and the other does not.
func TestTLSMismatch(t *testing.T) {
	t.Parallel()
	secure, plain := httptest.NewUnstartedServer(http.NotFoundHandler()), httptest.NewServer(http.NotFoundHandler())
	secure.Config.ErrorLog = discard
	secure.StartTLS()
	t.Cleanup(secure.Close)
	t.Cleanup(plain.Close)
	alert := serveRaw(t, "\x15\x03\x01\x00\x02\x02\x16")
	nginx := serveRaw(t, status(400, "<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head></html>"))
	apache := serveRaw(t, status(400, "<html><head><title>400 Bad Request</title></head><body><p>Reason: You're speaking plain HTTP to an SSL-enabled server port.<br /></p></body></html>"))
	for base, want := range map[string]string{
		strings.Replace(secure.URL, "https", "http", 1): "the base URL must start with https://",
		strings.Replace(plain.URL, "http", "https", 1):  "the base URL must start with http://",
		alert:  "the base URL must start with https://",
		nginx:  "the base URL must start with https://",
		apache: "the base URL must start with https://",
	} {
		for _, hc := range []*http.Client{{}, {Timeout: time.Minute}} {
			hc.Transport = &http.Transport{DisableKeepAlives: true}
			api, err := client.New(base, client.WithHTTPClient(hc), client.WithRetries(0))
			require.NoError(t, err)
			_, err = api.GetOAuth2Client(t.Context(), "c")
			require.ErrorContains(t, err, want)
			require.ErrorIs(t, err, client.ErrWrongBaseURL)
			assert.Contains(t, err.Error(), "hydra: getOAuth2Client: ")
		}
	}
}

// TestNewSaysWhatABaseURLLacks names the scheme that is missing.
func TestNewSaysWhatABaseURLLacks(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"127.0.0.1:4445", "localhost:4445", "hydra:4445/admin", "/admin", "hydra", "[::1]:4445", "user:hunter2@h:4445"} {
		_, err := client.New(base)
		require.EqualError(t, err, "hydra: invalid argument: baseURL must start with http:// or https://", base)
	}
	_, err := client.New("")
	require.ErrorContains(t, err, "baseURL is empty")
}
