package peers

import (
	"strings"
	"testing"
	"time"

	hydra1 "github.com/ory/hydra-client-go"
	hydra2 "github.com/ory/hydra-client-go/v2"

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

// Each of the functions below has a call of each operation, which is also a cell of
// the tables in MIGRATING.md.

func callsOfSDK(t *testing.T, url string) map[string]func() error {
	t.Helper()
	admin, ctx := must(client.New(url)), t.Context()
	var (
		login      = models.AcceptLoginRequest{Subject: subject}
		consent    = models.AcceptConsentRequest{GrantScope: []string{"openid"}}
		rejection  = models.RejectRequest{Error: "access_denied"}
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
		"getLoginRequest":             func() error { return second(admin.GetLoginRequest(ctx, challenge)) },
		"acceptLoginRequest":          func() error { return second(admin.AcceptLoginRequest(ctx, challenge, login)) },
		"rejectLoginRequest":          func() error { return second(admin.RejectLoginRequest(ctx, challenge, rejection)) },
		"getConsentRequest":           func() error { return second(admin.GetConsentRequest(ctx, challenge)) },
		"acceptConsentRequest":        func() error { return second(admin.AcceptConsentRequest(ctx, challenge, consent)) },
		"rejectConsentRequest":        func() error { return second(admin.RejectConsentRequest(ctx, challenge, rejection)) },
		"getLogoutRequest":            func() error { return second(admin.GetLogoutRequest(ctx, challenge)) },
		"acceptLogoutRequest":         func() error { return second(admin.AcceptLogoutRequest(ctx, challenge)) },
		"rejectLogoutRequest":         func() error { return admin.RejectLogoutRequest(ctx, challenge) },
		"listSubjectConsentSessions":  func() error { return second(admin.ListSubjectConsentSessions(ctx, subject, sessions)) },
		"revokeConsentSessions":       func() error { return admin.RevokeConsentSessions(ctx, grants) },
		"revokeAuthenticationSession": func() error { return admin.RevokeAuthenticationSession(ctx, logins) },
		"introspectOAuth2Token":       func() error { return second(admin.IntrospectOAuth2Token(ctx, accessToken, wantScopes)) },
		"deleteOAuth2Token":           func() error { return admin.DeleteOAuth2Token(ctx, clientID) },
		"flushInactiveOAuth2Tokens":   func() error { return admin.FlushInactiveOAuth2Tokens(ctx, before) },
		"listOAuth2Clients":           func() error { return second(admin.ListOAuth2Clients(ctx, filter)) },
		"createOAuth2Client":          func() error { return second(admin.CreateOAuth2Client(ctx, oauth2)) },
		"getOAuth2Client":             func() error { return second(admin.GetOAuth2Client(ctx, clientID)) },
		"updateOAuth2Client":          func() error { return second(admin.UpdateOAuth2Client(ctx, clientID, oauth2)) },
		"patchOAuth2Client":           func() error { return second(admin.PatchOAuth2Client(ctx, clientID, patches)) },
		"deleteOAuth2Client":          func() error { return admin.DeleteOAuth2Client(ctx, clientID) },
		"updateOAuth2ClientLifespans": func() error { return second(admin.UpdateOAuth2ClientLifespans(ctx, clientID, lifespans)) },
		"getJsonWebKeySet":            func() error { return second(admin.GetJSONWebKeySet(ctx, set)) },
		"createJsonWebKeySet":         func() error { return second(admin.CreateJSONWebKeySet(ctx, set, generator)) },
		"updateJsonWebKeySet":         func() error { return second(admin.UpdateJSONWebKeySet(ctx, set, keys)) },
		"deleteJsonWebKeySet":         func() error { return admin.DeleteJSONWebKeySet(ctx, set) },
		"getJsonWebKey":               func() error { return second(admin.GetJSONWebKey(ctx, set, kid)) },
		"updateJsonWebKey":            func() error { return second(admin.UpdateJSONWebKey(ctx, set, kid, key)) },
		"deleteJsonWebKey":            func() error { return admin.DeleteJSONWebKey(ctx, set, kid) },
		"listTrustedJwtGrantIssuers":  func() error { return second(admin.ListTrustedJWTGrantIssuers(ctx, trusted)) },
		"trustJwtGrantIssuer":         func() error { return second(admin.TrustJWTGrantIssuer(ctx, issuer)) },
		"getTrustedJwtGrantIssuer":    func() error { return second(admin.GetTrustedJWTGrantIssuer(ctx, id)) },
		"deleteTrustedJwtGrantIssuer": func() error { return admin.DeleteTrustedJWTGrantIssuer(ctx, id) },
	}
}

func callsOfV1118(t *testing.T, url string) map[string]func() error {
	t.Helper()
	c, ctx := newClientV1118(url), t.Context()
	var (
		login     = *hydra1.NewAcceptLoginRequest(subject)
		consent   = hydra1.AcceptConsentRequest{GrantScope: []string{"openid"}}
		rejection = hydra1.RejectRequest{Error: new("access_denied")}
		oauth2    = hydra1.OAuth2Client{ClientName: new("My app")}
		patches   = []hydra1.PatchDocument{*hydra1.NewPatchDocument("remove", "/contacts/0")}
		generator = *hydra1.NewJsonWebKeySetGeneratorRequest("RS256", kid, "sig")
		key       = *hydra1.NewJSONWebKey("RS256", kid, "RSA", "sig")
		keys      = hydra1.JSONWebKeySet{Keys: []hydra1.JSONWebKey{key}}
		issuer    = *hydra1.NewTrustJwtGrantIssuerBody(expiresAt, "https://idp.example.com", key, []string{"read"})
		before    = hydra1.FlushInactiveOAuth2TokensRequest{NotAfter: &expiresAt}
	)
	issuer.SetSubject(subject)
	return map[string]func() error{
		"getLoginRequest": func() error { return third(c.AdminApi.GetLoginRequest(ctx).LoginChallenge(challenge).Execute()) },
		"acceptLoginRequest": func() error {
			return third(c.AdminApi.AcceptLoginRequest(ctx).LoginChallenge(challenge).AcceptLoginRequest(login).Execute())
		},
		"rejectLoginRequest": func() error {
			return third(c.AdminApi.RejectLoginRequest(ctx).LoginChallenge(challenge).RejectRequest(rejection).Execute())
		},
		"getConsentRequest": func() error { return third(c.AdminApi.GetConsentRequest(ctx).ConsentChallenge(challenge).Execute()) },
		"acceptConsentRequest": func() error {
			return third(c.AdminApi.AcceptConsentRequest(ctx).ConsentChallenge(challenge).AcceptConsentRequest(consent).Execute())
		},
		"rejectConsentRequest": func() error {
			return third(c.AdminApi.RejectConsentRequest(ctx).ConsentChallenge(challenge).RejectRequest(rejection).Execute())
		},
		"getLogoutRequest":    func() error { return third(c.AdminApi.GetLogoutRequest(ctx).LogoutChallenge(challenge).Execute()) },
		"acceptLogoutRequest": func() error { return third(c.AdminApi.AcceptLogoutRequest(ctx).LogoutChallenge(challenge).Execute()) },
		"rejectLogoutRequest": func() error {
			return second(c.AdminApi.RejectLogoutRequest(ctx).LogoutChallenge(challenge).RejectRequest(rejection).Execute())
		},
		"listSubjectConsentSessions": func() error { return third(c.AdminApi.ListSubjectConsentSessions(ctx).Subject(subject).Execute()) },
		"revokeConsentSessions": func() error {
			return second(c.AdminApi.RevokeConsentSessions(ctx).Subject(subject).Client(clientID).Execute())
		},
		"revokeAuthenticationSession": func() error { return second(c.AdminApi.RevokeAuthenticationSession(ctx).Subject(subject).Execute()) },
		"introspectOAuth2Token": func() error {
			return third(c.AdminApi.IntrospectOAuth2Token(ctx).Token(accessToken).Scope("read").Execute())
		},
		"deleteOAuth2Token": func() error { return second(c.AdminApi.DeleteOAuth2Token(ctx).ClientId(clientID).Execute()) },
		"flushInactiveOAuth2Tokens": func() error {
			return second(c.AdminApi.FlushInactiveOAuth2Tokens(ctx).FlushInactiveOAuth2TokensRequest(before).Execute())
		},
		"listOAuth2Clients":  func() error { return third(c.AdminApi.ListOAuth2Clients(ctx).Owner("team-a").Execute()) },
		"createOAuth2Client": func() error { return third(c.AdminApi.CreateOAuth2Client(ctx).OAuth2Client(oauth2).Execute()) },
		"getOAuth2Client":    func() error { return third(c.AdminApi.GetOAuth2Client(ctx, clientID).Execute()) },
		"updateOAuth2Client": func() error {
			return third(c.AdminApi.UpdateOAuth2Client(ctx, clientID).OAuth2Client(oauth2).Execute())
		},
		"patchOAuth2Client": func() error {
			return third(c.AdminApi.PatchOAuth2Client(ctx, clientID).PatchDocument(patches).Execute())
		},
		"deleteOAuth2Client":          func() error { return second(c.AdminApi.DeleteOAuth2Client(ctx, clientID).Execute()) },
		"updateOAuth2ClientLifespans": nil,
		"getJsonWebKeySet":            func() error { return third(c.AdminApi.GetJsonWebKeySet(ctx, set).Execute()) },
		"createJsonWebKeySet": func() error {
			return third(c.AdminApi.CreateJsonWebKeySet(ctx, set).JsonWebKeySetGeneratorRequest(generator).Execute())
		},
		"updateJsonWebKeySet": func() error { return third(c.AdminApi.UpdateJsonWebKeySet(ctx, set).JSONWebKeySet(keys).Execute()) },
		"deleteJsonWebKeySet": func() error { return second(c.AdminApi.DeleteJsonWebKeySet(ctx, set).Execute()) },
		"getJsonWebKey":       func() error { return third(c.AdminApi.GetJsonWebKey(ctx, kid, set).Execute()) },
		"updateJsonWebKey":    func() error { return third(c.AdminApi.UpdateJsonWebKey(ctx, kid, set).JSONWebKey(key).Execute()) },
		"deleteJsonWebKey":    func() error { return second(c.AdminApi.DeleteJsonWebKey(ctx, kid, set).Execute()) },
		"listTrustedJwtGrantIssuers": func() error {
			return third(c.AdminApi.ListTrustedJwtGrantIssuers(ctx).Issuer("https://idp.example.com").Execute())
		},
		"trustJwtGrantIssuer": func() error {
			return third(c.AdminApi.TrustJwtGrantIssuer(ctx).TrustJwtGrantIssuerBody(issuer).Execute())
		},
		"getTrustedJwtGrantIssuer":    func() error { return third(c.AdminApi.GetTrustedJwtGrantIssuer(ctx, id).Execute()) },
		"deleteTrustedJwtGrantIssuer": func() error { return second(c.AdminApi.DeleteTrustedJwtGrantIssuer(ctx, id).Execute()) },
	}
}

func callsOfV221(t *testing.T, url string) map[string]func() error {
	t.Helper()
	c, ctx := newClientV221(strings.TrimSuffix(url, "/admin")), t.Context()
	var (
		login     = *hydra2.NewAcceptOAuth2LoginRequest(subject)
		consent   = hydra2.AcceptOAuth2ConsentRequest{GrantScope: []string{"openid"}}
		rejection = hydra2.RejectOAuth2Request{Error: new("access_denied")}
		oauth2    = hydra2.OAuth2Client{ClientName: new("My app")}
		patches   = []hydra2.JsonPatch{*hydra2.NewJsonPatch("remove", "/contacts/0")}
		lifespans = hydra2.OAuth2ClientTokenLifespans{}
		generator = *hydra2.NewCreateJsonWebKeySet("RS256", kid, "sig")
		key       = *hydra2.NewJsonWebKey("RS256", kid, "RSA", "sig")
		keys      = hydra2.JsonWebKeySet{Keys: []hydra2.JsonWebKey{key}}
		issuer    = *hydra2.NewTrustOAuth2JwtGrantIssuer(expiresAt, "https://idp.example.com", key, []string{"read"})
	)
	issuer.SetSubject(subject)
	return map[string]func() error{
		"getLoginRequest": func() error { return third(c.OAuth2API.GetOAuth2LoginRequest(ctx).LoginChallenge(challenge).Execute()) },
		"acceptLoginRequest": func() error {
			return third(c.OAuth2API.AcceptOAuth2LoginRequest(ctx).LoginChallenge(challenge).AcceptOAuth2LoginRequest(login).Execute())
		},
		"rejectLoginRequest": func() error {
			return third(c.OAuth2API.RejectOAuth2LoginRequest(ctx).LoginChallenge(challenge).RejectOAuth2Request(rejection).Execute())
		},
		"getConsentRequest": func() error {
			return third(c.OAuth2API.GetOAuth2ConsentRequest(ctx).ConsentChallenge(challenge).Execute())
		},
		"acceptConsentRequest": func() error {
			return third(c.OAuth2API.AcceptOAuth2ConsentRequest(ctx).ConsentChallenge(challenge).AcceptOAuth2ConsentRequest(consent).Execute())
		},
		"rejectConsentRequest": func() error {
			return third(c.OAuth2API.RejectOAuth2ConsentRequest(ctx).ConsentChallenge(challenge).RejectOAuth2Request(rejection).Execute())
		},
		"getLogoutRequest": func() error {
			return third(c.OAuth2API.GetOAuth2LogoutRequest(ctx).LogoutChallenge(challenge).Execute())
		},
		"acceptLogoutRequest": func() error {
			return third(c.OAuth2API.AcceptOAuth2LogoutRequest(ctx).LogoutChallenge(challenge).Execute())
		},
		"rejectLogoutRequest": func() error {
			return second(c.OAuth2API.RejectOAuth2LogoutRequest(ctx).LogoutChallenge(challenge).Execute())
		},
		"listSubjectConsentSessions": func() error { return third(c.OAuth2API.ListOAuth2ConsentSessions(ctx).Subject(subject).Execute()) },
		"revokeConsentSessions": func() error {
			return second(c.OAuth2API.RevokeOAuth2ConsentSessions(ctx).Subject(subject).Client(clientID).Execute())
		},
		"revokeAuthenticationSession": func() error { return second(c.OAuth2API.RevokeOAuth2LoginSessions(ctx).Subject(subject).Execute()) },
		"introspectOAuth2Token": func() error {
			return third(c.OAuth2API.IntrospectOAuth2Token(ctx).Token(accessToken).Scope("read").Execute())
		},
		"deleteOAuth2Token":         func() error { return second(c.OAuth2API.DeleteOAuth2Token(ctx).ClientId(clientID).Execute()) },
		"flushInactiveOAuth2Tokens": nil,
		"listOAuth2Clients":         func() error { return third(c.OAuth2API.ListOAuth2Clients(ctx).Owner("team-a").Execute()) },
		"createOAuth2Client":        func() error { return third(c.OAuth2API.CreateOAuth2Client(ctx).OAuth2Client(oauth2).Execute()) },
		"getOAuth2Client":           func() error { return third(c.OAuth2API.GetOAuth2Client(ctx, clientID).Execute()) },
		"updateOAuth2Client":        func() error { return third(c.OAuth2API.SetOAuth2Client(ctx, clientID).OAuth2Client(oauth2).Execute()) },
		"patchOAuth2Client":         func() error { return third(c.OAuth2API.PatchOAuth2Client(ctx, clientID).JsonPatch(patches).Execute()) },
		"deleteOAuth2Client":        func() error { return second(c.OAuth2API.DeleteOAuth2Client(ctx, clientID).Execute()) },
		"updateOAuth2ClientLifespans": func() error {
			return third(c.OAuth2API.SetOAuth2ClientLifespans(ctx, clientID).OAuth2ClientTokenLifespans(lifespans).Execute())
		},
		"getJsonWebKeySet": func() error { return third(c.JwkAPI.GetJsonWebKeySet(ctx, set).Execute()) },
		"createJsonWebKeySet": func() error {
			return third(c.JwkAPI.CreateJsonWebKeySet(ctx, set).CreateJsonWebKeySet(generator).Execute())
		},
		"updateJsonWebKeySet": func() error { return third(c.JwkAPI.SetJsonWebKeySet(ctx, set).JsonWebKeySet(keys).Execute()) },
		"deleteJsonWebKeySet": func() error { return second(c.JwkAPI.DeleteJsonWebKeySet(ctx, set).Execute()) },
		"getJsonWebKey":       func() error { return third(c.JwkAPI.GetJsonWebKey(ctx, set, kid).Execute()) },
		"updateJsonWebKey":    func() error { return third(c.JwkAPI.SetJsonWebKey(ctx, set, kid).JsonWebKey(key).Execute()) },
		"deleteJsonWebKey":    func() error { return second(c.JwkAPI.DeleteJsonWebKey(ctx, set, kid).Execute()) },
		"listTrustedJwtGrantIssuers": func() error {
			return third(c.OAuth2API.ListTrustedOAuth2JwtGrantIssuers(ctx).Issuer("https://idp.example.com").Execute())
		},
		"trustJwtGrantIssuer": func() error {
			return third(c.OAuth2API.TrustOAuth2JwtGrantIssuer(ctx).TrustOAuth2JwtGrantIssuer(issuer).Execute())
		},
		"getTrustedJwtGrantIssuer":    func() error { return third(c.OAuth2API.GetTrustedOAuth2JwtGrantIssuer(ctx, id).Execute()) },
		"deleteTrustedJwtGrantIssuer": func() error { return second(c.OAuth2API.DeleteTrustedOAuth2JwtGrantIssuer(ctx, id).Execute()) },
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
