//go:build live

package browser

import (
	"context"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Where a user can be after Back or Forward: in the app, at a form, or at a page that says
// what to do.
var anywhere = []string{shop, signedIn, notIn, asked, "Sign in", "Sign out?", "This was already completed", "This link does not work"}

// goesBackAndForward goes back and forward after each step, and on from where it ends.
func goesBackAndForward(v visitor) {
	v.open(v.AppURL, shop)
	v.open(v.AppURL+"/login?as=bob", "Sign in")
	v.goesOn("after the login page was opened")
	v.open(v.AppURL+"/login?as=bob", "Sign in")
	v.fill("Password", "builder")
	v.press("Sign in", asked)
	v.goesOn("after the login")
	v.open(v.AppURL+"/login?as=bob", "Sign in")
	v.fill("Password", "builder")
	v.press("Sign in", asked)
	v.press("Allow", signedIn)
	v.goesOn("after the consent")
	v.open(v.AppURL+"/login?as=bob", "Sign in")
	v.fill("Password", "builder")
	v.press("Sign in", asked)
	v.press("Do not allow", notIn)
	v.goesOn("after a refusal")

	v.open(v.AppURL+"/login?as=bob", "Sign in")
	v.fill("Password", "builder")
	v.tick("Keep me signed in") // else Hydra has no session to end
	v.press("Sign in", asked)
	v.press("Allow", signedIn)
	v.press("Sign out", "Sign out?")
	v.press("Sign out", shop)
	v.goesOn("after the logout")
}

// goesOn goes back three pages and forward again, and makes sure of where each step ends.
// Then it signs in from there, which ends in the app: Hydra v1 lets a browser finish only the
// login that it started last, and tells the app of an earlier one that its cookie is wrong.
func (v visitor) goesOn(when string) {
	v.Helper()
	v.Log(when)
	for range 3 {
		v.history(-1)
		v.endsAt(anywhere...)
	}
	for range 3 {
		v.history(1)
		v.endsAt(anywhere...)
	}
	v.history(-1)
	v.endsAt(anywhere...)
	if heading := v.heading(); heading == "Sign in" {
		v.do(chromedp.SetValue("#name", "bob"))
		v.fill("Password", "builder")
		v.do(chromedp.Click(button("Sign in")))
		v.endsAt(asked, notIn)
	}
	if v.heading() == asked {
		v.do(chromedp.Click(button("Allow")))
		v.endsAt(signedIn, notIn)
	}
}

func (v visitor) heading() string { return result(v, chromedp.Text("h1")) }

// history goes so many pages forward, or back, if there are any.
func (v visitor) history(by int) {
	v.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, 3*time.Second)
	defer cancel()
	if by < 0 {
		_ = chromedp.Do(ctx, chromedp.NavigateBack())
		if v.address() == "about:blank" { // before the first page
			_ = chromedp.Do(ctx, chromedp.NavigateForward())
		}
		return
	}
	_ = chromedp.Do(ctx, chromedp.NavigateForward())
}

// opensTabs has three logins at once. Those of one app share a cookie, and only the last one
// can be finished; the others end in the app with an error of Hydra. See TestTabs.
func opensTabs(v visitor) {
	tabs := []visitor{v, v.tab(), v.tab()}
	for _, tab := range tabs {
		tab.open(v.AppURL+"/login?as=bob", "Sign in")
	}
	finished := 0
	for _, tab := range tabs {
		tab.fill("Password", "builder")
		tab.do(chromedp.Click(button("Sign in")))
		tab.endsAt(asked, notIn)
		if tab.heading() == notIn {
			continue
		}
		tab.do(chromedp.Click(button("Allow")))
		tab.endsAt(signedIn, notIn)
		if tab.heading() == signedIn {
			finished++
		}
	}
	assert.Positive(v, finished)
}

// tab opens another tab of the same browser.
func (v visitor) tab() visitor {
	v.Helper()
	ctx, stop := chromedp.NewContext(v.ctx)
	v.Cleanup(stop)
	require.NoError(v, chromedp.Do(ctx))
	v.ctx = ctx
	return v
}
