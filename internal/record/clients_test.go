//go:build live

package record

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

const (
	secret      = "throw-away-secret"
	redirectURI = "http://127.0.0.1:5555/callback"
)

// fullClient sets every member, except those that exclude each other.
func fullClient(r *recorder, id string) models.OAuth2Client {
	c := models.OAuth2Client{
		ClientID: id, ClientName: "Full & <complete>", ClientSecret: secret,
		RedirectURIs: []string{redirectURI}, PostLogoutRedirectURIs: []string{"http://127.0.0.1:5555/bye"},
		GrantTypes:    []string{"authorization_code", "refresh_token", "client_credentials", "implicit"},
		ResponseTypes: []string{"code", "id_token", "token"},
		Scope:         "openid offline read", Audience: []string{"https://api.example.com"}, Owner: "team-a",
		PolicyURI: "https://app.example.com/privacy", TermsOfServiceURI: "https://app.example.com/terms",
		ClientURI: "https://app.example.com", LogoURI: "https://app.example.com/logo.png",
		Contacts: []string{"ops@example.com"}, AllowedCORSOrigins: []string{"https://app.example.com"},
		SubjectType: "pairwise", JWKS: models.JSONWebKeySet{Keys: []models.JSONWebKey{publicKey(r, "app-key")}},
		TokenEndpointAuthMethod: "client_secret_post", TokenEndpointAuthSigningAlg: "ES256",
		RequestURIs: []string{"https://app.example.com/request.jwt"}, RequestObjectSigningAlg: "RS256",
		UserinfoSignedResponseAlg: "RS256",
		FrontChannelLogoutURI:     "http://127.0.0.1:5555/front", FrontChannelLogoutSessionRequired: true,
		BackChannelLogoutURI: "http://127.0.0.1:5555/back", BackChannelLogoutSessionRequired: true,
		Metadata: json.RawMessage(`{"id":12345678901234567890,"nested":{"empty":{},"null":null}}`),
		AuthorizationCodeGrantAccessTokenLifespan:  "1h30m",
		AuthorizationCodeGrantIDTokenLifespan:      "0s",
		AuthorizationCodeGrantRefreshTokenLifespan: "720h",
		ClientCredentialsGrantAccessTokenLifespan:  "5m",
		ImplicitGrantAccessTokenLifespan:           "6m",
		ImplicitGrantIDTokenLifespan:               "7m",
		JWTBearerGrantAccessTokenLifespan:          "8m",
		PasswordGrantAccessTokenLifespan:           "9m",
		PasswordGrantRefreshTokenLifespan:          "10m",
		RefreshTokenGrantAccessTokenLifespan:       "11m",
		RefreshTokenGrantIDTokenLifespan:           "12m",
		RefreshTokenGrantRefreshTokenLifespan:      "13m",
	}
	if r.afterV1() {
		no := false
		c.SkipConsent, c.SkipLogoutConsent, c.AccessTokenStrategy = true, &no, "opaque" // jwt excludes pairwise
	}
	return c
}

// publicKey returns the public key of all assertions.
func publicKey(r *recorder, kid string) models.JSONWebKey {
	key, err := hydra.PublicKey(kid)
	require.NoError(r, err)
	return key
}

// created creates a client without keeping the exchange.
func (r *recorder) created(c models.OAuth2Client) *models.OAuth2Client {
	made, err := r.client.CreateOAuth2Client(r.Context(), c)
	require.NoError(r, err)
	return made
}

