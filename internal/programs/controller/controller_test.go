package controller

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// memory is a vault. It notes what was stored.
type memory struct {
	mu     sync.Mutex
	byID   map[string]Credentials
	stored []Credentials
	fail   error
}

func (m *memory) Load(_ context.Context, id string) (Credentials, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, found := m.byID[id]
	return c, found, nil
}

func (m *memory) Store(_ context.Context, c Credentials) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return m.fail
	}
	if m.byID == nil {
		m.byID = make(map[string]Credentials)
	}
	m.byID[c.ClientID] = c
	m.stored = append(m.stored, c)
	return nil
}

func (m *memory) Remove(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.byID, id)
	return nil
}

const owner = "controller/example"

// setUp returns a controller, and a Hydra without clients of its owner.
func setUp(t *testing.T, vault *memory) (*Controller, *clienttest.Server) {
	t.Helper()
	hydra := clienttest.New(t, clienttest.V2)
	hydra.Respond("listOAuth2Clients", clienttest.EmptyList)
	return &Controller{Admin: hydra.Client(), Vault: vault, Owner: owner}, hydra
}

func created() clienttest.Response {
	return clienttest.JSON(http.StatusCreated, models.OAuth2Client{ClientID: "photos"})
}

func found(c models.OAuth2Client) clienttest.Response { return clienttest.JSON(http.StatusOK, c) }

var (
	photos   = models.OAuth2Client{ClientID: "photos", ClientName: "Photos", Scope: "openid"}
	declared = []Declaration{{Client: photos}}
	unknown  = clienttest.Recorded("404-unknown")
)

func TestASecretIsStoredBeforeItIsSent(t *testing.T) {
	t.Parallel()
	vault := &memory{}
	c, hydra := setUp(t, vault)
	hydra.Respond("getOAuth2Client", unknown)
	hydra.Respond("createOAuth2Client", created())
	require.NoError(t, c.Reconcile(t.Context(), declared))
	sent := clienttest.Body[models.OAuth2Client](hydra, "createOAuth2Client")
	assert.Equal(t, owner, sent.Owner)
	assert.Equal(t, []Credentials{
		{ClientID: "photos", ClientSecret: sent.ClientSecret, Pending: true},
		{ClientID: "photos", ClientSecret: sent.ClientSecret},
	}, vault.stored)
	assert.Len(t, sent.ClientSecret, 26)

	c, hydra = setUp(t, &memory{fail: errors.New("the vault is sealed")})
	require.ErrorContains(t, c.Reconcile(t.Context(), declared), `client "photos": the vault is sealed`)
	hydra.WantCalls("listOAuth2Clients")
}

func TestALostCreationIsFoundInTheNextRound(t *testing.T) {
	t.Parallel()
	vault := &memory{}
	c, hydra := setUp(t, vault)
	hydra.Respond("getOAuth2Client", unknown, found(models.OAuth2Client{ClientID: "photos", ClientName: "Photos", Scope: "openid", Owner: owner}))
	hydra.Respond("createOAuth2Client", clienttest.Reset)
	hydra.Respond("updateOAuth2Client", found(photos))
	err := c.Reconcile(t.Context(), declared)
	require.ErrorIs(t, err, client.ErrResponseLost)
	secret := vault.byID["photos"]
	require.NotContains(t, err.Error(), secret.ClientSecret)
	require.True(t, secret.Pending, "Hydra may not have it")
	require.NoError(t, c.Reconcile(t.Context(), declared))
	hydra.WantCalls("getOAuth2Client", "createOAuth2Client", "listOAuth2Clients", "getOAuth2Client", "updateOAuth2Client", "listOAuth2Clients")
	assert.Equal(t, secret.ClientSecret, clienttest.Body[models.OAuth2Client](hydra, "updateOAuth2Client").ClientSecret)
	assert.False(t, vault.byID["photos"].Pending)
}

