package clienttest

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html/atom"
)

// A User says how a user fills in the pages of a provider: /login, /consent and /logout. Only
// Login is required. What needs a field that is empty is not checked, and the test logs that.
//
// Buttons are named by their text. A page that lacks a named button fails the test.
type User struct {
	// Login is typed into the login page, by the names of its fields, and Wrong is what
	// the page refuses, such as another password.
	Login, Wrong map[string]string
	// Grant is ticked on the consent page, by the names of its fields. Other boxes stay as
	// they are in the page, but Check also ticks and unticks those whose name or value is a
	// scope (openid, offline and read), and compares what is granted.
	Grant map[string]string
	// Subject is the subject of the user.
	Subject string
	// Other is typed by another user, who uses the same browser after the first.
	Other map[string]string

	SignIn, Cancel string // on the login page; an empty SignIn is its first button
	Allow, Deny    string // on the consent page
	SignOut, Stay  string // on the logout page; there is none if SignOut is empty

	// FirstParty is a provider that grants without asking the user, also if the app asks
	// for that.
	FirstParty bool
}

// Check runs what users and browsers do to providers, each in a subtest with a Hydra of its
// own. A subtest fails where a user would be stuck in a browser, or others could decide in
// place of the user, in the ways that are listed below, and says what to change. If already the
// first one fails, in which the user only signs in, the others do not run.
//
// NewProvider returns the handler to test, for example with hydra.Client() and
// hydra.PublicURL, and with the headers that a proxy in front of it adds. Hydra sends
// browsers to its /login, /consent and /logout at [ProviderURL], each with the challenge in
// the query; there is no other way to name them. If yours are elsewhere, return a handler
// that rewrites the paths.
//
// It is checked
//   - that a user signs in, grants, refuses and signs out, and that the app hears of it
//   - what comes between: Back, two clicks, a wrong password, several tabs, another user at the
//     same browser, a page that is opened again, links that are fetched in advance
//   - that these do not sign in: a name that does not exist, an empty password, a form without
//     the field of the password, and the password of User.Other with the name in User.Login.
//     Each is sent once, to a provider of its own and from another address, as providers may
//     lock names and addresses. The password is what User.Login has for a field of type
//     password; a page without one is not checked for this, and the test logs that
//   - what the app asks for: prompt, max_age, login_hint, scopes and audiences; which scopes are
//     granted if some boxes are ticked, and that the audience is; that the consent page differs
//     between apps, and if a scope is added that it grants
//   - what Hydra does: logins and consents that it remembers, requests that are handled, expired
//     or unknown, and responses that are lost. After a lost response to an accept, a page of
//     status 5xx is no failure if the form can be sent again; a page that ends there is one, as
//     the RequestURL is known and the request can start over
//   - what pages show: no challenge, no text of an error of package client, no password that was
//     typed, no markup of others as HTML, and a word after a wrong password
//   - other sites: their forms are refused, pages with forms cannot be framed, and a page whose
//     URL has a challenge and that links or loads from elsewhere has a Referrer-Policy
//
// It is not checked
//   - passwords: how they are stored, how often they can be guessed, whether others that are
//     near the right one are refused, whether an unknown name takes as long as a wrong password,
//     second factors
//   - sessions of the provider, but for prompt and max_age; whether logins and consents are
//     remembered, always or never, which is a matter of taste
//   - what pages say, beyond the above: words, language, links to policies, accessibility, and
//     whether there is a page at /error
//   - scripts, styles and other files; TLS, and headers not named above
//   - whether claims and subjects are right, beyond User.Subject
//   - several instances of a provider, load, logs, and the page of the device flow
func Check(t *testing.T, version Version, newProvider func(hydra *Server) http.Handler, user User) {
	t.Helper()
	if len(user.Login) == 0 {
		t.Fatal("clienttest: User.Login is empty: name the fields of the login page")
	}
	if left := user.leavesOut(); len(left) > 0 {
		t.Logf("clienttest: not checked, as User does not have what it takes: %s", strings.Join(left, "; "))
	}
	for i, h := range hazards {
		ok := t.Run(h.name, func(t *testing.T) {
			if i > 0 {
				t.Parallel()
			}
			h.run((&checker{TB: t, User: user, newHydra: New, newProvider: newProvider}).at(version))
		})
		if !ok && i == 0 {
			return // all others would say the same
		}
	}
}

