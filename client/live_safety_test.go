//go:build live

package client_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// TestLiveSafety proves each refusal twice: the request does the damage when a
// plain HTTP client sends it, and the SDK does not send it.
func TestLiveSafety(t *testing.T) {
	t.Parallel()
	onEachVersion(t, testLiveSafety)
}

func testLiveSafety(t *testing.T, version hydra.Version) {
	t.Helper()
	server := hydra.Run(t, hydra.Config{Version: version})
	api, err := client.New(server.AdminURL)
	require.NoError(t, err)
	ctx := t.Context()
	key := func(kid string) models.JSONWebKey { return publicKey(t, kid) }

	raw := func(method, path, body string) {
		t.Helper()
		req, err := http.NewRequestWithContext(ctx, method, server.AdminURL+path, strings.NewReader(body))
		require.NoError(t, err)
		resp, err := http.DefaultClient.Do(req) // follows redirects, as most clients do
		require.NoError(t, err)
		defer resp.Body.Close()
		said, _ := io.ReadAll(resp.Body)
		require.Equal(t, 2, resp.StatusCode/100, "a success is reported: %s", said)
	}
	kids := func(set string) (kids []string) {
		s, err := api.GetJSONWebKeySet(ctx, set)
		if err != nil {
			require.ErrorIs(t, err, client.ErrNotFound)
			return nil
		}
		for _, k := range s.Keys {
			kids = append(kids, k.Kid)
		}
		return kids
	}
	withKeys := func(set string, ids ...string) func() {
		return func() {
			var s models.JSONWebKeySet
			for _, id := range ids {
				s.Keys = append(s.Keys, key(id))
			}
			_, err := api.UpdateJSONWebKeySet(ctx, set, s)
			require.NoError(t, err)
		}
	}
	clientNamed := func(id string) string {
		c, err := api.GetOAuth2Client(ctx, id)
		require.NoError(t, err)
		return c.ClientName
	}
	twoClients := func() {
		for _, id := range []string{"one", "two"} {
			_ = api.DeleteOAuth2Client(ctx, id)
			_, err := api.CreateOAuth2Client(ctx, models.OAuth2Client{ClientID: id, ClientName: id})
			require.NoError(t, err)
		}
	}
	patch := func(docs ...models.PatchDocument) func() error {
		return func() error { _, err := api.PatchOAuth2Client(ctx, "one", docs); return err }
	}
	inOtherLetters := "one"
	if version == hydra.V1 {
		inOtherLetters = "two" // it happens to ignore them
	}
	tests := map[string]struct {
		prepare        func()
		method, path   string
		body           string
		intact, broken any
		state          func() any
		call           func() error
		onlyV1         bool // v2 answers 500
	}{
		"delete the key without a name": {
			withKeys("s1", "a", "b"), http.MethodDelete, "/keys/s1/", "", 2, 0, func() any { return len(kids("s1")) },
			func() error { return api.DeleteJSONWebKey(ctx, "s1", "") }, false,
		},
		"replace the key without a name": {
			withKeys("s2", "a", "b"), http.MethodPut, "/keys/s2/", `{"kty":"oct","kid":"c","k":"YWJj"}`, 2, 0, func() any { return len(kids("s2")) },
			func() error { _, err := api.UpdateJSONWebKey(ctx, "s2", "", key("c")); return err }, false,
		},
		"delete a set with a slash in its name": {
			withKeys("s3", "a", "b"), http.MethodDelete, "/keys/s3%2Fa", "", 2, 1, func() any { return len(kids("s3")) },
			func() error { return api.DeleteJSONWebKeySet(ctx, "s3/a") }, false,
		},
		"replace a set by nothing": {
			withKeys("s4", "a", "b"), http.MethodPut, "/keys/s4", `{"keys":null}`, 2, 0, func() any { return len(kids("s4")) },
			func() error { _, err := api.UpdateJSONWebKeySet(ctx, "s4", models.JSONWebKeySet{}); return err }, false,
		},
		"replace a key by another": {
			withKeys("s5", "a"), http.MethodPut, "/keys/s5/a", `{"kty":"oct","kid":"b","k":"YWJj"}`, []string{"a"}, []string{"b", "a"}, func() any { return kids("s5") },
			func() error { _, err := api.UpdateJSONWebKey(ctx, "s5", "a", key("b")); return err }, false,
		},
		"patch the client ID": {
			twoClients, http.MethodPatch, "/clients/one", `[{"op":"replace","path":"/client_id","value":"two"}]`, "two", "one", func() any { return clientNamed("two") },
			patch(models.PatchReplace("/client_id", "two")), false,
		},
		"patch the client ID in other letters": {
			twoClients, http.MethodPatch, "/clients/one", `[{"op":"add","path":"/Client_ID","value":"two"}]`, "two", inOtherLetters, func() any { return clientNamed("two") },
			patch(models.PatchAdd("/Client_ID", "two")), false,
		},
		"remove a whole member, which does nothing": {
			twoClients, http.MethodPatch, "/clients/one", `[{"op":"remove","path":"/client_name"}]`, "one", "one", func() any { return clientNamed("one") },
			patch(models.PatchRemove("/client_name")), false,
		},
		"move a whole member, which copies it": {
			twoClients, http.MethodPatch, "/clients/one", `[{"op":"move","from":"/client_name","path":"/owner"}]`, "one", "one", func() any { return clientNamed("one") },
			patch(models.PatchDocument{Op: models.PatchOpMove, From: "/client_name", Path: "/owner"}), true,
		},
		"copy the hash of the secret": {
			twoClients, http.MethodPatch, "/clients/one", `[{"op":"copy","from":"/client_secret","path":"/client_name"}]`, false, true,
			func() any { return strings.HasPrefix(clientNamed("one"), "$2a$") },
			patch(models.PatchCopy("/client_secret", "/client_name")), true,
		},
	}
	for name, tt := range tests {
		if tt.onlyV1 && version != hydra.V1 {
			continue
		}
		t.Run(name, func(t *testing.T) {
			tt.prepare()
			require.Equal(t, tt.intact, tt.state())
			raw(tt.method, tt.path, tt.body)
			assert.Equal(t, tt.broken, tt.state(), "what the raw request does")
			tt.prepare()
			require.ErrorIs(t, tt.call(), client.ErrInvalidArgument)
			assert.Equal(t, tt.intact, tt.state(), "what the SDK does")
		})
	}

	t.Run("a limit of zero ends the connection of v1", func(t *testing.T) {
		if version != hydra.V1 {
			return
		}
		for _, limit := range []string{"0", "-1"} {
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, server.AdminURL+"/clients?limit="+limit, nil)
			require.NoError(t, err)
			_, err = http.DefaultTransport.RoundTrip(req)
			require.ErrorIs(t, err, io.EOF)
		}
		_, err := api.ListOAuth2Clients(ctx, client.ListOAuth2ClientsParams{Limit: 0})
		require.NoError(t, err, "zero is not sent")
	})
	t.Run("a key ID is filled in", func(t *testing.T) {
		_, err := api.UpdateJSONWebKey(ctx, "s6", "filled", key(""))
		require.NoError(t, err)
		assert.Equal(t, []string{"filled"}, kids("s6"))
	})
	t.Run("revoking for one client and for all revokes for one", func(t *testing.T) {
		const subject = "alice"
		for _, id := range []string{"first", "second"} {
			_, err := api.CreateOAuth2Client(ctx, models.OAuth2Client{ClientID: id, RedirectURIs: []string{"http://127.0.0.1:5555/callback"}, Scope: "openid"})
			require.NoError(t, err)
			app := hydra.App{PublicURL: server.PublicURL, ID: id, RedirectURI: "http://127.0.0.1:5555/callback"}
			require.NoError(t, grant(ctx, api, app, subject, "openid", models.AcceptConsentRequest{GrantScope: []string{"openid"}}))
		}
		sessions := func() int {
			p, err := api.ListSubjectConsentSessions(ctx, subject, client.ListSubjectConsentSessionsParams{})
			require.NoError(t, err)
			return len(p.Items)
		}
		require.Equal(t, 2, sessions())
		raw(http.MethodDelete, "/oauth2/auth/sessions/consent?subject=alice&client=first&all=true", "")
		assert.Equal(t, 1, sessions(), "what the raw request leaves")
		for _, params := range []client.RevokeConsentSessionsParams{{}, {Client: "first", All: true}} {
			require.ErrorIs(t, api.RevokeConsentSessions(ctx, subject, params), client.ErrInvalidArgument)
		}
		require.NoError(t, api.RevokeConsentSessions(ctx, subject, client.RevokeConsentSessionsParams{All: true}))
		assert.Zero(t, sessions())
	})
}

