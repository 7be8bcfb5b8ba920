package client_test

import (
	"net/http"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
)

func TestNewFromEnv(t *testing.T) {
	var host string
	mock := httpmock.NewMockTransport()
	mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		host = r.URL.Host + r.URL.Path
		return httpmock.NewStringResponse(204, ""), nil
	})
	t.Setenv(client.EnvAdminURL, "http://hydra:4445/admin/")
	api, err := client.NewFromEnv(client.WithHTTPClient(&http.Client{Transport: mock}))
	require.NoError(t, err)
	require.NoError(t, api.DeleteOAuth2Client(t.Context(), "c"))
	assert.Equal(t, "hydra:4445/admin/clients/c", host)

	for value, want := range map[string]string{
		"":           "hydra: invalid argument: HYDRA_ADMIN_URL is not set",
		"hydra:4445": "hydra: invalid argument: HYDRA_ADMIN_URL must start with http:// or https://",
	} {
		t.Setenv(client.EnvAdminURL, value)
		_, err = client.NewFromEnv()
		require.EqualError(t, err, want)
	}
	t.Setenv(client.EnvAdminURL, "http://hydra:4445")
	_, err = client.NewFromEnv(client.WithTimeout(-1))
	require.EqualError(t, err, "hydra: invalid argument: d of WithTimeout is negative")
}
