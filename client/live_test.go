//go:build live

package client_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// counter is a transport that counts the successful requests of each operation.
type counter struct {
	mu         sync.Mutex
	operations map[string]specOperation
	prefix     string
	successes  map[string]int
}

func (c *counter) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err == nil && resp.StatusCode/100 == 2 {
		c.mu.Lock()
		defer c.mu.Unlock()
		for id, op := range c.operations {
			prefix := c.prefix
			if op.Extensions["x-root"] != nil {
				prefix = ""
			}
			if _, ok := fixture.PathParams(prefix+op.path, r.URL.EscapedPath()); ok && op.method == r.Method {
				c.successes[id]++
			}
		}
	}
	return resp, err
}

// live starts a server, and returns a client of it that counts its requests.
func live(t *testing.T, version hydra.Version) (*client.AdminAPI, *hydra.Server, *counter) {
	t.Helper()
	server := hydra.Run(t, hydra.Config{Version: version})
	makeSigningKey(t, server)
	c := &counter{operations: specOperations(t), prefix: fixture.Prefix(version.Name), successes: map[string]int{}}
	api, err := client.New(server.AdminURL, client.WithHTTPClient(&http.Client{Transport: c}))
	require.NoError(t, err)
	return api, server, c
}

// makeSigningKey makes the key that the server signs ID tokens with. Later versions would
// generate an RSA key at the first grant, and close the connection if that takes longer
// than 10 seconds, as it may on a busy machine. A key for ES256 takes no time.
func makeSigningKey(t *testing.T, server *hydra.Server) {
	t.Helper()
	if server.Version == hydra.V1 {
		return // it has made the key before it was ready
	}
	api, err := client.New(server.AdminURL)
	require.NoError(t, err)
	_, err = api.CreateJSONWebKeySet(t.Context(), "hydra.openid.id-token", models.JSONWebKeySetGeneratorRequest{Alg: "ES256", Kid: "signing-key", Use: "sig"})
	require.NoError(t, err)
}

// grant runs login and consent in a new browser, up to the code.
func grant(ctx context.Context, api *client.AdminAPI, app hydra.App, subject, scope string, consent models.AcceptConsentRequest) error {
	browser := hydra.NewBrowser()
	challenge, err := browser.FollowTo(ctx, app.AuthURL(scope), "login_challenge")
	if err != nil {
		return err
	}
	done, err := api.AcceptLoginRequest(ctx, challenge, models.AcceptLoginRequest{Subject: subject})
	if err != nil {
		return err
	}
	if challenge, err = browser.FollowTo(ctx, done.RedirectTo, "consent_challenge"); err != nil {
		return err
	}
	if done, err = api.AcceptConsentRequest(ctx, challenge, consent); err != nil {
		return err
	}
	_, err = browser.FollowTo(ctx, done.RedirectTo, "code") // v2 lists the session only after this
	return err
}

// publicKey returns the public key of all assertions.
func publicKey(t *testing.T, kid string) models.JSONWebKey {
	t.Helper()
	key, err := hydra.PublicKey(kid)
	require.NoError(t, err)
	return key
}

// TestLive runs the flows that the SDK is for against a real Hydra. Each operation has to
// succeed once.
func TestLive(t *testing.T) {
	t.Parallel()
	hydra.EachVersion(t, testLive)
}

