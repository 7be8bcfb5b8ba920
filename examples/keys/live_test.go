//go:build live

package main

import (
	"crypto/x509"
	"flag"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

var update = flag.Bool("update", false, "write the recordings")

func TestExampleOnHydra(t *testing.T) {
	t.Parallel()
	for _, version := range hydra.Versions() {
		t.Run(version.Name, func(t *testing.T) {
			t.Parallel()
			server := hydra.Run(t, hydra.Config{Version: version})
			dir := t.TempDir()
			if *update {
				dir = "testdata/" + version.Name
			}
			recorder := clienttest.Record(t, clienttest.Recording{AdminURL: server.AdminURL, PublicURL: server.PublicURL, Dir: dir})
			set := importExample(t, recorder.Client())
			requireVerifies(t, set.Keys[0], "EdDSA", sign(t, exampleKey, "EdDSA", ""))
		})
	}
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
