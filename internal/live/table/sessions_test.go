//go:build live && linux

package table

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// TestConsentSessions counts the consent sessions that an iterator yields from PostgreSQL,
// which orders those of one second anew for each page.
func TestConsentSessions(t *testing.T) {
	if !*long {
		t.Skip("TestLiveSessionsOfOneSecond of package client checks that none is missing")
	}
	for _, version := range hydra.Versions() {
		server, _ := onPostgres(t, version)
		api, err := client.New(server.AdminURL)
		require.NoError(t, err)
		const redirectURI = "http://127.0.0.1:5555/callback"
		_, err = api.CreateOAuth2Client(t.Context(), models.OAuth2Client{ClientID: "app", RedirectURIs: []string{redirectURI}, Scope: "read"})
		require.NoError(t, err)
		for subject, rows := range map[string]int{"few": 200, "many": 1200} {
			browser := hydra.NewBrowser()
			challenge, err := browser.FollowTo(t.Context(), hydra.App{PublicURL: server.PublicURL, ID: "app", RedirectURI: redirectURI}.AuthURL("read"), "login_challenge")
			require.NoError(t, err)
			done, err := api.AcceptLoginRequest(t.Context(), challenge, models.AcceptLoginRequest{Subject: subject})
			require.NoError(t, err)
			challenge, err = browser.FollowTo(t.Context(), done.RedirectTo, "consent_challenge")
			require.NoError(t, err)
			done, err = api.AcceptConsentRequest(t.Context(), challenge, models.AcceptConsentRequest{
				GrantScope: []string{"read"}, Session: models.ConsentRequestSession{AccessToken: map[string]any{"row": 0}},
			})
			require.NoError(t, err)
			_, err = browser.FollowTo(t.Context(), done.RedirectTo, "code")
			require.NoError(t, err)
			require.NoError(t, server.CopyConsentSession(t.Context(), subject, rows-1))
			limits := []int{1, 7, 20, 50, 0}
			if rows > 500 {
				limits = []int{0}
			}
			for _, limit := range limits {
				distinct, items, end := map[string]bool{}, 0, "no error"
				for session, err := range api.AllSubjectConsentSessions(t.Context(), subject, client.ListSubjectConsentSessionsParams{Limit: limit}) {
					if err != nil {
						end = "ended with an error"
						break
					}
					distinct[fmt.Sprint(session.Session.AccessToken["row"])] = true
					items++
				}
				assert.Len(t, distinct, rows)
				assert.Len(t, distinct, items, "each once")
				row(t, fmt.Sprintf("%d consent sessions, 40 a second", rows), fmt.Sprintf("Hydra %s on PostgreSQL, limit %d", version.Name, limit), "%d distinct, %d doubles, %s", len(distinct), items-len(distinct), end)
			}
		}
	}
}
