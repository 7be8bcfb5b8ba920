package peers

import (
	"context"
	"net/http"
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
	createClient func(id string) error
	deleteClient func(id string) error
	getLogin     func(challenge string) error
	// acceptLogin returns the URL to redirect to, or false where there is no value.
	acceptLogin  func(challenge, subject string) (redirectTo string, value bool, err error)
	introspect   func(token string) (any, error)
	getClient    func(id string) error
	writeBack    func(id string) error // what was read
	listClients  func() (ids []string, err error)
	listSessions func() (challenges []string, err error)
}

// bearer is the token of all contenders.
const bearer = "mUch-t00-secret-for-a-log"

func hazardsOfSDK(t *testing.T, base string) contender {
	t.Helper()
	c, err := client.New(base, client.WithBearerToken(bearer))
	require.NoError(t, err)
	ctx := t.Context()
	return contender{
		deleteKey: func(set, kid string) error { return c.DeleteJSONWebKey(ctx, set, kid) },
		createClient: func(id string) error {
			return second(c.CreateOAuth2Client(ctx, models.OAuth2Client{ClientID: id}))
		},
		deleteClient: func(id string) error { return c.DeleteOAuth2Client(ctx, id) },
		getLogin:     func(challenge string) error { return second(c.GetLoginRequest(ctx, challenge)) },
		acceptLogin: func(challenge, subject string) (string, bool, error) {
			done, err := c.AcceptLoginRequest(ctx, challenge, models.AcceptLoginRequest{Subject: subject})
			if done == nil {
				return "", false, err
			}
			return done.RedirectTo, true, err
		},
		introspect: func(token string) (any, error) {
			return c.IntrospectOAuth2Token(ctx, token, client.IntrospectOAuth2TokenParams{})
		},
		getClient: func(id string) error { return second(c.GetOAuth2Client(ctx, id)) },
		writeBack: func(id string) error {
			return second(c.ModifyOAuth2Client(ctx, id, func(*models.OAuth2Client) error { return nil }))
		},
		listClients: func() ([]string, error) { return listClients(ctx, c) },
		listSessions: func() (challenges []string, err error) {
			for s, err := range c.AllSubjectConsentSessions(ctx, subject, client.ListSubjectConsentSessionsParams{}) {
				if err != nil {
					return nil, err
				}
				challenges = append(challenges, s.ConsentRequest.Challenge)
			}
			return challenges, nil
		},
	}
}

func hazardsOfStock(t *testing.T, base string) contender {
	t.Helper()
	c, err := stock.NewClientWithResponses(base, stock.WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+bearer)
		return nil
	}))
	require.NoError(t, err)
	ctx := t.Context()
	return contender{
		deleteKey: func(set, kid string) error { return second(c.DeleteJsonWebKeyWithResponse(ctx, set, kid)) },
		createClient: func(id string) error {
			return second(c.CreateOAuth2ClientWithResponse(ctx, stock.OAuth2Client{ClientId: &id}))
		},
		deleteClient: func(id string) error { return second(c.DeleteOAuth2ClientWithResponse(ctx, id)) },
		getLogin: func(challenge string) error {
			return second(c.GetLoginRequestWithResponse(ctx, &stock.GetLoginRequestParams{Challenge: challenge}))
		},
		acceptLogin: func(challenge, subject string) (string, bool, error) {
			done, err := c.AcceptLoginRequestWithResponse(ctx, &stock.AcceptLoginRequestParams{Challenge: challenge}, stock.AcceptLoginRequest{Subject: subject})
			if err != nil || done.JSON200 == nil {
				return "", false, err
			}
			return done.JSON200.RedirectTo, true, nil
		},
		introspect: func(token string) (any, error) {
			result, err := c.IntrospectOAuth2TokenWithFormdataBodyWithResponse(ctx, stock.IntrospectOAuth2TokenFormdataRequestBody{Token: token})
			if err != nil {
				return nil, err
			}
			return result.JSON200, nil
		},
		getClient: func(id string) error { return second(c.GetOAuth2ClientWithResponse(ctx, id)) },
		writeBack: func(id string) error {
			read, err := c.GetOAuth2ClientWithResponse(ctx, id)
			if err != nil {
				return err
			}
			return second(c.UpdateOAuth2ClientWithResponse(ctx, id, *read.JSON200))
		},
		listClients: func() ([]string, error) {
			return byOffset(func(limit, offset int) ([]string, error) {
				page, err := c.ListOAuth2ClientsWithResponse(ctx, &stock.ListOAuth2ClientsParams{Limit: &limit, Offset: &offset})
				if err != nil || page.JSON200 == nil {
					return nil, err
				}
				return fields(*page.JSON200, func(c stock.OAuth2Client) string { return deref(c.ClientId) }), nil
			})
		},
		listSessions: func() ([]string, error) {
			return byOffset(func(limit, offset int) ([]string, error) {
				page, err := c.ListSubjectConsentSessionsWithResponse(ctx, &stock.ListSubjectConsentSessionsParams{Subject: subject, Limit: &limit, Offset: &offset})
				if err != nil || page.JSON200 == nil {
					return nil, err
				}
				return fields(*page.JSON200, func(s stock.PreviousConsentSession) string { return s.ConsentRequest.Challenge }), nil
			})
		},
	}
}

// byOffset is the loop over the pages of a list of Hydra v1.
func byOffset(page func(limit, offset int) ([]string, error)) (all []string, err error) {
	const limit = 500
	for offset := 0; ; offset += limit {
		items, err := page(limit, offset)
		if err != nil {
			return nil, err
		}
		all = append(all, items...)
		if len(items) < limit {
			return all, nil
		}
	}
}

func deref[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

// fields returns what get returns for each item.
func fields[T any](items []T, get func(T) string) (all []string) {
	for _, item := range items {
		all = append(all, get(item))
	}
	return all
}