// leavesOut says what is not checked for want of a field.
func (u User) leavesOut() (left []string) {
	say := func(empty bool, what string) {
		if empty {
			left = append(left, what)
		}
	}
	say(u.Wrong == nil, "a wrong password (Wrong)")
	say(u.Subject == "", "the subject of the login (Subject)")
	say(len(u.Other) == 0, "another user in the same browser, and the password of another user (Other)")
	say(u.Cancel == "", "refusing the login (Cancel)")
	say(u.Allow == "" && !u.FirstParty, "what the consent page says, and what its boxes grant (Allow)")
	say(u.Deny == "" && !u.FirstParty, "refusing the consent (Deny)")
	say(u.SignOut == "", "logout (SignOut)")
	say(u.SignOut != "" && u.Stay == "", "refusing the logout (Stay)")
	return left
}

// A hazard is something that happens to a provider.
type hazard struct {
	name string
	run  func(c *checker)
}

// A checker runs one hazard.
type checker struct {
	testing.TB
	User

	newHydra    func(tb testing.TB, version Version) *Server
	newProvider func(hydra *Server) http.Handler
	hydra       *Server
	browser     *Browser
	told        bool // that a page shows a challenge
}

// at returns a checker with a Hydra, provider and browser of its own.
func (c *checker) at(version Version) *checker {
	c.Helper()
	c = &checker{TB: c.TB, User: c.User, newHydra: c.newHydra, newProvider: c.newProvider}
	c.hydra = c.newHydra(c.TB, version)
	c.browser = c.hydra.Browser(c.newProvider(c.hydra))
	c.browser.seen = c.notShown
	return c
}

// fresh returns a checker with others of each.
func (c *checker) fresh() *checker {
	c.Helper()
	return c.at(c.hydra.version)
}

// decided returns the calls that accept or reject a request.
func (c *checker) decided() (calls []string) {
	for _, call := range c.hydra.Calls() {
		if call.Operation.Method != http.MethodGet {
			calls = append(calls, call.Operation.ID)
		}
	}
	return calls
}

// wantLogin fails unless the page is the login page.
func (c *checker) wantLogin(p *Page, after string) {
	c.Helper()
	if !c.atLogin(p) {
		c.Fatalf("clienttest: %s: the user should see the login page, but sees %s", after, describe(p))
	}
}

func (c *checker) atLogin(p *Page) bool {
	for name := range c.Login {
		if !p.hasField(name) {
			return false
		}
	}
	return p.App() == nil
}

// knowsForm fails if the login page has no field of a name in User.Login.
func (c *checker) knowsForm(p *Page) {
	c.Helper()
	fields := p.fields()
	if p.App() != nil || len(fields) == 0 {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(c.Login)) {
		if !slices.Contains(fields, name) {
			c.Fatalf("clienttest: the form at %s has no field %q, which User.Login has; it has %q", at(p.URL), name, fields)
		}
	}
}

