package client_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// register creates a client with a ClientID of its own, or changes the one that exists. After
// ErrResponseLost it may exist or not: if it does not, the error is ErrNotFound, and register
// can be called again.
func register(ctx context.Context, admin *client.AdminAPI, want models.OAuth2Client) (*models.OAuth2Client, error) {
	c, err := admin.CreateOAuth2Client(ctx, want)
	if !errors.Is(err, client.ErrConflict) && !errors.Is(err, client.ErrResponseLost) {
		return c, err
	}
	return admin.ModifyOAuth2Client(ctx, want.ClientID, func(c *models.OAuth2Client) error {
		c.ClientName, c.ClientSecret, c.RedirectURIs = want.ClientName, want.ClientSecret, want.RedirectURIs
		return nil // all other members stay as they are
	})
}

// Create a client, or change it if it exists.
func Example_createOrChange() {
	// A client of a recorded Hydra, which has the OAuth 2.0 client full. A program calls
	// client.New("http://127.0.0.1:4445").
	admin := hydraV1("createOAuth2Client/409-exists.http", "getOAuth2Client/200-full.http", "updateOAuth2Client/200-read-and-written-back.http")

	c, err := register(context.Background(), admin, models.OAuth2Client{
		ClientID:     "full",
		ClientName:   "Renamed",
		ClientSecret: "a secret of your own",
		RedirectURIs: []string{"https://app.example.com/callback"},
	})
	if err != nil {
		log.Panic(err)
	}
	fmt.Println(c.ClientID, "is now", c.ClientName)
	// Output: full is now Renamed
}
