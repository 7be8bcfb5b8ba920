package client_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

var discard = log.New(io.Discard, "", 0)

const hunter2 = "hunter2-is-the-secret"

// secretCalls are calls with one secret of each kind.
func secretCalls(t *testing.T) map[string]func(a *client.AdminAPI, secret string) error {
	t.Helper()
	ctx := t.Context()
	patch := func(a *client.AdminAPI, p models.PatchDocument) error {
		_, err := a.PatchOAuth2Client(ctx, "c", []models.PatchDocument{p})
		return err
	}
	get := func(a *client.AdminAPI, opt client.Option) error {
		_, err := a.GetOAuth2Client(ctx, "c", opt)
		return err
	}
	own := func(a *client.AdminAPI, r client.Request) error {
		r.Operation = client.Operation{ID: "own", Method: http.MethodPost, Path: "/own"}
		return a.Do(ctx, r, new(struct{}))
	}
	key := func(secret string) models.JSONWebKey { return models.JSONWebKey{Kty: "EC", D: secret} }
	raw := func(v any) json.RawMessage {
		b, err := json.Marshal(v)
		require.NoError(t, err)
		return b
	}
	return map[string]func(a *client.AdminAPI, secret string) error{
		"login challenge": func(a *client.AdminAPI, secret string) error { _, err := a.GetLoginRequest(ctx, secret); return err },
		"consent challenge": func(a *client.AdminAPI, secret string) error {
			_, err := a.AcceptConsentRequest(ctx, secret, models.AcceptConsentRequest{})
			return err
		},
		"logout challenge": func(a *client.AdminAPI, secret string) error { return a.RejectLogoutRequest(ctx, secret) },
		"user code": func(a *client.AdminAPI, secret string) error {
			_, err := a.AcceptUserCodeRequest(ctx, "a-device-challenge", models.AcceptDeviceUserCodeRequest{UserCode: secret})
			return err
		},
		"token": func(a *client.AdminAPI, secret string) error {
			_, err := a.IntrospectOAuth2Token(ctx, secret, client.IntrospectOAuth2TokenParams{})
			return err
		},
		"client secret": func(a *client.AdminAPI, secret string) error {
			_, err := a.CreateOAuth2Client(ctx, models.OAuth2Client{ClientSecret: secret})
			return err
		},
		"registration token": func(a *client.AdminAPI, secret string) error {
			_, err := a.UpdateOAuth2Client(ctx, "c", models.OAuth2Client{RegistrationAccessToken: secret})
			return err
		},
		"patched secret": func(a *client.AdminAPI, secret string) error {
			return patch(a, models.PatchReplace("/client_secret", secret))
		},
		"patched secret, other case": func(a *client.AdminAPI, secret string) error {
			return patch(a, models.PatchReplace("/Client_Secret", raw(secret)))
		},
		"patched key": func(a *client.AdminAPI, secret string) error {
			return patch(a, models.PatchReplace("/jwks", models.JSONWebKeySet{Keys: []models.JSONWebKey{key(secret)}}))
		},
		"patched part of a key": func(a *client.AdminAPI, secret string) error {
			return patch(a, models.PatchAdd("/jwks/keys/0/d", secret))
		},
		"patched part of a part of a key": func(a *client.AdminAPI, secret string) error {
			return patch(a, models.PatchAdd("/jwks/keys/0/oth/0/r", secret))
		},
		"key in a client": func(a *client.AdminAPI, secret string) error {
			_, err := a.CreateOAuth2Client(ctx, models.OAuth2Client{JWKS: models.JSONWebKeySet{Keys: []models.JSONWebKey{key(secret)}}})
			return err
		},
		"further prime of a key": func(a *client.AdminAPI, secret string) error {
			k := models.JSONWebKey{Kty: "RSA", AdditionalProperties: map[string]json.RawMessage{"oth": raw([]map[string]string{{"r": secret}})}}
			_, err := a.UpdateJSONWebKey(ctx, "s", "k", k)
			return err
		},
		"unknown member of a client": func(a *client.AdminAPI, secret string) error {
			_, err := a.CreateOAuth2Client(ctx, models.OAuth2Client{AdditionalProperties: map[string]json.RawMessage{"key": raw(map[string]string{"dq": secret})}})
			return err
		},
		"private key in a set": func(a *client.AdminAPI, secret string) error {
			_, err := a.UpdateJSONWebKeySet(ctx, "s", models.JSONWebKeySet{Keys: []models.JSONWebKey{{Kty: "oct", K: secret}}})
			return err
		},
		"claim of an ID token": func(a *client.AdminAPI, secret string) error {
			session := models.ConsentRequestSession{IDToken: map[string]any{"any": []any{map[string]any{"x": secret}}}}
			_, err := a.AcceptConsentRequest(ctx, "a-consent-challenge", models.AcceptConsentRequest{Session: session})
			return err
		},
		"claim of an access token": func(a *client.AdminAPI, secret string) error {
			session := models.ConsentRequestSession{AccessToken: map[string]any{"token": secret}}
			_, err := a.AcceptConsentRequest(ctx, "a-consent-challenge", models.AcceptConsentRequest{Session: session})
			return err
		},
		"body of Do": func(a *client.AdminAPI, secret string) error {
			return own(a, client.Request{Body: map[string]any{"any": []string{secret}}})
		},
		"query of Do": func(a *client.AdminAPI, secret string) error {
			return own(a, client.Request{Query: url.Values{"login_challenge": {secret}}})
		},
		"query of Do, a member": func(a *client.AdminAPI, secret string) error {
			return own(a, client.Request{Query: url.Values{"Client_Secret": {secret}}})
		},
		"bearer token": func(a *client.AdminAPI, secret string) error { return get(a, client.WithBearerToken(secret)) },
		"password":     func(a *client.AdminAPI, secret string) error { return get(a, client.WithBasicAuth("ci", secret)) },
		"header":       func(a *client.AdminAPI, secret string) error { return get(a, client.WithHeader("X-Api-Key", secret)) },
		"trimmed": func(a *client.AdminAPI, secret string) error {
			return get(a, client.WithHeader("X-Other", " "+secret+" "))
		},
		"part of header": func(a *client.AdminAPI, secret string) error {
			return get(a, client.WithHeader("Cookie", "a=b; session="+secret))
		},
	}
}