// fields returns the names of the fields of the page.
func (p *Page) fields() (names []string) {
	for n := range p.elements(atom.Input, atom.Textarea, atom.Select) {
		if name := attribute(n, "name"); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// wantButton fails if a page does not have a button that User names.
func (c *checker) wantButton(p *Page, text string) {
	c.Helper()
	if text != "" && !p.hasButton(text) {
		c.Fatalf("clienttest: the page has no button %q; it has %q. The user sees %s", text, p.Buttons(), describe(p))
	}
}

// wantAllow fails if a page asks for a consent, with other buttons.
func (c *checker) wantAllow(p *Page) {
	c.Helper()
	if p.App() == nil && p.Status < http.StatusBadRequest && len(p.Buttons()) > 0 && p.URL.Query().Has("consent_challenge") {
		if c.Allow == "" {
			c.Fatalf("clienttest: the page at %s asks for a consent, and User.Allow is empty; the page has the buttons %q", at(p.URL), p.Buttons())
		}
		c.wantButton(p, c.Allow)
	}
}

// goesOn follows a link of a page that leads to a new start, if the page does not go on
// otherwise.
func (c *checker) goesOn(p *Page) *Page {
	c.Helper()
	if c.goes(p) || c.browser.at(p.URL) != "the provider" {
		return p
	}
	for n := range p.elements(atom.A) {
		link := p.resolve(attribute(n, "href"))
		if link == nil || attribute(n, "href") == "" {
			continue
		}
		to := link
		if c.browser.at(link) == "the provider" && link.String() != p.URL.String() {
			resp := c.browser.fetch(c.Context(), &navigation{method: http.MethodGet, url: link, from: p})
			to, _ = link.Parse(resp.header.Get("Location"))
		}
		if to != nil && c.browser.at(to) == "Hydra" && to.Path == authPath {
			return c.browser.navigate(navigation{method: http.MethodGet, url: link, from: p})
		}
	}
	return p
}

func (c *checker) atConsent(p *Page) bool { return p.App() == nil && p.hasButton(c.Allow) }

// describe says what a user sees.
func describe(p *Page) string {
	if app := p.App(); app != nil {
		reason := strings.TrimSuffix(shortened(app.Get("error_description")), ".")
		switch {
		case app.Get("error") == "":
		case reason == "":
			return fmt.Sprintf("the app with the error %q", app.Get("error"))
		default:
			return fmt.Sprintf("the app with the error %q: %s", app.Get("error"), reason)
		}
		return "the app"
	}
	return fmt.Sprintf("status %d at %s: %s", p.Status, at(p.URL), strings.TrimRight(cut(shortened(p.Text())), "."))
}

// signIn goes on until the consent page or the app.
func (c *checker) signIn(p *Page, after string) *Page {
	c.Helper()
	if c.atLogin(p) {
		p = p.Press(c.SignIn, c.Login)
		if c.atLogin(p) {
			c.Fatalf("clienttest: %s: after the password was typed, the login page is there again: %s", after, describe(p))
		}
	}
	return p
}

// mustFinish goes on from a page until the app has a code.
func (c *checker) mustFinish(p *Page, after string) {
	c.Helper()
	p = c.signIn(c.goesOn(p), after)
	c.wantAllow(p)
	if c.atConsent(p) {
		p = p.Press(c.Allow, c.Grant)
	}
	if p.App().Get("code") != "" {
		return
	}
	hint := ""
	switch {
	case !strings.HasPrefix(after, "After Back"):
	case p.Status == http.StatusConflict:
		hint = ". If that is the page of clientweb.Explain: ask StartOver first, with hydra.PublicURL"
	case p.App() != nil && c.hydra.version != V1:
		hint = ". From v2 on Hydra does not say that a consent was decided: keep which were, and redirect to RequestURL in place of the page, " +
			"as clientweb.Once.Decided and StartOver do"
	}
	c.Fatalf("clienttest: %s: the user should come to the app, with a code, but sees %s%s", after, describe(p), hint)
}

// toConsent returns the consent page, or nil if the provider has none.
func (c *checker) toConsent() *Page {
	c.Helper()
	p := c.signIn(c.browser.Login(), "The app starts a login")
	if c.FirstParty && p.App() != nil {
		return nil
	}
	c.wantAllow(p)
	if !c.atConsent(p) {
		c.Fatalf("clienttest: the user should see the consent page after the login, but sees %s", describe(p))
	}
	return p
}