func testLive(t *testing.T, version hydra.Version) {
	t.Helper()
	app := newLiveApp(t, version)
	for _, flow := range []struct {
		name string
		run  func(*testing.T, *liveApp)
	}{
		{"login and consent lead to tokens", loginAndConsent},
		{"tokens are active until they are revoked", introspectAndRevoke},
		{"a handled login starts over and is skipped", goBackToLogin},
		{"a logout is rejected, another accepted", rejectAndAcceptLogout},
		{"a rejected login leads to the client", rejectLogin},
		{"a client is changed", changeClient},
		{"keys are read, written back and deleted", writeBackKeys},
		{"a trusted issuer gets a token", trustIssuer},
		{"only v1 flushes tokens", flushTokens},
		{"sessions are listed and revoked one by one", oneSession},
		{"a device gets a token", connectDevice},
		{"a secret is rotated", rotateSecret},
		{"the server is healthy", health},
		{"a deleted client is not found", deleteClient},
	} {
		require.True(t, t.Run(flow.name, func(t *testing.T) { flow.run(t, app) }), "later flows need the earlier ones")
	}
	for id, op := range app.count.operations {
		assert.Equal(t, app.has(op.Extensions), app.count.successes[id] > 0, id)
	}
	t.Logf("%d of %d operations succeeded on %s", len(app.count.successes), len(app.count.operations), version.Name)
}

// A liveApp is an app with its user's browser. The flows of [TestLive] share it.
type liveApp struct {
	hydra.App
	v1      bool
	version hydra.Version
	api     *client.AdminAPI
	count   *counter
	browser *hydra.Browser

	// Of the first login and consent:
	loginChallenge, loginURL string
	consentChallenge         string
	token                    hydra.Token
}

// has reports whether the version has what these extensions of the document describe.
func (a *liveApp) has(extensions map[string]any) bool {
	switch since := extensions["x-since"]; {
	case extensions["x-until"] != nil:
		return a.v1
	case since == "v2":
		return !a.v1
	case since == "v25.4":
		return a.version.HasDeviceFlow()
	case since == "a release after v26.2":
		return a.version.Name == hydra.Next
	default:
		return true
	}
}

// supported checks the error of a call that Hydra supports since a version: nil from that
// version on, and ErrNotSupported before.
func (a *liveApp) supported(t *testing.T, since string, err error) {
	t.Helper()
	if a.has(map[string]any{"x-since": since}) {
		require.NoError(t, err)
		return
	}
	require.ErrorIs(t, err, client.ErrNotSupported)
}

func newLiveApp(t *testing.T, version hydra.Version) *liveApp {
	t.Helper()
	api, server, count := live(t, version)
	created, err := api.CreateOAuth2Client(t.Context(), models.OAuth2Client{
		ClientName: "An app", RedirectURIs: []string{"http://127.0.0.1:5555/callback"}, PostLogoutRedirectURIs: []string{"http://127.0.0.1:5555/bye"},
		GrantTypes: []string{"authorization_code", "refresh_token", hydra.JWTBearer, hydra.DeviceCode}, Scope: "openid offline read",
		Metadata: json.RawMessage(`{"big":9007199254740993}`),
	})
	require.NoError(t, err)
	require.NotEmpty(t, created.ClientSecret)
	return &liveApp{
		App: hydra.App{PublicURL: server.PublicURL, ID: created.ClientID, Secret: created.ClientSecret, RedirectURI: created.RedirectURIs[0]},
		v1:  version == hydra.V1, version: version, api: api, count: count, browser: hydra.NewBrowser(),
	}
}

// follow opens a page in the browser and returns a query parameter of the last redirect.
func (a *liveApp) follow(t *testing.T, page, param string) string {
	t.Helper()
	v, err := a.browser.FollowTo(t.Context(), page, param)
	require.NoError(t, err)
	return v
}

func (a *liveApp) introspect(t *testing.T, token string) *models.OAuth2TokenIntrospection {
	t.Helper()
	i, err := a.api.IntrospectOAuth2Token(t.Context(), token, client.IntrospectOAuth2TokenParams{})
	require.NoError(t, err)
	return i
}

