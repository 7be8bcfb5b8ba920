//go:build live

package mock

import (
	"context"
	"encoding/json"
	"iter"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

const issuerID = "9edc811f-4e28-453c-9b46-4de65f00217f"

// calls has a call of each method with all of its arguments. More than one have another
// name after a comma.
var calls = map[string]func(ctx context.Context, api *client.AdminAPI) error{
	"AcceptConsentRequest": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.AcceptConsentRequest(ctx, "challenge", models.AcceptConsentRequest{
			GrantScope: []string{"openid"}, GrantAccessTokenAudience: []string{"https://api.example.com"},
			Session: models.ConsentRequestSession{
				AccessToken: map[string]any{"role": "admin"}, IDToken: map[string]any{"name": "Alice"},
			},
			Remember: true, RememberFor: 3600, HandledAt: time.Unix(1, 0).UTC(), Context: json.RawMessage(`{"a":1}`),
		})
		return err
	},
	"AcceptConsentRequest, with nothing": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.AcceptConsentRequest(ctx, "challenge", models.AcceptConsentRequest{})
		return err
	},
	"AcceptLoginRequest": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.AcceptLoginRequest(ctx, "challenge", models.AcceptLoginRequest{
			Subject: "alice", Remember: true, RememberFor: 3600, ACR: "1", AMR: []string{"pwd"}, Context: json.RawMessage(`{"a":1}`),
			ForceSubjectIdentifier: "a", ExtendSessionLifespan: true, IdentityProviderSessionID: "session",
		})
		return err
	},
	"AcceptLogoutRequest": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.AcceptLogoutRequest(ctx, "challenge")
		return err
	},
	"AcceptUserCodeRequest": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.AcceptUserCodeRequest(ctx, "challenge", models.AcceptDeviceUserCodeRequest{UserCode: "AbCdEfGh"})
		return err
	},
	"AllOAuth2Clients": func(ctx context.Context, api *client.AdminAPI) error {
		return drain(api.AllOAuth2Clients(ctx, client.ListOAuth2ClientsParams{Limit: 2}))
	},
	"AllOAuth2Clients, without a limit": func(ctx context.Context, api *client.AdminAPI) error {
		return drain(api.AllOAuth2Clients(ctx, client.ListOAuth2ClientsParams{ClientName: "app", Owner: "team"}))
	},
	"AllSubjectConsentSessions": func(ctx context.Context, api *client.AdminAPI) error {
		return drain(api.AllSubjectConsentSessions(ctx, "alice", client.ListSubjectConsentSessionsParams{Limit: 2}))
	},
	"AllTrustedJWTGrantIssuers": func(ctx context.Context, api *client.AdminAPI) error {
		return drain(api.AllTrustedJWTGrantIssuers(ctx, client.ListTrustedJWTGrantIssuersParams{Limit: 2}))
	},
	"CreateJSONWebKeySet": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.CreateJSONWebKeySet(ctx, "keys", models.JSONWebKeySetGeneratorRequest{Alg: "ES256", Kid: "k", Use: "sig"})
		return err
	},
	"CreateJSONWebKeySet, with what is required": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.CreateJSONWebKeySet(ctx, "keys", models.JSONWebKeySetGeneratorRequest{Alg: "ES256"})
		return err
	},
	"CreateOAuth2Client": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.CreateOAuth2Client(ctx, fullClient())
		return err
	},
	"CreateOAuth2Client, with nothing": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.CreateOAuth2Client(ctx, models.OAuth2Client{})
		return err
	},
	"DeleteJSONWebKey":    func(ctx context.Context, api *client.AdminAPI) error { return api.DeleteJSONWebKey(ctx, "keys", "k") },
	"DeleteJSONWebKeySet": func(ctx context.Context, api *client.AdminAPI) error { return api.DeleteJSONWebKeySet(ctx, "keys") },
	"DeleteOAuth2Client":  func(ctx context.Context, api *client.AdminAPI) error { return api.DeleteOAuth2Client(ctx, "app") },
	"DeleteOAuth2Token":   func(ctx context.Context, api *client.AdminAPI) error { return api.DeleteOAuth2Token(ctx, "app") },
	"DeleteRotatedOAuth2ClientSecrets": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.DeleteRotatedOAuth2ClientSecrets(ctx, "app")
		return err
	},
	"DeleteTrustedJWTGrantIssuer": func(ctx context.Context, api *client.AdminAPI) error {
		return api.DeleteTrustedJWTGrantIssuer(ctx, issuerID)
	},
	"FlushInactiveOAuth2Tokens": func(ctx context.Context, api *client.AdminAPI) error {
		return api.FlushInactiveOAuth2Tokens(ctx, models.FlushInactiveOAuth2TokensRequest{NotAfter: time.Unix(1, 0).UTC()})
	},
	"FlushInactiveOAuth2Tokens, of any age": func(ctx context.Context, api *client.AdminAPI) error {
		return api.FlushInactiveOAuth2Tokens(ctx, models.FlushInactiveOAuth2TokensRequest{})
	},
	"GetConsentRequest": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.GetConsentRequest(ctx, "challenge")
		return err
	},
	"GetJSONWebKey": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.GetJSONWebKey(ctx, "keys", "k")
		return err
	},
	"GetJSONWebKeySet": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.GetJSONWebKeySet(ctx, "keys")
		return err
	},
	"GetLoginRequest": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.GetLoginRequest(ctx, "challenge")
		return err
	},
	"GetLogoutRequest": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.GetLogoutRequest(ctx, "challenge")
		return err
	},
	"GetOAuth2Client": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.GetOAuth2Client(ctx, "app")
		return err
	},
	"GetTrustedJWTGrantIssuer": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.GetTrustedJWTGrantIssuer(ctx, issuerID)
		return err
	},
	"GetVersion": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.GetVersion(ctx)
		return err
	},
	"IntrospectOAuth2Token": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.IntrospectOAuth2Token(ctx, "token", client.IntrospectOAuth2TokenParams{Scope: "openid offline"})
		return err
	},
	"IsAlive": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.IsAlive(ctx)
		return err
	},
	"IsReady": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.IsReady(ctx)
		return err
	},
	"ListOAuth2Clients": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.ListOAuth2Clients(ctx, client.ListOAuth2ClientsParams{Limit: 1000, ClientName: "app", Owner: "team"})
		return err
	},
	"ListOAuth2Clients, from an offset": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.ListOAuth2Clients(ctx, client.ListOAuth2ClientsParams{Limit: 2, Offset: 2})
		return err
	},
	"ListOAuth2Clients, from a cursor": func(ctx context.Context, api *client.AdminAPI) error {
		page, err := api.ListOAuth2Clients(ctx, client.ListOAuth2ClientsParams{Limit: 2})
		if err == nil {
			_, err = api.ListOAuth2Clients(ctx, client.ListOAuth2ClientsParams{Limit: 2, Cursor: page.Next})
		}
		return err
	},
	"ListSubjectConsentSessions": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.ListSubjectConsentSessions(ctx, "alice", client.ListSubjectConsentSessionsParams{Limit: 1000, LoginSessionID: "session"})
		return err
	},
	"ListSubjectConsentSessions, from an offset": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.ListSubjectConsentSessions(ctx, "alice", client.ListSubjectConsentSessionsParams{Limit: 2, Offset: 2})
		return err
	},
	"ListTrustedJWTGrantIssuers": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.ListTrustedJWTGrantIssuers(ctx, client.ListTrustedJWTGrantIssuersParams{Limit: 1000, Issuer: "https://issuer.example.com"})
		return err
	},
	"ListTrustedJWTGrantIssuers, from an offset": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.ListTrustedJWTGrantIssuers(ctx, client.ListTrustedJWTGrantIssuersParams{Limit: 2, Offset: 2})
		return err
	},
	"ModifyOAuth2Client": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.ModifyOAuth2Client(ctx, "app", func(c *models.OAuth2Client) error {
			c.ClientName = "another name"
			return nil
		})
		return err
	},
	"PatchOAuth2Client": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.PatchOAuth2Client(ctx, "app", []models.PatchDocument{
			{Op: models.PatchOpReplace, Path: "/client_name", Value: "another name"},
			{Op: models.PatchOpAdd, Path: "/redirect_uris/-", Value: "https://app.example.com/other"},
			{Op: models.PatchOpReplace, Path: "/metadata", Value: map[string]any{"a": 1}},
			{Op: models.PatchOpReplace, Path: "/skip_consent", Value: true},
			{Op: models.PatchOpRemove, Path: "/redirect_uris/0"},
			{Op: models.PatchOpCopy, Path: "/contacts/0", From: "/contacts/1"},
			{Op: models.PatchOpTest, Path: "/owner", Value: ""},
			{Op: models.PatchOpReplace, Path: "/jwks", Value: nil},
		})
		return err
	},
	"RejectConsentRequest": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.RejectConsentRequest(ctx, "challenge", fullReject)
		return err
	},
	"RejectLoginRequest": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.RejectLoginRequest(ctx, "challenge", fullReject)
		return err
	},
	"RejectLoginRequest, with nothing": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.RejectLoginRequest(ctx, "challenge", models.RejectRequest{})
		return err
	},
	"RejectLogoutRequest": func(ctx context.Context, api *client.AdminAPI) error {
		return api.RejectLogoutRequest(ctx, "challenge")
	},
	"RevokeAuthenticationSession": func(ctx context.Context, api *client.AdminAPI) error {
		return api.RevokeAuthenticationSession(ctx, client.RevokeAuthenticationSessionParams{Subject: "alice"})
	},
	"RevokeAuthenticationSession, of one login": func(ctx context.Context, api *client.AdminAPI) error {
		return api.RevokeAuthenticationSession(ctx, client.RevokeAuthenticationSessionParams{SessionID: "session"})
	},
	"RevokeConsentSessions": func(ctx context.Context, api *client.AdminAPI) error {
		return api.RevokeConsentSessions(ctx, client.RevokeConsentSessionsParams{Subject: "alice", All: true})
	},
	"RevokeConsentSessions, to a client": func(ctx context.Context, api *client.AdminAPI) error {
		return api.RevokeConsentSessions(ctx, client.RevokeConsentSessionsParams{Subject: "alice", Client: "app"})
	},
	"RevokeConsentSessions, one": func(ctx context.Context, api *client.AdminAPI) error {
		return api.RevokeConsentSessions(ctx, client.RevokeConsentSessionsParams{ConsentRequestID: "id"})
	},
	"RotateOAuth2ClientSecret": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.RotateOAuth2ClientSecret(ctx, "app")
		return err
	},
	"TrustJWTGrantIssuer": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.TrustJWTGrantIssuer(ctx, models.TrustJWTGrantIssuerBody{
			Issuer: "https://issuer.example.com", Subject: "alice", Scope: []string{"openid"},
			JWK: fullKey("k"), ExpiresAt: time.Unix(4102444800, 0).UTC(),
		})
		return err
	},
	"TrustJWTGrantIssuer, for all subjects": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.TrustJWTGrantIssuer(ctx, models.TrustJWTGrantIssuerBody{
			Issuer: "https://issuer.example.com", AllowAnySubject: true,
			JWK: models.JSONWebKey{Kid: "k", Kty: "EC", Crv: "P-256", X: "eA", Y: "eQ"}, ExpiresAt: time.Unix(4102444800, 0).UTC(),
		})
		return err
	},
	"UpdateJSONWebKey": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.UpdateJSONWebKey(ctx, "keys", "k", fullKey("k"))
		return err
	},
	"UpdateJSONWebKey, with what is required": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.UpdateJSONWebKey(ctx, "keys", "k", models.JSONWebKey{Kty: "EC", Crv: "P-256", X: "eA", Y: "eQ"})
		return err
	},
	"UpdateJSONWebKeySet": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.UpdateJSONWebKeySet(ctx, "keys", models.JSONWebKeySet{Keys: []models.JSONWebKey{fullKey("k"), fullKey("l")}})
		return err
	},
	"UpdateJSONWebKeySet, with no keys": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.UpdateJSONWebKeySet(ctx, "keys", models.JSONWebKeySet{Keys: []models.JSONWebKey{}})
		return err
	},
	"UpdateOAuth2Client": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.UpdateOAuth2Client(ctx, "app", fullClient())
		return err
	},
	"UpdateOAuth2ClientLifespans": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.UpdateOAuth2ClientLifespans(ctx, "app", fullLifespans)
		return err
	},
	"UpdateOAuth2ClientLifespans, to the server's": func(ctx context.Context, api *client.AdminAPI) error {
		_, err := api.UpdateOAuth2ClientLifespans(ctx, "app", models.UpdateOAuth2ClientLifespans{})
		return err
	},
}

