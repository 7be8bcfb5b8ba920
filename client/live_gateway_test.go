//go:build live

package client_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// TestLiveListsWithoutClients is TestListsWithoutClients with real servers.
func TestLiveListsWithoutClients(t *testing.T) {
	t.Parallel()
	hydra.EachVersion(t, func(t *testing.T, version hydra.Version) {
		t.Helper()
		server := hydra.Run(t, hydra.Config{Version: version})
		root, prefix := strings.TrimSuffix(server.AdminURL, "/admin"), ""
		if root != server.AdminURL {
			prefix = "/admin"
		}
		to, err := url.Parse(root)
		require.NoError(t, err)
		proxy := httputil.NewSingleHostReverseProxy(to)
		gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/clients") {
				http.Error(w, "forbidden", http.StatusForbidden)
				return
			}
			proxy.ServeHTTP(w, r)
		}))
		t.Cleanup(gateway.Close)
		for _, params := range []client.ListSubjectConsentSessionsParams{{}, {Limit: 2}} {
			api := newClient(t, gateway.URL+prefix)
			page, err := api.ListSubjectConsentSessions(t.Context(), "nobody", params)
			require.NoError(t, err)
			assert.Empty(t, page.Items)
			assert.Empty(t, page.Next)
			_, err = collect(api.AllSubjectConsentSessions(t.Context(), "nobody", params), func(models.PreviousConsentSession) string { return "" })
			require.NoError(t, err)
		}
		var want error
		if version.HasDeviceFlow() {
			want = client.ErrNotSupported
		}
		_, err = newClient(t, gateway.URL+prefix).ListSubjectConsentSessions(t.Context(), "nobody", client.ListSubjectConsentSessionsParams{Offset: 5})
		require.ErrorIs(t, err, want)
		_, err = newClient(t, gateway.URL+prefix).ListTrustedJWTGrantIssuers(t.Context(), client.ListTrustedJWTGrantIssuersParams{Offset: 5})
		require.ErrorIs(t, err, want)
	})
}