// TestLiveRoundTrip reads, writes back and reads again: everything is as it was.
func TestLiveRoundTrip(t *testing.T) {
	t.Parallel()
	onEachVersion(t, testLiveRoundTrip)
}

func testLiveRoundTrip(t *testing.T, version hydra.Version) {
	t.Helper()
	server := hydra.Run(t, hydra.Config{Version: version})
	api, err := client.New(server.AdminURL)
	require.NoError(t, err)
	ctx := t.Context()

	fetch := func(path string) map[string]any {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, server.AdminURL+path, nil)
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
	var recorded []string
	for _, e := range load(t, version.Name, "createOAuth2Client") {
		if e.Status == http.StatusCreated && e.Case != "all-defaults" {
			var c models.OAuth2Client
			require.NoError(t, json.Unmarshal(e.Request.Body, &c))
			for i, k := range c.JWKS.Keys {
				c.JWKS.Keys[i] = publicKey(t, k.Kid) // the recorded one is no key any more
			}
			_, err := api.CreateOAuth2Client(ctx, c)
			require.NoError(t, err)
			recorded = append(recorded, c.ClientID)
		}
	}
	require.Contains(t, recorded, "full")
	_, err = api.CreateOAuth2Client(ctx, models.OAuth2Client{ClientID: "remote", JWKSURI: "https://app.example.com/jwks.json"})
	require.NoError(t, err)
	for _, id := range append(recorded, "remote") {
		before := fetch("/clients/" + id)
		_, err := api.ModifyOAuth2Client(ctx, id, func(*models.OAuth2Client) error { return nil })
		require.NoError(t, err)
		assert.Equal(t, before, fetch("/clients/"+id), id)
	}

	algorithms := []string{"RS256", "ES256", "ES512", "EdDSA", "HS256", "HS512"}
	if version == hydra.V2 {
		algorithms = []string{"RS256", "RS512", "PS256", "ES256", "ES384", "ES512", "EdDSA"}
	}
	for _, alg := range algorithms {
		_, err := api.CreateJSONWebKeySet(ctx, alg, models.JSONWebKeySetGeneratorRequest{Alg: alg, Kid: "k", Use: "sig"})
		require.NoError(t, err)
		before, _ := fetch("/keys/" + alg)["keys"].([]any)
		set, err := api.GetJSONWebKeySet(ctx, alg)
		require.NoError(t, err)
		_, err = api.UpdateJSONWebKeySet(ctx, alg, *set)
		require.NoError(t, err)
		after, _ := fetch("/keys/" + alg)["keys"].([]any)
		require.NotEmpty(t, before)
		assert.ElementsMatch(t, before, after, alg) // Hydra orders keys by when they were stored
	}
}