// sealed is of the form of a challenge of Hydra v2.
var sealed = func() string {
	b := make([]byte, 200)
	for i := range b {
		b[i] = byte(i * i)
	}
	return base64.URLEncoding.EncodeToString(b)
}()

// encodings are the ways in which a server may write what it was sent.
var encodings = map[string]func(string) string{
	"as it is":              func(s string) string { return s },
	"for a path":            url.PathEscape,
	"for a query":           url.QueryEscape,
	"twice for a query":     func(s string) string { return url.QueryEscape(url.QueryEscape(s)) },
	"with small hex digits": func(s string) string { return smallHex.ReplaceAllStringFunc(url.QueryEscape(s), strings.ToLower) },
	"in JSON":               func(s string) string { b, _ := json.Marshal(s); return string(b) },
	"in JSON of a query":    func(s string) string { b, _ := json.Marshal(url.QueryEscape(s)); return string(b) },
	"in JSON with slashes":  func(s string) string { b, _ := json.Marshal(s); return strings.ReplaceAll(string(b), "/", `\/`) },
	"in Go":                 func(s string) string { return fmt.Sprintf("%+q", s) },
	"in HTML":               html.EscapeString,
	"in HTML, by numbers": func(s string) string {
		return numbered.ReplaceAllStringFunc(s, func(c string) string { return fmt.Sprintf("&#%d;", c[0]) })
	},
	"in base64 of credentials": func(s string) string { return base64.StdEncoding.EncodeToString([]byte("ci:" + s)) },
}

var (
	smallHex = regexp.MustCompile(`%..`)
	numbered = regexp.MustCompile(`[^a-z]`)
)

