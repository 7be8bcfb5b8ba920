//go:build live

package browser

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// TestTabs takes two logins in one browser through all orders of their steps, and two apps or
// one, with a real Hydra and with that of client/clienttest. Each step has to end at the same
// place.
func TestTabs(t *testing.T) {
	kit := map[string]map[string]any{}
	t.Run("clienttest", func(t *testing.T) {
		for _, version := range fixture.Versions() {
			kit[version] = inTabs(func() user {
				s := clienttest.New(t, clienttest.Version(version))
				elsewhere := func(page string) *url.URL {
					req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, page, nil)
					require.NoError(t, err)
					resp, err := s.RoundTrip(req)
					require.NoError(t, err)
					_ = resp.Body.Close()
					to, err := resp.Location()
					require.NoError(t, err)
					return to
				}
				start := func(app string) string { return s.StartURL("client_id", app) }
				return user{T: t, admin: s.Client(), follow: s.Follow, elsewhere: elsewhere, start: start}
			})
		}
	})
	hydra.EachVersion(t, func(t *testing.T, version hydra.Version) {
		t.Helper()
		if kit[version.Name] == nil {
			t.Skipf("client/clienttest does not have %s", version.Name)
		}
		r := newRig(t, version)
		admin, err := client.New(r.hydra.AdminURL)
		require.NoError(t, err)
		bank := r.app
		bank.ID = "bank"
		_, err = admin.CreateOAuth2Client(t.Context(), models.OAuth2Client{
			ClientID: bank.ID, ClientSecret: bank.Secret, RedirectURIs: []string{bank.RedirectURI}, ResponseTypes: []string{"code"}, Scope: "openid offline",
		})
		require.NoError(t, err)
		assert.Equal(t, kit[version.Name], inTabs(func() user {
			in := func(b *hydra.Browser) func(string) *url.URL {
				return func(page string) *url.URL {
					to, err := b.Follow(t.Context(), page)
					require.NoError(t, err)
					return to
				}
			}
			start := func(app string) string {
				a := r.app
				a.ID = app
				return a.AuthURL("openid offline", "state", rand.Text())
			}
			return user{T: t, admin: admin, follow: in(hydra.NewBrowser()), elsewhere: in(hydra.NewBrowser()), start: start}
		}))
	})
}

// inTabs returns where each step of all orders ends.
func inTabs(newUser func() user) map[string]any {
	ends := map[string]any{}
	for _, second := range []string{"shop", "bank"} {
		for _, order := range orders("", "SLC", "slc") {
			u := newUser()
			ends[second+" "+order] = u.takes(second, order)
		}
	}
	for _, step := range []string{"L", "C"} {
		u := newUser()
		ends["another browser "+step] = u.leaves(step)
	}
	return ends
}

// orders returns all ways to do the steps of two tabs.
func orders(done, first, second string) (all []string) {
	if first == "" || second == "" {
		return []string{done + first + second}
	}
	all = orders(done+first[:1], first[1:], second)
	return append(all, orders(done+second[:1], first, second[1:])...)
}

// A user has two tabs. The steps of the first one are S, which starts a login, L, which signs
// in, and C, which allows. Those of the second are s, l and c.
type user struct {
	*testing.T

	admin             *client.AdminAPI
	follow, elsewhere func(page string) *url.URL
	start             func(app string) string
	at                [2]*url.URL
}

// takes does the steps, and returns where each of them ends.
func (u *user) takes(second, order string) map[string]string {
	u.Helper()
	ends := map[string]string{}
	for step := range strings.SplitSeq(order, "") {
		tab, app := 0, "shop"
		if step == strings.ToLower(step) {
			tab, app = 1, second
		}
		ends[step] = u.step(tab, app, strings.ToUpper(step))
	}
	return ends
}

func (u *user) step(tab int, app, step string) string {
	u.Helper()
	switch at := u.at[tab]; {
	case step == "S":
		u.at[tab] = u.follow(u.start(app))
	case step == "L" && at.Query().Has("login_challenge"):
		done, err := u.admin.AcceptLoginRequest(u.Context(), at.Query().Get("login_challenge"), models.AcceptLoginRequest{Subject: "alice"})
		require.NoError(u, err)
		u.at[tab] = u.follow(done.RedirectTo)
	case step == "C" && at.Query().Has("consent_challenge"):
		done, err := u.admin.AcceptConsentRequest(u.Context(), at.Query().Get("consent_challenge"), models.AcceptConsentRequest{})
		require.NoError(u, err)
		u.at[tab] = u.follow(done.RedirectTo)
	default:
		return "not done"
	}
	return place(u.at[tab])
}

// place says where a browser is.
func place(at *url.URL) string {
	q := at.Query()
	for _, name := range []string{"login_challenge", "consent_challenge", "code"} {
		if q.Has(name) {
			return name
		}
	}
	return q.Get("error") + ": " + q.Get("error_description")
}

// leaves goes on with a login or consent in another browser, and then in the one that started it.
func (u *user) leaves(step string) []string {
	u.Helper()
	u.step(0, "shop", "S")
	if step == "C" {
		u.step(0, "shop", "L")
	}
	here := u.follow
	var ends []string
	u.follow = func(page string) *url.URL {
		ends = append(ends, place(u.elsewhere(page)))
		return here(page)
	}
	end := u.step(0, "shop", step)
	return append(ends, end)
}
