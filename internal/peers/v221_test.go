package peers

import (
	"context"
	"net/http"
	"net/url"
	"strings"

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

func nextPageToken(link string) string {
	for part := range strings.SplitSeq(link, ",") {
		ref, rel, _ := strings.Cut(part, ";")
		if u, err := url.Parse(strings.Trim(ref, "<> ")); err == nil && strings.Contains(rel, `"next"`) {
			return u.Query().Get("page_token")
		}
	}
	return ""
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