func loginAndConsent(t *testing.T, a *liveApp) {
	t.Helper()
	ctx := t.Context()
	a.loginChallenge = a.follow(t, a.AuthURL("openid offline read"), "login_challenge")
	login, err := a.api.GetLoginRequest(ctx, a.loginChallenge)
	require.NoError(t, err)
	a.loginURL = login.RequestURL
	assert.Equal(t, a.ID, login.Client.ClientID)
	assert.False(t, login.Skip)
	done, err := a.api.AcceptLoginRequest(ctx, a.loginChallenge, models.AcceptLoginRequest{Subject: "alice", Remember: true, RememberFor: 3600, Context: json.RawMessage(`["kept"]`)})
	require.NoError(t, err)

	a.consentChallenge = a.follow(t, done.RedirectTo, "consent_challenge")
	consent, err := a.api.GetConsentRequest(ctx, a.consentChallenge)
	require.NoError(t, err)
	assert.Equal(t, "alice", consent.Subject)
	assert.JSONEq(t, `["kept"]`, string(consent.Context))
	done, err = a.api.AcceptConsentRequest(ctx, a.consentChallenge, models.AcceptConsentRequest{
		GrantScope: consent.RequestedScope, Session: models.ConsentRequestSession{AccessToken: map[string]any{"tenant": "acme"}},
	})
	require.NoError(t, err)
	a.token, err = a.Exchange(ctx, a.follow(t, done.RedirectTo, "code"))
	require.NoError(t, err)
	require.NotEmpty(t, a.token.IDToken)
}

func introspectAndRevoke(t *testing.T, a *liveApp) {
	t.Helper()
	ctx := t.Context()
	info := a.introspect(t, a.token.AccessToken)
	assert.True(t, info.Active)
	assert.Equal(t, "alice", info.Subject)
	assert.Equal(t, models.Claims{"tenant": "acme"}, info.Extra)
	sessions, err := a.api.ListSubjectConsentSessions(ctx, "alice", client.ListSubjectConsentSessionsParams{})
	require.NoError(t, err)
	require.Len(t, sessions.Items, 1)
	assert.Equal(t, a.v1, a.consentChallenge == sessions.Items[0].ConsentRequest.Challenge, "v2 lists another challenge")
	assert.Equal(t, a.v1, sessions.Items[0].Context == nil)
	require.NoError(t, a.api.DeleteOAuth2Token(ctx, a.ID))
	assert.False(t, a.introspect(t, a.token.AccessToken).Active)
	assert.True(t, a.introspect(t, a.token.RefreshToken).Active)
	require.NoError(t, a.api.RevokeConsentSessions(ctx, client.RevokeConsentSessionsParams{Subject: "alice", Client: a.ID}))
	assert.False(t, a.introspect(t, a.token.RefreshToken).Active)
}

// goBackToLogin opens the first login again. v1 reports that it was handled, and its
// redirect starts a new login, as the URL of the request does.
func goBackToLogin(t *testing.T, a *liveApp) {
	t.Helper()
	ctx := t.Context()
	var handled *client.RequestWasHandledError
	startOver := a.loginURL
	_, err := a.api.GetLoginRequest(ctx, a.loginChallenge)
	if errors.As(err, &handled) {
		startOver = handled.RedirectTo
	}
	assert.Equal(t, a.v1, handled != nil, err)
	challenge := a.follow(t, startOver, "login_challenge")
	login, err := a.api.GetLoginRequest(ctx, challenge)
	require.NoError(t, err)
	assert.True(t, login.Skip)
	done, err := a.api.AcceptLoginRequest(ctx, challenge, models.AcceptLoginRequest{Subject: login.Subject})
	require.NoError(t, err)
	_, err = a.api.AcceptLoginRequest(ctx, challenge, models.AcceptLoginRequest{Subject: login.Subject})
	assert.Equal(t, a.v1, errors.Is(err, client.ErrConflict), err)
	assert.Equal(t, !a.v1, err == nil, err)
	done, err = a.api.RejectConsentRequest(ctx, a.follow(t, done.RedirectTo, "consent_challenge"), models.RejectRequest{Error: "access_denied"})
	require.NoError(t, err)
	assert.Equal(t, "access_denied", a.follow(t, done.RedirectTo, "error"))
}

