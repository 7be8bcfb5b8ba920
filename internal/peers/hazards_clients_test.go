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

func hazardsOfSDK(t *testing.T, base string) contender {
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

func hazardsOfStock(t *testing.T, base string) contender {
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