// places are where a server or transport writes it.
var places = map[string]func(said string, r *http.Request) (*http.Response, error){
	"error object": func(said string, _ *http.Request) (*http.Response, error) {
		return jsonResponse(400, map[string]any{"error": said, "error_description": "see " + said, "error_hint": said, "error_debug": said})
	},
	"error object of the router": func(said string, _ *http.Request) (*http.Response, error) {
		return jsonResponse(404, map[string]any{"error": map[string]any{"message": said, "reason": said, "id": said, "request": said, "status": said, "details": map[string]string{"a": said}}})
	},
	"problem of a gateway": func(said string, _ *http.Request) (*http.Response, error) {
		return jsonResponse(403, map[string]any{"title": said, "detail": "key=" + said + "&", "type": said})
	},
	"list of errors": func(said string, _ *http.Request) (*http.Response, error) {
		return jsonResponse(502, map[string]any{"errors": []any{said, map[string]string{"message": said, "code": said}}})
	},
	"text": func(said string, _ *http.Request) (*http.Response, error) {
		return httpmock.NewStringResponse(404, "no route for x="+said), nil
	},
	"title": func(said string, _ *http.Request) (*http.Response, error) {
		return httpmock.NewStringResponse(502, "<html><title>No route for "+said+"</title>"+said), nil
	},
	"end of a long text": func(said string, _ *http.Request) (*http.Response, error) {
		return httpmock.NewStringResponse(502, strings.Repeat(".", 1000)+said), nil
	},
	"end of a longer text": func(said string, _ *http.Request) (*http.Response, error) {
		text := strings.Repeat(said+"; ", 1+16<<10/len(said))
		return httpmock.NewStringResponse(502, text[:16<<10+5]), nil
	},
	"host of a redirect": func(said string, _ *http.Request) (*http.Response, error) {
		resp := httpmock.NewStringResponse(302, "")
		resp.Header.Set("Location", "https://"+url.PathEscape(said)+".example.com/?x="+said)
		return resp, nil
	},
	"redirect of a handled request": func(said string, _ *http.Request) (*http.Response, error) {
		return jsonResponse(410, map[string]any{"redirect_to": "https://hydra/?login_verifier=" + said})
	},
	"success that is none": func(said string, _ *http.Request) (*http.Response, error) {
		return httpmock.NewStringResponse(200, said), nil
	},
	"time": func(said string, _ *http.Request) (*http.Response, error) {
		return jsonResponse(200, map[string]any{"client_id": "c", "created_at": said, "client": map[string]any{"created_at": said}, "exp": said})
	},
	"transport": func(said string, r *http.Request) (*http.Response, error) {
		return nil, fmt.Errorf("%s %s giving up after 3 attempts: %s", r.Method, r.URL, said)
	},
	"transport, as a value": func(said string, r *http.Request) (*http.Response, error) {
		return nil, urlError{URL: r.URL.String(), Said: said}
	},
	"client in a transport": func(said string, r *http.Request) (*http.Response, error) {
		return nil, &url.Error{Op: "Get", URL: r.URL.String() + "&x=" + said, Err: errors.New("lookup " + said)}
	},
	"body": func(said string, _ *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Body: io.NopCloser(failing{errors.New("reading " + said)})}, nil
	},
}

type urlError struct{ URL, Said string }

func (f urlError) Error() string { return f.URL + f.Said }

func jsonResponse(status int, body any) (*http.Response, error) {
	return httpmock.NewJsonResponse(status, body)
}

