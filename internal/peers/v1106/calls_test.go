package v1106

import (
	"testing"
	"time"

	"github.com/go-openapi/strfmt"
	"github.com/ory/hydra-client-go/client/admin"
	"github.com/ory/hydra-client-go/client/public"
	"github.com/ory/hydra-client-go/models"
	"github.com/stretchr/testify/require"
)

const (
	challenge   = "the-challenge"
	clientID    = "my-app"
	kid         = "a-key"
	set         = "a-set"
	subject     = "alice"
	accessToken = "a-token"
)

func callsOfV1106(t *testing.T, url string) map[string]func() error {
	t.Helper()
	c, err := newClientV1106(url)
	require.NoError(t, err)
	var (
		ctx       = t.Context()
		login     = models.AcceptLoginRequest{Subject: new(subject)}
		consent   = models.AcceptConsentRequest{GrantScope: []string{"openid"}}
		rejection = models.RejectRequest{Error: "access_denied"}
		oauth2    = models.OAuth2Client{ClientName: "My app"}
		patches   = models.PatchRequest{{Op: new("remove"), Path: new("/contacts/0")}}
		generator = models.JSONWebKeySetGeneratorRequest{Alg: new("RS256"), Kid: new(kid), Use: new("sig")}
		key       = models.JSONWebKey{Alg: new("RS256"), Kid: new(kid), Kty: new("RSA"), Use: new("sig")}
		keys      = models.JSONWebKeySet{Keys: []*models.JSONWebKey{&key}}
		before    = models.FlushInactiveOAuth2TokensRequest{NotAfter: strfmt.DateTime(time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC))}
		owner     = "team-a"
		app       = clientID
		scope     = "read"
	)
	return map[string]func() error{
		"getLoginRequest": func() error {
			return second(c.Admin.GetLoginRequest(admin.NewGetLoginRequestParams().WithContext(ctx).WithLoginChallenge(challenge)))
		},
		"acceptLoginRequest": func() error {
			return second(c.Admin.AcceptLoginRequest(admin.NewAcceptLoginRequestParams().WithContext(ctx).WithLoginChallenge(challenge).WithBody(&login)))
		},
		"rejectLoginRequest": func() error {
			return second(c.Admin.RejectLoginRequest(admin.NewRejectLoginRequestParams().WithContext(ctx).WithLoginChallenge(challenge).WithBody(&rejection)))
		},
		"getConsentRequest": func() error {
			return second(c.Admin.GetConsentRequest(admin.NewGetConsentRequestParams().WithContext(ctx).WithConsentChallenge(challenge)))
		},
		"acceptConsentRequest": func() error {
			return second(c.Admin.AcceptConsentRequest(admin.NewAcceptConsentRequestParams().WithContext(ctx).WithConsentChallenge(challenge).WithBody(&consent)))
		},
		"rejectConsentRequest": func() error {
			return second(c.Admin.RejectConsentRequest(admin.NewRejectConsentRequestParams().WithContext(ctx).WithConsentChallenge(challenge).WithBody(&rejection)))
		},
		"getLogoutRequest": func() error {
			return second(c.Admin.GetLogoutRequest(admin.NewGetLogoutRequestParams().WithContext(ctx).WithLogoutChallenge(challenge)))
		},
		"acceptLogoutRequest": func() error {
			return second(c.Admin.AcceptLogoutRequest(admin.NewAcceptLogoutRequestParams().WithContext(ctx).WithLogoutChallenge(challenge)))
		},
		"rejectLogoutRequest": func() error {
			return second(c.Admin.RejectLogoutRequest(admin.NewRejectLogoutRequestParams().WithContext(ctx).WithLogoutChallenge(challenge).WithBody(&rejection)))
		},
		"acceptUserCodeRequest": nil,
		"listSubjectConsentSessions": func() error {
			return second(c.Admin.ListSubjectConsentSessions(admin.NewListSubjectConsentSessionsParams().WithContext(ctx).WithSubject(subject)))
		},
		"revokeConsentSessions": func() error {
			return second(c.Admin.RevokeConsentSessions(admin.NewRevokeConsentSessionsParams().WithContext(ctx).WithSubject(subject).WithClient(&app)))
		},
		"revokeAuthenticationSession": func() error {
			return second(c.Admin.RevokeAuthenticationSession(admin.NewRevokeAuthenticationSessionParams().WithContext(ctx).WithSubject(subject)))
		},
		"introspectOAuth2Token": func() error {
			return second(c.Admin.IntrospectOAuth2Token(admin.NewIntrospectOAuth2TokenParams().WithContext(ctx).WithToken(accessToken).WithScope(&scope)))
		},
		"deleteOAuth2Token": func() error {
			return second(c.Admin.DeleteOAuth2Token(admin.NewDeleteOAuth2TokenParams().WithContext(ctx).WithClientID(clientID)))
		},
		"flushInactiveOAuth2Tokens": func() error {
			return second(c.Admin.FlushInactiveOAuth2Tokens(admin.NewFlushInactiveOAuth2TokensParams().WithContext(ctx).WithBody(&before)))
		},
		"listOAuth2Clients": func() error {
			return second(c.Admin.ListOAuth2Clients(admin.NewListOAuth2ClientsParams().WithContext(ctx).WithOwner(&owner)))
		},
		"createOAuth2Client": func() error {
			return second(c.Admin.CreateOAuth2Client(admin.NewCreateOAuth2ClientParams().WithContext(ctx).WithBody(&oauth2)))
		},
		"getOAuth2Client": func() error {
			return second(c.Admin.GetOAuth2Client(admin.NewGetOAuth2ClientParams().WithContext(ctx).WithID(clientID)))
		},
		"updateOAuth2Client": func() error {
			return second(c.Admin.UpdateOAuth2Client(admin.NewUpdateOAuth2ClientParams().WithContext(ctx).WithID(clientID).WithBody(&oauth2)))
		},
		"patchOAuth2Client": func() error {
			return second(c.Admin.PatchOAuth2Client(admin.NewPatchOAuth2ClientParams().WithContext(ctx).WithID(clientID).WithBody(patches)))
		},
		"deleteOAuth2Client": func() error {
			return second(c.Admin.DeleteOAuth2Client(admin.NewDeleteOAuth2ClientParams().WithContext(ctx).WithID(clientID)))
		},
		"updateOAuth2ClientLifespans":      nil,
		"rotateOAuth2ClientSecret":         nil,
		"deleteRotatedOAuth2ClientSecrets": nil,
		"getJsonWebKeySet": func() error {
			return second(c.Admin.GetJSONWebKeySet(admin.NewGetJSONWebKeySetParams().WithContext(ctx).WithSet(set)))
		},
		"createJsonWebKeySet": func() error {
			return second(c.Admin.CreateJSONWebKeySet(admin.NewCreateJSONWebKeySetParams().WithContext(ctx).WithSet(set).WithBody(&generator)))
		},
		"updateJsonWebKeySet": func() error {
			return second(c.Admin.UpdateJSONWebKeySet(admin.NewUpdateJSONWebKeySetParams().WithContext(ctx).WithSet(set).WithBody(&keys)))
		},
		"deleteJsonWebKeySet": func() error {
			return second(c.Admin.DeleteJSONWebKeySet(admin.NewDeleteJSONWebKeySetParams().WithContext(ctx).WithSet(set)))
		},
		"getJsonWebKey": func() error {
			return second(c.Admin.GetJSONWebKey(admin.NewGetJSONWebKeyParams().WithContext(ctx).WithSet(set).WithKid(kid)))
		},
		"updateJsonWebKey": func() error {
			return second(c.Admin.UpdateJSONWebKey(admin.NewUpdateJSONWebKeyParams().WithContext(ctx).WithSet(set).WithKid(kid).WithBody(&key)))
		},
		"deleteJsonWebKey": func() error {
			return second(c.Admin.DeleteJSONWebKey(admin.NewDeleteJSONWebKeyParams().WithContext(ctx).WithSet(set).WithKid(kid)))
		},
		"listTrustedJwtGrantIssuers":  nil,
		"trustJwtGrantIssuer":         nil,
		"getTrustedJwtGrantIssuer":    nil,
		"deleteTrustedJwtGrantIssuer": nil,
		"isAlive": func() error {
			return second(c.Admin.IsInstanceAlive(admin.NewIsInstanceAliveParams().WithContext(ctx)))
		},
		"isReady": func() error {
			return second(c.Public.IsInstanceReady(public.NewIsInstanceReadyParams().WithContext(ctx)))
		},
		"getVersion": func() error { return second(c.Admin.GetVersion(admin.NewGetVersionParams().WithContext(ctx))) },
	}
}

func second[T any](_ T, err error) error { return err }
