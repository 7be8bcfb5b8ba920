//go:build live

package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
)

// TestExampleOnHydra opens the page of the program, as the README says, and starts the
// program a second time.
func TestExampleOnHydra(t *testing.T) {
	t.Parallel()
	hydra.EachVersion(t, func(t *testing.T, version hydra.Version) {
		t.Helper()
		var handler http.Handler
		self := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
		t.Cleanup(self.Close)
		server := hydra.Run(t, hydra.Config{Version: version, ProviderURL: self.URL})
		admin, err := client.New(server.AdminURL)
		require.NoError(t, err)
		for range 2 {
			s := &site{admin, self.URL, server.PublicURL, "state-of-the-app"}
			handler, err = s.handler(t.Context())
			require.NoError(t, err)
			jar, err := cookiejar.New(nil)
			require.NoError(t, err)
			resp, err := (&http.Client{Jar: jar}).Get(self.URL)
			require.NoError(t, err)
			page, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			require.NoError(t, resp.Body.Close())
			assert.Equal(t, http.StatusOK, resp.StatusCode)
			assert.Regexp(t, `^alice is signed in, and the app has a token: \S{20,}\n$`, string(page))
		}
	})
}