func rejectAndAcceptLogout(t *testing.T, a *liveApp) {
	t.Helper()
	ctx := t.Context()
	logoutURL := a.PublicURL + "/oauth2/sessions/logout?" + url.Values{"id_token_hint": {a.token.IDToken}, "post_logout_redirect_uri": {"http://127.0.0.1:5555/bye"}}.Encode()
	challenge := a.follow(t, logoutURL, "logout_challenge")
	require.NoError(t, a.api.RejectLogoutRequest(ctx, challenge))
	_, err := a.api.GetLogoutRequest(ctx, challenge)
	if a.version.Name != hydra.Next || err != nil { // next still returns a rejected request
		require.ErrorIs(t, err, client.ErrNotFound)
	}
	challenge = a.follow(t, logoutURL, "logout_challenge")
	logout, err := a.api.GetLogoutRequest(ctx, challenge)
	require.NoError(t, err)
	assert.Equal(t, "alice", logout.Subject)
	require.NotEmpty(t, logout.Client.ClientID)
	done, err := a.api.AcceptLogoutRequest(ctx, challenge)
	require.NoError(t, err)
	bye, err := a.browser.Follow(ctx, done.RedirectTo)
	require.NoError(t, err)
	assert.Equal(t, "/bye", bye.Path)
}

func rejectLogin(t *testing.T, a *liveApp) {
	t.Helper()
	ctx := t.Context()
	done, err := a.api.RejectLoginRequest(ctx, a.follow(t, a.AuthURL("openid"), "login_challenge"), models.RejectRequest{Error: "login_required"})
	require.NoError(t, err)
	assert.Equal(t, "login_required", a.follow(t, done.RedirectTo, "error"))
	require.NoError(t, a.api.RevokeAuthenticationSession(ctx, client.RevokeAuthenticationSessionParams{Subject: "alice"}))
}

func changeClient(t *testing.T, a *liveApp) {
	t.Helper()
	ctx := t.Context()
	c, err := a.api.GetOAuth2Client(ctx, a.ID)
	require.NoError(t, err)
	assert.JSONEq(t, `{"big":9007199254740993}`, string(c.Metadata))
	c.ClientName = "Renamed"
	_, err = a.api.UpdateOAuth2Client(ctx, a.ID, *c)
	require.NoError(t, err)
	_, err = a.api.UpdateOAuth2ClientLifespans(ctx, a.ID, models.UpdateOAuth2ClientLifespans{JWTBearerGrantAccessTokenLifespan: "5m"})
	require.NoError(t, err)
	patched, err := a.api.PatchOAuth2Client(ctx, a.ID, []models.PatchDocument{{Op: models.PatchOpReplace, Path: "/owner", Value: "team-a"}})
	require.NoError(t, err)
	assert.Equal(t, "Renamed", patched.ClientName)
	assert.Equal(t, "5m0s", patched.JWTBearerGrantAccessTokenLifespan)
	page, err := a.api.ListOAuth2Clients(ctx, client.ListOAuth2ClientsParams{Owner: "team-a"})
	require.NoError(t, err)
	assert.Len(t, page.Items, 1)
}

func writeBackKeys(t *testing.T, a *liveApp) {
	t.Helper()
	ctx := t.Context()
	keys, err := a.api.CreateJSONWebKeySet(ctx, "set", models.JSONWebKeySetGeneratorRequest{Alg: "ES256", Kid: "k", Use: "sig"})
	require.NoError(t, err)
	_, err = a.api.UpdateJSONWebKeySet(ctx, "set", *keys)
	require.NoError(t, err)
	kid := keys.Keys[0].Kid // v1 splits the key in two, and names this one private:k
	one, err := a.api.GetJSONWebKey(ctx, "set", kid)
	require.NoError(t, err)
	_, err = a.api.UpdateJSONWebKey(ctx, "set", kid, one.Keys[0])
	require.NoError(t, err)
	after, err := a.api.GetJSONWebKeySet(ctx, "set")
	require.NoError(t, err)
	assert.ElementsMatch(t, keys.Keys, after.Keys)
	require.NoError(t, a.api.DeleteJSONWebKey(ctx, "set", kid))
	require.NoError(t, a.api.DeleteJSONWebKeySet(ctx, "set"))
}

