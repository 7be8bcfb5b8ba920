package clientweb_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/client/clientweb"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// TestExplain makes the errors that calls return, and not only the values to compare with.
func TestExplain(t *testing.T) {
	t.Parallel()
	const secret = "secret-detail"
	read := func(admin *client.AdminAPI, challenge string) error {
		_, err := admin.GetLoginRequest(context.Background(), challenge)
		return err
	}
	accept := func(admin *client.AdminAPI, challenge string) error {
		_, err := admin.AcceptLoginRequest(context.Background(), challenge, models.AcceptLoginRequest{Subject: "alice"})
		return err
	}
	for name, tt := range map[string]struct {
		status int // of Hydra
		call   func(*client.AdminAPI, string) error
		want   int
	}{
		"unknown challenge":         {http.StatusNotFound, read, http.StatusNotFound},
		"garbled challenge":         {http.StatusBadRequest, read, http.StatusNotFound},
		"mistake of the provider":   {http.StatusBadRequest, accept, http.StatusServiceUnavailable},
		"accepted before":           {http.StatusConflict, accept, http.StatusConflict},
		"bad credentials":           {http.StatusForbidden, read, http.StatusServiceUnavailable},
		"too many requests":         {http.StatusTooManyRequests, read, http.StatusServiceUnavailable},
		"outage":                    {http.StatusInternalServerError, read, http.StatusServiceUnavailable},
		"gateway":                   {http.StatusBadGateway, accept, http.StatusServiceUnavailable},
		"gone without a redirect":   {http.StatusGone, read, http.StatusConflict},
		"redirect to another place": {http.StatusTemporaryRedirect, read, http.StatusServiceUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hydra := clienttest.New(t, clienttest.V1)
			response := clienttest.JSON(tt.status, map[string]string{"error": secret, "error_description": secret})
			hydra.Respond("getLoginRequest", response)
			hydra.Respond("acceptLoginRequest", response)
			err := tt.call(hydra.Client(client.WithRetries(0)), "challenge")
			require.Error(t, err)
			message := clientweb.Explain(err)
			assert.Equal(t, tt.want, message.Status, err)
			assert.NotEmpty(t, message.Title)
			assert.NotContains(t, message.Title+message.Text, secret)
		})
	}
	t.Run("nothing was sent", func(t *testing.T) {
		t.Parallel()
		admin := clienttest.New(t, clienttest.V1).Client()
		assert.Equal(t, http.StatusNotFound, clientweb.Explain(read(admin, "")).Status, "no challenge")
		_, err := admin.AcceptLoginRequest(t.Context(), "challenge", models.AcceptLoginRequest{})
		assert.Equal(t, http.StatusServiceUnavailable, clientweb.Explain(err).Status, "no subject: a mistake of the provider")
	})
	t.Run("404 of two kinds", func(t *testing.T) {
		t.Parallel()
		elsewhere := httptest.NewServer(http.NotFoundHandler())
		t.Cleanup(elsewhere.Close)
		admin, err := client.New(elsewhere.URL)
		require.NoError(t, err)
		err = read(admin, "challenge")
		require.ErrorIs(t, err, client.ErrNotFound)
		assert.Equal(t, http.StatusServiceUnavailable, clientweb.Explain(err).Status, err)

		lacking := fmt.Errorf("%w: %w", client.ErrNotSupported, client.ErrNotFound)
		assert.Equal(t, http.StatusNotFound, clientweb.Explain(lacking).Status, "a device challenge, of an old Hydra")
	})
	t.Run("others", func(t *testing.T) {
		t.Parallel()
		for err, want := range map[error]int{
			client.ErrChallengeExpired: http.StatusGone,
			client.ErrWrongBaseURL:     http.StatusServiceUnavailable,
			client.ErrResponseLost:     http.StatusServiceUnavailable,
			context.Canceled:           http.StatusServiceUnavailable,
			errors.New(secret):         http.StatusServiceUnavailable,
		} {
			assert.Equal(t, want, clientweb.Explain(err).Status, err)
		}
		assert.Equal(t, http.StatusServiceUnavailable, clientweb.Explain(nil).Status)
	})
}
