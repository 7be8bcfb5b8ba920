package peers

import (
	"testing"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

const (
	challenge   = "the-challenge"
	clientID    = "my-app"
	id          = "an-id"
	kid         = "a-key"
	set         = "a-set"
	subject     = "alice"
	accessToken = "a-token"
)

var expiresAt = time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)

// callsOfSDK has a call of each operation, as have the functions for other clients, where
// nil stands for an operation that the client does not have. The calls are also the cells
// of the tables in docs/migration.md.
func callsOfSDK(t *testing.T, url string) map[string]func() error {
	t.Helper()
	admin, ctx := must(client.New(url)), t.Context()
	var (
		login      = models.AcceptLoginRequest{Subject: subject}
		consent    = models.AcceptConsentRequest{GrantScope: []string{"openid"}}
		rejection  = models.RejectRequest{Error: "access_denied"}
		userCode   = models.AcceptDeviceUserCodeRequest{UserCode: "aBcDeFgH"}
		oauth2     = models.OAuth2Client{ClientName: "My app"}
		patches    = []models.PatchDocument{models.PatchRemove("/contacts/0")}
		lifespans  = models.UpdateOAuth2ClientLifespans{}
		generator  = models.JSONWebKeySetGeneratorRequest{Alg: "RS256", Kid: kid, Use: "sig"}
		key        = models.JSONWebKey{Alg: "RS256", Kid: kid, Kty: "RSA", Use: "sig"}
		keys       = models.JSONWebKeySet{Keys: []models.JSONWebKey{key}}
		issuer     = models.TrustJWTGrantIssuerBody{ExpiresAt: expiresAt, Issuer: "https://idp.example.com", Subject: subject, JWK: key, Scope: []string{"read"}}
		before     = models.FlushInactiveOAuth2TokensRequest{NotAfter: expiresAt}
		grants     = client.RevokeConsentSessionsParams{Subject: subject, Client: clientID}
		logins     = client.RevokeAuthenticationSessionParams{Subject: subject}
		filter     = client.ListOAuth2ClientsParams{Owner: "team-a"}
		sessions   = client.ListSubjectConsentSessionsParams{}
		trusted    = client.ListTrustedJWTGrantIssuersParams{Issuer: "https://idp.example.com"}
		wantScopes = client.IntrospectOAuth2TokenParams{Scope: "read"}
	)
	return map[string]func() error{
		"getLoginRequest":                  func() error { return second(admin.GetLoginRequest(ctx, challenge)) },
		"acceptLoginRequest":               func() error { return second(admin.AcceptLoginRequest(ctx, challenge, login)) },
		"rejectLoginRequest":               func() error { return second(admin.RejectLoginRequest(ctx, challenge, rejection)) },
		"getConsentRequest":                func() error { return second(admin.GetConsentRequest(ctx, challenge)) },
		"acceptConsentRequest":             func() error { return second(admin.AcceptConsentRequest(ctx, challenge, consent)) },
		"rejectConsentRequest":             func() error { return second(admin.RejectConsentRequest(ctx, challenge, rejection)) },
		"getLogoutRequest":                 func() error { return second(admin.GetLogoutRequest(ctx, challenge)) },
		"acceptLogoutRequest":              func() error { return second(admin.AcceptLogoutRequest(ctx, challenge)) },
		"rejectLogoutRequest":              func() error { return admin.RejectLogoutRequest(ctx, challenge) },
		"acceptUserCodeRequest":            func() error { return second(admin.AcceptUserCodeRequest(ctx, challenge, userCode)) },
		"listSubjectConsentSessions":       func() error { return second(admin.ListSubjectConsentSessions(ctx, subject, sessions)) },
		"revokeConsentSessions":            func() error { return admin.RevokeConsentSessions(ctx, grants) },
		"revokeAuthenticationSession":      func() error { return admin.RevokeAuthenticationSession(ctx, logins) },
		"introspectOAuth2Token":            func() error { return second(admin.IntrospectOAuth2Token(ctx, accessToken, wantScopes)) },
		"deleteOAuth2Token":                func() error { return admin.DeleteOAuth2Token(ctx, clientID) },
		"flushInactiveOAuth2Tokens":        func() error { return admin.FlushInactiveOAuth2Tokens(ctx, before) },
		"listOAuth2Clients":                func() error { return second(admin.ListOAuth2Clients(ctx, filter)) },
		"createOAuth2Client":               func() error { return second(admin.CreateOAuth2Client(ctx, oauth2)) },
		"getOAuth2Client":                  func() error { return second(admin.GetOAuth2Client(ctx, clientID)) },
		"updateOAuth2Client":               func() error { return second(admin.UpdateOAuth2Client(ctx, clientID, oauth2)) },
		"patchOAuth2Client":                func() error { return second(admin.PatchOAuth2Client(ctx, clientID, patches)) },
		"deleteOAuth2Client":               func() error { return admin.DeleteOAuth2Client(ctx, clientID) },
		"updateOAuth2ClientLifespans":      func() error { return second(admin.UpdateOAuth2ClientLifespans(ctx, clientID, lifespans)) },
		"rotateOAuth2ClientSecret":         func() error { return second(admin.RotateOAuth2ClientSecret(ctx, clientID)) },
		"deleteRotatedOAuth2ClientSecrets": func() error { return second(admin.DeleteRotatedOAuth2ClientSecrets(ctx, clientID)) },
		"getJsonWebKeySet":                 func() error { return second(admin.GetJSONWebKeySet(ctx, set)) },
		"createJsonWebKeySet":              func() error { return second(admin.CreateJSONWebKeySet(ctx, set, generator)) },
		"updateJsonWebKeySet":              func() error { return second(admin.UpdateJSONWebKeySet(ctx, set, keys)) },
		"deleteJsonWebKeySet":              func() error { return admin.DeleteJSONWebKeySet(ctx, set) },
		"getJsonWebKey":                    func() error { return second(admin.GetJSONWebKey(ctx, set, kid)) },
		"updateJsonWebKey":                 func() error { return second(admin.UpdateJSONWebKey(ctx, set, kid, key)) },
		"deleteJsonWebKey":                 func() error { return admin.DeleteJSONWebKey(ctx, set, kid) },
		"listTrustedJwtGrantIssuers":       func() error { return second(admin.ListTrustedJWTGrantIssuers(ctx, trusted)) },
		"trustJwtGrantIssuer":              func() error { return second(admin.TrustJWTGrantIssuer(ctx, issuer)) },
		"getTrustedJwtGrantIssuer":         func() error { return second(admin.GetTrustedJWTGrantIssuer(ctx, id)) },
		"deleteTrustedJwtGrantIssuer":      func() error { return admin.DeleteTrustedJWTGrantIssuer(ctx, id) },
		"isAlive":                          func() error { return second(admin.IsAlive(ctx)) },
		"isReady":                          func() error { return second(admin.IsReady(ctx)) },
		"getVersion":                       func() error { return second(admin.GetVersion(ctx)) },
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func second[T any](_ T, err error) error { return err }

func third[T, R any](_ T, _ R, err error) error { return err }
