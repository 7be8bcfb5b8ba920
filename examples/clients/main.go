// Command clients registers an OAuth 2.0 client, finds it among those of its owner,
// changes it and deletes it:
//
//	HYDRA_ADMIN_URL=http://127.0.0.1:4445 go run ./examples/clients
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func main() {
	admin, err := client.NewFromEnv() // at HYDRA_ADMIN_URL
	if err == nil {
		err = run(context.Background(), admin, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "clients:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, admin *client.AdminAPI, out io.Writer) error {
	// With an ID of your own the call is safe to retry: the second one fails with 409.
	photos := models.OAuth2Client{
		ClientID: "photos", ClientName: "Photos", Owner: "team-a",
		RedirectURIs: []string{"https://photos.example.com/callback"},
		GrantTypes:   []string{"authorization_code", "refresh_token"},
		Scope:        "openid offline",
	}
	created, err := admin.CreateOAuth2Client(ctx, photos)
	if errors.Is(err, client.ErrConflict) {
		created, err = replace(ctx, admin, photos)
	}
	if err != nil {
		return err
	}
	// It is not shown again: keep it now.
	_, _ = fmt.Fprintf(out, "created %s, with a secret of %d characters\n", created.ClientID, len(created.ClientSecret))

	for c, err := range admin.AllOAuth2Clients(ctx, client.ListOAuth2ClientsParams{Owner: "team-a"}) {
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(out, "team-a owns %s\n", c.ClientID)
	}

	changed, err := admin.ModifyOAuth2Client(ctx, "photos", func(c *models.OAuth2Client) error {
		c.RedirectURIs = append(c.RedirectURIs, "https://beta.photos.example.com/callback")
		return nil
	})
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "it has %d redirect URIs now\n", len(changed.RedirectURIs))

	if err := admin.DeleteOAuth2Client(ctx, "photos"); err != nil {
		return err
	}
	_, err = admin.GetOAuth2Client(ctx, "photos")
	switch {
	case err == nil:
		return errors.New("it was deleted, and is still there")
	case errors.Is(err, client.ErrWrongBaseURL): // a proxy responds with 404 as well
		return err
	case errors.Is(err, client.ErrNotFound):
		_, _ = fmt.Fprintln(out, "it is deleted")
		return nil
	}
	return err
}

// replace replaces a client that a run of this program has left, since it was interrupted.
func replace(ctx context.Context, admin *client.AdminAPI, c models.OAuth2Client) (*models.OAuth2Client, error) {
	found, err := admin.GetOAuth2Client(ctx, c.ClientID)
	if err != nil {
		return nil, err
	}
	if found.Owner != c.Owner {
		return nil, fmt.Errorf("there is another client named %s: %w", c.ClientID, client.ErrConflict)
	}
	if err := admin.DeleteOAuth2Client(ctx, c.ClientID); err != nil {
		return nil, err
	}
	return admin.CreateOAuth2Client(ctx, c)
}
