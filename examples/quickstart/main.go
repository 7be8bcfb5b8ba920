// Command quickstart shows the SDK at work, from registering a client to
// introspecting its token.
//
// Without configuration it talks to a server inside the program that replays
// recordings of a real Hydra:
//
//	go run ./examples/quickstart
//
// With the URLs of a Hydra it does the same for real:
//
//	HYDRA_ADMIN_URL=http://127.0.0.1:4445 HYDRA_PUBLIC_URL=http://127.0.0.1:4444 go run ./examples/quickstart
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	adminURL, publicURL := os.Getenv("HYDRA_ADMIN_URL"), cmp.Or(os.Getenv("HYDRA_PUBLIC_URL"), "http://127.0.0.1:4444")
	if adminURL == "" {
		replay, err := startReplay("v1.11.10")
		if err != nil {
			return err
		}
		defer replay.Close()
		adminURL, publicURL = replay.URL, replay.URL
		fmt.Println("Replaying recordings of a real Hydra. Set HYDRA_ADMIN_URL to do this for real.")
	} else {
		fmt.Println("Talking to the Hydra at HYDRA_ADMIN_URL.")
	}

	admin, err := client.New(adminURL, client.WithUserAgent("quickstart/1.0"))
	if err != nil {
		return err
	}
	app, err := registerClient(ctx, admin, publicURL)
	if err != nil {
		return err
	}
	if err = logIn(ctx, admin, app); err == nil {
		err = listClients(ctx, admin)
	}
	if err != nil { // also after Ctrl-C
		return errors.Join(err, admin.DeleteOAuth2Client(context.WithoutCancel(ctx), app.clientID))
	}
	return deleteClient(ctx, admin, app.clientID)
}

func registerClient(ctx context.Context, admin *client.AdminAPI, publicURL string) (*app, error) {
	step("Register a client")
	registration := models.OAuth2Client{
		ClientID:     "quickstart",
		ClientName:   "Quickstart",
		RedirectURIs: []string{"http://127.0.0.1:5555/callback"},
		GrantTypes:   []string{"authorization_code", "refresh_token"},
		Scope:        "openid offline",
	}
	c, err := admin.CreateOAuth2Client(ctx, registration)
	if errors.Is(err, client.ErrConflict) { // a run that was interrupted has left it
		if err := admin.DeleteOAuth2Client(ctx, registration.ClientID); err != nil {
			return nil, err
		}
		c, err = admin.CreateOAuth2Client(ctx, registration)
	}
	if err != nil {
		return nil, err
	}
	say("client %q, with a secret of %d characters", c.ClientID, len(c.ClientSecret))
	return &app{publicURL: publicURL, clientID: c.ClientID, secret: c.ClientSecret, redirectURI: c.RedirectURIs[0]}, nil
}

// logIn plays all parts of a login: the provider, which uses the SDK, and the browser
// and the app of browser.go.
func logIn(ctx context.Context, admin *client.AdminAPI, app *app) error {
	step("Log a user in")
	browser := newBrowser()
	challenge, err := browser.follow(ctx, app.authURL("openid offline"), "login_challenge")
	if err != nil {
		return err
	}
	login, err := admin.GetLoginRequest(ctx, challenge)
	if err != nil {
		return err
	}
	say("%q requests %v", login.Client.ClientName, login.RequestedScope)
	// Here a provider shows its login form and checks the password.
	done, err := admin.AcceptLoginRequest(ctx, challenge, models.AcceptLoginRequest{Subject: "alice", Remember: true, RememberFor: 3600})
	if err != nil {
		return err
	}
	say("accepted as alice, remembered for an hour")
	consentChallenge, err := browser.follow(ctx, done.RedirectTo, "consent_challenge")
	if err != nil {
		return err
	}

	step("The user goes back and opens the login page again")
	var handled *client.RequestWasHandledError
	switch _, err = admin.GetLoginRequest(ctx, challenge); {
	case errors.As(err, &handled):
		say("%v", err)
		location, err := handled.Location(app.publicURL)
		if err != nil {
			return err
		}
		if _, err := newBrowser().follow(ctx, location, "login_challenge"); err != nil {
			return err
		}
		say("the redirect starts a new login")
	case err == nil:
		say("this Hydra returns it again, and would accept it again")
	default:
		return err
	}

	step("Grant what the client requests")
	consent, err := admin.GetConsentRequest(ctx, consentChallenge)
	if err != nil {
		return err
	}
	grant := consent.Grant(consent.RequestedScope...)
	grant.Session.AccessToken = models.Claims{"tenant": "acme"}
	done, err = admin.AcceptConsentRequest(ctx, consentChallenge, grant)
	if err != nil {
		return err
	}
	code, err := browser.follow(ctx, done.RedirectTo, "code")
	if err != nil {
		return err
	}
	token, err := app.exchange(ctx, code)
	if err != nil {
		return err
	}
	say("granted %v to %q, which has its token now", grant.GrantScope, consent.Client.ClientID)

	step("Introspect the token")
	info, err := admin.IntrospectOAuth2Token(ctx, token, client.IntrospectOAuth2TokenParams{Scope: "openid"})
	if err != nil {
		return err
	}
	say("active: %t, subject: %s, scope: %q, extra: %v", info.Active, info.Subject, info.Scope, info.Extra)
	return nil
}

func listClients(ctx context.Context, admin *client.AdminAPI) error {
	step("Iterate over all clients")
	for c, err := range admin.AllOAuth2Clients(ctx, client.ListOAuth2ClientsParams{}) {
		if err != nil {
			return err
		}
		say("%s, created %s", c.ClientID, c.CreatedAt.Format("2006-01-02"))
	}
	return nil
}

func deleteClient(ctx context.Context, admin *client.AdminAPI, id string) error {
	step("Delete the client, and read it again")
	if err := admin.DeleteOAuth2Client(ctx, id); err != nil {
		return err
	}
	_, err := admin.GetOAuth2Client(ctx, id)
	switch {
	case err == nil:
		return errors.New("the client is still there")
	case errors.Is(err, client.ErrWrongBaseURL): // a proxy responds with 404 as well
		return err
	case errors.Is(err, client.ErrNotFound):
		say("%v", err)
		return nil
	}
	return err
}

func step(title string) { fmt.Printf("\n%s\n", title) }

func say(format string, args ...any) { fmt.Printf("  "+format+"\n", args...) }