func trustIssuer(t *testing.T, a *liveApp) {
	t.Helper()
	ctx := t.Context()
	trust, err := a.api.TrustJWTGrantIssuer(ctx, models.TrustJWTGrantIssuerBody{Issuer: "https://idp.example.com", Subject: "erin", Scope: []string{"read"}, JWK: publicKey(t, "issuer-key"), ExpiresAt: time.Now().Add(time.Hour)})
	require.NoError(t, err)
	assertion, err := a.Assertion(hydra.AssertionKey("issuer-key"), trust.Issuer, trust.Subject)
	require.NoError(t, err)
	token, err := a.Token(ctx, hydra.JWTBearer, "assertion", assertion, "scope", "read")
	require.NoError(t, err)
	assert.Equal(t, "erin", a.introspect(t, token.AccessToken).Subject)
	_, err = a.api.GetTrustedJWTGrantIssuer(ctx, trust.ID)
	require.NoError(t, err)
	issuers, err := a.api.ListTrustedJWTGrantIssuers(ctx, client.ListTrustedJWTGrantIssuersParams{Issuer: trust.Issuer})
	require.NoError(t, err)
	assert.Len(t, issuers.Items, 1)
	require.NoError(t, a.api.DeleteTrustedJWTGrantIssuer(ctx, trust.ID))
}

func flushTokens(t *testing.T, a *liveApp) {
	t.Helper()
	err := a.api.FlushInactiveOAuth2Tokens(t.Context(), models.FlushInactiveOAuth2TokensRequest{NotAfter: time.Now()})
	assert.Equal(t, a.v1, err == nil, err)
	assert.Equal(t, !a.v1, errors.Is(err, client.ErrNotSupported), err)
}

func deleteClient(t *testing.T, a *liveApp) {
	t.Helper()
	require.NoError(t, a.api.DeleteOAuth2Client(t.Context(), a.ID))
	_, err := a.api.GetOAuth2Client(t.Context(), a.ID)
	require.ErrorIs(t, err, client.ErrNotFound)
}

// oneSession logs a user in on two browsers and ends each login and grant alone.
func oneSession(t *testing.T, a *liveApp) {
	t.Helper()
	ctx := t.Context()
	for range 2 {
		b := hydra.NewBrowser()
		challenge, err := b.FollowTo(ctx, a.AuthURL("openid"), "login_challenge")
		require.NoError(t, err)
		done, err := a.api.AcceptLoginRequest(ctx, challenge, models.AcceptLoginRequest{Subject: "frank", Remember: true, RememberFor: 3600})
		require.NoError(t, err)
		challenge, err = b.FollowTo(ctx, done.RedirectTo, "consent_challenge")
		require.NoError(t, err)
		done, err = a.api.AcceptConsentRequest(ctx, challenge, models.AcceptConsentRequest{GrantScope: []string{"openid"}})
		require.NoError(t, err)
		_, err = b.FollowTo(ctx, done.RedirectTo, "code")
		require.NoError(t, err)
	}
	all := func(params client.ListSubjectConsentSessionsParams) ([]models.PreviousConsentSession, error) {
		p, err := a.api.ListSubjectConsentSessions(ctx, "frank", params)
		if err != nil {
			return nil, err
		}
		return p.Items, nil
	}
	sessions, err := all(client.ListSubjectConsentSessionsParams{})
	require.NoError(t, err)
	require.Len(t, sessions, 2)
	login := sessions[0].ConsentRequest.LoginSessionID
	ofLogin, err := all(client.ListSubjectConsentSessionsParams{LoginSessionID: login})
	a.supported(t, "v2", err)
	if err == nil {
		require.Len(t, ofLogin, 1)
		assert.Equal(t, login, ofLogin[0].ConsentRequest.LoginSessionID)
	}
	a.supported(t, "v25.4", a.api.RevokeConsentSessions(ctx, client.RevokeConsentSessionsParams{ConsentRequestID: cmp.Or(sessions[0].ConsentRequestID, "made-up")}))
	a.supported(t, "v2", a.api.RevokeAuthenticationSession(ctx, client.RevokeAuthenticationSessionParams{SessionID: login}))
	left, err := all(client.ListSubjectConsentSessionsParams{})
	require.NoError(t, err)
	if a.version.HasDeviceFlow() {
		require.Len(t, left, 1)
		assert.NotEqual(t, login, left[0].ConsentRequest.LoginSessionID)
	} else {
		require.Len(t, left, 2)
	}
}