// TestSecretsStayOutOfErrors: each kind of secret, in each encoding, in each place.
func TestSecretsStayOutOfErrors(t *testing.T) {
	t.Parallel()
	for kind, call := range secretCalls(t) {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			for _, secret := range []string{hunter2, `pa55"w/rd+<é> & %41\ =`, "s3cr3t", sealed} {
				for how, encode := range encodings {
					if strings.HasSuffix(how, "credentials") && kind != "password" {
						continue // it is not sent in this way
					}
					for where, respond := range places {
						simple := secret != hunter2 && !strings.Contains(secret, " ") || secret == hunter2 && how != "as it is"
						if (where == "end of a longer text" || simple) && kind != "login challenge" && kind != "header" {
							continue // that takes its time, and does not depend on the kind
						}
						var log bytes.Buffer
						api, err := client.New("http://127.0.0.1:4445", client.WithRetries(0), client.WithLogger(slog.New(slog.NewJSONHandler(&log, nil))),
							client.WithHTTPClient(&http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) { return respond(encode(secret), r) })}))
						require.NoError(t, err)
						err = call(api, secret)
						if err == nil { // the body of a response to Do may be anything
							require.Contains(t, kind, "Do")
							continue
						}
						all := append(texts(t, err), log.String())
						slices.Sort(all)
						for _, text := range slices.Compact(all) {
							assertHidden(t, secret, text, kind, how, where)
						}
					}
				}
			}
		})
	}
}

// assertHidden fails if text shows a secret, in an encoding or cut off.
func assertHidden(t *testing.T, secret, text string, what ...string) {
	t.Helper()
	part := secret[:min(len(secret), 16)]
	shown := text
	for range 4 {
		for _, s := range []string{secret, part, base64.RawStdEncoding.EncodeToString([]byte("ci:" + secret))[:8]} {
			if strings.Contains(shown, s) {
				t.Fatalf("%v: %s", what, text)
			}
		}
		shown = html.UnescapeString(strings.ReplaceAll(shown, `\/`, "/"))
		if s, err := url.QueryUnescape(shown); err == nil {
			shown = s
		}
		shown = unquoted.ReplaceAllStringFunc(shown, func(s string) string {
			c, _ := strconv.ParseUint(s[2:], 16, 32)
			return string(rune(c))
		})
		shown = strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(shown)
	}
}

var unquoted = regexp.MustCompile(`\\(u....|x..)`)

// TestWordsThatAreSecrets: a password is one, even if it is a word, but not within another.
func TestWordsThatAreSecrets(t *testing.T) {
	t.Parallel()
	api := faulty(t, httpmock.NewStringResponder(403, "the key swordfish of swordfishes is wrong"))
	for name, call := range map[string]func() error{
		"header":         func() error { return getWith(t, api, client.WithHeader("X-Api-Key", "swordfish")) },
		"cookie":         func() error { return getWith(t, api, client.WithHeader("Cookie", "s=swordfish; a=b")) },
		"bearer":         func() error { return getWith(t, api, client.WithBearerToken("swordfish")) },
		"basic":          func() error { return getWith(t, api, client.WithBasicAuth("a", "swordfish")) },
		"another basic":  func() error { return getWith(t, api, client.WithHeader("Authorization", "basic OnN3b3JkZmlzaA==")) },
		"without scheme": func() error { return getWith(t, api, client.WithHeader("Authorization", "swordfish")) },
		"digest": func() error {
			return getWith(t, api, client.WithHeader("Proxy-Authorization", `Digest response="swordfish"`))
		},
		"challenge": func() error { _, err := api.GetLoginRequest(t.Context(), "swordfish"); return err },
	} {
		require.ErrorContains(t, call(), "the key [redacted] of swordfishes is wrong", name)
	}
	for name, call := range map[string]func() error{
		"header": func() error { return getWith(t, api, client.WithHeader("X-Team", "swordfish")) },
		"word of the operation": func() error {
			return getWith(t, faulty(t, httpmock.NewStringResponder(403, "no clients: the key swordfish")), client.WithBearerToken("clients"))
		},
		"address": func() error {
			return getWith(t, faulty(t, httpmock.NewStringResponder(403, "no 127.0.0.1: the key swordfish")), client.WithHeader("X-Forwarded-For", "127.0.0.1"))
		},
	} {
		require.ErrorContains(t, call(), "the key swordfish", name)
		require.NotContains(t, call().Error(), "[redacted]", name)
	}
}