func clients(r *recorder) {
	ctx := r.Context()
	_, err := r.as("full").CreateOAuth2Client(ctx, fullClient(r, "full"))
	require.NoError(r, err)
	_, err = r.as("all-defaults").CreateOAuth2Client(ctx, models.OAuth2Client{})
	require.NoError(r, err)
	_, err = r.as("public-client").CreateOAuth2Client(ctx, models.OAuth2Client{ClientID: "public", TokenEndpointAuthMethod: "none", RedirectURIs: []string{redirectURI}})
	require.NoError(r, err)
	_, err = r.as("metadata-array").CreateOAuth2Client(ctx, models.OAuth2Client{ClientID: "array", ClientSecret: secret, Metadata: json.RawMessage(`["any",1,null]`)})
	require.NoError(r, err)
	_, err = r.as("metadata-null").CreateOAuth2Client(ctx, models.OAuth2Client{ClientID: "null", ClientSecret: secret, Metadata: json.RawMessage(`null`)})
	require.NoError(r, err)
	_, err = r.as("short-secret").CreateOAuth2Client(ctx, models.OAuth2Client{ClientSecret: "short"})
	require.ErrorIs(r, err, client.ErrBadRequest)
	_, err = r.as("bad-redirect-uri").CreateOAuth2Client(ctx, models.OAuth2Client{RedirectURIs: []string{"no-scheme"}})
	require.ErrorIs(r, err, client.ErrBadRequest)
	_, err = r.as("exists").CreateOAuth2Client(ctx, models.OAuth2Client{ClientID: "full"})
	require.ErrorIs(r, err, client.ErrConflict)
	_, err = r.as("bad-lifespan").CreateOAuth2Client(ctx, models.OAuth2Client{ImplicitGrantIDTokenLifespan: "1 day"})
	r.requireError(err, client.ErrInternalServerError, client.ErrBadRequest)
	r.raw(r.insteadOf500(400), "", "no-json", http.MethodPost, "/clients", "{")

	full, err := r.as("full").GetOAuth2Client(ctx, "full")
	require.NoError(r, err)
	_, err = r.as("metadata-null").GetOAuth2Client(ctx, "null")
	require.NoError(r, err)
	_, err = r.as("unknown").GetOAuth2Client(ctx, "nobody")
	require.ErrorIs(r, err, client.ErrNotFound)
	r.raw(byVersion(r, 301, 301, 200), "router", "no-client-id", http.MethodGet, byVersion(r, "/clients/", "/clients/", "/clients/?owner=nobody"), "")

	full.ClientName = "Renamed"
	_, err = r.as("read-and-written-back").UpdateOAuth2Client(ctx, "full", *full)
	require.NoError(r, err)
	_, err = r.as("new-secret").UpdateOAuth2Client(ctx, "array", models.OAuth2Client{ClientSecret: "throw-away-new-secret"})
	require.NoError(r, err)
	_, err = r.as("short-secret").UpdateOAuth2Client(ctx, "full", models.OAuth2Client{ClientSecret: "short"})
	require.ErrorIs(r, err, client.ErrBadRequest)
	_, err = r.as("unknown").UpdateOAuth2Client(ctx, "nobody", models.OAuth2Client{})
	require.ErrorIs(r, err, client.ErrNotFound)
	r.raw(400, "", "no-body", http.MethodPut, "/clients/full", "")

	r.created(models.OAuth2Client{ClientID: "remote-keys", ClientSecret: secret, JWKSURI: "https://app.example.com/jwks.json"})
	remote, err := r.as("jwks-uri").GetOAuth2Client(ctx, "remote-keys")
	require.NoError(r, err)
	_, err = r.as("jwks-uri").UpdateOAuth2Client(ctx, "remote-keys", *remote)
	require.NoError(r, err)

	_, err = r.as("some").UpdateOAuth2ClientLifespans(ctx, "full", models.UpdateOAuth2ClientLifespans{ClientCredentialsGrantAccessTokenLifespan: "2h", ImplicitGrantIDTokenLifespan: "0s"})
	require.NoError(r, err)
	_, err = r.as("bad-lifespan").UpdateOAuth2ClientLifespans(ctx, "full", models.UpdateOAuth2ClientLifespans{ImplicitGrantIDTokenLifespan: "1 day"})
	require.ErrorIs(r, err, client.ErrBadRequest)
	_, err = r.as("unknown").UpdateOAuth2ClientLifespans(ctx, "nobody", models.UpdateOAuth2ClientLifespans{})
	require.ErrorIs(r, err, client.ErrNotFound)

	require.NoError(r, r.as("done").DeleteOAuth2Client(ctx, "public"))
	require.ErrorIs(r, r.as("unknown").DeleteOAuth2Client(ctx, "public"), client.ErrNotFound)
}

