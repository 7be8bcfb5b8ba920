package clienttest

import (
	"net/http"
	"slices"
)

func signsOut(c *checker) {
	c.Helper()
	if c.SignOut == "" {
		return
	}
	c.mustFinish(c.browser.Login(), "The app starts a login")
	p := c.asksToSignOut()
	if c.Stay != "" {
		c.stays(p)
		p = c.browser.Logout()
	}
	if p = p.Press(c.SignOut, nil); p.App() == nil {
		c.Errorf("clienttest: after signing out the user should come to the app, but sees %s", describe(p))
	}
}

// asksToSignOut returns the logout page, which has to have the buttons.
func (c *checker) asksToSignOut() *Page {
	c.Helper()
	before := len(c.decided())
	p := c.browser.Logout()
	if calls := c.decided(); len(calls) > before {
		c.Fatalf("clienttest: opening the logout page calls %s, though User.SignOut is %q: another site can sign the user out with a link or a picture. "+
			"Decide on the POST of a form, or leave SignOut and Stay empty if the provider is not to ask", calls[before], c.SignOut)
	}
	c.wantButton(p, c.SignOut)
	c.wantButton(p, c.Stay)
	return p
}

func (c *checker) stays(p *Page) {
	c.Helper()
	before := len(c.decided())
	next := p.Press(c.Stay, nil)
	calls := c.decided()[before:]
	switch {
	case slices.Contains(calls, "acceptLogoutRequest"):
		c.Fatalf("clienttest: after %q the user is signed out: acceptLogoutRequest is called. Call RejectLogoutRequest, and show a page", c.Stay)
	case next.Status >= http.StatusBadRequest, next.App() == nil && next.visible() == "", next.App() == nil && next.hasButton(c.SignOut):
		c.Fatalf("clienttest: after %q the user sees %s. Call RejectLogoutRequest, and show a page that says that the user is still signed in", c.Stay, describe(next))
	}
}

func signsOutTwice(c *checker) {
	c.Helper()
	if c.SignOut == "" {
		return
	}
	for _, gap := range []Gap{AtOnce, WhileHydraActs} {
		c := c.fresh()
		if p := c.browser.Logout(); p.hasButton(c.SignOut) {
			c.notBroken(p.PressTwice(gap, c.SignOut, nil), "The user clicks twice, the second time "+string(gap))
		}
	}
	p := c.browser.Logout()
	if !p.hasButton(c.SignOut) {
		return
	}
	p.Press(c.SignOut, nil)
	c.notBroken(c.browser.Back(), "After Back from the app, signed out")
}