// TestSecretsInBaseURL: its user and password are credentials too.
func TestSecretsInBaseURL(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"http://ci:" + hunter2 + "@h", "http://" + hunter2 + "@h", "http://" + hunter2 + ":@h/admin"} {
		for where, respond := range places {
			for how, encode := range encodings {
				hc := &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) { return respond(encode(hunter2), r) })}
				api, err := client.New(base, client.WithHTTPClient(hc), client.WithRetries(0))
				require.NoError(t, err)
				_, err = api.GetOAuth2Client(t.Context(), "c")
				require.Error(t, err)
				if strings.Contains(base, "ci:") || !strings.Contains(how, "credentials") {
					for _, text := range append(texts(t, err), fmt.Sprint(api)) {
						assertHidden(t, hunter2, text, base, how, where)
					}
				}
			}
		}
	}
}

// TestShortSecrets: six characters are enough, of each kind of secret.
func TestShortSecrets(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{"s3cr3t", "p4ssw0rd", "fifteen-chars-1"} {
		hc := client.WithHTTPClient(&http.Client{Transport: transport(func(*http.Request) (*http.Response, error) {
			return jsonResponse(400, map[string]any{"error": "bad", "error_description": "It was '" + secret + "', not it."})
		})})
		check := func(err error, what string) {
			require.ErrorIs(t, err, client.ErrBadRequest, what)
			assert.Contains(t, err.Error(), "It was '[redacted]', not it.", what)
			for _, text := range texts(t, err) {
				assert.NotContains(t, text, secret, what)
			}
		}
		for kind, call := range secretCalls(t) {
			check(call(newClient(t, "http://h", hc), secret), kind)
		}
		for _, base := range []string{"http://ci:" + secret + "@h", "http://" + secret + "@h", "http://" + secret + ":@h/admin"} {
			check(read(newClient(t, base, hc)), base)
		}
	}
}

// TestValuesThatCannotBeEncoded: the error of a value that JSON does not have never shows it,
// not even in the text of the value's own method.
func TestValuesThatCannotBeEncoded(t *testing.T) {
	t.Parallel()
	own := client.Request{Operation: client.Operation{ID: "own", Method: http.MethodPost, Path: "/own"}}
	for name, body := range map[string]any{
		"JSON": unwilling{hunter2}, "a text": unwillingText{hunter2}, "in a map": map[string]any{"a": []any{unwilling{hunter2}}}, "a key": map[unwillingText]int{{hunter2}: 1},
		"raw JSON": json.RawMessage("{" + hunter2), "a number": json.Number(hunter2), "a time": time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC),
	} {
		own.Body = body
		err := silent(t).Do(t.Context(), own, nil)
		require.ErrorIs(t, err, client.ErrInvalidArgument, name)
		for _, text := range texts(t, err) {
			assertHidden(t, hunter2, text, name)
		}
	}
	_, err := silent(t).AcceptConsentRequest(t.Context(), "c", models.AcceptConsentRequest{Session: models.ConsentRequestSession{IDToken: map[string]any{"a": unwilling{hunter2}}}})
	require.ErrorIs(t, err, client.ErrInvalidArgument)
	for _, text := range texts(t, err) {
		assertHidden(t, hunter2, text, "a claim")
	}
}

// unwilling is a value whose encoding fails with an error that shows it.
type unwilling struct{ value string }

func (u unwilling) MarshalJSON() ([]byte, error) { return nil, errors.New("cannot encode " + u.value) }

type unwillingText struct{ value string }

func (u unwillingText) MarshalText() ([]byte, error) {
	return nil, errors.New("cannot encode " + u.value)
}

