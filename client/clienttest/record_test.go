package clienttest_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func TestRecordRefusesWhatIsNotAURL(t *testing.T) {
	t.Parallel()
	output := failure(t, func(tb testing.TB) {
		tb.Helper()
		clienttest.Record(tb, clienttest.Recording{AdminURL: "127.0.0.1", Dir: t.TempDir()})
	})
	assert.Contains(t, output, "AdminURL is not a URL")
}

func TestReplayFailsOnOtherCallsThanRecorded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.Empty(t, failure(t, func(tb testing.TB) {
		tb.Helper()
		upstream := clienttest.New(tb, clienttest.V1)
		hydra := clienttest.Record(tb, clienttest.Recording{AdminURL: upstream.URL, Dir: dir})
		_, err := hydra.Client().GetLoginRequest(tb.Context(), upstream.Open(clienttest.FreshLogin))
		require.NoError(tb, err)
	}))
	twice := failure(t, func(tb testing.TB) {
		tb.Helper()
		api := clienttest.Replay(tb, dir).Client()
		for range 2 {
			_, _ = api.GetLoginRequest(tb.Context(), "any")
		}
	})
	assert.Contains(t, twice, "no recording of it is left")
	none := failure(t, func(tb testing.TB) {
		tb.Helper()
		clienttest.Replay(tb, dir)
	})
	assert.Contains(t, none, "1 recorded calls of getLoginRequest were not made")
	nothing := failure(t, func(tb testing.TB) {
		tb.Helper()
		clienttest.Replay(tb, t.TempDir())
	})
	assert.Contains(t, nothing, "no *.http files")
}

// TestRecordReplacesFiles: a recording takes the place of the one before, unless the test
// failed. It takes no other files away.
func TestRecordReplacesFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "notes.txt"), nil, 0o600))
	record := func(tb testing.TB, ids ...string) {
		tb.Helper()
		upstream := clienttest.New(tb, clienttest.V1)
		upstream.Respond("getOAuth2Client", clienttest.Recorded("404-unknown"))
		api := clienttest.Record(tb, clienttest.Recording{AdminURL: upstream.URL, Dir: dir}).Client()
		for _, id := range ids {
			_, err := api.GetOAuth2Client(tb.Context(), id)
			require.ErrorIs(tb, err, client.ErrNotFound)
		}
	}
	require.Empty(t, failure(t, func(tb testing.TB) { tb.Helper(); record(tb, "a", "b", "c") }))
	assert.Len(t, readAll(t, dir), 3)
	require.NotEmpty(t, failure(t, func(tb testing.TB) {
		tb.Helper()
		record(tb, "a")
		tb.Errorf("the test fails")
	}))
	assert.Len(t, readAll(t, dir), 3, "of the test before")
	require.Empty(t, failure(t, func(tb testing.TB) { tb.Helper(); record(tb, "a") }))
	assert.Len(t, readAll(t, dir), 1)
	assert.FileExists(t, filepath.Join(dir, "notes.txt"))
}

// TestRedactSeesAll: Redact is called with each path and query and with each body.
func TestRedactSeesAll(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.Empty(t, failure(t, func(tb testing.TB) {
		tb.Helper()
		upstream := clienttest.New(tb, clienttest.V1)
		upstream.Respond("updateOAuth2Client", clienttest.JSON(200, models.OAuth2Client{ClientID: "acme-1", Owner: "acme-2"}))
		upstream.Respond("listOAuth2Clients", clienttest.JSON(200, []models.OAuth2Client{{ClientID: "acme-3"}}))
		api := clienttest.Record(tb, clienttest.Recording{AdminURL: upstream.URL, Dir: dir, Redact: func(s string) string { return strings.ReplaceAll(s, "acme", "team") }}).Client()
		_, err := api.UpdateOAuth2Client(tb.Context(), "acme-4", models.OAuth2Client{ClientName: "acme-5"})
		require.NoError(tb, err)
		_, err = api.ListOAuth2Clients(tb.Context(), client.ListOAuth2ClientsParams{Owner: "acme-6"})
		require.NoError(tb, err)
	}))
	all := strings.Join(readAll(t, dir), "\n")
	assert.NotContains(t, all, "acme")
	for _, n := range []string{"1", "2", "3", "4", "5", "6"} {
		assert.Contains(t, all, "team-"+n)
	}
}

