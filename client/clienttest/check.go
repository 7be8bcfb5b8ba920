package clienttest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// A User says how a user fills in the pages of a provider. Buttons are named by their
// text; those of which the text is empty are not pressed.
type User struct {
	// Login is typed into the login page, by the names of its fields, and Wrong is what
	// the page refuses, such as another password.
	Login, Wrong map[string]string
	// Grant is ticked on the consent page.
	Grant map[string]string
	// Subject is the subject of the user. It is not checked if it is empty.
	Subject string

	SignIn, Cancel string // on the login page
	Allow, Deny    string // on the consent page
	SignOut, Stay  string // on the logout page

	// FirstParty is a provider that grants without asking the user, also if the app asks
	// for that.
	FirstParty bool
}

// Check runs what users and browsers do to providers, each in a subtest with a Hydra of its
// own: going back, clicking twice, a wrong password, a second tab, links that are fetched in
// advance, responses that are lost, and so on. A subtest fails where a user would be stuck in
// a browser, and says what to change. If already the first one fails, in which the user only
// signs in, the others do not run.
//
// NewProvider returns the handler to test, for example with hydra.Client() and
// hydra.PublicURL.
func Check(t *testing.T, version Version, newProvider func(hydra *Server) http.Handler, user User) {
	t.Helper()
	if len(user.Login) == 0 {
		t.Fatal("clienttest: User.Login is empty: name the fields of the login page")
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
}

// at returns a checker with a Hydra, provider and browser of its own.
func (c checker) at(version Version) *checker {
	c.Helper()
	c.hydra = c.newHydra(c.TB, version)
	c.browser = c.hydra.Browser(c.newProvider(c.hydra))
	return &c
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

func (c *checker) atConsent(p *Page) bool { return p.App() == nil && p.hasButton(c.Allow) }

// describe says what a user sees.
func describe(p *Page) string {
	if app := p.App(); app != nil {
		if app.Get("error") != "" {
			return fmt.Sprintf("the app with the error %q: %s", app.Get("error"), strings.TrimSuffix(shortened(app.Get("error_description")), "."))
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
	p = c.signIn(p, after)
	if c.atConsent(p) {
		p = p.Press(c.Allow, c.Grant)
	}
	if p.App().Get("code") == "" {
		c.Fatalf("clienttest: %s: the user should come to the app, with a code, but sees %s", after, describe(p))
	}
}

// toConsent returns the consent page, or nil if the provider has none.
func (c *checker) toConsent() *Page {
	c.Helper()
	p := c.signIn(c.browser.Login(), "The app starts a login")
	if c.FirstParty && p.App() != nil {
		return nil
	}
	if !c.atConsent(p) {
		c.Fatalf("clienttest: the user should see the consent page after the login, but sees %s", describe(p))
	}
	return p
}