// connectDevice logs a user in for a device, which shows a code for the user to type.
func connectDevice(t *testing.T, a *liveApp) {
	t.Helper()
	ctx := t.Context()
	if !a.version.HasDeviceFlow() {
		_, err := a.api.AcceptUserCodeRequest(ctx, "made-up", models.AcceptDeviceUserCodeRequest{UserCode: "made-up"})
		require.ErrorIs(t, err, client.ErrNotSupported)
		return
	}
	device, err := a.Device(ctx, "openid offline read")
	require.NoError(t, err)
	b := hydra.NewBrowser()
	challenge, err := b.FollowTo(ctx, device.VerificationURI, "device_challenge")
	require.NoError(t, err)
	_, err = a.api.AcceptUserCodeRequest(ctx, challenge, models.AcceptDeviceUserCodeRequest{UserCode: "wrong-code"})
	require.ErrorIs(t, err, client.ErrBadRequest)
	done, err := a.api.AcceptUserCodeRequest(ctx, challenge, models.AcceptDeviceUserCodeRequest{UserCode: device.UserCode})
	require.NoError(t, err)
	_, err = device.Poll(ctx)
	require.ErrorContains(t, err, "authorization_pending")

	challenge, err = b.FollowTo(ctx, done.RedirectTo, "login_challenge")
	require.NoError(t, err)
	done, err = a.api.AcceptLoginRequest(ctx, challenge, models.AcceptLoginRequest{Subject: "grace"})
	require.NoError(t, err)
	challenge, err = b.FollowTo(ctx, done.RedirectTo, "consent_challenge")
	require.NoError(t, err)
	done, err = a.api.AcceptConsentRequest(ctx, challenge, models.AcceptConsentRequest{GrantScope: []string{"openid", "offline", "read"}})
	require.NoError(t, err)
	_, err = b.FollowTo(ctx, done.RedirectTo, "client_id") // of the page that says it is done
	require.NoError(t, err)
	token, err := device.Poll(ctx)
	require.NoError(t, err)
	info := a.introspect(t, token.AccessToken)
	assert.True(t, info.Active)
	assert.Equal(t, "grace", info.Subject)
}

func rotateSecret(t *testing.T, a *liveApp) {
	t.Helper()
	ctx := t.Context()
	c, err := a.api.RotateOAuth2ClientSecret(ctx, a.ID)
	a.supported(t, "a release after v26.2", err)
	if err == nil {
		assert.NotEqual(t, a.Secret, c.ClientSecret)
		assert.NotEmpty(t, c.ClientSecret)
	}
	_, err = a.api.DeleteRotatedOAuth2ClientSecrets(ctx, a.ID)
	a.supported(t, "a release after v26.2", err)
}

func health(t *testing.T, a *liveApp) {
	t.Helper()
	alive, err := a.api.IsAlive(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "ok", alive.Status)
	ready, err := a.api.IsReady(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "ok", ready.Status)
	version, err := a.api.GetVersion(t.Context())
	require.NoError(t, err)
	assert.NotEmpty(t, version.Version)
}
