package client_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

var discard = log.New(io.Discard, "", 0)

const hunter2 = "hunter2-is-the-secret"

// TestSecretsStayOutOfErrors: secrets are redacted, even if the server sends them back.
func TestSecretsStayOutOfErrors(t *testing.T) {
	t.Parallel()
	calls := map[string]func(*client.AdminAPI) error{
		"login challenge": func(a *client.AdminAPI) error { _, err := a.GetLoginRequest(t.Context(), hunter2); return err },
		"consent challenge": func(a *client.AdminAPI) error {
			_, err := a.AcceptConsentRequest(t.Context(), hunter2, models.AcceptConsentRequest{})
			return err
		},
		"logout challenge": func(a *client.AdminAPI) error {
			return a.RejectLogoutRequest(t.Context(), hunter2)
		},
		"token": func(a *client.AdminAPI) error {
			_, err := a.IntrospectOAuth2Token(t.Context(), hunter2, client.IntrospectOAuth2TokenParams{})
			return err
		},
		"client secret": func(a *client.AdminAPI) error {
			_, err := a.CreateOAuth2Client(t.Context(), models.OAuth2Client{ClientSecret: hunter2})
			return err
		},
		"registration token": func(a *client.AdminAPI) error {
			_, err := a.UpdateOAuth2Client(t.Context(), "c", models.OAuth2Client{RegistrationAccessToken: hunter2})
			return err
		},
		"patched secret": func(a *client.AdminAPI) error {
			_, err := a.PatchOAuth2Client(t.Context(), "c", []models.PatchDocument{models.PatchReplace("/client_secret", hunter2)})
			return err
		},
		"key in a client": func(a *client.AdminAPI) error {
			_, err := a.CreateOAuth2Client(t.Context(), models.OAuth2Client{JWKS: models.JSONWebKeySet{Keys: []models.JSONWebKey{{Kty: "EC", D: hunter2}}}})
			return err
		},
		"patched key": func(a *client.AdminAPI) error {
			patch := models.PatchReplace("/jwks", models.JSONWebKeySet{Keys: []models.JSONWebKey{{Kty: "EC", D: hunter2}}})
			_, err := a.PatchOAuth2Client(t.Context(), "c", []models.PatchDocument{patch})
			return err
		},
		"patched part of a key": func(a *client.AdminAPI) error {
			_, err := a.PatchOAuth2Client(t.Context(), "c", []models.PatchDocument{models.PatchAdd("/jwks/keys/0/d", hunter2)})
			return err
		},
		"body of Do": func(a *client.AdminAPI) error {
			return a.Do(t.Context(), client.Request{Operation: client.Operation{ID: "own", Method: http.MethodPost, Path: "/own"}, Body: map[string]string{"client_secret": hunter2}}, new(struct{}))
		},
		"private key": func(a *client.AdminAPI) error {
			_, err := a.UpdateJSONWebKey(t.Context(), "s", "k", models.JSONWebKey{Kty: "EC", D: hunter2})
			return err
		},
		"private key in a set": func(a *client.AdminAPI) error {
			_, err := a.UpdateJSONWebKeySet(t.Context(), "s", models.JSONWebKeySet{Keys: []models.JSONWebKey{{Kty: "oct", K: hunter2}}})
			return err
		},
		"bearer token": func(a *client.AdminAPI) error {
			return a.DeleteOAuth2Client(t.Context(), "c", client.WithBearerToken(hunter2))
		},
	}
	responders := map[string]httpmock.Responder{
		"JSON":      httpmock.NewStringResponder(400, `{"error":"invalid `+hunter2+`","error_description":"`+hunter2+`"}`),
		"nested":    httpmock.NewStringResponder(404, `{"error":{"message":"`+hunter2+`","reason":"`+hunter2+`"}}`),
		"text":      httpmock.NewStringResponder(404, "no route for "+hunter2),
		"HTML":      httpmock.NewStringResponder(502, "<html>"+hunter2),
		"handled":   httpmock.NewStringResponder(410, `{"redirect_to":"https://hydra/?login_verifier=`+hunter2+`"}`),
		"malformed": httpmock.NewStringResponder(200, hunter2),
		"cut off": func(*http.Request) (*http.Response, error) {
			return nil, io.ErrUnexpectedEOF
		},
	}
	for what, call := range calls {
		for how, responder := range responders {
			if what == "bearer token" && how != "cut off" {
				continue // it is meant for the proxy that responds
			}
			t.Run(what+"/"+how, func(t *testing.T) {
				t.Parallel()
				err := call(faulty(t, responder))
				require.Error(t, err)
				for _, text := range texts(t, err) {
					assert.NotContains(t, text, hunter2)
				}
			})
		}
	}
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