func patches(r *recorder) {
	ctx := r.Context()
	r.created(models.OAuth2Client{ClientID: "patched", ClientSecret: secret, Owner: "team-a"})
	patch := func(name, id string, docs ...models.PatchDocument) error {
		_, err := r.as(name).PatchOAuth2Client(ctx, id, docs)
		return err
	}
	replace := models.PatchReplace
	require.NoError(r, patch("replace", "patched", replace("/client_name", "Patched"), replace("/frontchannel_logout_session_required", false)))
	r.raw(200, "", "null", http.MethodPatch, "/clients/patched", `[{"op":"replace","path":"/owner","value":null}]`)
	require.NoError(r, patch("inside-metadata", "patched",
		models.PatchAdd("/metadata/tier", 3), models.PatchAdd("/metadata/old", 2), models.PatchRemove("/metadata/tier"),
	))
	r.requireError(patch("copy", "patched", models.PatchCopy("/metadata/old", "/metadata/older")), nil, client.ErrNotSupported)
	r.requireError(patch("test", "patched", models.PatchTest("/metadata/old", 2)), nil, client.ErrNotSupported)
	require.NoError(r, patch("new-secret", "patched", replace("/client_secret", "throw-away-new-secret")))
	require.NoError(r, patch("no-such-member", "patched", replace("/name", "ignored")))
	require.ErrorIs(r, patch("short-secret", "patched", replace("/client_secret", "short")), client.ErrBadRequest)
	require.ErrorIs(r, patch("unknown", "nobody", replace("/owner", "x")), client.ErrNotFound)
	require.ErrorIs(r, patch("failed-test", "patched", models.PatchTest("/owner", "somebody")), client.ErrInternalServerError)
	r.raw(500, "", "no-array", http.MethodPatch, "/clients/patched", `{"op":"replace","path":"/owner","value":"x"}`)

	r.created(models.OAuth2Client{ClientID: "patched-remote-keys", ClientSecret: secret, JWKSURI: "https://app.example.com/jwks.json"})
	require.ErrorIs(r, patch("jwks-uri", "patched-remote-keys", replace("/owner", "x")), byVersion(r, client.ErrBadRequest, client.ErrBadRequest, nil))
	require.NoError(r, patch("jwks-uri-and-null-jwks", "patched-remote-keys", replace("/jwks", nil), replace("/owner", "x")))

	r.created(models.OAuth2Client{
		ClientID: "cleared", ClientSecret: secret, Owner: "team-a", PolicyURI: "https://app.example.com/privacy",
		Contacts: []string{"ops@example.com"}, FrontChannelLogoutSessionRequired: true,
		JWKS: models.JSONWebKeySet{Keys: []models.JSONWebKey{publicKey(r, "app-key")}}, Metadata: json.RawMessage(`{"tier":3}`),
		ImplicitGrantIDTokenLifespan: "1h",
	})
	// The client refuses these because of the responses of some versions.
	r.raw(200, "", "remove", http.MethodPatch, "/clients/cleared", `[{"op":"remove","path":"/owner"}]`)
	r.raw(200, "", "null-lifespan", http.MethodPatch, "/clients/cleared", `[{"op":"replace","path":"/implicit_grant_id_token_lifespan","value":null}]`)
	for _, member := range []string{"owner", "policy_uri", "contacts", "frontchannel_logout_session_required", "jwks", "metadata"} {
		require.NoError(r, patch("clear-"+strings.ReplaceAll(member, "_", "-"), "cleared", models.PatchClear("/"+member)))
	}
	r.requireError(patch("move", "patched", models.PatchMove("/metadata/old", "/metadata/older")), nil, client.ErrNotSupported)
}
