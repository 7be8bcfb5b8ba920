package client_test

import (
	"net/http"
	"runtime/debug"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
)

func TestUserAgent(t *testing.T) {
	t.Parallel()
	const module = "example.com/sdk"
	other := &debug.Module{Path: "example.com/other", Version: "v9.9.9"}
	for want, dep := range map[string]*debug.Module{
		"/v1.2.3": {Path: module, Version: "v1.2.3"},
		"":        {Path: module, Version: "(devel)"},
	} {
		assert.Equal(t, want, client.VersionIn([]*debug.Module{other, dep}, module))
	}
	replaced := &debug.Module{Path: module, Version: "v1.2.3", Replace: &debug.Module{Path: "../sdk"}}
	assert.Empty(t, client.VersionIn([]*debug.Module{other, replaced}, module), "the replaced version is not the one that runs")
	assert.Empty(t, client.VersionIn([]*debug.Module{other}, module))

	var agent string
	api := faulty(t, func(r *http.Request) (*http.Response, error) {
		agent = r.Header.Get("User-Agent")
		return httpmock.NewStringResponse(http.StatusNoContent, ""), nil
	})
	require.NoError(t, api.DeleteOAuth2Client(t.Context(), "c", client.WithUserAgent("my-idp/1.4")))
	assert.Equal(t, "my-idp/1.4 hydra-admin-go", agent)
	require.NoError(t, api.DeleteOAuth2Client(t.Context(), "c", client.WithHeader("User-Agent", "")))
	assert.Equal(t, "hydra-admin-go", agent, "net/http would send its own")
}
