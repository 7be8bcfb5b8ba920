package v1106

import (
	"context"
	"errors"
	"net/url"

	hydra "github.com/ory/hydra-client-go/client"
	"github.com/ory/hydra-client-go/client/admin"
	"github.com/ory/hydra-client-go/models"
)

func newClientV1106(base string) (*hydra.OryHydra, error) {
	u, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	return hydra.NewHTTPClientWithConfig(nil, &hydra.TransportConfig{Schemes: []string{u.Scheme}, Host: u.Host, BasePath: u.Path}), nil
}

func acceptLoginV1106(ctx context.Context, c *hydra.OryHydra, challenge string) (redirectTo string, err error) {
	subject := "alice"
	done, err := c.Admin.AcceptLoginRequest(admin.NewAcceptLoginRequestParams().WithContext(ctx).
		WithLoginChallenge(challenge).
		WithBody(&models.AcceptLoginRequest{Subject: &subject, Remember: true, RememberFor: 3600}))
	if err != nil {
		return "", err
	}
	return *done.Payload.RedirectTo, nil
}

func readLoginV1106(ctx context.Context, c *hydra.OryHydra, challenge string) (appName, redirectTo string, err error) {
	login, err := c.Admin.GetLoginRequest(admin.NewGetLoginRequestParams().WithContext(ctx).WithLoginChallenge(challenge))
	var gone *admin.GetLoginRequestGone
	var notFound *admin.GetLoginRequestNotFound
	switch {
	case errors.As(err, &gone):
		return "", *gone.Payload.RedirectTo, nil
	case errors.As(err, &notFound):
		return "", "/start-over", nil
	case err != nil:
		return "", "", err
	}
	return login.Payload.Client.ClientName, "", nil
}

func listClientsV1106(ctx context.Context, c *hydra.OryHydra) (ids []string, err error) {
	limit := int64(500)
	for offset := int64(0); ; offset += limit {
		page, err := c.Admin.ListOAuth2Clients(admin.NewListOAuth2ClientsParams().WithContext(ctx).WithLimit(&limit).WithOffset(&offset))
		if err != nil {
			return nil, err
		}
		for _, app := range page.Payload {
			ids = append(ids, app.ClientID)
		}
		if int64(len(page.Payload)) < limit {
			return ids, nil
		}
	}
}

func renameClientV1106(ctx context.Context, c *hydra.OryHydra, id, name string) error {
	app, err := c.Admin.GetOAuth2Client(admin.NewGetOAuth2ClientParams().WithContext(ctx).WithID(id))
	if err != nil {
		return err
	}
	app.Payload.ClientName = name
	_, err = c.Admin.UpdateOAuth2Client(admin.NewUpdateOAuth2ClientParams().WithContext(ctx).WithID(id).WithBody(app.Payload))
	return err
}
