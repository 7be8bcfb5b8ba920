package peers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/peers/stock"
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
		getLogin:     func(challenge string) error { return second(c.GetLoginRequest(ctx, challenge)) },
		acceptLogout: func(challenge string) (string, bool, error) {
			done, err := c.AcceptLogoutRequest(ctx, challenge)
			if done == nil {
				return "", false, err
			}
			return done.RedirectTo, true, err
		},
		introspect: func(token string) error {
			return second(c.IntrospectOAuth2Token(ctx, token, client.IntrospectOAuth2TokenParams{}))
		},
		getClient: func(id string) error { return second(c.GetOAuth2Client(ctx, id)) },
		writeBack: func(id string) error {
			return second(c.ModifyOAuth2Client(ctx, id, func(*models.OAuth2Client) error { return nil }))
		},
	}
}

func officialV1(t *testing.T, base string) contender {
	t.Helper()
	c, ctx := newClientV1118(base).AdminApi, t.Context()
	return contender{
		deleteKey:    func(set, kid string) error { return second(c.DeleteJsonWebKey(ctx, kid, set).Execute()) },
		deleteClient: func(id string) error { return second(c.DeleteOAuth2Client(ctx, id).Execute()) },
		getLogin:     func(challenge string) error { return third(c.GetLoginRequest(ctx).LoginChallenge(challenge).Execute()) },
		acceptLogout: func(challenge string) (string, bool, error) {
			done, _, err := c.AcceptLogoutRequest(ctx).LogoutChallenge(challenge).Execute()
			return done.GetRedirectTo(), done != nil, err
		},
		introspect: func(token string) error { return third(c.IntrospectOAuth2Token(ctx).Token(token).Execute()) },
		getClient:  func(id string) error { return third(c.GetOAuth2Client(ctx, id).Execute()) },
		writeBack: func(id string) error {
			read, _, err := c.GetOAuth2Client(ctx, id).Execute()
			if err != nil {
				return err
			}
			return third(c.UpdateOAuth2Client(ctx, id).OAuth2Client(*read).Execute())
		},
	}
}

func officialV2(t *testing.T, base string) contender {
	t.Helper()
	api, ctx := newClientV221(base), t.Context()
	c := api.OAuth2API
	return contender{
		deleteKey:    func(set, kid string) error { return second(api.JwkAPI.DeleteJsonWebKey(ctx, set, kid).Execute()) },
		deleteClient: func(id string) error { return second(c.DeleteOAuth2Client(ctx, id).Execute()) },
		getLogin: func(challenge string) error {
			return third(c.GetOAuth2LoginRequest(ctx).LoginChallenge(challenge).Execute())
		},
		acceptLogout: func(challenge string) (string, bool, error) {
			done, _, err := c.AcceptOAuth2LogoutRequest(ctx).LogoutChallenge(challenge).Execute()
			return done.GetRedirectTo(), done != nil, err
		},
		introspect: func(token string) error { return third(c.IntrospectOAuth2Token(ctx).Token(token).Execute()) },
		getClient:  func(id string) error { return third(c.GetOAuth2Client(ctx, id).Execute()) },
		writeBack: func(id string) error {
			read, _, err := c.GetOAuth2Client(ctx, id).Execute()
			if err != nil {
				return err
			}
			return third(c.SetOAuth2Client(ctx, id).OAuth2Client(*read).Execute())
		},
	}
}

func stockOutput(t *testing.T, base string) contender {
	t.Helper()
	c, err := stock.NewClientWithResponses(base)
	require.NoError(t, err)
	ctx := t.Context()
	return contender{
		deleteKey:    func(set, kid string) error { return second(c.DeleteJsonWebKeyWithResponse(ctx, set, kid)) },
		deleteClient: func(id string) error { return second(c.DeleteOAuth2ClientWithResponse(ctx, id)) },
		getLogin: func(challenge string) error {
			return second(c.GetLoginRequestWithResponse(ctx, &stock.GetLoginRequestParams{Challenge: challenge}))
		},
		acceptLogout: func(challenge string) (string, bool, error) {
			done, err := c.AcceptLogoutRequestWithResponse(ctx, &stock.AcceptLogoutRequestParams{Challenge: challenge})
			if err != nil || done.JSON200 == nil {
				return "", false, err
			}
			return done.JSON200.RedirectTo, true, nil
		},
		introspect: func(token string) error {
			return second(c.IntrospectOAuth2TokenWithFormdataBodyWithResponse(ctx, stock.IntrospectOAuth2TokenFormdataRequestBody{Token: token}))
		},
		getClient: func(id string) error { return second(c.GetOAuth2ClientWithResponse(ctx, id)) },
		writeBack: func(id string) error {
			read, err := c.GetOAuth2ClientWithResponse(ctx, id)
			if err != nil {
				return err
			}
			return second(c.UpdateOAuth2ClientWithResponse(ctx, id, *read.JSON200))
		},
	}
}