// drain reads all items of an iterator.
func drain[T any](items iter.Seq2[T, error]) error {
	for _, err := range items {
		if err != nil {
			return err
		}
	}
	return nil
}

// lifespan is as time.Duration.String writes it.
var lifespan = time.Hour.String()

var fullReject = models.RejectRequest{
	Error: "access_denied", ErrorDescription: "no", ErrorHint: "hint", ErrorDebug: "debug", StatusCode: 403,
}

var fullLifespans = models.UpdateOAuth2ClientLifespans{
	AuthorizationCodeGrantAccessTokenLifespan: lifespan, AuthorizationCodeGrantIDTokenLifespan: lifespan,
	AuthorizationCodeGrantRefreshTokenLifespan: lifespan, ClientCredentialsGrantAccessTokenLifespan: lifespan,
	DeviceAuthorizationGrantAccessTokenLifespan: lifespan, DeviceAuthorizationGrantIDTokenLifespan: lifespan,
	DeviceAuthorizationGrantRefreshTokenLifespan: lifespan, ImplicitGrantAccessTokenLifespan: lifespan,
	ImplicitGrantIDTokenLifespan: lifespan, JWTBearerGrantAccessTokenLifespan: lifespan,
	PasswordGrantAccessTokenLifespan: lifespan, PasswordGrantRefreshTokenLifespan: lifespan,
	RefreshTokenGrantAccessTokenLifespan: lifespan, RefreshTokenGrantIDTokenLifespan: lifespan,
	RefreshTokenGrantRefreshTokenLifespan: lifespan,
}