func TestAClientOfSomebodyElse(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		owner  string
		adopt  bool
		writes bool
	}{
		"of another owner":                         {owner: "controller/other"},
		"of another owner is never adopted":        {owner: "controller/other", adopt: true},
		"of no owner":                              {},
		"of no owner is adopted where declared so": {adopt: true, writes: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, hydra := setUp(t, &memory{})
			hydra.Respond("getOAuth2Client", found(models.OAuth2Client{ClientID: "photos", Owner: tt.owner, LogoURI: "https://example.com/logo.png"}))
			hydra.Respond("updateOAuth2Client", found(photos))
			err := c.Reconcile(t.Context(), []Declaration{{Client: photos, Adopt: tt.adopt}})
			if !tt.writes {
				require.ErrorIs(t, err, ErrNotOwned)
				hydra.WantCalls("getOAuth2Client", "listOAuth2Clients")
				return
			}
			require.NoError(t, err)
			sent := clienttest.Body[models.OAuth2Client](hydra, "updateOAuth2Client")
			assert.Equal(t, []string{owner, "https://example.com/logo.png", "Photos"}, []string{sent.Owner, sent.LogoURI, sent.ClientName})
			assert.NotEmpty(t, sent.ClientSecret, "the old one is not known")
		})
	}
}

func TestAnAdoptedClientGetsTheSecretOfTheVault(t *testing.T) {
	t.Parallel()
	c, hydra := setUp(t, &memory{byID: map[string]Credentials{"photos": {ClientID: "photos", ClientSecret: "known to the app"}}})
	hydra.Respond("getOAuth2Client", found(models.OAuth2Client{ClientID: "photos"}))
	hydra.Respond("updateOAuth2Client", found(photos))
	require.NoError(t, c.Reconcile(t.Context(), []Declaration{{Client: photos, Adopt: true}}))
	assert.Equal(t, "known to the app", clienttest.Body[models.OAuth2Client](hydra, "updateOAuth2Client").ClientSecret)
}

func TestADeclarationWithoutAnIDGetsNoSecret(t *testing.T) {
	t.Parallel()
	vault := &memory{}
	c, _ := setUp(t, vault)
	require.ErrorContains(t, c.Reconcile(t.Context(), []Declaration{{}}), "no ID")
	assert.Empty(t, vault.stored)
}

func TestSomebodyIsFasterToCreateTheClient(t *testing.T) {
	t.Parallel()
	c, hydra := setUp(t, &memory{})
	hydra.Respond("getOAuth2Client", unknown, found(models.OAuth2Client{ClientID: "photos", Owner: "controller/other"}))
	hydra.Respond("createOAuth2Client", clienttest.Recorded("409-exists"))
	require.ErrorIs(t, c.Reconcile(t.Context(), declared), client.ErrConflict)
	require.ErrorIs(t, c.Reconcile(t.Context(), declared), ErrNotOwned)
}

func TestAPublicClientHasNoSecret(t *testing.T) {
	t.Parallel()
	vault := &memory{}
	c, hydra := setUp(t, vault)
	hydra.Respond("getOAuth2Client", unknown)
	hydra.Respond("createOAuth2Client", clienttest.Recorded("201-public-client"))
	require.NoError(t, c.Reconcile(t.Context(), []Declaration{{Client: models.OAuth2Client{ClientID: "app", TokenEndpointAuthMethod: "none"}}}))
	assert.Empty(t, clienttest.Body[models.OAuth2Client](hydra, "createOAuth2Client").ClientSecret)
	assert.Empty(t, vault.stored)
}

