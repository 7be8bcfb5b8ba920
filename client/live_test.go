//go:build live

package client_test

import (
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

// counter counts the requests of each operation that succeed.
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
			if op.method == r.Method && matches(c.prefix+op.path, r.URL.EscapedPath()) {
				c.successes[id]++
			}
		}
	}
	return resp, err
}

// onEachVersion runs a test on a server of each version.
func onEachVersion(t *testing.T, test func(t *testing.T, version hydra.Version)) {
	t.Helper()
	for _, version := range hydra.Versions() {
		t.Run(version.Name, func(t *testing.T) {
			t.Parallel()
			test(t, version)
		})
	}
}

func live(t *testing.T, version hydra.Version) (*client.AdminAPI, *hydra.Server, *counter) {
	t.Helper()
	server := hydra.Run(t, hydra.Config{Version: version})
	c := &counter{operations: specOperations(t), prefix: fixture.Prefix(version.Name), successes: map[string]int{}}
	api, err := client.New(server.AdminURL, client.WithHTTPClient(&http.Client{Transport: c}))
	require.NoError(t, err)
	return api, server, c
}

// grant takes a new browser through login and consent, up to the code.
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
	_, err = browser.FollowTo(ctx, done.RedirectTo, "code") // v2 lists the session from then on
	return err
}

// publicKey is the public half of the key of all assertions.
func publicKey(t *testing.T, kid string) models.JSONWebKey {
	t.Helper()
	key, err := hydra.PublicKey(kid)
	require.NoError(t, err)
	return key
}

// TestLive does with a real Hydra what the SDK is for, and every operation that it
// has once.
func TestLive(t *testing.T) {
	t.Parallel()
	onEachVersion(t, testLive)
}

