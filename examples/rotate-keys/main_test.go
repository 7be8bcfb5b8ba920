package main

import (
	"net/http"
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// wantOutput is the output of four rotations of a new set.
var wantOutput = map[string]string{
	"v1.11.10": "1 keys, 0 entries deleted\n2 keys, 0 entries deleted\n2 keys, 2 entries deleted\n2 keys, 2 entries deleted\n",
	"v2.3.0":   "1 keys, 0 entries deleted\n2 keys, 0 entries deleted\n2 keys, 1 entries deleted\n2 keys, 1 entries deleted\n",
}

// kids are the IDs of keys that were made one after another.
var kids = []string{
	"rotated-20261125T101010.000000001Z", "rotated-20261125T101010.000000002Z",
	"rotated-20261125T101011.000000000Z", "rotated-20270101T000000.000000000Z",
}

func rotations(t *testing.T, admin *client.AdminAPI) string {
	t.Helper()
	var out strings.Builder
	for _, kid := range kids {
		require.NoError(t, rotate(t.Context(), admin, "example", "ES256", kid, &out))
	}
	return out.String()
}

func TestExampleOnRecordings(t *testing.T) {
	t.Parallel()
	for version, want := range wantOutput {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			hydra := clienttest.Replay(t, "testdata/"+version)
			assert.Equal(t, want, rotations(t, hydra.Client()))
		})
	}
}

func TestNothingIsDeletedUnlessThereIsANewKey(t *testing.T) {
	t.Parallel()
	hydra := clienttest.New(t, clienttest.V1)
	hydra.Respond("createJsonWebKeySet", clienttest.InternalServerError)
	require.ErrorIs(t, rotate(t.Context(), hydra.Client(), "example", "ES256", kids[0], &strings.Builder{}), client.ErrInternalServerError)
	hydra.WantCalls("createJsonWebKeySet")
}

// set returns the keys of a set, in this order.
func set(kids ...string) clienttest.Response {
	var keys models.JSONWebKeySet
	for _, kid := range kids {
		keys.Keys = append(keys.Keys, models.JSONWebKey{Kid: kid, Kty: "EC"})
	}
	return clienttest.JSON(http.StatusOK, keys)
}

func TestTheOrderOfAListDoesNotMatter(t *testing.T) {
	t.Parallel()
	const foreign = "5f0b8b5e-6a0b-4c55-8a39-0d4f3a6f3a11" // as Hydra names its own
	for name, tt := range map[string]struct {
		listed, deleted []string
	}{
		"newest first":            {[]string{kids[3], kids[2], kids[1], kids[0]}, []string{kids[1], kids[0]}},
		"newest last":             {[]string{kids[0], kids[1], kids[2], kids[3]}, []string{kids[0], kids[1]}},
		"any order":               {[]string{kids[1], kids[3], kids[0], kids[2]}, []string{kids[1], kids[0]}},
		"halves apart":            {[]string{"public:" + kids[1], "private:" + kids[3], "public:" + kids[3], "private:" + kids[2], "private:" + kids[1]}, []string{"public:" + kids[1], "private:" + kids[1]}},
		"first rotation":          {[]string{foreign, kids[3]}, nil},
		"several of another tool": {[]string{foreign, "a", "b", kids[3]}, nil},
		"second rotation":         {[]string{foreign, kids[2], "a", kids[3]}, []string{foreign, "a"}},
		"only the new one":        {[]string{kids[3]}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hydra := clienttest.New(t, clienttest.V1)
			hydra.Respond("createJsonWebKeySet", set(kids[3]))
			hydra.Respond("getJsonWebKeySet", set(tt.listed...))
			hydra.Respond("deleteJsonWebKey", clienttest.Recorded("204-unknown")) // gone already
			require.NoError(t, rotate(t.Context(), hydra.Client(), "example", "ES256", kids[3], &strings.Builder{}))
			var deleted []string
			for _, call := range hydra.Calls("deleteJsonWebKey") {
				deleted = append(deleted, path.Base(call.URL))
			}
			assert.Equal(t, tt.deleted, deleted)
		})
	}
}

func TestADeletionThatFailsEndsTheRotation(t *testing.T) {
	t.Parallel()
	hydra := clienttest.New(t, clienttest.V2)
	hydra.Respond("createJsonWebKeySet", set(kids[3]))
	hydra.Respond("getJsonWebKeySet", set(kids...))
	hydra.Respond("deleteJsonWebKey", clienttest.JSON(http.StatusNotFound, nil)) // of a proxy
	var out strings.Builder
	require.ErrorIs(t, rotate(t.Context(), hydra.Client(), "example", "ES256", kids[3], &out), client.ErrWrongBaseURL)
	assert.Empty(t, out.String())
}

func TestNothingIsDeletedFromAnotherSet(t *testing.T) {
	t.Parallel()
	hydra := clienttest.New(t, clienttest.V2)
	hydra.Respond("createJsonWebKeySet", set(kids[3]))
	hydra.Respond("getJsonWebKeySet", set(kids[0], kids[1], kids[2]))
	require.Error(t, rotate(t.Context(), hydra.Client(), "example", "ES256", kids[3], &strings.Builder{}))
	hydra.WantCalls("createJsonWebKeySet", "getJsonWebKeySet")
}
