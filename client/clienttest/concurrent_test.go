package clienttest_test

import (
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

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
				subject := "user " + strconv.Itoa(n)
				challenge := hydra.Open(clienttest.FreshLogin)
				login, err := api.GetLoginRequest(t.Context(), challenge)
				if !assert.NoError(t, err) {
					return
				}
				assert.Equal(t, challenge, login.Challenge)
				done, err := api.AcceptLoginRequest(t.Context(), challenge, models.AcceptLoginRequest{Subject: subject})
				if !assert.NoError(t, err) {
					return
				}
				consent, err := api.GetConsentRequest(t.Context(), hydra.Follow(done.RedirectTo).Query().Get("consent_challenge"))
				if assert.NoError(t, err) {
					assert.Equal(t, subject, consent.Subject)
				}
				hydra.Respond("getOAuth2Client", clienttest.JSON(200, models.OAuth2Client{ClientID: "c"}))
				_, err = api.GetOAuth2Client(t.Context(), "c")
				assert.NoError(t, err)
				assert.NotEmpty(t, hydra.Calls())
				assert.NotEmpty(t, hydra.Cases("getOAuth2Client"))
			})
		}
		running.Wait()
		assert.Len(t, hydra.Calls("acceptLoginRequest"), users)
		assert.Len(t, hydra.Calls(), 4*users)
	})
}
