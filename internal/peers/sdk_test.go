package peers

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func acceptLogin(ctx context.Context, admin *client.AdminAPI, challenge string) (redirectTo string, err error) {
	done, err := admin.AcceptLoginRequest(ctx, challenge, models.AcceptLoginRequest{
		Subject:     "alice",
		Remember:    true,
		RememberFor: 3600,
	})
	if err != nil {
		return "", err
	}
	return done.RedirectTo, nil
}

func readLogin(ctx context.Context, admin *client.AdminAPI, challenge string) (appName, redirectTo string, err error) {
	login, err := admin.GetLoginRequest(ctx, challenge)
	var handled *client.RequestWasHandledError
	switch {
	case errors.As(err, &handled):
		to, err := handled.Location("http://127.0.0.1:4444") // the public URL of Hydra
		return "", to, err
	case errors.Is(err, client.ErrNotFound), errors.Is(err, client.ErrChallengeExpired):
		return "", "/start-over", nil
	case err != nil:
		return "", "", err
	}
	return login.Client.ClientName, "", nil
}

func listClients(ctx context.Context, admin *client.AdminAPI) (ids []string, err error) {
	for c, err := range admin.AllOAuth2Clients(ctx, client.ListOAuth2ClientsParams{}) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, c.ClientID)
	}
	return ids, nil
}

func renameClient(ctx context.Context, admin *client.AdminAPI, id, name string) error {
	_, err := admin.ModifyOAuth2Client(ctx, id, func(c *models.OAuth2Client) error {
		c.ClientName = name
		return nil
	})
	return err
}

func plan(c *models.OAuth2Client) (plan string, err error) {
	var metadata struct {
		Plan string `json:"plan"`
	}
	if c.Metadata == nil {
		return "", nil
	}
	err = json.Unmarshal(c.Metadata, &metadata)
	return metadata.Plan, err
}

func setPlan(c *models.OAuth2Client, plan string) (err error) {
	c.Metadata, err = json.Marshal(map[string]string{"plan": plan}) // in place of a map
	return err
}

func grant(consent *models.ConsentRequest, email string) models.AcceptConsentRequest {
	body := consent.Grant(consent.RequestedScope...) // the scopes and audiences that were asked for
	body.Session = models.ConsentRequestSession{IDToken: models.Claims{"email": email}}
	return body
}
