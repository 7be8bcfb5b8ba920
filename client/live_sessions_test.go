//go:build live

package client_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/database"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// TestLiveSessionsOfOneSecond: Hydra on PostgreSQL orders consent sessions of one second
// anew for each page. An iterator yields each of them once all the same.
func TestLiveSessionsOfOneSecond(t *testing.T) {
	t.Parallel()
	db := hydra.RunDatabase(t, database.Postgres)
	hydra.EachVersion(t, func(t *testing.T, version hydra.Version) {
		t.Helper()
		api := sessionsOfOneSecond(t, db, version)
		for _, subject := range []struct {
			name   string
			rows   int
			limits []int
		}{
			{"few", 200, []int{1, 7, 20, 50, 0}},
			{"many", 1200, []int{0}},
		} {
			for _, limit := range subject.limits {
				for _, inFlight := range []int{0, 1, 4} {
					cell := fmt.Sprintf("%d rows, limit %d, %d pages in flight", subject.rows, limit, inFlight)
					yielded, items := map[string]int{}, 0
					for session, err := range api.AllSubjectConsentSessions(t.Context(), subject.name, client.ListSubjectConsentSessionsParams{Limit: limit}, client.WithPagesInFlight(inFlight)) {
						require.NoError(t, err, cell)
						yielded[fmt.Sprint(session.Session.AccessToken["row"])]++
						items++
					}
					t.Logf("%s: %d distinct, %d doubles", cell, len(yielded), items-len(yielded))
					assert.Len(t, yielded, subject.rows, cell)
					assert.Equal(t, len(yielded), items, "each once: %s", cell)
				}
			}
		}
	})
}

// sessionsOfOneSecond starts a server on which the subjects few and many have 200 and
// 1,200 consent sessions.
func sessionsOfOneSecond(t *testing.T, db *database.Server, version hydra.Version) *client.AdminAPI {
	t.Helper()
	server := hydra.Run(t, hydra.Config{Version: version, Database: db})
	makeSigningKey(t, server)
	api, err := client.New(server.AdminURL)
	require.NoError(t, err)
	const redirectURI = "http://127.0.0.1:5555/callback"
	_, err = api.CreateOAuth2Client(t.Context(), models.OAuth2Client{ClientID: "app", RedirectURIs: []string{redirectURI}, Scope: "read"})
	require.NoError(t, err)
	app := hydra.App{PublicURL: server.PublicURL, ID: "app", RedirectURI: redirectURI}
	for subject, copies := range map[string]int{"few": 199, "many": 1199} {
		session := models.ConsentRequestSession{AccessToken: map[string]any{"row": 0}}
		require.NoError(t, grant(t.Context(), api, app, subject, "read", models.AcceptConsentRequest{GrantScope: []string{"read"}, Session: session}))
		require.NoError(t, server.CopyConsentSession(t.Context(), subject, copies))
	}
	return api
}
