package clienttest

import (
	"net/http"
	"slices"
	"strings"
)

func twoLogins(c *checker) {
	c.Helper()
	first := c.browser.Login()
	c.browser.Login()
	if c.atLogin(first) {
		c.decidesOn(first, "acceptLoginRequest", c.SignIn, c.Login, "two apps start a login in the same browser, the user signs in to the first")
	}
}

func twoConsents(c *checker) {
	c.Helper()
	first := c.toConsent()
	if first == nil {
		return
	}
	if p := c.signIn(c.browser.Login(), "A second app starts a login in the same browser"); c.atConsent(p) {
		c.decidesOn(first, "acceptConsentRequest", c.Allow, c.Grant, "two apps ask for a consent in the same browser, the user allows the first")
	}
}

func twoLogouts(c *checker) {
	c.Helper()
	if c.SignOut == "" {
		return
	}
	first := c.browser.Logout()
	c.browser.Logout()
	if first.hasButton(c.SignOut) {
		c.decidesOn(first, "acceptLogoutRequest", c.SignOut, nil, "two apps start a logout in the same browser, the user signs out of the first")
	}
}

// decidesOn presses a button of the first of two pages, and fails if it is not the request of
// that page which is accepted.
func (c *checker) decidesOn(first *Page, operation, button string, fields map[string]string, after string) {
	c.Helper()
	noun := strings.ToLower(strings.TrimSuffix(strings.TrimPrefix(operation, "accept"), "Request"))
	parameter := noun + "_challenge"
	challenge := first.challenge(parameter)
	if challenge == "" {
		return
	}
	before := len(c.hydra.Calls(operation))
	next := first.Press(button, fields)
	switch calls := c.hydra.Calls(operation)[before:]; {
	case len(calls) == 0:
		c.Errorf("clienttest: %s, and no %s is accepted: the user sees %s. What the second page sets, such as a token in a cookie, must not spoil the first: "+
			"keep one for each form, or the same for all of them", after, noun, describe(next))
	case calls[0].Query.Get(parameter) != challenge:
		c.Errorf("clienttest: %s, and it is not that %s that is accepted. "+
			"A cookie holds one challenge for all tabs: keep it in a field of the form", after, noun)
	}
}

// otherUser signs in as another user with the form of a login that was accepted.
func otherUser(c *checker) {
	c.Helper()
	if len(c.Other) == 0 {
		return
	}
	c.fresh().signsInAsOther(func(c *checker, p *Page) *Page {
		first := p.press(c.SignIn, c.Login)
		c.browser.fetch(c.Context(), &first) // the user stops the browser
		return p
	})
	c.fresh().signsInAsOther(func(c *checker, p *Page) *Page {
		c.signIn(p, "The app starts a login")
		return c.browser.Back()
	})
}

func (c *checker) signsInAsOther(first func(c *checker, p *Page) *Page) {
	c.Helper()
	p := c.browser.Login()
	if !c.atLogin(p) {
		return
	}
	p = first(c, p)
	accepted := c.hydra.Calls("acceptLoginRequest")
	if len(accepted) == 0 || !c.atLogin(p) {
		return
	}
	for range 2 { // the first time, the login may start over
		if c.atLogin(p) {
			p = p.Press(c.SignIn, c.Other)
		}
	}
	if c.atLogin(p) {
		c.Fatalf("clienttest: after User.Other was typed, the login page is there again: %s", describe(p))
	}
	subject := text(accepted[0].Body, "subject")
	isAnother := func(call Call) bool { return text(call.Body, "subject") != subject }
	if c.signedIn(p) == subject && !slices.ContainsFunc(c.hydra.Calls("acceptLoginRequest"), isAnother) {
		c.Errorf("clienttest: a login is accepted, the user goes back and signs in as another one, and is signed in as the first. " +
			"Keep the RedirectTo of an accept for the same subject only: it is the decision of clientweb.Once.Do")
	}
}

// signedIn returns the subject of the login that led to a page, unless Hydra has remembered it.
func (c *checker) signedIn(p *Page) string {
	c.hydra.mu.Lock()
	defer c.hydra.mu.Unlock()
	req := c.hydra.requests[p.challenge("consent_challenge")]
	if req == nil || req.flow.login == nil || req.flow.session != nil {
		return ""
	}
	return req.flow.login.Subject
}

// fromElsewhere is another site that sends the forms of the provider, as it got them itself,
// from the browser of the user.
func fromElsewhere(c *checker) {
	c.Helper()
	c.browser.Login() // the user has the cookies of the provider
	other := &checker{TB: c.TB, User: c.User, hydra: c.hydra, browser: c.hydra.Browser(c.browser.provider)}
	p := other.browser.Login()
	if c.atLogin(p) {
		c.refusesForm(p, c.SignIn, c.Login)
		p = other.signIn(other.browser.Login(), "Another user signs in") // the form may be spent
	}
	if c.atConsent(p) {
		c.refusesForm(p, c.Allow, c.Grant)
	}
	if p = nil; c.SignOut != "" {
		p = other.browser.Logout()
	}
	if p != nil && p.hasButton(c.SignOut) {
		c.refusesForm(p, c.SignOut, nil)
	}
}

func (c *checker) refusesForm(p *Page, button string, fields map[string]string) {
	c.Helper()
	for _, policy := range []string{"origin", "no-referrer"} {
		n := p.press(button, fields)
		if n.method != http.MethodPost {
			return
		}
		n.from = &Page{URL: parse(AppURL + "/"), Header: http.Header{"Referrer-Policy": {policy}}, browser: c.browser}
		before := len(c.decided())
		c.browser.fetch(c.Context(), &n)
		if calls := c.decided(); len(calls) > before {
			c.Fatalf("clienttest: another site sends the form of %s from the browser of the user (Sec-Fetch-Site: cross-site), and that calls %s. "+
				"Refuse forms of other sites: http.CrossOriginProtection does, or compare a token of the form with a cookie", at(p.URL), calls[before])
		}
	}
}
