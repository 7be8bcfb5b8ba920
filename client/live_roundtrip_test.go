//go:build live

package client_test

import (
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// TestLiveRoundTrip reads clients and key sets and writes them back, which must not
// change them.
func TestLiveRoundTrip(t *testing.T) {
	t.Parallel()
	hydra.EachVersion(t, func(t *testing.T, version hydra.Version) {
		t.Helper()
		server := hydra.Run(t, hydra.Config{Version: version})
		api, err := client.New(server.AdminURL)
		require.NoError(t, err)
		t.Run("clients", func(t *testing.T) { roundTripClients(t, server, api) })
		t.Run("key sets", func(t *testing.T) { roundTripKeySets(t, server, api) })
		t.Run("lifespans", func(t *testing.T) { roundTripLifespans(t, server, api) })
		t.Run("cleared members", func(t *testing.T) { clearMembers(t, api) })
	})
}

func roundTripClients(t *testing.T, server *hydra.Server, api *client.AdminAPI) {
	t.Helper()
	ids := createRecordedClients(t, server.Version, api)
	require.Contains(t, ids, "full")
	_, err := api.CreateOAuth2Client(t.Context(), models.OAuth2Client{ClientID: "remote", JWKSURI: "https://app.example.com/jwks.json"})
	require.NoError(t, err)
	for _, id := range append(ids, "remote") {
		before := fetchObject(t, server.AdminURL+"/clients/"+id)
		_, err := api.ModifyOAuth2Client(t.Context(), id, func(*models.OAuth2Client) error { return nil })
		require.NoError(t, err)
		assert.Equal(t, before, fetchObject(t, server.AdminURL+"/clients/"+id), id)
	}
}

// createRecordedClients creates the clients of the recordings and returns their IDs.
func createRecordedClients(t *testing.T, version hydra.Version, api *client.AdminAPI) (ids []string) {
	t.Helper()
	recorded := version.Name
	if version.HasDeviceFlow() {
		recorded = fixture.V26
	}
	for _, e := range load(t, recorded, "createOAuth2Client") {
		if e.Status != http.StatusCreated || e.Case == "all-defaults" {
			continue
		}
		var c models.OAuth2Client
		require.NoError(t, json.Unmarshal(e.Request.Body, &c))
		for i, k := range c.JWKS.Keys {
			c.JWKS.Keys[i] = publicKey(t, k.Kid) // the recorded key is not valid
		}
		_, err := api.CreateOAuth2Client(t.Context(), c)
		require.NoError(t, err)
		ids = append(ids, c.ClientID)
	}
	return ids
}

func roundTripKeySets(t *testing.T, server *hydra.Server, api *client.AdminAPI) {
	t.Helper()
	algorithms := []string{"RS256", "ES256", "ES512", "EdDSA", "HS256", "HS512"}
	if server.Version != hydra.V1 {
		algorithms = []string{"RS256", "RS512", "PS256", "ES256", "ES384", "ES512", "EdDSA"}
	}
	for _, alg := range algorithms {
		_, err := api.CreateJSONWebKeySet(t.Context(), alg, models.JSONWebKeySetGeneratorRequest{Alg: alg, Kid: "k", Use: "sig"})
		require.NoError(t, err)
		before, _ := fetchObject(t, server.AdminURL+"/keys/"+alg)["keys"].([]any)
		set, err := api.GetJSONWebKeySet(t.Context(), alg)
		require.NoError(t, err)
		_, err = api.UpdateJSONWebKeySet(t.Context(), alg, *set)
		require.NoError(t, err)
		after, _ := fetchObject(t, server.AdminURL+"/keys/"+alg)["keys"].([]any)
		require.NotEmpty(t, before)
		assert.ElementsMatch(t, before, after, alg) // Hydra orders keys by when they were stored
	}
}

// fetchObject reads a JSON object without the SDK. It leaves updated_at out.
func fetchObject(t *testing.T, url string) map[string]any {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	object, ok := decodeAny(t, body).(map[string]any)
	require.True(t, ok)
	delete(object, "updated_at")
	return object
}

// roundTripLifespans writes all lifespans of the version, and changes one of them.
func roundTripLifespans(t *testing.T, server *hydra.Server, api *client.AdminAPI) {
	t.Helper()
	body := models.UpdateOAuth2ClientLifespans{}
	fields := reflect.ValueOf(&body).Elem()
	want := map[string]any{}
	for i := range fields.NumField() {
		name, _, _ := strings.Cut(fields.Type().Field(i).Tag.Get("json"), ",")
		ofDevice, ofPassword := strings.HasPrefix(name, "device_"), strings.HasPrefix(name, "password_")
		if ofDevice && !server.Version.HasDeviceFlow() || ofPassword && server.Version != hydra.V1 {
			continue
		}
		lifespan := (time.Duration(i+1) * time.Minute).String()
		fields.Field(i).SetString(lifespan)
		want[name] = lifespan
	}
	_, err := api.CreateOAuth2Client(t.Context(), models.OAuth2Client{ClientID: "lifespans"})
	require.NoError(t, err)
	_, err = api.UpdateOAuth2ClientLifespans(t.Context(), "lifespans", body)
	require.NoError(t, err)
	check := func() {
		t.Helper()
		for name, value := range fetchObject(t, server.AdminURL+"/clients/lifespans") {
			if strings.HasSuffix(name, "_lifespan") && want[name] != nil {
				assert.Equal(t, want[name], value, name)
			}
		}
	}
	check()
	body.ImplicitGrantIDTokenLifespan, want["implicit_grant_id_token_lifespan"] = "99h0m0s", "99h0m0s"
	_, err = api.UpdateOAuth2ClientLifespans(t.Context(), "lifespans", body)
	require.NoError(t, err)
	check()
	_, err = api.ModifyOAuth2Client(t.Context(), "lifespans", func(c *models.OAuth2Client) error {
		c.ClientName = "Renamed"
		return nil
	})
	require.NoError(t, err)
	check()
}

// clearMembers clears a member of each kind in the documented way.
func clearMembers(t *testing.T, api *client.AdminAPI) {
	t.Helper()
	ctx := t.Context()
	_, err := api.CreateOAuth2Client(ctx, models.OAuth2Client{
		ClientID: "cleared", ClientName: "n", Owner: "o", LogoURI: "https://app.example.com/logo", Contacts: []string{"c"}, Audience: []string{"a"},
		RedirectURIs: []string{"https://app.example.com/"}, FrontChannelLogoutURI: "https://app.example.com/bye", FrontChannelLogoutSessionRequired: true,
		Metadata: json.RawMessage(`{"a":1}`), JWKS: models.JSONWebKeySet{Keys: []models.JSONWebKey{publicKey(t, "k")}},
		JWTBearerGrantAccessTokenLifespan: "5m",
	})
	require.NoError(t, err)
	var patch []models.PatchDocument
	for _, path := range []string{"/client_name", "/owner", "/logo_uri", "/contacts", "/audience", "/frontchannel_logout_uri", "/frontchannel_logout_session_required", "/metadata", "/jwks"} {
		patch = append(patch, models.PatchClear(path))
	}
	_, err = api.PatchOAuth2Client(ctx, "cleared", patch)
	require.NoError(t, err)
	_, err = api.UpdateOAuth2ClientLifespans(ctx, "cleared", models.UpdateOAuth2ClientLifespans{})
	require.NoError(t, err)
	c, err := api.GetOAuth2Client(ctx, "cleared")
	require.NoError(t, err)
	for member, value := range map[string]any{
		"client_name": c.ClientName, "owner": c.Owner, "logo_uri": c.LogoURI, "contacts": c.Contacts, "audience": c.Audience,
		"frontchannel_logout_uri": c.FrontChannelLogoutURI, "frontchannel_logout_session_required": c.FrontChannelLogoutSessionRequired,
		"jwks": c.JWKS.Keys, "lifespan": c.JWTBearerGrantAccessTokenLifespan,
	} {
		assert.Empty(t, value, member)
	}
	assert.Contains(t, []string{"", "null"}, string(c.Metadata))
}
