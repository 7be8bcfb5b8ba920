//go:build live

package browser

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/examples/login-consent/provider"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
)

// keepsPages replaces a default of the driver, which is without the back/forward cache.
var keepsPages = chromedp.Flag("disable-features", "Translate,BlinkGenPropertyTrees")

// TestBack goes back to pages of all kinds, in Chromium and in that of client/clienttest. They
// have to show the same, after as many requests.
func TestBack(t *testing.T) {
	var got atomic.Int32
	var status atomic.Int32
	var cacheControl atomic.Value
	pages := http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		switch req.URL.Path {
		case "/form":
			_, _ = io.WriteString(w, `<h1>form</h1><form method="post" action="/page"><button>Go</button></form>`)
		case "/page":
			got.Add(1)
			w.Header().Set("Cache-Control", cacheControl.Load().(string))
			w.WriteHeader(int(status.Load()))
			_, _ = io.WriteString(w, "<h1>"+req.Method+"</h1>")
		case "/end":
			_, _ = io.WriteString(w, "<h1>end</h1>")
		}
	})
	site := "http://" + serve(t, pages)
	for _, keeps := range []bool{false, true} {
		browser := chromium(t, chromedp.Flag("disable-back-forward-cache", true))
		if keeps {
			browser = chromium(t, keepsPages)
		}
		for _, control := range []string{"no-store", "private"} {
			for _, code := range []int{200, 401, 403, 404, 409, 410, 422, 429, 500, 503} {
				for _, method := range []string{http.MethodGet, http.MethodPost} {
					t.Run(fmt.Sprint(method, " ", code, " ", control, " ", keeps), func(t *testing.T) {
						status.Store(int32(code))
						cacheControl.Store(control)
						b := clienttest.New(t, clienttest.V1).Browser(pages)
						v := newTab(browser, t, new(rig))
						if method == http.MethodGet {
							b.Open("/page")
							v.open(site + "/page")
						} else {
							b.Open("/form").Press("Go", nil)
							v.open(site + "/form")
							v.mustSee("form")
							v.click("Go")
						}
						v.mustSee(method)
						b.Open("/end")
						v.open(site + "/end")
						v.mustSee("end")
						got.Store(0)
						p := b.Back
						if keeps {
							p = b.BackToKept
						}
						heading, _, _ := strings.Cut(p().Text(), " This")
						asked := got.Swap(0)
						v.back()
						v.mustSee(heading)
						assert.Equal(t, asked, got.Load(), "requests")
					})
				}
			}
		}
	}
}

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
		browser := chromium(t, keepsPages)
		const consent = appName + " asks for access"
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
					require.NoError(t, pause(t.Context(), 2*time.Second)) // the redirect of the first decision is used by then
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
