package v1106

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-openapi/runtime"
	runtimeclient "github.com/go-openapi/runtime/client"
	hydra "github.com/ory/hydra-client-go/client"
	"github.com/ory/hydra-client-go/client/admin"
	"github.com/ory/hydra-client-go/models"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
)

// TestOperations makes each call of the table.
func TestOperations(t *testing.T) {
	t.Parallel()
	for operation, call := range callsOfV1106(t, "") {
		if call == nil {
			continue
		}
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			server := clienttest.New(t, clienttest.V1)
			success := clienttest.JSON(http.StatusOK, map[string]string{"status": "ok", "version": "v1.11.10"})
			for _, name := range server.Cases(operation) {
				if strings.HasPrefix(name, "2") {
					success = clienttest.Recorded(name)
				}
			}
			server.Respond(operation, success)
			require.NoError(t, callsOfV1106(t, server.URL)[operation]())
			server.WantCalls(operation)
		})
	}
}

// TestSnippets runs what the guide quotes.
func TestSnippets(t *testing.T) {
	t.Parallel()
	server := clienttest.New(t, clienttest.V1)
	c, err := newClientV1106(server.URL)
	require.NoError(t, err)
	ctx := t.Context()

	for scenario, want := range map[clienttest.Scenario][2]string{
		clienttest.FreshLogin:   {"Example App", ""},
		clienttest.UnknownLogin: {"", "/start-over"},
	} {
		name, to, err := readLoginV1106(ctx, c, server.Open(scenario))
		require.NoError(t, err)
		assert.Equal(t, want, [2]string{name, to})
	}
	_, to, err := readLoginV1106(ctx, c, server.Open(clienttest.HandledLogin))
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(to, server.PublicURL), to)

	to, err = acceptLoginV1106(ctx, c, server.Open(clienttest.FreshLogin))
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(to, server.PublicURL), to)

	server.Respond("listOAuth2Clients", clienttest.Recorded("200-all"))
	ids, err := listClientsV1106(ctx, c)
	require.NoError(t, err)
	assert.NotEmpty(t, ids)

	server.Respond("getOAuth2Client", clienttest.Recorded("200-full"))
	server.Respond("updateOAuth2Client", clienttest.Recorded("200-read-and-written-back"))
	require.NoError(t, renameClientV1106(ctx, c, "full", "New name"))
	written := string(server.Calls("updateOAuth2Client")[0].Body)
	assert.NotContains(t, written, "implicit_grant_id_token_lifespan")
	assert.Contains(t, written, "12345678901234567890")
}

// TestBehaviour proves what the guide says of this client.
func TestBehaviour(t *testing.T) {
	t.Parallel()
	start := func(t *testing.T) (*clienttest.Server, *hydra.OryHydra) {
		t.Helper()
		server := clienttest.New(t, clienttest.V1)
		c, err := newClientV1106(server.URL)
		require.NoError(t, err)
		return server, c
	}

	t.Run("an error type for each operation and status", func(t *testing.T) {
		t.Parallel()
		server, c := start(t)
		server.Respond("getConsentRequest", clienttest.Recorded("410-handled"))
		_, err := c.Admin.GetConsentRequest(admin.NewGetConsentRequestParams().WithConsentChallenge(challenge))
		require.ErrorAs(t, err, new(*admin.GetConsentRequestGone))
	})
	t.Run("a status that is not documented loses its body", func(t *testing.T) {
		t.Parallel()
		server, c := start(t)
		server.Respond("acceptLoginRequest", clienttest.Recorded("409-again"))
		_, err := acceptLoginV1106(t.Context(), c, challenge)
		var apiErr *runtime.APIError
		require.ErrorAs(t, err, &apiErr)
		assert.Equal(t, http.StatusConflict, apiErr.Code)
		assert.ErrorContains(t, err, "(status 409): {}")
	})
	t.Run("there are no retries", func(t *testing.T) {
		t.Parallel()
		server, c := start(t)
		server.Respond("getLoginRequest", clienttest.BadGateway, clienttest.Recorded("200-fresh"))
		_, _, err := readLoginV1106(t.Context(), c, challenge)
		require.Error(t, err)
		assert.Equal(t, 30*time.Second, runtimeclient.DefaultTimeout)
	})
	t.Run("200 without a body is no error", func(t *testing.T) {
		t.Parallel()
		server, c := start(t)
		server.Respond("acceptLogoutRequest", clienttest.Handler(func(http.ResponseWriter, *http.Request) {}))
		done, err := c.Admin.AcceptLogoutRequest(admin.NewAcceptLogoutRequestParams().WithLogoutChallenge(challenge))
		require.NoError(t, err)
		assert.Nil(t, done.Payload.RedirectTo)
	})
	t.Run("texts of errors have the challenge", func(t *testing.T) {
		t.Parallel()
		server, c := start(t)
		server.Respond("getLoginRequest", clienttest.Reset)
		_, _, err := readLoginV1106(t.Context(), c, challenge)
		require.ErrorContains(t, err, challenge)
	})
	t.Run("revoking consent sessions without saying which is sent", func(t *testing.T) {
		t.Parallel()
		server, c := start(t)
		server.Respond("revokeConsentSessions", clienttest.Recorded("400-no-client-no-all.raw"))
		_, err := c.Admin.RevokeConsentSessions(admin.NewRevokeConsentSessionsParams().WithSubject(subject))
		require.Error(t, err)
		server.WantCalls("revokeConsentSessions")
	})
	t.Run("arguments that this SDK refuses are sent", func(t *testing.T) {
		t.Parallel()
		server, c := start(t)
		server.Respond("patchOAuth2Client", clienttest.Recorded("200-remove.raw"))
		patch := models.PatchRequest{{Op: new("remove"), Path: new("/owner")}}
		_, err := c.Admin.PatchOAuth2Client(admin.NewPatchOAuth2ClientParams().WithContext(t.Context()).WithID("full").WithBody(patch))
		require.NoError(t, err)
		server.Respond("deleteOAuth2Client", clienttest.Recorded("404-unknown"))
		_, err = c.Admin.DeleteOAuth2Client(admin.NewDeleteOAuth2ClientParams().WithID("a/b"))
		require.Error(t, err)
		server.WantCalls("patchOAuth2Client", "deleteOAuth2Client")
	})
	t.Run("redirects are followed", func(t *testing.T) {
		t.Parallel()
		server, c := start(t)
		server.Respond("deleteJsonWebKeySet", clienttest.Recorded("204-done"))
		server.Respond("deleteJsonWebKey", clienttest.Handler(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/keys/"+set, http.StatusTemporaryRedirect)
		}))
		_, err := c.Admin.DeleteJSONWebKey(admin.NewDeleteJSONWebKeyParams().WithSet(set).WithKid(kid))
		require.NoError(t, err)
		server.WantCalls("deleteJsonWebKey", "deleteJsonWebKeySet")
	})
}