// TestSecretsInMalformedResponses: net/http quotes what it cannot read.
func TestSecretsInMalformedResponses(t *testing.T) {
	t.Parallel()
	const challenge = hunter2 + "=="
	line := "GET /oauth2/auth/requests/login?login_challenge=" + url.QueryEscape(challenge) + " HTTP/1.1"
	for name, response := range map[string]string{
		"header line":     "HTTP/1.1 200 OK\r\n" + line + "\r\n\r\n",
		"status line":     line + "\r\n\r\n",
		"status code":     "HTTP/1.1 " + challenge + " OK\r\n\r\n",
		"length":          "HTTP/1.1 200 OK\r\nContent-Length: " + challenge + "\r\n\r\n",
		"encoding":        "HTTP/1.1 200 OK\r\nTransfer-Encoding: " + challenge + "\r\n\r\n",
		"location":        "HTTP/1.1 302 Found\r\nLocation: http://%zz" + challenge + "\r\nContent-Length: 0\r\n\r\n",
		"location, query": "HTTP/1.1 302 Found\r\nLocation: :/" + line + "\r\nContent-Length: 0\r\n\r\n",
	} {
		base := serveRaw(t, response)
		jar, err := cookiejar.New(nil)
		require.NoError(t, err)
		for _, hc := range []*http.Client{{}, {Timeout: time.Minute}, {Jar: jar}} {
			hc.Transport = &http.Transport{DisableKeepAlives: true}
			api, err := client.New(base, client.WithHTTPClient(hc), client.WithRetries(0))
			require.NoError(t, err)
			_, err = api.GetLoginRequest(t.Context(), challenge)
			require.Error(t, err)
			for _, text := range texts(t, err) {
				assertHidden(t, hunter2, text, name)
			}
		}
	}
}

// TestCausesAreFound: the error of a transport is found behind its text, also if that was
// changed.
func TestCausesAreFound(t *testing.T) {
	t.Parallel()
	cause := &url.Error{Op: "Get", URL: "http://h/?login_challenge=" + hunter2, Err: &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}}
	_, err := faulty(t, httpmock.NewErrorResponder(fmt.Errorf("retries are over: %w", cause))).GetLoginRequest(t.Context(), hunter2)
	require.ErrorIs(t, err, syscall.ECONNREFUSED)
	var op *net.OpError
	require.ErrorAs(t, err, &op)
	var raw *url.Error
	require.ErrorAs(t, err, &raw, "with the URL in it: that is the transport's own error")
	require.NoError(t, errors.Unwrap(err), "nothing unwraps to a text with a secret")
	assert.Contains(t, err.Error(), "retries are over")

	_, err = faulty(t, httpmock.NewErrorResponder(fmt.Errorf("given up: %w", context.DeadlineExceeded))).GetLoginRequest(t.Context(), hunter2)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.EqualError(t, errors.Unwrap(err), "given up: context deadline exceeded", "a text without secrets stays in the chain")
}

// TestArgumentsAreNotQuoted: package json quotes a number that is none.
func TestArgumentsAreNotQuoted(t *testing.T) {
	t.Parallel()
	api := faulty(t, httpmock.ConnectionFailure)
	for _, value := range []any{json.Number(hunter2), json.RawMessage(hunter2), marshaler{}, map[string]any{"a": json.Number(hunter2)}} {
		session := models.ConsentRequestSession{IDToken: map[string]any{"a": value}}
		_, err := api.AcceptConsentRequest(t.Context(), "challenge", models.AcceptConsentRequest{Session: session})
		require.ErrorIs(t, err, client.ErrInvalidArgument)
		for _, text := range texts(t, err) {
			assertHidden(t, hunter2, text)
		}
	}
	_, err := api.PatchOAuth2Client(t.Context(), "c", []models.PatchDocument{models.PatchAdd("/a", make(chan int))})
	require.ErrorContains(t, err, "unsupported type: chan int")
}

type marshaler struct{}

func (marshaler) MarshalJSON() ([]byte, error) { return nil, errors.New("cannot encode " + hunter2) }

// TestAdminAPIIsNotPrinted: neither package fmt nor package slog prints the credentials of
// a client.
func TestAdminAPIIsNotPrinted(t *testing.T) {
	t.Parallel()
	api, err := client.New("http://ci:"+hunter2+"@h", client.WithBearerToken(hunter2), client.WithHeader("X-Api-Key", hunter2))
	require.NoError(t, err)
	for _, v := range []any{api, *api, struct{ API *client.AdminAPI }{api}, struct{ API client.AdminAPI }{*api}, []client.AdminAPI{*api}, map[string]any{"a": *api}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			text := fmt.Sprintf(verb, v)
			assert.NotContains(t, text, hunter2)
			assert.NotContains(t, text, fmt.Sprintf("%x", hunter2))
		}
		assert.NotContains(t, logged(v), hunter2)
	}
}