func TestOnlyHydraSaysThatAClientIsMissing(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"HTML": "<html><h1>404 Not Found</h1></html>", "nothing": "", "the router of another port": "404 page not found\n",
		"JSON of a gateway": `{"message":"no Route matched with those values"}`, "JSON of another server": `{"status":404,"error":"Not Found","path":"/clients"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			vault := &memory{byID: map[string]Credentials{"old": {ClientID: "old"}}}
			c, hydra := setUp(t, vault)
			proxy := clienttest.Handler(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusNotFound)
				_, _ = w.Write([]byte(body))
			})
			hydra.Respond("getOAuth2Client", proxy)
			hydra.Respond("deleteOAuth2Client", proxy)
			hydra.Respond("listOAuth2Clients", clienttest.JSON(http.StatusOK, []models.OAuth2Client{{ClientID: "old", Owner: owner}}))
			require.ErrorIs(t, c.Reconcile(t.Context(), declared), client.ErrWrongBaseURL)
			hydra.WantCalls("getOAuth2Client", "listOAuth2Clients", "deleteOAuth2Client")
			assert.Contains(t, vault.byID, "old", "it may still be there")
		})
	}
}

func TestOnlyClientsOfThisOwnerAreDeleted(t *testing.T) {
	t.Parallel()
	vault := &memory{byID: map[string]Credentials{"old": {}, "older": {}}}
	c, hydra := setUp(t, vault)
	// A server that ignores the filter.
	hydra.Respond("listOAuth2Clients", clienttest.JSON(http.StatusOK, []models.OAuth2Client{
		{ClientID: "old", Owner: owner}, {ClientID: "older", Owner: owner}, {ClientID: "other", Owner: "controller/other"}, {ClientID: "none"},
	}))
	hydra.Respond("deleteOAuth2Client", clienttest.Recorded("204-done"), clienttest.Recorded("404-unknown"))
	require.NoError(t, c.Reconcile(t.Context(), nil))
	var paths []string
	for _, call := range hydra.Calls("deleteOAuth2Client") {
		paths = append(paths, call.URL)
	}
	assert.Equal(t, []string{"/admin/clients/old", "/admin/clients/older"}, paths)
	assert.Empty(t, vault.byID)

	c.Owner = ""
	require.ErrorContains(t, c.Reconcile(t.Context(), nil), "no owner")
}

func TestAFailureDoesNotKeepOthersFromTheirTurn(t *testing.T) {
	t.Parallel()
	c, hydra := setUp(t, &memory{})
	broken := clienttest.InternalServerError
	hydra.Respond("getOAuth2Client", broken, broken, broken, unknown) // a read is retried twice
	hydra.Respond("createOAuth2Client", created())
	err := c.Reconcile(t.Context(), []Declaration{{Client: models.OAuth2Client{ClientID: "broken"}}, {Client: photos}})
	require.ErrorIs(t, err, client.ErrInternalServerError)
	require.ErrorContains(t, err, `client "broken"`)
	assert.Len(t, hydra.Calls("createOAuth2Client"), 1)
}

func TestMergeKeepsWhatIsNotDeclared(t *testing.T) {
	t.Parallel()
	have := models.OAuth2Client{
		ClientID: "photos", LogoURI: "https://example.com/logo.png", Contacts: []string{"a", "b"},
		Metadata:             json.RawMessage(`{"a":"<"}`),
		JWKS:                 models.JSONWebKeySet{Keys: []models.JSONWebKey{{Kid: "1", Kty: "RSA", N: "n", E: "e"}}},
		AdditionalProperties: map[string]json.RawMessage{"of_later_versions": json.RawMessage(`1`)},
	}
	want := models.OAuth2Client{ClientID: "photos", Contacts: []string{"c"}, Metadata: json.RawMessage(` { "a" : "<" } `), AdditionalProperties: map[string]json.RawMessage{"other": nil}, JWKS: models.JSONWebKeySet{Keys: []models.JSONWebKey{{Kid: "2", Kty: "EC", X: "x"}}}}
	require.NoError(t, merge(&have, want))
	assert.Equal(t, "https://example.com/logo.png", have.LogoURI)
	assert.Equal(t, want.Contacts, have.Contacts)
	assert.Equal(t, want.JWKS, have.JWKS, "nothing of the old key is left")
	assert.Contains(t, have.AdditionalProperties, "of_later_versions")
	require.ErrorIs(t, merge(&have, want), errUpToDate)
}

func TestRunDoesNothingWithoutDeclarations(t *testing.T) {
	t.Parallel()
	c, hydra := setUp(t, &memory{})
	ctx, cancel := context.WithCancel(t.Context())
	ticks := make(chan time.Time, 1)
	ticks <- time.Time{}
	away := errors.New("the store is away")
	var reported error
	c.Run(ctx, ticks, func(context.Context) ([]Declaration, error) { return nil, away }, func(err error) { reported = err; cancel() })
	require.ErrorIs(t, reported, away)
	hydra.WantCalls()
}

func TestAStoppedControllerSendsNothing(t *testing.T) {
	t.Parallel()
	c, hydra := setUp(t, &memory{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, c.Reconcile(ctx, declared), context.Canceled)
	c.Run(ctx, nil, nil, nil)
	hydra.WantCalls()
}
