package peers

import (
	"context"
	"errors"
	"net/http"

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
