//go:build live

package login

import (
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func TestAUserLogsInToAnAppOfHydra(t *testing.T) {
	t.Parallel()
	hydra.EachVersion(t, func(t *testing.T, version hydra.Version) {
		t.Helper()
		var provider http.Handler
		self := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { provider.ServeHTTP(w, r) }))
		t.Cleanup(self.Close)
		server := hydra.Run(t, hydra.Config{Version: version, ProviderURL: self.URL})
		admin, err := client.New(server.AdminURL)
		require.NoError(t, err)
		provider = newProvider(admin, server.PublicURL, slog.New(slog.DiscardHandler))
		c, err := admin.CreateOAuth2Client(t.Context(), models.OAuth2Client{RedirectURIs: []string{self.URL + "/app"}, Scope: "openid offline read"})
		require.NoError(t, err)
		app := hydra.App{PublicURL: server.PublicURL, ID: c.ClientID, Secret: c.ClientSecret, RedirectURI: self.URL + "/app"}

		jar, err := cookiejar.New(nil)
		require.NoError(t, err)
		browser := &http.Client{Jar: jar}
		page, err := browser.Get(app.AuthURL("openid offline read"))
		require.NoError(t, err)
		require.NoError(t, page.Body.Close())
		form := url.Values{"login_challenge": {page.Request.URL.Query().Get("login_challenge")}, "name": {"alice"}, "password": {"secret"}}
		page, err = browser.PostForm(self.URL+"/login", form)
		require.NoError(t, err)
		text, err := io.ReadAll(page.Body)
		require.NoError(t, err)
		require.NoError(t, page.Body.Close())
		found := refresh.FindSubmatch(text)
		require.NotNil(t, found, string(text))
		page, err = browser.Get(html.UnescapeString(string(found[1])))
		require.NoError(t, err)
		require.NoError(t, page.Body.Close())

		token, err := app.Exchange(t.Context(), page.Request.URL.Query().Get("code"))
		require.NoError(t, err, page.Request.URL)
		info, err := admin.IntrospectOAuth2Token(t.Context(), token.AccessToken, client.IntrospectOAuth2TokenParams{})
		require.NoError(t, err)
		assert.Equal(t, []string{"alice", "openid read"}, []string{info.Subject, info.Scope}, "offline is not of the provider's scopes")

		page, err = browser.Get(app.AuthURL("openid read", "prompt", "none"))
		require.NoError(t, err)
		require.NoError(t, page.Body.Close())
		assert.NotEmpty(t, page.Request.URL.Query().Get("code"), page.Request.URL)
	})
}