func testLive(t *testing.T, version hydra.Version) {
	t.Helper()
	api, server, count := live(t, version)
	ctx := t.Context()
	v1 := version == hydra.V1
	created, err := api.CreateOAuth2Client(ctx, models.OAuth2Client{
		ClientName: "An app", RedirectURIs: []string{"http://127.0.0.1:5555/callback"}, PostLogoutRedirectURIs: []string{"http://127.0.0.1:5555/bye"},
		GrantTypes: []string{"authorization_code", "refresh_token", hydra.JWTBearer}, Scope: "openid offline read",
		Metadata: json.RawMessage(`{"big":9007199254740993}`),
	})
	require.NoError(t, err)
	require.NotEmpty(t, created.ClientSecret)
	app := hydra.App{PublicURL: server.PublicURL, ID: created.ClientID, Secret: created.ClientSecret, RedirectURI: created.RedirectURIs[0]}
	browser := hydra.NewBrowser()
	follow := func(page, param string) string {
		t.Helper()
		v, err := browser.FollowTo(ctx, page, param)
		require.NoError(t, err)
		return v
	}

	// Login and consent, up to the tokens.
	loginChallenge := follow(app.AuthURL("openid offline read"), "login_challenge")
	login, err := api.GetLoginRequest(ctx, loginChallenge)
	require.NoError(t, err)
	assert.Equal(t, created.ClientID, login.Client.ClientID)
	assert.False(t, login.Skip)
	done, err := api.AcceptLoginRequest(ctx, loginChallenge, models.AcceptLoginRequest{Subject: "alice", Remember: true, RememberFor: 3600, Context: json.RawMessage(`["kept"]`)})
	require.NoError(t, err)
	consentChallenge := follow(done.RedirectTo, "consent_challenge")
	consent, err := api.GetConsentRequest(ctx, consentChallenge)
	require.NoError(t, err)
	assert.Equal(t, "alice", consent.Subject)
	assert.JSONEq(t, `["kept"]`, string(consent.Context))
	done, err = api.AcceptConsentRequest(ctx, consentChallenge, models.AcceptConsentRequest{
		GrantScope: consent.RequestedScope, Session: models.ConsentRequestSession{AccessToken: map[string]any{"tenant": "acme"}},
	})
	require.NoError(t, err)
	token, err := app.Exchange(ctx, follow(done.RedirectTo, "code"))
	require.NoError(t, err)
	require.NotEmpty(t, token.IDToken)

	// The tokens and the consent behind them.
	introspect := func(token string) *models.OAuth2TokenIntrospection {
		i, err := api.IntrospectOAuth2Token(ctx, token, client.IntrospectOAuth2TokenParams{})
		require.NoError(t, err)
		return i
	}
	info := introspect(token.AccessToken)
	assert.True(t, info.Active)
	assert.Equal(t, "alice", info.Subject)
	assert.Equal(t, map[string]any{"tenant": "acme"}, info.Extra)
	sessions, err := api.ListSubjectConsentSessions(ctx, "alice", client.ListSubjectConsentSessionsParams{})
	require.NoError(t, err)
	require.Len(t, sessions.Items, 1)
	assert.Equal(t, v1, consentChallenge == sessions.Items[0].ConsentRequest.Challenge, "v2 has another challenge there")
	assert.Equal(t, v1, sessions.Items[0].Context == nil)
	require.NoError(t, api.DeleteOAuth2Token(ctx, app.ID))
	assert.False(t, introspect(token.AccessToken).Active)
	assert.True(t, introspect(token.RefreshToken).Active)
	require.NoError(t, api.RevokeConsentSessions(ctx, "alice", client.RevokeConsentSessionsParams{Client: app.ID}))
	assert.False(t, introspect(token.RefreshToken).Active)

	// Going back: v1 says that the request was handled, and its redirect starts over,
	// as the URL of the request does. This time there is skip.
	var handled *client.RequestWasHandledError
	over := login.RequestURL
	if _, err = api.GetLoginRequest(ctx, loginChallenge); errors.As(err, &handled) {
		over = handled.RedirectTo
	}
	assert.Equal(t, v1, handled != nil, err)
	loginChallenge = follow(over, "login_challenge")
	login, err = api.GetLoginRequest(ctx, loginChallenge)
	require.NoError(t, err)
	assert.True(t, login.Skip)
	done, err = api.AcceptLoginRequest(ctx, loginChallenge, models.AcceptLoginRequest{Subject: login.Subject})
	require.NoError(t, err)
	_, err = api.AcceptLoginRequest(ctx, loginChallenge, models.AcceptLoginRequest{Subject: login.Subject})
	assert.Equal(t, v1, errors.Is(err, client.ErrConflict), err)
	assert.Equal(t, !v1, err == nil, err)
	done, err = api.RejectConsentRequest(ctx, follow(done.RedirectTo, "consent_challenge"), models.RejectRequest{Error: "access_denied"})
	require.NoError(t, err)
	assert.Equal(t, "access_denied", follow(done.RedirectTo, "error"))

	// Logout, refused and then granted.
	logoutURL := server.PublicURL + "/oauth2/sessions/logout?" + url.Values{"id_token_hint": {token.IDToken}, "post_logout_redirect_uri": {"http://127.0.0.1:5555/bye"}}.Encode()
	logoutChallenge := follow(logoutURL, "logout_challenge")
	require.NoError(t, api.RejectLogoutRequest(ctx, logoutChallenge, models.RejectRequest{}))
	_, err = api.GetLogoutRequest(ctx, logoutChallenge)
	require.ErrorIs(t, err, client.ErrNotFound)
	logoutChallenge = follow(logoutURL, "logout_challenge")
	logout, err := api.GetLogoutRequest(ctx, logoutChallenge)
	require.NoError(t, err)
	assert.Equal(t, "alice", logout.Subject)
	require.NotEmpty(t, logout.Client.ClientID)
	done, err = api.AcceptLogoutRequest(ctx, logoutChallenge)
	require.NoError(t, err)
	bye, err := browser.Follow(ctx, done.RedirectTo)
	require.NoError(t, err)
	assert.Equal(t, "/bye", bye.Path)

	// A login that is rejected, and sessions that are forgotten.
	done, err = api.RejectLoginRequest(ctx, follow(app.AuthURL("openid"), "login_challenge"), models.RejectRequest{Error: "login_required"})
	require.NoError(t, err)
	assert.Equal(t, "login_required", follow(done.RedirectTo, "error"))
	require.NoError(t, api.RevokeAuthenticationSession(ctx, "alice"))

	// Clients: what is read can be written back.
	read, err := api.GetOAuth2Client(ctx, app.ID)
	require.NoError(t, err)
	assert.JSONEq(t, `{"big":9007199254740993}`, string(read.Metadata))
	read.ClientName = "Renamed"
	_, err = api.UpdateOAuth2Client(ctx, app.ID, *read)
	require.NoError(t, err)
	_, err = api.UpdateOAuth2ClientLifespans(ctx, app.ID, models.UpdateOAuth2ClientLifespans{JWTBearerGrantAccessTokenLifespan: "5m"})
	require.NoError(t, err)
	patched, err := api.PatchOAuth2Client(ctx, app.ID, []models.PatchDocument{{Op: models.PatchOpReplace, Path: "/owner", Value: "team-a"}})
	require.NoError(t, err)
	assert.Equal(t, "Renamed", patched.ClientName)
	assert.Equal(t, "5m0s", patched.JWTBearerGrantAccessTokenLifespan)
	page, err := api.ListOAuth2Clients(ctx, client.ListOAuth2ClientsParams{Owner: "team-a"})
	require.NoError(t, err)
	assert.Len(t, page.Items, 1)

	// Keys, and trust in an issuer that signs with one.
	keys, err := api.CreateJSONWebKeySet(ctx, "set", models.JSONWebKeySetGeneratorRequest{Alg: "ES256", Kid: "k", Use: "sig"})
	require.NoError(t, err)
	_, err = api.UpdateJSONWebKeySet(ctx, "set", *keys)
	require.NoError(t, err)
	kid := keys.Keys[0].Kid // v1 has made two of it, and calls this one private:k
	one, err := api.GetJSONWebKey(ctx, "set", kid)
	require.NoError(t, err)
	_, err = api.UpdateJSONWebKey(ctx, "set", kid, one.Keys[0])
	require.NoError(t, err)
	after, err := api.GetJSONWebKeySet(ctx, "set")
	require.NoError(t, err)
	assert.ElementsMatch(t, keys.Keys, after.Keys)
	require.NoError(t, api.DeleteJSONWebKey(ctx, "set", kid))
	require.NoError(t, api.DeleteJSONWebKeySet(ctx, "set"))

	trust, err := api.TrustJWTGrantIssuer(ctx, models.TrustJWTGrantIssuerBody{Issuer: "https://idp.example.com", Subject: "erin", Scope: []string{"read"}, JWK: publicKey(t, "issuer-key"), ExpiresAt: time.Now().Add(time.Hour)})
	require.NoError(t, err)
	assertion, err := app.Assertion(hydra.AssertionKey("issuer-key"), trust.Issuer, trust.Subject)
	require.NoError(t, err)
	token, err = app.Token(ctx, hydra.JWTBearer, "assertion", assertion, "scope", "read")
	require.NoError(t, err)
	assert.Equal(t, "erin", introspect(token.AccessToken).Subject)
	_, err = api.GetTrustedJWTGrantIssuer(ctx, trust.ID)
	require.NoError(t, err)
	issuers, err := api.ListTrustedJWTGrantIssuers(ctx, client.ListTrustedJWTGrantIssuersParams{Issuer: trust.Issuer})
	require.NoError(t, err)
	assert.Len(t, issuers.Items, 1)
	require.NoError(t, api.DeleteTrustedJWTGrantIssuer(ctx, trust.ID))

	err = api.FlushInactiveOAuth2Tokens(ctx, models.FlushInactiveOAuth2TokensRequest{NotAfter: time.Now()})
	assert.Equal(t, v1, err == nil, err)
	assert.Equal(t, !v1, errors.Is(err, client.ErrNotSupported), err)
	require.NoError(t, api.DeleteOAuth2Client(ctx, app.ID))
	_, err = api.GetOAuth2Client(ctx, app.ID)
	require.ErrorIs(t, err, client.ErrNotFound)

	for id := range count.operations {
		exists := v1 || id != "flushInactiveOAuth2Tokens"
		assert.Equal(t, exists, count.successes[id] > 0, id)
	}
	t.Logf("%d of %d operations succeeded on %s", len(count.successes), len(count.operations), version.Name)
}