// TestValuesOfErrors: an error that was dereferenced, or is in another value, shows no more
// than its text.
func TestValuesOfErrors(t *testing.T) {
	t.Parallel()
	_, err := faulty(t, httpmock.NewStringResponder(410, `{"redirect_to":"https://h/?state=`+hunter2+`"}`)).GetLoginRequest(t.Context(), "the-challenge")
	var failure *client.Error
	require.ErrorAs(t, err, &failure)
	var handled *client.RequestWasHandledError
	require.ErrorAs(t, err, &handled)
	for _, v := range []any{*failure, failure, *handled, handled, []any{*failure, *handled}, struct{ E client.Error }{*failure}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			assert.NotContains(t, fmt.Sprintf(verb, v), hunter2)
			assert.NotContains(t, fmt.Sprintf(verb, v), fmt.Sprintf("%x", hunter2))
		}
	}
	assert.NotContains(t, logged(*failure)+logged(failure)+logged(*handled)+logged(handled), hunter2)
	assert.Equal(t, `client.RequestWasHandledError("the request was handled before; redirect the browser to Location")`, fmt.Sprintf("%#v", handled))
	assert.Equal(t, strconv.Quote(failure.Error()), fmt.Sprintf("%q", failure))
}

// TestOtherValuesAreNotRedacted: only secrets of the request are redacted.
func TestOtherValuesAreNotRedacted(t *testing.T) {
	t.Parallel()
	const text = "Subject type pairwise is not supported."
	api := faulty(t, httpmock.NewStringResponder(400, `{"error":"invalid_client_metadata","error_description":"`+text+`"}`))
	_, err := api.PatchOAuth2Client(t.Context(), "c", []models.PatchDocument{models.PatchReplace("/subject_type", "pairwise")})
	require.ErrorContains(t, err, text)
	_, err = api.CreateOAuth2Client(t.Context(), models.OAuth2Client{SubjectType: "pairwise", ClientName: "Subject", ClientSecret: "x"})
	require.ErrorContains(t, err, text)
	for name, call := range map[string]func() error{
		"header": func() error {
			return getWith(t, api, client.WithHeader("X-Debug", "true"), client.WithHeader("X-Team", "Subject"))
		},
		"user agent": func() error {
			return getWith(t, api, client.WithUserAgent("pairwise-supported/1"), client.WithForwardedProto())
		},
		"short": func() error {
			return getWith(t, api, client.WithBearerToken("type"), client.WithBasicAuth("not", "is"))
		},
		"word": func() error {
			_, err := api.UpdateOAuth2Client(t.Context(), "c", models.OAuth2Client{ClientSecret: "pairwise", RegistrationAccessToken: "upport"})
			return err
		},
		"claims": func() error {
			session := models.ConsentRequestSession{IDToken: map[string]any{"type": "pairwise", "scope": "supported", "on": true, "not": "not"}}
			_, err := api.AcceptConsentRequest(t.Context(), "Subject", models.AcceptConsentRequest{Session: session})
			return err
		},
		"metadata": func() error {
			_, err := api.CreateOAuth2Client(t.Context(), models.OAuth2Client{Metadata: []byte(`{"note":"Subject type pairwise is not supported."}`)})
			return err
		},
	} {
		require.ErrorContains(t, call(), text, name)
	}
}

func getWith(t *testing.T, api *client.AdminAPI, opts ...client.Option) error {
	t.Helper()
	_, err := api.GetOAuth2Client(t.Context(), "c", opts...)
	return err
}