func TestRecordingsAreReplayed(t *testing.T) {
	t.Parallel()
	eachVersion(t, func(t *testing.T, version clienttest.Version) {
		t.Helper()
		dir := t.TempDir()
		const secret = "a secret of the team"
		var recorded *models.OAuth2Client
		require.Empty(t, failure(t, func(tb testing.TB) {
			tb.Helper()
			upstream := clienttest.New(tb, version) // in place of a real Hydra
			upstream.Respond("createOAuth2Client", clienttest.Recorded("201-all-defaults"))
			upstream.Respond("getOAuth2Client", clienttest.Recorded("404-unknown"))
			hydra := clienttest.Record(tb, clienttest.Recording{
				AdminURL: upstream.URL, PublicURL: upstream.PublicURL, Dir: dir,
				Redact: func(s string) string { return strings.ReplaceAll(s, "team-a", "team-x") },
			})
			api := hydra.Client(client.WithBearerToken(secret), client.WithHeader("X-Api-Key", secret))
			var err error
			recorded, err = api.CreateOAuth2Client(tb.Context(), models.OAuth2Client{ClientSecret: secret, Owner: "team-a"})
			require.NoError(tb, err)
			_, err = api.GetOAuth2Client(tb.Context(), "nobody")
			require.ErrorIs(tb, err, client.ErrNotFound)
			upstream.Respond("patchOAuth2Client", clienttest.JSON(200, map[string]string{"client_id": "c", "client_secret": secret}))
			_, err = api.PatchOAuth2Client(tb.Context(), "c", []models.PatchDocument{models.PatchReplace("/client_secret", secret), models.PatchAdd("/jwks/keys/0/oth/0/r", secret)})
			require.NoError(tb, err)
			session := models.ConsentRequestSession{AccessToken: map[string]any{"token": secret}}
			_, err = api.AcceptConsentRequest(tb.Context(), upstream.Open(clienttest.FreshConsent), models.AcceptConsentRequest{Session: session})
			require.NoError(tb, err)
			key := models.JSONWebKey{Kid: "k", Kty: "RSA", AdditionalProperties: map[string]json.RawMessage{"oth": json.RawMessage(`[{"r": "a secret of the team \"in\" quotes"}]`)}}
			upstream.Respond("updateJsonWebKey", clienttest.JSON(400, map[string]string{"error": "x", "error_description": "not a key: " + secret}))
			_, err = api.UpdateJSONWebKey(tb.Context(), "s", "k", key)
			require.Error(tb, err)
			_, err = api.GetLoginRequest(tb.Context(), upstream.Open(clienttest.FreshLogin))
			require.NoError(tb, err)
		}))
		exchanges := readAll(t, dir)
		require.Len(t, exchanges, 6)
		all := strings.Join(exchanges, "\n")
		for _, forbidden := range []string{secret, recorded.ClientSecret, recorded.RegistrationAccessToken, "team-a", "Bearer"} {
			assert.NotContains(t, all, forbidden)
		}
		assert.Contains(t, all, "team-x")

		hydra := clienttest.Replay(t, dir)
		api := hydra.Client()
		_, err := api.GetOAuth2Client(t.Context(), "nobody")
		require.ErrorIs(t, err, client.ErrNotFound)
		created, err := api.CreateOAuth2Client(t.Context(), models.OAuth2Client{Owner: "team-a"})
		require.NoError(t, err)
		assert.Len(t, created.ClientID, len(recorded.ClientID))
		login, err := api.GetLoginRequest(t.Context(), "any")
		require.NoError(t, err)
		_, err = api.PatchOAuth2Client(t.Context(), "c", []models.PatchDocument{models.PatchReplace("/client_secret", secret)})
		require.NoError(t, err)
		_, err = api.AcceptConsentRequest(t.Context(), "any", models.AcceptConsentRequest{})
		require.NoError(t, err)
		_, err = api.UpdateJSONWebKey(t.Context(), "s", "k", models.JSONWebKey{Kty: "RSA"})
		require.ErrorIs(t, err, client.ErrBadRequest)
		assert.True(t, strings.HasPrefix(login.RequestURL, hydra.PublicURL))
	})
}

func readAll(t *testing.T, dir string) (all []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.http"))
	require.NoError(t, err)
	for _, file := range files {
		b, err := os.ReadFile(file)
		require.NoError(t, err)
		all = append(all, string(b))
	}
	return all
}

func TestHealthDoesNotShowThePrefixOfARecording(t *testing.T) {
	t.Parallel()
	eachVersion(t, func(t *testing.T, version clienttest.Version) {
		t.Helper()
		dir := t.TempDir()
		calls := func(tb testing.TB, api *client.AdminAPI) {
			tb.Helper()
			_, err := api.IsAlive(tb.Context())
			require.NoError(tb, err)
			_, err = api.GetOAuth2Client(tb.Context(), "nobody")
			require.ErrorIs(tb, err, client.ErrNotFound)
		}
		require.Empty(t, failure(t, func(tb testing.TB) {
			tb.Helper()
			upstream := clienttest.New(tb, version)
			upstream.Respond("isAlive", clienttest.Recorded("200-alive"))
			upstream.Respond("getOAuth2Client", clienttest.Recorded("404-unknown"))
			calls(tb, clienttest.Record(tb, clienttest.Recording{AdminURL: upstream.URL, Dir: dir}).Client())
		}))
		calls(t, clienttest.Replay(t, dir).Client())
	})
}
