//go:build live

package record

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/database"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// app registers a client with all grants that the scenarios need, after changes were
// applied, and returns an app that uses it.
func (r *recorder) app(id string, changes ...func(*models.OAuth2Client)) hydra.App {
	c := models.OAuth2Client{
		ClientID: id, ClientName: "An app", ClientSecret: secret, RedirectURIs: []string{redirectURI},
		PostLogoutRedirectURIs: []string{"http://127.0.0.1:5555/bye"},
		GrantTypes:             []string{"authorization_code", "refresh_token", "client_credentials", hydra.JWTBearer},
		ResponseTypes:          []string{"code"}, Scope: "openid offline read write", Audience: []string{"https://api.example.com"},
	}
	for _, change := range changes {
		change(&c)
	}
	r.created(c)
	r.awaitKeys()
	return hydra.App{PublicURL: r.PublicURL, ID: id, Secret: secret, RedirectURI: redirectURI}
}

// awaitKeys waits until the server has the keys that sign ID tokens. It generates them
// when they are first asked for, and closes the connection if that takes long.
func (r *recorder) awaitKeys() {
	r.Helper()
	require.Eventually(r, func() bool {
		req, err := http.NewRequestWithContext(r.Context(), http.MethodGet, r.PublicURL+"/.well-known/jwks.json", nil)
		if err != nil {
			return false
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return false
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	}, 2*time.Minute, 50*time.Millisecond, "the server has no keys")
}

// follow opens a page in the browser and returns the query parameter of the last
// redirect.
func (r *recorder) follow(b *hydra.Browser, page, param string) string {
	r.Helper()
	v, err := b.FollowTo(r.Context(), page, param)
	require.NoError(r, err)
	return v
}

// accepted accepts a login and returns the consent challenge.
func (r *recorder) accepted(b *hydra.Browser, authURL string, body models.AcceptLoginRequest) string {
	r.Helper()
	done, err := r.client.AcceptLoginRequest(r.Context(), r.follow(b, authURL, "login_challenge"), body)
	require.NoError(r, err)
	return r.follow(b, done.RedirectTo, "consent_challenge")
}

// granted runs a whole flow and returns the tokens.
func (r *recorder) granted(b *hydra.Browser, app hydra.App, login models.AcceptLoginRequest, consent models.AcceptConsentRequest) hydra.Token {
	r.Helper()
	challenge := r.accepted(b, app.AuthURL("openid offline read", "audience", "https://api.example.com"), login)
	done, err := r.client.AcceptConsentRequest(r.Context(), challenge, consent)
	require.NoError(r, err)
	token, err := app.Exchange(r.Context(), r.follow(b, done.RedirectTo, "code"))
	require.NoError(r, err)
	return token
}

var (
	alice   = models.AcceptLoginRequest{Subject: "alice"}
	granted = models.AcceptConsentRequest{
		GrantScope:               []string{"openid", "offline", "read"},
		GrantAccessTokenAudience: []string{"https://api.example.com"},
		Session: models.ConsentRequestSession{
			AccessToken: map[string]any{"tenant": "acme", "level": 3, "admin": false, "groups": []string{"a", "b"}},
			IDToken:     map[string]any{"email": "alice@example.com"},
		},
	}
)

func login(r *recorder) {
	ctx := r.Context()
	app := r.app("login-app")
	browser := hydra.NewBrowser()
	hint := r.granted(browser, app, alice, granted).IDToken
	authURL := app.AuthURL("openid read", "prompt", "login", "login_hint", "alice@example.com", "ui_locales", "de-CH en",
		"acr_values", "gold silver", "display", "popup", "id_token_hint", hint, "audience", "https://api.example.com")

	challenge := r.follow(browser, authURL, "login_challenge")
	_, err := r.as("fresh").GetLoginRequest(ctx, challenge)
	require.NoError(r, err)
	done, err := r.as("everything").AcceptLoginRequest(ctx, challenge, models.AcceptLoginRequest{
		Subject: "alice", Remember: true, RememberFor: 3600, ACR: "gold", AMR: []string{"pwd", "otp"},
		Context: json.RawMessage(`{"id":12345678901234567890,"from":["any"]}`), ForceSubjectIdentifier: "alice-elsewhere",
	})
	require.NoError(r, err)
	_, err = r.as("accepted-not-used").GetLoginRequest(ctx, challenge)
	require.NoError(r, err)
	_, err = r.as("again").AcceptLoginRequest(ctx, challenge, alice)
	r.requireError(err, client.ErrConflict, nil)
	_, err = r.as("after-accept").RejectLoginRequest(ctx, challenge, models.RejectRequest{})
	r.requireError(err, client.ErrConflict, nil)
	consent := r.follow(browser, done.RedirectTo, "consent_challenge")
	_, err = r.as("with-context").GetConsentRequest(ctx, consent)
	require.NoError(r, err)
	_, err = r.as("handled").GetLoginRequest(ctx, challenge)
	r.requireError(err, client.ErrRequestWasHandled, nil)

	_, err = r.as("unknown").GetLoginRequest(ctx, "nothing")
	require.ErrorIs(r, err, client.ErrNotFound)
	_, err = r.as("unknown").AcceptLoginRequest(ctx, "nothing", alice)
	require.ErrorIs(r, err, client.ErrNotFound)
	_, err = r.as("unknown").RejectLoginRequest(ctx, "nothing", models.RejectRequest{})
	require.ErrorIs(r, err, client.ErrNotFound)

	open := r.follow(hydra.NewBrowser(), app.AuthURL("openid"), "login_challenge")
	const login = "/oauth2/auth/requests/login"
	r.raw(400, "", "no-challenge", http.MethodGet, login+"?login_challenge=", "")
	r.raw(400, "", "no-subject", http.MethodPut, login+"/accept?login_challenge="+open, `{}`)
	r.raw(byVersion(r, 400, 400, 200), "", "unknown-member", http.MethodPut, login+"/accept?login_challenge="+open, `{"subject":"alice","colour":"red"}`)
	r.raw(400, "", "no-body", http.MethodPut, login+"/reject?login_challenge="+open, "")
	r.raw(byVersion(r, 400, 400, 200), "", "unknown-member", http.MethodPut, login+"/reject?login_challenge="+open, `{"colour":"red"}`)

	rejected, err := r.as("all-members").RejectLoginRequest(ctx, open, models.RejectRequest{
		Error: "access_denied", ErrorDescription: "Not today.", ErrorHint: "Try tomorrow.", ErrorDebug: "moon", StatusCode: 403,
	})
	require.NoError(r, err)
	require.Contains(r, rejected.RedirectTo, "login_verifier=")
	open = r.follow(hydra.NewBrowser(), app.AuthURL("openid"), "login_challenge")
	_, err = r.as("all-defaults").RejectLoginRequest(ctx, open, models.RejectRequest{})
	require.NoError(r, err)
}

func consent(r *recorder) {
	ctx := r.Context()
	app := r.app("consent-app")
	browser := hydra.NewBrowser()
	challenge := r.accepted(browser, app.AuthURL("openid offline read", "audience", "https://api.example.com"), alice)
	_, err := r.as("fresh").GetConsentRequest(ctx, challenge)
	require.NoError(r, err)
	_, err = r.as("accepted-not-used").RejectConsentRequest(ctx, challenge, models.RejectRequest{})
	require.NoError(r, err)
	everything := granted
	everything.Remember, everything.RememberFor = true, 3600
	if r.afterV1() {
		everything.Context = json.RawMessage(`{"id":12345678901234567890}`)
	}
	done, err := r.as("everything").AcceptConsentRequest(ctx, challenge, everything)
	require.NoError(r, err)
	r.follow(browser, done.RedirectTo, "code")
	_, err = r.as("handled").GetConsentRequest(ctx, challenge)
	r.requireError(err, client.ErrRequestWasHandled, nil)
	_, err = r.as("used").AcceptConsentRequest(ctx, challenge, models.AcceptConsentRequest{})
	r.requireError(err, client.ErrConflict, nil)
	_, err = r.as("used").RejectConsentRequest(ctx, challenge, models.RejectRequest{})
	r.requireError(err, client.ErrConflict, nil)
	if !r.afterV1() {
		_, err = r.as("member-of-v2").AcceptConsentRequest(ctx, challenge, models.AcceptConsentRequest{Context: json.RawMessage(`{}`)})
		require.ErrorIs(r, err, client.ErrNotSupported)
	}

	_, err = r.as("unknown").GetConsentRequest(ctx, "nothing")
	require.ErrorIs(r, err, client.ErrNotFound)
	_, err = r.as("unknown").AcceptConsentRequest(ctx, "nothing", models.AcceptConsentRequest{})
	require.ErrorIs(r, err, client.ErrNotFound)
	_, err = r.as("unknown").RejectConsentRequest(ctx, "nothing", models.RejectRequest{})
	require.ErrorIs(r, err, client.ErrNotFound)

	open := r.accepted(hydra.NewBrowser(), app.AuthURL("openid write"), alice)
	const consent = "/oauth2/auth/requests/consent"
	r.raw(400, "", "no-challenge", http.MethodGet, consent, "")
	r.raw(400, "", "no-body", http.MethodPut, consent+"/accept?consent_challenge="+open, "")
	r.raw(400, "", "session-no-object", http.MethodPut, consent+"/accept?consent_challenge="+open, `{"session":{"id_token":"text"}}`)
	r.raw(400, "", "no-body", http.MethodPut, consent+"/reject?consent_challenge="+open, "")

	_, err = r.as("nothing").AcceptConsentRequest(ctx, open, models.AcceptConsentRequest{})
	require.NoError(r, err)
	rejected, err := r.as("all-members").RejectConsentRequest(ctx, open, models.RejectRequest{
		Error: "access_denied", ErrorDescription: "No.", ErrorHint: "Really.", ErrorDebug: "no", StatusCode: 403,
	})
	require.NoError(r, err)
	require.Contains(r, rejected.RedirectTo, "consent_verifier=")
}

// remembered records the second login of a remembered subject.
func remembered(r *recorder) {
	ctx := r.Context()
	app := r.app("remembered-app")
	browser := hydra.NewBrowser()
	consent := granted
	consent.Remember = true
	r.granted(browser, app, models.AcceptLoginRequest{Subject: "bob", Remember: true}, consent)

	challenge := r.follow(browser, app.AuthURL("openid offline read", "audience", "https://api.example.com"), "login_challenge")
	req, err := r.as("skip").GetLoginRequest(ctx, challenge)
	require.NoError(r, err)
	require.True(r, req.Skip)
	_, err = r.as("skip-other-subject").AcceptLoginRequest(ctx, challenge, alice)
	r.requireError(err, client.ErrBadRequest, nil)
	_, err = r.as("members-of-v2").AcceptLoginRequest(ctx, challenge, models.AcceptLoginRequest{
		Subject: req.Subject, ExtendSessionLifespan: true, IdentityProviderSessionID: "session-of-the-idp",
	})
	r.requireError(err, client.ErrNotSupported, nil)
	done, err := r.as("skip").AcceptLoginRequest(ctx, challenge, models.AcceptLoginRequest{Subject: req.Subject})
	require.NoError(r, err)
	challenge = r.follow(browser, done.RedirectTo, "consent_challenge")
	consentReq, err := r.as("skip").GetConsentRequest(ctx, challenge)
	require.NoError(r, err)
	require.True(r, consentReq.Skip)
	require.NoError(r, r.client.RevokeConsentSessions(ctx, client.RevokeConsentSessionsParams{Subject: "bob", All: true}))
	require.NoError(r, r.client.RevokeAuthenticationSession(ctx, client.RevokeAuthenticationSessionParams{Subject: "bob"}))
	_, err = r.as("session-revoked").GetConsentRequest(ctx, challenge)
	require.NoError(r, err)
}

func logout(r *recorder) {
	ctx := r.Context()
	app := r.app("logout-app")
	sessions := "/oauth2/sessions/logout"
	loggedIn := func() (*hydra.Browser, string) {
		browser := hydra.NewBrowser()
		return browser, r.granted(browser, app, models.AcceptLoginRequest{Subject: "carol", Remember: true}, granted).IDToken
	}
	browser, hint := loggedIn()
	byApp := r.PublicURL + sessions + "?" + url.Values{"id_token_hint": {hint}, "post_logout_redirect_uri": {"http://127.0.0.1:5555/bye"}, "state": {"bye"}}.Encode()
	challenge := r.follow(browser, byApp, "logout_challenge")
	req, err := r.as("by-client").GetLogoutRequest(ctx, challenge)
	require.NoError(r, err)
	require.True(r, req.RPInitiated)
	done, err := r.as("by-client").AcceptLogoutRequest(ctx, challenge)
	require.NoError(r, err)
	_, err = browser.Follow(ctx, done.RedirectTo)
	require.NoError(r, err)
	_, err = r.as("handled").GetLogoutRequest(ctx, challenge)
	require.ErrorIs(r, err, client.ErrRequestWasHandled)
	_, err = r.as("used").AcceptLogoutRequest(ctx, challenge)
	require.NoError(r, err)

	browser, _ = loggedIn()
	challenge = r.follow(browser, r.PublicURL+sessions, "logout_challenge")
	req, err = r.as("by-user").GetLogoutRequest(ctx, challenge)
	require.NoError(r, err)
	require.Empty(r, req.Client.ClientID)
	require.NoError(r, r.as("by-user").RejectLogoutRequest(ctx, challenge))
	_, err = r.as("rejected").GetLogoutRequest(ctx, challenge)
	require.ErrorIs(r, err, client.ErrNotFound)

	_, err = r.as("unknown").GetLogoutRequest(ctx, "nothing")
	require.ErrorIs(r, err, client.ErrNotFound)
	_, err = r.as("unknown").AcceptLogoutRequest(ctx, "nothing")
	require.ErrorIs(r, err, client.ErrNotFound)
	r.requireError(r.as("unknown").RejectLogoutRequest(ctx, "nothing"), nil, client.ErrNotFound)
}

// expired records calls on expired requests, on a server where they expire in a second.
func expired(r *recorder) {
	ctx := r.Context()
	app := r.app("expired-app")
	login := r.follow(hydra.NewBrowser(), app.AuthURL("openid"), "login_challenge")
	consent := r.accepted(hydra.NewBrowser(), app.AuthURL("openid"), alice)
	var userCode, device string
	if r.Version.HasDeviceFlow() {
		started, _, challenge := r.started(r.deviceApp("expired-device-app"))
		userCode, device = started.UserCode, challenge
	}
	for range 3 {
		nextSecond(r)
	}
	_, err := r.as("expired").GetLoginRequest(ctx, login)
	r.requireError(err, nil, client.ErrChallengeExpired)
	_, err = r.as("expired").AcceptLoginRequest(ctx, login, alice)
	r.requireError(err, nil, client.ErrChallengeExpired)
	_, err = r.as("expired").GetConsentRequest(ctx, consent)
	r.requireError(err, nil, client.ErrChallengeExpired)
	_, err = r.as("expired").AcceptConsentRequest(ctx, consent, models.AcceptConsentRequest{})
	r.requireError(err, nil, client.ErrChallengeExpired)
	_, err = r.as("expired").RejectConsentRequest(ctx, consent, models.RejectRequest{})
	r.requireError(err, nil, client.ErrChallengeExpired)
	if r.afterV1() { // v1 accepts only one decision per challenge
		_, err = r.as("expired").RejectLoginRequest(ctx, login, models.RejectRequest{})
		require.ErrorIs(r, err, client.ErrChallengeExpired)
	}
	if device != "" {
		_, err = acceptCode(ctx, r.as("expired"), device, userCode)
		require.ErrorIs(r, err, client.ErrChallengeExpired)
	}
}

func sessions(r *recorder) {
	ctx := r.Context()
	app := r.app("sessions-app")
	token := r.granted(hydra.NewBrowser(), app, models.AcceptLoginRequest{Subject: "dave", Remember: true}, granted)
	_, err := r.as("one").ListSubjectConsentSessions(ctx, "dave", client.ListSubjectConsentSessionsParams{})
	require.NoError(r, err)
	_, err = r.as("none").ListSubjectConsentSessions(ctx, "nobody", client.ListSubjectConsentSessionsParams{})
	require.NoError(r, err)
	if !r.afterV2() { // those have no offset
		r.learnStyle()
		_, err = r.as("none-from-500").ListSubjectConsentSessions(ctx, "nobody", client.ListSubjectConsentSessionsParams{Limit: 500, Offset: 500})
		require.NoError(r, err)
	}
	r.raw(400, "", "no-subject", http.MethodGet, "/oauth2/auth/sessions/consent", "")

	require.NoError(r, r.as("client").RevokeConsentSessions(ctx, client.RevokeConsentSessionsParams{Subject: "dave", Client: app.ID}))
	inactive, err := r.client.IntrospectOAuth2Token(ctx, token.AccessToken, client.IntrospectOAuth2TokenParams{})
	require.NoError(r, err)
	require.False(r, inactive.Active)
	require.NoError(r, r.as("all").RevokeConsentSessions(ctx, client.RevokeConsentSessionsParams{Subject: "dave+plus&more", All: true}))
	r.raw(400, "", "no-client-no-all", http.MethodDelete, "/oauth2/auth/sessions/consent?subject=dave", "")

	require.NoError(r, r.as("done").RevokeAuthenticationSession(ctx, client.RevokeAuthenticationSessionParams{Subject: "dave"}))
	r.raw(400, "", "no-subject", http.MethodDelete, "/oauth2/auth/sessions/login", "")
	sessionsByID(r, app)
}

// sessionsByID records the parameters that name one login session or one grant.
func sessionsByID(r *recorder, app hydra.App) {
	ctx := r.Context()
	for range 2 {
		nextSecond(r) // rows are ordered by a time in whole seconds
		r.granted(hydra.NewBrowser(), app, models.AcceptLoginRequest{Subject: "gina", Remember: true}, granted)
	}
	p, err := r.client.ListSubjectConsentSessions(ctx, "gina", client.ListSubjectConsentSessionsParams{})
	require.NoError(r, err)
	require.Len(r, p.Items, 2)
	login, grant := p.Items[0].ConsentRequest.LoginSessionID, cmp.Or(p.Items[0].ConsentRequestID, uuid.NewString())

	ofLogin, err := r.as("login-session").ListSubjectConsentSessions(ctx, "gina", client.ListSubjectConsentSessionsParams{LoginSessionID: login})
	r.requireError(err, client.ErrNotSupported, nil)
	require.True(r, err != nil || len(ofLogin.Items) == 1)
	_, err = r.as("unknown-login-session").ListSubjectConsentSessions(ctx, "gina", client.ListSubjectConsentSessionsParams{LoginSessionID: "nothing"})
	r.requireError(err, client.ErrNotSupported, nil)

	const consents, logins = "/oauth2/auth/sessions/consent", "/oauth2/auth/sessions/login"
	err = r.as("consent-request").RevokeConsentSessions(ctx, client.RevokeConsentSessionsParams{ConsentRequestID: grant})
	require.ErrorIs(r, err, byVersion(r, client.ErrNotSupported, client.ErrNotSupported, nil))
	err = r.as("unknown-consent-request").RevokeConsentSessions(ctx, client.RevokeConsentSessionsParams{ConsentRequestID: "nothing"})
	require.ErrorIs(r, err, byVersion(r, client.ErrNotSupported, client.ErrNotSupported, nil))
	r.raw(byVersion(r, 204, 204, 400), "", "client-and-all", http.MethodDelete, consents+"?subject=gina&client=nobody&all=true", "")

	err = r.as("session").RevokeAuthenticationSession(ctx, client.RevokeAuthenticationSessionParams{SessionID: login})
	r.requireError(err, client.ErrNotSupported, nil)
	err = r.as("unknown-session").RevokeAuthenticationSession(ctx, client.RevokeAuthenticationSessionParams{SessionID: "nothing"})
	r.requireError(err, client.ErrNotSupported, nil)
	r.raw(204, "", "subject-and-session", http.MethodDelete, logins+"?subject=nobody&sid="+login, "")
}

func tokens(r *recorder) {
	ctx := r.Context()
	app := r.app("tokens-app")
	introspect := func(name, token string, params client.IntrospectOAuth2TokenParams) *models.OAuth2TokenIntrospection {
		i, err := r.as(name).IntrospectOAuth2Token(ctx, token, params)
		require.NoError(r, err)
		return i
	}
	token := r.granted(hydra.NewBrowser(), app, alice, granted)
	require.True(r, introspect("access-token", token.AccessToken, client.IntrospectOAuth2TokenParams{}).Active)
	require.True(r, introspect("scope", token.AccessToken, client.IntrospectOAuth2TokenParams{Scope: "read openid"}).Active)
	require.False(r, introspect("scope-not-granted", token.AccessToken, client.IntrospectOAuth2TokenParams{Scope: "write"}).Active)
	require.True(r, introspect("refresh-token", token.RefreshToken, client.IntrospectOAuth2TokenParams{}).Active)
	require.False(r, introspect("unknown", "nothing", client.IntrospectOAuth2TokenParams{}).Active)
	refreshed, err := app.Token(ctx, "refresh_token", "refresh_token", token.RefreshToken)
	require.NoError(r, err)
	require.True(r, introspect("refreshed", refreshed.AccessToken, client.IntrospectOAuth2TokenParams{}).Active)
	machine, err := app.Token(ctx, "client_credentials", "scope", "read")
	require.NoError(r, err)
	require.True(r, introspect("client-credentials", machine.AccessToken, client.IntrospectOAuth2TokenParams{}).Active)

	pairwise := r.app("pairwise-app", func(c *models.OAuth2Client) { c.SubjectType = "pairwise" })
	token = r.granted(hydra.NewBrowser(), pairwise, models.AcceptLoginRequest{Subject: "alice", ForceSubjectIdentifier: "alice-elsewhere"}, granted)
	require.NotEmpty(r, introspect("pairwise", token.AccessToken, client.IntrospectOAuth2TokenParams{}).ObfuscatedSubject)

	r.raw(400, "", "json", http.MethodPost, "/oauth2/introspect", `{"token":"x"}`)
	r.raw(200, "", "no-token", http.MethodPost, "/oauth2/introspect", "token=", "Content-Type", "application/x-www-form-urlencoded")

	require.NoError(r, r.as("done").DeleteOAuth2Token(ctx, app.ID))
	require.False(r, introspect("deleted", refreshed.AccessToken, client.IntrospectOAuth2TokenParams{}).Active)
	r.raw(400, "", "no-client-id", http.MethodDelete, "/oauth2/tokens", "")

	r.requireError(r.as("all").FlushInactiveOAuth2Tokens(ctx, models.FlushInactiveOAuth2TokensRequest{}), nil, client.ErrNotSupported)
	r.requireError(r.as("not-after").FlushInactiveOAuth2Tokens(ctx, models.FlushInactiveOAuth2TokensRequest{NotAfter: longAgo}), nil, client.ErrNotSupported)
	r.raw(r.insteadOf500(404), "", "no-body", http.MethodPost, "/oauth2/flush", "")
	r.raw(r.insteadOf500(404), "", "no-time", http.MethodPost, "/oauth2/flush", `{"notAfter":"yesterday"}`)
}

func trust(r *recorder) {
	ctx := r.Context()
	key := publicKey(r, "issuer-key")
	const issuers = "/trust/grants/jwt-bearer/issuers"
	body := models.TrustJWTGrantIssuerBody{Issuer: "https://idp.example.com", Subject: "erin", Scope: []string{"read"}, JWK: key, ExpiresAt: farOff}
	trusted, err := r.as("subject").TrustJWTGrantIssuer(ctx, body)
	require.NoError(r, err)
	_, err = r.as("exists").TrustJWTGrantIssuer(ctx, body)
	require.ErrorIs(r, err, client.ErrConflict)
	r.raw(400, "", "no-issuer", http.MethodPost, issuers, `{"subject":"erin","expires_at":"2040-01-01T00:00:00Z"}`)
	r.raw(r.insteadOf500(400), "", "no-json", http.MethodPost, issuers, `{`)

	app := r.app("assertion-app")
	assertion, err := app.Assertion(hydra.AssertionKey("issuer-key"), body.Issuer, body.Subject)
	require.NoError(r, err)
	token, err := app.Token(ctx, hydra.JWTBearer, "assertion", assertion, "scope", "read")
	require.NoError(r, err)
	active, err := r.as("jwt-bearer").IntrospectOAuth2Token(ctx, token.AccessToken, client.IntrospectOAuth2TokenParams{})
	require.NoError(r, err)
	require.Equal(r, "erin", active.Subject)
	// With this, Hydra v1 may take the scopes of this issuer for those of the other one.
	_, err = r.as("any-subject").TrustJWTGrantIssuer(ctx, models.TrustJWTGrantIssuerBody{Issuer: "https://other.example.com", AllowAnySubject: true, JWK: key, ExpiresAt: farOff})
	require.NoError(r, err)

	_, err = r.as("subject").GetTrustedJWTGrantIssuer(ctx, trusted.ID)
	require.NoError(r, err)
	unknown := "nothing"
	switch {
	case hydra.Database() == database.Postgres && !r.afterV2():
		_, err = r.client.GetTrustedJWTGrantIssuer(ctx, unknown)
		require.ErrorIs(r, err, client.ErrInternalServerError)
		require.ErrorIs(r, r.client.DeleteTrustedJWTGrantIssuer(ctx, unknown), client.ErrInternalServerError)
		unknown = uuid.NewString()
	case r.afterV2():
		_, err = r.as("malformed-id").GetTrustedJWTGrantIssuer(ctx, unknown)
		require.ErrorIs(r, err, client.ErrBadRequest)
		require.ErrorIs(r, r.as("malformed-id").DeleteTrustedJWTGrantIssuer(ctx, unknown), client.ErrBadRequest)
		unknown = uuid.NewString()
	}
	_, err = r.as("unknown").GetTrustedJWTGrantIssuer(ctx, unknown)
	require.ErrorIs(r, err, client.ErrNotFound)
	_, err = r.as("filtered").ListTrustedJWTGrantIssuers(ctx, client.ListTrustedJWTGrantIssuersParams{Issuer: body.Issuer})
	require.NoError(r, err)
	require.NoError(r, r.as("done").DeleteTrustedJWTGrantIssuer(ctx, trusted.ID))
	require.ErrorIs(r, r.as("unknown").DeleteTrustedJWTGrantIssuer(ctx, trusted.ID), client.ErrNotFound)
}
