//go:build live

package controller

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// losing is a transport that counts requests that change something, and loses responses to
// the method lose.
type losing struct {
	lose   string
	writes int
}

func (l *losing) RoundTrip(r *http.Request) (*http.Response, error) {
	op, _ := client.OperationFromContext(r.Context())
	if op.Method != http.MethodGet {
		l.writes++
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	if err == nil && r.Method == l.lose {
		l.lose = ""
		_ = response.Body.Close()
		return nil, errors.New("the connection is lost")
	}
	return response, err
}

func TestControllerOnHydra(t *testing.T) {
	t.Parallel()
	hydra.EachVersion(t, func(t *testing.T, version hydra.Version) {
		t.Helper()
		server := hydra.Run(t, hydra.Config{Version: version})
		network := &losing{lose: http.MethodPost}
		admin, err := client.New(server.AdminURL, client.WithHTTPClient(&http.Client{Transport: network}))
		require.NoError(t, err)
		direct, err := client.New(server.AdminURL)
		require.NoError(t, err)
		vault := &memory{}
		c := &Controller{Admin: admin, Vault: vault, Owner: owner}
		declared := []Declaration{{Client: models.OAuth2Client{
			ClientID: "photos", ClientName: "Photos", Scope: "read", GrantTypes: []string{"client_credentials"},
			RedirectURIs: []string{"https://photos.example.com/b", "https://photos.example.com/a"}, Audience: []string{"https://api.example.com"},
			Metadata: json.RawMessage(`{"b": 1, "a": {"z": [1, 2]}}`), ClientCredentialsGrantAccessTokenLifespan: time.Hour.String(),
		}}, {Client: models.OAuth2Client{ClientID: "old"}, Adopt: true}}
		_, err = direct.CreateOAuth2Client(t.Context(), models.OAuth2Client{ClientID: "old", LogoURI: "https://example.com/logo.png"})
		require.NoError(t, err)
		_, err = direct.CreateOAuth2Client(t.Context(), models.OAuth2Client{ClientID: "other", Owner: "controller/other"})
		require.NoError(t, err)

		require.ErrorIs(t, c.Reconcile(t.Context(), declared), client.ErrResponseLost)
		require.NoError(t, c.Reconcile(t.Context(), declared))
		before := network.writes
		require.NoError(t, c.Reconcile(t.Context(), declared))
		assert.Equal(t, before, network.writes, "there is nothing to change")

		app := hydra.App{PublicURL: server.PublicURL, ID: "photos", Secret: vault.byID["photos"].ClientSecret}
		_, err = app.Token(t.Context(), "client_credentials")
		require.NoError(t, err, "the secret in the vault is that of Hydra")
		old, err := direct.GetOAuth2Client(t.Context(), "old")
		require.NoError(t, err)
		assert.Equal(t, []string{owner, "https://example.com/logo.png"}, []string{old.Owner, old.LogoURI})

		network.lose = http.MethodDelete
		require.ErrorIs(t, c.Reconcile(t.Context(), declared[:1]), client.ErrResponseLost)
		require.NoError(t, c.Reconcile(t.Context(), declared[:1]))
		require.NoError(t, c.Reconcile(t.Context(), nil))
		var left []string
		for have, err := range direct.AllOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{}) {
			require.NoError(t, err)
			left = append(left, have.ClientID)
		}
		assert.Equal(t, []string{"other"}, left)
	})
}
