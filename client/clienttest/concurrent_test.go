package clienttest_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// TestConcurrentUse: goroutines share a server, each with flows of its own. The race detector
// watches.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	eachVersion(t, func(t *testing.T, version clienttest.Version) {
		t.Helper()
		const users = 8
		hydra := clienttest.New(t, version)
		api := hydra.Client()
		var running sync.WaitGroup
		for n := range users {
			running.Go(func() {
				if err := flow(t.Context(), hydra, api, "user "+strconv.Itoa(n)); err != nil {
					t.Error(err)
				}
			})
		}
		running.Wait()
		assert.Len(t, hydra.Calls("acceptLoginRequest"), users)
		assert.Len(t, hydra.Calls(), 4*users)
	})
}

// flow logs a user in, and looks at the calls of all.
func flow(ctx context.Context, hydra *clienttest.Server, api *client.AdminAPI, subject string) error {
	challenge := hydra.Open(clienttest.FreshLogin)
	login, err := api.GetLoginRequest(ctx, challenge)
	if err != nil {
		return err
	}
	done, err := api.AcceptLoginRequest(ctx, login.Challenge, models.AcceptLoginRequest{Subject: subject})
	if err != nil {
		return err
	}
	consent, err := api.GetConsentRequest(ctx, hydra.Follow(done.RedirectTo).Query().Get("consent_challenge"))
	if err != nil {
		return err
	}
	hydra.Respond("getOAuth2Client", clienttest.JSON(200, models.OAuth2Client{ClientID: "c"}))
	if _, err = api.GetOAuth2Client(ctx, "c"); err != nil {
		return err
	}
	if login.Challenge != challenge || consent.Subject != subject || len(hydra.Calls()) < 4 || len(hydra.Cases("getOAuth2Client")) == 0 {
		return errors.New("mixed up with another flow")
	}
	return nil
}
