package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

const wantOutput = `created photos, with a secret of 26 characters
team-a owns photos
it has 2 redirect URIs now
it is deleted
`

func TestExampleOnRecordings(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"v1.11.10", "v2.3.0"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			require.NoError(t, run(t.Context(), clienttest.Replay(t, "testdata/"+version).Client(), &out))
			assert.Equal(t, wantOutput, out.String())
		})
	}
}

func TestExampleStopsUnlessTheClientIsGone(t *testing.T) {
	t.Parallel()
	photos := clienttest.JSON(http.StatusOK, models.OAuth2Client{ClientID: "photos", Owner: "team-a"})
	for name, tt := range map[string]struct {
		last clienttest.Response
		want string
	}{
		"still there":     {photos, "still there"},
		"404 of a proxy":  {clienttest.JSON(http.StatusNotFound, map[string]string{"message": "no Route matched with those values"}), "does not come from Hydra"},
		"an outage":       {clienttest.InternalServerError, "500"},
		"a lost response": {clienttest.Reset, "connection"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hydra := clienttest.New(t, clienttest.V1)
			hydra.Respond("createOAuth2Client", clienttest.JSON(http.StatusCreated, models.OAuth2Client{ClientID: "photos"}))
			hydra.Respond("listOAuth2Clients", clienttest.EmptyList)
			hydra.Respond("getOAuth2Client", photos, tt.last)
			hydra.Respond("updateOAuth2Client", photos)
			hydra.Respond("deleteOAuth2Client", clienttest.Recorded("204-done"))
			var out strings.Builder
			require.ErrorContains(t, run(t.Context(), hydra.Client(client.WithRetries(0)), &out), tt.want)
			assert.NotContains(t, out.String(), "deleted")
		})
	}
}

func TestExampleStopsIfAnotherClientHasTheID(t *testing.T) {
	t.Parallel()
	hydra := clienttest.New(t, clienttest.V1)
	hydra.Respond("createOAuth2Client", clienttest.Recorded("409-exists"))
	hydra.Respond("getOAuth2Client", clienttest.JSON(http.StatusOK, models.OAuth2Client{ClientID: "photos", Owner: "team-b"}))
	require.ErrorIs(t, run(t.Context(), hydra.Client(), &strings.Builder{}), client.ErrConflict)
	hydra.WantCalls("createOAuth2Client", "getOAuth2Client")
}

func TestExampleReplacesWhatAnInterruptedRunHasLeft(t *testing.T) {
	t.Parallel()
	hydra := clienttest.New(t, clienttest.V1)
	photos := models.OAuth2Client{ClientID: "photos", Owner: "team-a"}
	hydra.Respond("createOAuth2Client", clienttest.Recorded("409-exists"), clienttest.JSON(http.StatusCreated, photos))
	hydra.Respond("getOAuth2Client", clienttest.JSON(http.StatusOK, photos), clienttest.JSON(http.StatusOK, photos), clienttest.Recorded("404-unknown"))
	hydra.Respond("deleteOAuth2Client", clienttest.Recorded("204-done"))
	hydra.Respond("listOAuth2Clients", clienttest.EmptyList)
	hydra.Respond("updateOAuth2Client", clienttest.JSON(http.StatusOK, photos))
	require.NoError(t, run(t.Context(), hydra.Client(), &strings.Builder{}))
	hydra.WantCalls("createOAuth2Client", "getOAuth2Client", "deleteOAuth2Client", "createOAuth2Client",
		"listOAuth2Clients", "getOAuth2Client", "updateOAuth2Client", "deleteOAuth2Client", "getOAuth2Client")
}
