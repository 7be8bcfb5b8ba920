package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
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

// The key is the same in every run, so that the recordings have its ID. It protects nothing.
var exampleKey = ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))

// importExample imports exampleKey, and returns what the program prints.
func importExample(t *testing.T, admin *client.AdminAPI) models.JSONWebKeySet {
	t.Helper()
	name := filepath.Join(t.TempDir(), "key.pem")
	require.NoError(t, os.WriteFile(name, []byte(block("PRIVATE KEY")(x509.MarshalPKCS8PrivateKey(exampleKey))), 0o600))
	var first, again strings.Builder
	require.NoError(t, run(t.Context(), admin, "imported", []string{name}, &first))
	require.NoError(t, run(t.Context(), admin, "imported", []string{name}, &again))
	assert.Equal(t, first.String(), again.String(), "a second import adds nothing")
	var set models.JSONWebKeySet
	require.NoError(t, json.Unmarshal([]byte(first.String()), &set))
	require.Len(t, set.Keys, 1)
	requireNothingPrivate(t, set)
	return set
}

func TestExampleOnRecordings(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"v1.11.10", "v2.3.0"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			hydra := clienttest.Replay(t, "testdata/"+version)
			set := importExample(t, hydra.Client())
			assert.Equal(t, clienttest.Body[models.JSONWebKey](hydra, "updateJsonWebKey").Kid, set.Keys[0].Kid)
		})
	}
}

func TestNothingIsPrintedOfASymmetricKey(t *testing.T) {
	t.Parallel()
	hydra := clienttest.New(t, clienttest.V1)
	hydra.Respond("getJsonWebKeySet", clienttest.JSON(200, models.JSONWebKeySet{Keys: []models.JSONWebKey{{Kty: "oct", K: "c2VjcmV0"}}}))
	var out strings.Builder
	require.ErrorContains(t, run(t.Context(), hydra.Client(), "secrets", nil, &out), "no public half")
	assert.Empty(t, out.String())
}

func TestAFileThatIsNoKeyIsNotSent(t *testing.T) {
	t.Parallel()
	hydra := clienttest.New(t, clienttest.V1)
	require.ErrorContains(t, run(t.Context(), hydra.Client(), "set", []string{"main.go"}, &strings.Builder{}), "main.go: the file has no key in PEM")
	require.ErrorIs(t, run(t.Context(), hydra.Client(), "set", []string{"missing.pem"}, &strings.Builder{}), os.ErrNotExist)
	hydra.WantCalls()
}

// go-jose has no oth, so that a key of three primes has to be refused as a whole.
func TestAnRSAKeyOfThreePrimesIsNotImported(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateMultiPrimeKey(rand.Reader, 3, 2048) //nolint:staticcheck // people have such keys
	require.NoError(t, err)
	_, err = fromKey(key)
	require.Error(t, err)
	half, err := fromKey(key.Public())
	require.NoError(t, err)
	requireVerifies(t, half, "RS256", sign(t, key, "RS256", ""))
}
