package compare

import (
	"net/http"
	"testing"

	hydra1 "github.com/ory/hydra-client-go"
	hydra2 "github.com/ory/hydra-client-go/v2"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/compare/stock"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// A contender makes the calls of a table row with one client, as its users would:
// with its defaults.
type contender struct {
	deleteKey    func(set, kid string) error
	deleteClient func(id string) error
	getLogin     func(challenge string) error
	// acceptLogout returns the URL to redirect to, or false where there is no value.
	acceptLogout func(challenge string) (redirectTo string, value bool, err error)
	introspect   func(token string) error
	getClient    func(id string) error
	writeBack    func(id string) error // what was read
}

func thisSDK(t *testing.T, base string) contender {
	t.Helper()
	c, err := client.New(base, client.WithMaxResponseBytes(8<<20)) // so that the row about it ends soon
	require.NoError(t, err)
	ctx := t.Context()
	return contender{
		deleteKey:    func(set, kid string) error { return c.DeleteJSONWebKey(ctx, set, kid) },
		deleteClient: func(id string) error { return c.DeleteOAuth2Client(ctx, id) },
		getLogin:     func(challenge string) error { _, err := c.GetLoginRequest(ctx, challenge); return err },
		acceptLogout: func(challenge string) (string, bool, error) {
			done, err := c.AcceptLogoutRequest(ctx, challenge)
			if done == nil {
				return "", false, err
			}
			return done.RedirectTo, true, err
		},
		introspect: func(token string) error {
			_, err := c.IntrospectOAuth2Token(ctx, token, client.IntrospectOAuth2TokenParams{})
			return err
		},
		getClient: func(id string) error { _, err := c.GetOAuth2Client(ctx, id); return err },
		writeBack: func(id string) error {
			_, err := c.ModifyOAuth2Client(ctx, id, func(*models.OAuth2Client) error { return nil })
			return err
		},
	}
}

func officialV1(t *testing.T, base string) contender {
	t.Helper()
	cfg := hydra1.NewConfiguration()
	cfg.Servers = hydra1.ServerConfigurations{{URL: base}}
	c, ctx := hydra1.NewAPIClient(cfg).AdminApi, t.Context()
	return contender{
		deleteKey:    func(set, kid string) error { return closed(c.DeleteJsonWebKey(ctx, kid, set).Execute()) },
		deleteClient: func(id string) error { return closed(c.DeleteOAuth2Client(ctx, id).Execute()) },
		getLogin: func(challenge string) error {
			_, resp, err := c.GetLoginRequest(ctx).LoginChallenge(challenge).Execute()
			return closed(resp, err)
		},
		acceptLogout: func(challenge string) (string, bool, error) {
			done, resp, err := c.AcceptLogoutRequest(ctx).LogoutChallenge(challenge).Execute()
			return done.GetRedirectTo(), done != nil, closed(resp, err)
		},
		introspect: func(token string) error {
			_, resp, err := c.IntrospectOAuth2Token(ctx).Token(token).Execute()
			return closed(resp, err)
		},
		getClient: func(id string) error { _, resp, err := c.GetOAuth2Client(ctx, id).Execute(); return closed(resp, err) },
		writeBack: func(id string) error {
			read, resp, err := c.GetOAuth2Client(ctx, id).Execute()
			if closed(resp, err) != nil {
				return err
			}
			_, resp, err = c.UpdateOAuth2Client(ctx, id).OAuth2Client(*read).Execute()
			return closed(resp, err)
		},
	}
}

func officialV2(t *testing.T, base string) contender {
	t.Helper()
	cfg := hydra2.NewConfiguration()
	cfg.Servers = hydra2.ServerConfigurations{{URL: base}}
	api, ctx := hydra2.NewAPIClient(cfg), t.Context()
	c := api.OAuth2API
	return contender{
		deleteKey:    func(set, kid string) error { return closed(api.JwkAPI.DeleteJsonWebKey(ctx, set, kid).Execute()) },
		deleteClient: func(id string) error { return closed(c.DeleteOAuth2Client(ctx, id).Execute()) },
		getLogin: func(challenge string) error {
			_, resp, err := c.GetOAuth2LoginRequest(ctx).LoginChallenge(challenge).Execute()
			return closed(resp, err)
		},
		acceptLogout: func(challenge string) (string, bool, error) {
			done, resp, err := c.AcceptOAuth2LogoutRequest(ctx).LogoutChallenge(challenge).Execute()
			if done == nil {
				return "", false, closed(resp, err)
			}
			return done.RedirectTo, true, closed(resp, err)
		},
		introspect: func(token string) error {
			_, resp, err := c.IntrospectOAuth2Token(ctx).Token(token).Execute()
			return closed(resp, err)
		},
		getClient: func(id string) error { _, resp, err := c.GetOAuth2Client(ctx, id).Execute(); return closed(resp, err) },
		writeBack: func(id string) error {
			read, resp, err := c.GetOAuth2Client(ctx, id).Execute()
			if closed(resp, err) != nil {
				return err
			}
			_, resp, err = c.SetOAuth2Client(ctx, id).OAuth2Client(*read).Execute()
			return closed(resp, err)
		},
	}
}

func stockOutput(t *testing.T, base string) contender {
	t.Helper()
	c, err := stock.NewClientWithResponses(base)
	require.NoError(t, err)
	ctx := t.Context()
	return contender{
		deleteKey:    func(set, kid string) error { _, err := c.DeleteJsonWebKeyWithResponse(ctx, set, kid); return err },
		deleteClient: func(id string) error { _, err := c.DeleteOAuth2ClientWithResponse(ctx, id); return err },
		getLogin: func(challenge string) error {
			_, err := c.GetLoginRequestWithResponse(ctx, &stock.GetLoginRequestParams{Challenge: challenge})
			return err
		},
		acceptLogout: func(challenge string) (string, bool, error) {
			done, err := c.AcceptLogoutRequestWithResponse(ctx, &stock.AcceptLogoutRequestParams{Challenge: challenge})
			if err != nil || done.JSON200 == nil {
				return "", false, err
			}
			return done.JSON200.RedirectTo, true, nil
		},
		introspect: func(token string) error {
			_, err := c.IntrospectOAuth2TokenWithFormdataBodyWithResponse(ctx, stock.IntrospectOAuth2TokenFormdataRequestBody{Token: token})
			return err
		},
		getClient: func(id string) error { _, err := c.GetOAuth2ClientWithResponse(ctx, id); return err },
		writeBack: func(id string) error {
			read, err := c.GetOAuth2ClientWithResponse(ctx, id)
			if err != nil {
				return err
			}
			_, err = c.UpdateOAuth2ClientWithResponse(ctx, id, *read.JSON200)
			return err
		},
	}
}

func closed(resp *http.Response, err error) error {
	if resp != nil {
		_ = resp.Body.Close()
	}
	return err
}
