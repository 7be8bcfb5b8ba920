package peers

import (
	"context"
	"net/http"
	"strings"
	"testing"

	hydra "github.com/ory/hydra-client-go/v2"
)

func newClientV221(url string) *hydra.APIClient {
	cfg := hydra.NewConfiguration()
	cfg.Servers = hydra.ServerConfigurations{{URL: url}}
	return hydra.NewAPIClient(cfg)
}

func acceptLoginV221(ctx context.Context, c *hydra.APIClient, challenge string) (redirectTo string, err error) {
	body := hydra.NewAcceptOAuth2LoginRequest("alice")
	body.SetRemember(true)
	body.SetRememberFor(3600)
	done, _, err := c.OAuth2API.AcceptOAuth2LoginRequest(ctx).LoginChallenge(challenge).AcceptOAuth2LoginRequest(*body).Execute()
	if err != nil {
		return "", err
	}
	return done.RedirectTo, nil
}

func readLoginV221(ctx context.Context, c *hydra.APIClient, challenge string) (appName, redirectTo string, err error) {
	login, resp, err := c.OAuth2API.GetOAuth2LoginRequest(ctx).LoginChallenge(challenge).Execute()
	if err != nil {
		if resp != nil && (resp.StatusCode == http.StatusNotFound || resp.StatusCode == http.StatusUnauthorized) {
			return "", "/start-over", nil
		}
		return "", "", err
	}
	return login.Client.GetClientName(), "", nil
}

func listClientsV221(ctx context.Context, c *hydra.APIClient) (ids []string, err error) {
	req := c.OAuth2API.ListOAuth2Clients(ctx).PageSize(500)
	for {
		page, resp, err := req.Execute()
		if err != nil {
			return nil, err
		}
		for _, app := range page {
			ids = append(ids, app.GetClientId())
		}
		token := nextPageToken(resp.Header.Get("Link"))
		if token == "" || len(page) == 0 { // an empty list has a next page as well
			return ids, nil
		}
		req = req.PageToken(token)
	}
}

func renameClientV221(ctx context.Context, c *hydra.APIClient, id, name string) error {
	app, _, err := c.OAuth2API.GetOAuth2Client(ctx, id).Execute()
	if err != nil {
		return err
	}
	app.SetClientName(name)
	_, _, err = c.OAuth2API.SetOAuth2Client(ctx, id).OAuth2Client(*app).Execute()
	return err
}

// callsOfV221 are the calls that client-go has as well.
func callsOfV221(t *testing.T, url string) map[string]func() error {
	t.Helper()
	c, ctx := newClientV221(strings.TrimSuffix(url, "/admin")), t.Context()
	var (
		login     = *hydra.NewAcceptOAuth2LoginRequest(subject)
		consent   = hydra.AcceptOAuth2ConsentRequest{GrantScope: []string{"openid"}}
		rejection = hydra.RejectOAuth2Request{Error: new("access_denied")}
		oauth2    = hydra.OAuth2Client{ClientName: new("My app")}
		patches   = []hydra.JsonPatch{*hydra.NewJsonPatch("remove", "/contacts/0")}
		lifespans = hydra.OAuth2ClientTokenLifespans{}
		generator = *hydra.NewCreateJsonWebKeySet("RS256", kid, "sig")
		key       = *hydra.NewJsonWebKey("RS256", kid, "RSA", "sig")
		keys      = hydra.JsonWebKeySet{Keys: []hydra.JsonWebKey{key}}
		issuer    = *hydra.NewTrustOAuth2JwtGrantIssuer(expiresAt, "https://idp.example.com", key, []string{"read"})
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
		"getVersion":                  func() error { return third(c.MetadataAPI.GetVersion(ctx).Execute()) },
	}
}

// patchV221 sends a patch on a client that this SDK refuses.
func patchV221(t *testing.T, url string) error {
	t.Helper()
	patches := []hydra.JsonPatch{*hydra.NewJsonPatch("remove", "/owner")}
	return third(newClientV221(url).OAuth2API.PatchOAuth2Client(t.Context(), clientID).JsonPatch(patches).Execute())
}

func hazardsOfV221(t *testing.T, base string) contender {
	t.Helper()
	api, ctx := newClientV221(base), context.WithValue(t.Context(), hydra.ContextAccessToken, bearer)
	c := api.OAuth2API
	return contender{
		deleteKey: func(set, kid string) error { return second(api.JwkAPI.DeleteJsonWebKey(ctx, set, kid).Execute()) },
		createClient: func(id string) error {
			return third(c.CreateOAuth2Client(ctx).OAuth2Client(hydra.OAuth2Client{ClientId: &id}).Execute())
		},
		deleteClient: func(id string) error { return second(c.DeleteOAuth2Client(ctx, id).Execute()) },
		getLogin: func(challenge string) error {
			return third(c.GetOAuth2LoginRequest(ctx).LoginChallenge(challenge).Execute())
		},
		acceptLogin: func(challenge, subject string) (string, bool, error) {
			done, _, err := c.AcceptOAuth2LoginRequest(ctx).LoginChallenge(challenge).AcceptOAuth2LoginRequest(*hydra.NewAcceptOAuth2LoginRequest(subject)).Execute()
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
			return third(c.SetOAuth2Client(ctx, id).OAuth2Client(*read).Execute())
		},
		listClients: func() ([]string, error) { return listClientsV221(ctx, api) },
		listSessions: func() (challenges []string, err error) {
			req := c.ListOAuth2ConsentSessions(ctx).Subject(subject).PageSize(500)
			for {
				page, resp, err := req.Execute()
				if err != nil {
					return nil, err
				}
				challenges = append(challenges, fields(page, func(s hydra.OAuth2ConsentSession) string { return s.ConsentRequest.Challenge })...)
				token := nextPageToken(resp.Header.Get("Link"))
				if token == "" || len(page) == 0 {
					return challenges, nil
				}
				req = req.PageToken(token)
			}
		},
	}
}
