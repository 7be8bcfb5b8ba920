//go:build live

package main

import (
	"crypto/x509"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/examples/internal/onhydra"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func TestExampleOnHydra(t *testing.T) {
	t.Parallel()
	onhydra.Run(t, func(t *testing.T, _ string, admin *client.AdminAPI) {
		t.Helper()
		set := importExample(t, admin)
		requireVerifies(t, set.Keys[0], "EdDSA", sign(t, exampleKey, "EdDSA", ""))
	})
}

func TestImportedKeysVerifyWhenTheyAreFetched(t *testing.T) {
	t.Parallel()
	hydra.EachVersion(t, func(t *testing.T, version hydra.Version) {
		t.Helper()
		server := hydra.Run(t, hydra.Config{Version: version})
		admin, err := client.New(server.AdminURL)
		require.NoError(t, err)
		var set models.JSONWebKeySet
		messages := make(map[string]string) // by the ID of their key
		for alg, key := range newKeys(t) {
			imported, err := fromPEM([]byte(block("PRIVATE KEY")(x509.MarshalPKCS8PrivateKey(key)) + certificateOf(key)))
			require.NoError(t, err)
			set.Keys = append(set.Keys, imported)
			messages[imported.Kid] = sign(t, key, alg, imported.Kid)
		}
		_, err = admin.UpdateJSONWebKeySet(t.Context(), "imported", set)
		require.NoError(t, err)
		fetched, err := admin.GetJSONWebKeySet(t.Context(), "imported")
		require.NoError(t, err)
		require.Len(t, fetched.Keys, len(set.Keys))
		public, err := publicSet(*fetched)
		require.NoError(t, err)
		requireNothingPrivate(t, public)
		for _, key := range public.Keys {
			requireVerifies(t, key, key.Alg, messages[key.Kid])
		}
		assert.ElementsMatch(t, set.Keys, fetched.Keys)
	})
}