// texts returns an error in each form in which it may be logged.
func texts(t *testing.T, err error) []string {
	t.Helper()
	all := []string{err.Error(), fmt.Sprintf("%v", err), fmt.Sprintf("%+v", err), fmt.Sprintf("%#v", err), fmt.Sprintf("%q", err), logged(err), logged(fmt.Errorf("wrapped: %w", err))}
	for cause := errors.Unwrap(err); cause != nil; cause = errors.Unwrap(cause) {
		all = append(all, cause.Error(), fmt.Sprintf("%+v", cause), logged(cause))
	}
	return all
}

// logged returns the output of both slog handlers for a value.
func logged(v any) string {
	var b bytes.Buffer
	slog.New(slog.NewJSONHandler(&b, nil)).Info("m", "v", v)
	slog.New(slog.NewTextHandler(&b, nil)).Info("m", "v", v)
	return b.String()
}

func TestSecretsStayOutOfLogs(t *testing.T) {
	t.Parallel()
	key := models.JSONWebKey{Kid: "kid", D: hunter2, P: hunter2, Q: hunter2, Dp: hunter2, Dq: hunter2, Qi: hunter2, K: hunter2}
	app := models.OAuth2Client{ClientID: "app", ClientSecret: hunter2, RegistrationAccessToken: hunter2, Metadata: []byte(`"` + hunter2 + `"`)}
	session := models.ConsentRequestSession{IDToken: map[string]any{"a": hunter2}, AccessToken: map[string]any{"a": hunter2}}
	consent := models.ConsentRequest{Challenge: hunter2, LoginChallenge: hunter2, RequestURL: "https://hydra/oauth2/auth?state=" + hunter2, Client: app, Context: []byte(`"` + hunter2 + `"`)}
	for _, v := range []any{
		app, &app, key, &key, models.JSONWebKeySet{Keys: []models.JSONWebKey{key}}, session, consent, &consent,
		models.LoginRequest{Challenge: hunter2, RequestURL: "https://hydra/oauth2/auth?state=" + hunter2, Client: app},
		models.LogoutRequest{Challenge: hunter2, RequestURL: "https://hydra/oauth2/auth?state=" + hunter2, Client: app}, models.LogoutRequest{Challenge: hunter2},
		models.PreviousConsentSession{ConsentRequest: consent, Session: session},
		models.AcceptLoginRequest{Context: []byte(`"` + hunter2 + `"`)}, models.AcceptConsentRequest{Session: session},
		models.CompletedRequest{RedirectTo: "https://hydra/oauth2/auth?login_verifier=" + hunter2}, models.CompletedRequest{RedirectTo: ":" + hunter2},
		models.RequestWasHandledResponse{RedirectTo: "/?state=" + hunter2},
		models.TrustJWTGrantIssuerBody{JWK: key}, models.PatchReplace("/client_secret", hunter2),
	} {
		assert.NotContains(t, logged(v), hunter2, "%T", v)
		assert.Contains(t, logged(v), `"v":`, "%T", v)
	}
	page := client.Page[models.OAuth2Client]{Items: []models.OAuth2Client{app, app}, Total: 2, Next: "cursor"}
	for _, v := range []any{page, &page} {
		assert.NotContains(t, logged(v), hunter2)
		assert.Contains(t, logged(v), `"items":{"0":{`)
	}
	assert.Contains(t, logged(app), "app")
	assert.Contains(t, logged(key), "kid")
}

// TestBearerTokenStaysWithItsHost: a redirect to another host is not followed.
func TestBearerTokenStaysWithItsHost(t *testing.T) {
	t.Parallel()
	var hosts []string
	api := faulty(t, func(r *http.Request) (*http.Response, error) {
		hosts = append(hosts, r.URL.Host)
		resp := httpmock.NewStringResponse(302, "")
		resp.Header.Set("Location", "https://elsewhere.example.com/")
		return resp, nil
	})
	_, err := api.GetOAuth2Client(t.Context(), "c", client.WithBearerToken(hunter2))
	require.ErrorIs(t, err, client.ErrRedirect)
	assert.Equal(t, []string{"127.0.0.1:4445"}, hosts)
}
