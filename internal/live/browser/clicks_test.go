//go:build live

package browser

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// clicks presses a button twice, with so much time between, and waits for one of the pages.
func (v visitor) clicks(text string, gap time.Duration, wanted ...string) {
	v.Helper()
	box := result(v, chromedp.Dimensions(button(text))).Content
	x, y := (box[0]+box[4])/2, (box[1]+box[5])/2
	v.do(
		chromedp.MouseClickXY(x, y),
		chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error { return pause(ctx, gap) }),
		chromedp.MouseClickXY(x, y),
	)
	v.endsAt(wanted...)
	v.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error { return pause(ctx, 300*time.Millisecond) }))
	v.endsAt(wanted...) // to stay
}

// endsAt waits until the page has one of the headings. Another page at the end of the way
// fails the test.
func (v visitor) endsAt(wanted ...string) {
	v.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, time.Minute)
	defer cancel()
	var seen []string
	for ctx.Err() == nil {
		// A query that waits for a page that is going away does not see the next one.
		once, stop := context.WithTimeout(ctx, 2*time.Second)
		heading, err := chromedp.Run(once, chromedp.Text("h1", chromedp.AtLeast(1)))
		stop()
		heading = strings.Join(strings.Fields(heading), " ")
		if err == nil && slices.Contains(wanted, heading) {
			return
		}
		if len(seen) == 0 || seen[len(seen)-1] != heading {
			seen = append(seen, heading)
		}
		_ = pause(ctx, 50*time.Millisecond)
	}
	require.Fail(v, "the user ended elsewhere", "wanted %q, saw %q, at %s", wanted, seen, v.where())
}

func clicksTwice(v visitor) {
	v.network.slow(150 * time.Millisecond)
	for _, gap := range []time.Duration{0, 30, 100, 200, 400, 1000, 3000} {
		gap *= time.Millisecond
		v.Logf("clicking twice within %s", gap)
		v.open(v.AppURL+"/login?as=bob", "Sign in")
		v.clicks("Cancel", gap, notIn)
		assert.Contains(v, v.where(), "access_denied", gap)

		v.open(v.AppURL+"/login?as=bob", "Sign in")
		v.fill("Password", "builder")
		v.press("Sign in", asked)
		v.clicks("Do not allow", gap, notIn)
		assert.Contains(v, v.where(), "access_denied: The user did not allow it.", gap)

		v.open(v.AppURL+"/login?as=bob", "Sign in")
		v.fill("Password", "builder")
		v.tick("Keep me signed in") // else Hydra has no session to end
		// After a second a click is one on the next page.
		v.clicks("Sign in", gap, asked, signedIn)
		v.open(v.AppURL+"/login", asked)
		v.clicks("Allow", gap, signedIn, asked, "Sign out?")
		v.open(v.AppURL+"/login", asked)
		v.press("Allow", signedIn)
		assert.Contains(v, v.claims(), `"sub": "bob"`)

		v.open(v.AppURL+"/logout", "Sign out?")
		v.clicks("Stay signed in", gap, "You are still signed in")
		v.open(v.AppURL+"/login", asked)
		v.press("Allow", signedIn)
		v.open(v.AppURL+"/logout", "Sign out?")
		v.clicks("Sign out", gap, shop)
		if v.Hydra.Version.HasDeviceFlow() {
			k := v.findsKiosk()
			v.open(k.complete, connect)
			v.clicks("Connect", gap, "Sign in")
		}
	}
}

// signsInAgain presses the button, and types the password into the form of another login.
func (v visitor) signsInAgain() {
	v.Helper()
	before := v.address()
	v.do(chromedp.Click(button("Sign in")))
	require.Eventually(v, func() bool {
		now, err := chromedp.Run(v.ctx, chromedp.Location())
		return err == nil && now != before && strings.Contains(now, "login_challenge=")
	}, time.Minute, 50*time.Millisecond)
	v.sees("Sign in")
	v.fill("Password", "builder")
}

// ways are how the response to a call is lost: by status, where 0 is a reset.
func ways(method string) []int {
	if method == http.MethodGet {
		return []int{http.StatusBadGateway}
	}
	return []int{0, http.StatusBadGateway, http.StatusGatewayTimeout}
}

// losesResponses loses the response to each call once, and more often than the client
// retries. Hydra has done what it was asked. A lost response to a read is a read again,
// however it was lost.
func losesResponses(v visitor) {
	const requests = "/oauth2/auth/requests/"
	for _, call := range []struct {
		method, path string
		// relogin: the user has to sign in again, or ends at a page that says what to do.
		relogin bool
	}{
		{http.MethodGet, "login", false},
		{http.MethodPut, "login/accept", true},
		{http.MethodGet, "consent", false},
		{http.MethodPut, "consent/accept", false},
	} {
		for _, status := range ways(call.method) {
			name := fmt.Sprint(call.method, " ", call.path, " ", status)
			v.network.lose(fault{method: call.method, path: requests + call.path, times: 1, status: status})
			v.open(v.AppURL+"/login?as=bob", "Sign in")
			v.fill("Password", "builder")
			if call.relogin {
				v.signsInAgain()
			}
			v.press("Sign in", asked)
			v.press("Allow", signedIn)
			assert.False(v, v.network.pending(), name)
			assert.Contains(v, v.claims(), `"sub": "bob"`, name)
		}
	}
	for _, call := range [][2]string{{http.MethodGet, "logout"}, {http.MethodPut, "logout/accept"}} {
		for _, status := range ways(call[0]) {
			v.network.lose(fault{method: call[0], path: requests + call[1], times: 1, status: status})
			v.open(v.AppURL+"/login?as=bob", "Sign in")
			v.fill("Password", "builder")
			v.tick("Keep me signed in") // else Hydra has no session to end
			v.press("Sign in", asked)
			v.press("Allow", signedIn)
			v.press("Sign out", "Sign out?")
			v.press("Sign out", shop)
			assert.False(v, v.network.pending(), "%v %d", call, status)
		}
	}

	// All of them are lost.
	const notNow = "Signing in does not work right now"
	v.network.lose(fault{method: http.MethodGet, path: requests + "login", times: 1000, status: http.StatusBadGateway})
	v.open(v.AppURL+"/login?as=bob", notNow)
	v.network.lose(fault{method: http.MethodPut, path: requests + "login/accept", times: 1000, status: http.StatusGatewayTimeout})
	v.open(v.AppURL+"/login?as=bob", "Sign in")
	v.fill("Password", "builder")
	v.signsInAgain()
	v.press("Sign in", notNow)

	v.network.heal()
	v.open(v.AppURL+"/login?as=bob", "Sign in")
	v.fill("Password", "builder")
	v.tick("Keep me signed in")
	v.press("Sign in", asked)
	v.press("Allow", signedIn)
	v.network.lose(fault{method: http.MethodPut, path: requests + "login/accept", times: 1000, status: http.StatusGatewayTimeout})
	v.open(v.AppURL+"/login", notNow) // and not a circle of redirects
}