// fullKey has the members of keys of all types.
func fullKey(kid string) models.JSONWebKey {
	return models.JSONWebKey{
		Kid: kid, Kty: "RSA", Use: "sig", Alg: "RS256", Crv: "P-256", X: "eA", Y: "eQ", N: "bg", E: "AQAB", D: "ZA", P: "cA", Q: "cQ",
		Dp: "ZHA", Dq: "ZHE", Qi: "cWk", K: "aw", X5C: []string{"eDVj"}, X5T: "eDV0", X5TS256: "eDV0", X5U: "https://issuer.example.com/x5u",
		AdditionalProperties: map[string]json.RawMessage{"key_ops": json.RawMessage(`["verify"]`)},
	}
}

func fullClient() models.OAuth2Client {
	skip := true
	return models.OAuth2Client{
		ClientID: "app", ClientName: "App", ClientSecret: "secret", RedirectURIs: []string{"https://app.example.com/callback"},
		GrantTypes: []string{"authorization_code", "refresh_token"}, ResponseTypes: []string{"code"}, Scope: "openid offline",
		Audience: []string{"https://api.example.com"}, Owner: "team", PolicyURI: "https://app.example.com/policy",
		TermsOfServiceURI: "https://app.example.com/terms", ClientURI: "https://app.example.com", LogoURI: "https://app.example.com/logo",
		Contacts: []string{"team@example.com"}, AllowedCORSOrigins: []string{"https://app.example.com"}, SubjectType: "public",
		SectorIdentifierURI: "https://app.example.com/sector", JWKS: models.JSONWebKeySet{Keys: []models.JSONWebKey{fullKey("k")}},
		JWKSURI: "https://app.example.com/jwks", TokenEndpointAuthMethod: "private_key_jwt", TokenEndpointAuthSigningAlg: "RS256",
		RequestURIs: []string{"https://app.example.com/request"}, RequestObjectSigningAlg: "RS256", UserinfoSignedResponseAlg: "RS256",
		CreatedAt: time.Unix(1, 0).UTC(), UpdatedAt: time.Unix(1, 5e8).UTC(), ClientSecretExpiresAt: 1,
		FrontChannelLogoutURI: "https://app.example.com/front", FrontChannelLogoutSessionRequired: true,
		BackChannelLogoutURI: "https://app.example.com/back", BackChannelLogoutSessionRequired: true,
		PostLogoutRedirectURIs: []string{"https://app.example.com/bye"}, Metadata: json.RawMessage(`{"a":1}`),
		SkipConsent: true, SkipLogoutConsent: &skip, AccessTokenStrategy: "jwt",
		RegistrationAccessToken: "token", RegistrationClientURI: "https://hydra.example.com/oauth2/register/app",
		AuthorizationCodeGrantAccessTokenLifespan: lifespan, AuthorizationCodeGrantIDTokenLifespan: lifespan,
		AuthorizationCodeGrantRefreshTokenLifespan: lifespan, ClientCredentialsGrantAccessTokenLifespan: lifespan,
		DeviceAuthorizationGrantAccessTokenLifespan: lifespan, DeviceAuthorizationGrantIDTokenLifespan: lifespan,
		DeviceAuthorizationGrantRefreshTokenLifespan: lifespan, ImplicitGrantAccessTokenLifespan: lifespan,
		ImplicitGrantIDTokenLifespan: lifespan, JWTBearerGrantAccessTokenLifespan: lifespan,
		PasswordGrantAccessTokenLifespan: lifespan, PasswordGrantRefreshTokenLifespan: lifespan,
		RefreshTokenGrantAccessTokenLifespan: lifespan, RefreshTokenGrantIDTokenLifespan: lifespan,
		RefreshTokenGrantRefreshTokenLifespan: lifespan,
		AdditionalProperties:                  map[string]json.RawMessage{"unknown": json.RawMessage(`"kept"`)},
	}
}
