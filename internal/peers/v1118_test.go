package peers

import (
	"context"
	"errors"
	"net/http"
	"testing"

	hydra "github.com/ory/hydra-client-go"
)

func newClientV1118(url string) *hydra.APIClient {
	cfg := hydra.NewConfiguration()
	cfg.Servers = hydra.ServerConfigurations{{URL: url}}
	return hydra.NewAPIClient(cfg)
}

func acceptLoginV1118(ctx context.Context, c *hydra.APIClient, challenge string) (redirectTo string, err error) {
	body := hydra.NewAcceptLoginRequest("alice")
	body.SetRemember(true)
	body.SetRememberFor(3600)
	done, _, err := c.AdminApi.AcceptLoginRequest(ctx).LoginChallenge(challenge).AcceptLoginRequest(*body).Execute()
	if err != nil {
		return "", err
	}
	return done.GetRedirectTo(), nil
}

func readLoginV1118(ctx context.Context, c *hydra.APIClient, challenge string) (appName, redirectTo string, err error) {
	login, resp, err := c.AdminApi.GetLoginRequest(ctx).LoginChallenge(challenge).Execute()
	if err != nil {
		var apiErr *hydra.GenericOpenAPIError
		if errors.As(err, &apiErr) && resp.StatusCode == http.StatusGone {
			if gone, ok := apiErr.Model().(hydra.RequestWasHandledResponse); ok {
				return "", gone.RedirectTo, nil
			}
		}
		if resp != nil && resp.StatusCode == http.StatusNotFound {
			return "", "/start-over", nil
		}
		return "", "", err
	}
	app := login.GetClient()
	return app.GetClientName(), "", nil
}

func listClientsV1118(ctx context.Context, c *hydra.APIClient) (ids []string, err error) {
	const limit = 500
	for offset := int64(0); ; offset += limit {
		page, _, err := c.AdminApi.ListOAuth2Clients(ctx).Limit(limit).Offset(offset).Execute()
		if err != nil {
			return nil, err
		}
		for _, app := range page {
			ids = append(ids, app.GetClientId())
		}
		if len(page) < limit {
			return ids, nil
		}
	}
}

func renameClientV1118(ctx context.Context, c *hydra.APIClient, id, name string) error {
	app, _, err := c.AdminApi.GetOAuth2Client(ctx, id).Execute()
	if err != nil {
		return err
	}
	app.SetClientName(name)
	_, _, err = c.AdminApi.UpdateOAuth2Client(ctx, id).OAuth2Client(*app).Execute()
	return err
}

func callsOfV1118(t *testing.T, url string) map[string]func() error {
	t.Helper()
	c, ctx := newClientV1118(url), t.Context()
	var (
		login     = *hydra.NewAcceptLoginRequest(subject)
		consent   = hydra.AcceptConsentRequest{GrantScope: []string{"openid"}}
		rejection = hydra.RejectRequest{Error: new("access_denied")}
		oauth2    = hydra.OAuth2Client{ClientName: new("My app")}
		patches   = []hydra.PatchDocument{*hydra.NewPatchDocument("remove", "/contacts/0")}
		generator = *hydra.NewJsonWebKeySetGeneratorRequest("RS256", kid, "sig")
		key       = *hydra.NewJSONWebKey("RS256", kid, "RSA", "sig")
		keys      = hydra.JSONWebKeySet{Keys: []hydra.JSONWebKey{key}}
		issuer    = *hydra.NewTrustJwtGrantIssuerBody(expiresAt, "https://idp.example.com", key, []string{"read"})
		before    = hydra.FlushInactiveOAuth2TokensRequest{NotAfter: &expiresAt}
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
		"acceptUserCodeRequest":      nil,
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
		"deleteOAuth2Client":               func() error { return second(c.AdminApi.DeleteOAuth2Client(ctx, clientID).Execute()) },
		"updateOAuth2ClientLifespans":      nil,
		"rotateOAuth2ClientSecret":         nil,
		"deleteRotatedOAuth2ClientSecrets": nil,
		"getJsonWebKeySet":                 func() error { return third(c.AdminApi.GetJsonWebKeySet(ctx, set).Execute()) },
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
		"isAlive":                     func() error { return third(c.MetadataApi.IsAlive(ctx).Execute()) },
		"isReady":                     func() error { return third(c.MetadataApi.IsReady(ctx).Execute()) },
		"getVersion":                  func() error { return third(c.MetadataApi.GetVersion(ctx).Execute()) },
	}
}

// patchV1118 sends a patch on a client that this SDK refuses.
func patchV1118(t *testing.T, url string) error {
	t.Helper()
	patches := []hydra.PatchDocument{*hydra.NewPatchDocument("remove", "/owner")}
	return third(newClientV1118(url).AdminApi.PatchOAuth2Client(t.Context(), clientID).PatchDocument(patches).Execute())
}

func hazardsOfV1118(t *testing.T, base string) contender {
	t.Helper()
	api, ctx := newClientV1118(base), context.WithValue(t.Context(), hydra.ContextAccessToken, bearer)
	c := api.AdminApi
	return contender{
		deleteKey: func(set, kid string) error { return second(c.DeleteJsonWebKey(ctx, kid, set).Execute()) },
		createClient: func(id string) error {
			return third(c.CreateOAuth2Client(ctx).OAuth2Client(hydra.OAuth2Client{ClientId: &id}).Execute())
		},
		deleteClient: func(id string) error { return second(c.DeleteOAuth2Client(ctx, id).Execute()) },
		getLogin:     func(challenge string) error { return third(c.GetLoginRequest(ctx).LoginChallenge(challenge).Execute()) },
		acceptLogin: func(challenge, subject string) (string, bool, error) {
			done, _, err := c.AcceptLoginRequest(ctx).LoginChallenge(challenge).AcceptLoginRequest(*hydra.NewAcceptLoginRequest(subject)).Execute()
			return done.GetRedirectTo(), done != nil, err
		},
		introspect: func(token string) (any, error) {
			done, _, err := c.IntrospectOAuth2Token(ctx).Token(token).Execute()
			return done, err
		},
		getClient: func(id string) error { return third(c.GetOAuth2Client(ctx, id).Execute()) },
		writeBack: func(id string) error {
			read, _, err := c.GetOAuth2Client(ctx, id).Execute()
			if err != nil {
				return err
			}
			return third(c.UpdateOAuth2Client(ctx, id).OAuth2Client(*read).Execute())
		},
		listClients: func() ([]string, error) { return listClientsV1118(ctx, api) },
		listSessions: func() ([]string, error) {
			return byOffset(func(limit, offset int) ([]string, error) {
				page, _, err := c.ListSubjectConsentSessions(ctx).Subject(subject).Limit(int64(limit)).Offset(int64(offset)).Execute()
				return fields(page, func(s hydra.PreviousConsentSession) string { return s.ConsentRequest.Challenge }), err
			})
		},
	}
}
