//go:build live

package browser

import (
	"log/slog"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/examples/login-consent/provider"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
)

// TestKeptPages goes back to pages that Chromium has in its back/forward cache although they
// have Cache-Control: no-store, and goes on from there with the provider of the example.
func TestKeptPages(t *testing.T) {
	hydra.EachVersion(t, func(t *testing.T, version hydra.Version) {
		t.Helper()
		r := newRig(t, version)
		admin, err := client.New(r.hydra.AdminURL)
		require.NoError(t, err)
		users, err := provider.DemoUsers()
		require.NoError(t, err)
		pages := provider.New(provider.Config{Admin: admin, PublicURL: r.public, Users: users, Log: slog.New(slog.DiscardHandler)})
		var got atomic.Int32
		var handler http.Handler = http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			if req.URL.Path == "/consent" || req.URL.Path == "/login" {
				got.Add(1)
			}
			pages.ServeHTTP(w, req)
		})
		r.provider.Store(&handler)
		// The default of the driver is without the cache.
		browser := chromium(t, chromedp.Flag("disable-features", "Translate,BlinkGenPropertyTrees"))
		const consent = "shop asks for access"
		for _, button := range []string{"allow", "deny"} {
			for _, again := range []string{"allow", "deny"} {
				t.Run(button+" "+again, func(t *testing.T) {
					end := map[string]string{"allow": "code", "deny": "error: access_denied"}
					v := newTab(browser, t, r)
					v.open(r.appURL + "/")
					v.do(chromedp.Click("#start"))
					v.signsIn(consent)
					v.presses(button, end[button])
					before := got.Load()
					time.Sleep(2 * time.Second) // the redirect of the first decision is used by then
					v.back()
					v.mustSee(consent)
					assert.Equal(t, before, got.Load(), "the page is from the cache")
					v.presses(again, "Sign in") // which starts over
					v.signsIn(consent)
					v.presses(again, end[again])
				})
			}
		}
	})
}

// presses clicks a button by a script: the driver knows no places on a kept page.
func (v tab) presses(button, wanted string) {
	v.Helper()
	v.run(`document.querySelector('button[value=` + button + `]').click()`)
	v.mustSee(wanted)
}

func (v tab) mustSee(heading string) {
	v.Helper()
	require.Empty(v, v.wait(heading), "wanted %s", heading)
}

func (v tab) signsIn(wanted string) {
	v.Helper()
	v.mustSee("Sign in")
	v.run(`document.querySelector('#name').value = 'bob'; document.querySelector('#password').value = 'builder'`)
	v.presses("login", wanted)
}
