//go:build live

package record

import (
	"maps"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// recordBoth starts a server with proxies in front of both ports.
func recordBoth(t *testing.T, cfg hydra.Config, recorded map[string][]byte) *recorder {
	t.Helper()
	// The server redirects to the URL of the proxy, so that must be known before.
	public := httptest.NewUnstartedServer(nil)
	cfg.PublicURL = "http://" + public.Listener.Addr().String()
	r := record(t, cfg, recorded)
	r.awaitKeys()
	public.Config.Handler = r.proxy(r.PublicURL, fixture.PublicHost)
	public.Start()
	t.Cleanup(public.Close)
	r.PublicURL = cfg.PublicURL
	return r
}

// provider records the exchanges of a login, consent and logout provider, at both
// ports: each call in each state of a request. client/clienttest replays them. The
// cases are named kit-<scenario>-<state>.
func provider(t *testing.T, version hydra.Version, recorded map[string][]byte) {
	t.Helper()
	r := recordBoth(t, hydra.Config{Version: version}, recorded)
	app, again := r.providerApp("example-app"), r.providerApp("remembered-app")

	r.walk("login", logins, func() (*hydra.Browser, string) {
		b := hydra.NewBrowser()
		return b, r.watch("kit-login-start", b, authURL(app)).Query().Get("login_challenge")
	})
	r.walk("consent", consents, func() (*hydra.Browser, string) {
		b := hydra.NewBrowser()
		return b, r.accepted(b, authURL(app), alice)
	})

	lasting := granted
	lasting.Remember = true
	r.granted(hydra.NewBrowser(), again, alice, lasting)
	r.walk("remembered-login", rememberedLogins, func() (*hydra.Browser, string) {
		b := hydra.NewBrowser()
		r.granted(b, app, rememberedAlice, granted)
		return b, r.follow(b, authURL(again), "login_challenge")
	})
	r.walk("remembered-consent", consents, func() (*hydra.Browser, string) {
		b := hydra.NewBrowser()
		return b, r.accepted(b, authURL(again), alice)
	})

	endSession := r.PublicURL + "/oauth2/sessions/logout"
	r.walk("logout", logouts, func() (*hydra.Browser, string) {
		b := hydra.NewBrowser()
		hint := r.granted(b, app, rememberedAlice, granted).IDToken
		q := url.Values{"id_token_hint": {hint}, "post_logout_redirect_uri": {"http://127.0.0.1:5555/bye"}, "state": {"bye"}}
		page := endSession + "?" + q.Encode()
		r.watch("kit-logout-start", hydra.NewBrowser(), page)
		return b, r.follow(b, page, "logout_challenge")
	})
	r.walk("logout-by-user", logouts, func() (*hydra.Browser, string) {
		b := hydra.NewBrowser()
		r.granted(b, app, rememberedAlice, granted)
		return b, r.follow(b, endSession, "logout_challenge")
	})
	if version.HasDeviceFlow() {
		r.device()
	}
	r.refusals(app)
}

// lateProvider records requests that are not accepted in time.
func lateProvider(t *testing.T, version hydra.Version, recorded map[string][]byte) {
	t.Helper()
	const ttl = 2 * time.Second
	r := recordBoth(t, hydra.Config{Version: version, ChallengeTTL: ttl}, recorded)
	app := r.providerApp("example-app")
	wait := func() {
		select {
		case <-time.After(ttl + time.Second):
		case <-r.Context().Done():
		}
	}
	r.walk("expired-login", logins, func() (*hydra.Browser, string) {
		b := hydra.NewBrowser()
		defer wait()
		return b, r.follow(b, authURL(app), "login_challenge")
	})
	r.walk("expired-consent", consents, func() (*hydra.Browser, string) {
		b := hydra.NewBrowser()
		defer wait()
		return b, r.accepted(b, authURL(app), alice)
	})
	if version.HasDeviceFlow() {
		d, b, challenge := r.started(r.deviceApp("device-app"))
		wait()
		r.visitDevice("expired-device", b, challenge, d.UserCode).accept()
	}
}

var rememberedAlice = models.AcceptLoginRequest{Subject: "alice", Remember: true, RememberFor: 3600}

func (r *recorder) providerApp(id string) hydra.App {
	return r.app(id, func(c *models.OAuth2Client) { c.ClientName = "Example App" })
}

func authURL(app hydra.App) string {
	return app.AuthURL("openid offline read", "audience", "https://api.example.com")
}

// watch opens a page at the public port in the browser, and returns the URL that it
// redirects to. It keeps the exchange if it is the first of its name.
func (r *recorder) watch(name string, b *hydra.Browser, page string) *url.URL {
	r.Helper()
	named := func(file string) bool {
		return strings.HasPrefix(file, "browser/") && strings.HasSuffix(file, "-"+name+".http")
	}
	if !slices.ContainsFunc(slices.Collect(maps.Keys(r.recorded)), named) {
		r.expect("browser", name, -1)
		defer r.expect("", "", -1)
	}
	next, err := b.Follow(r.Context(), page)
	require.NoError(r, err)
	return next
}
