package clienttest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/hydra-sdk/hydra-admin-go/models"
)

var hazards = []hazard{
	{"signs in and grants", func(c *checker) {
		c.Helper()
		p := c.browser.Login()
		c.knowsForm(p)
		c.mustFinish(p, "The app starts a login")
		accepted := Body[models.AcceptLoginRequest](c.hydra, "acceptLoginRequest")
		if c.Subject != "" && accepted.Subject != c.Subject {
			c.Errorf("clienttest: the login is accepted for the subject %q, not %q", accepted.Subject, c.Subject)
		}
	}},
	{"links are fetched in advance", prefetches},
	{"wrong password", wrongPassword},
	{"guesses a password", guesses},
	{"refuses", refuses},
	{"goes back from the consent", backFromConsent},
	{"goes back from the app", backFromApp},
	{"two clicks on the login", func(c *checker) {
		c.Helper()
		c.twoClicks(c.SignIn, AtOnce, WhileHydraActs)
		c.twoClicks(c.Cancel, AtOnce, WhileHydraActs, BeforeTheApp)
	}},
	{"two clicks on the consent", func(c *checker) {
		c.Helper()
		c.twoClicks(c.Allow, AtOnce, WhileHydraActs, BeforeTheApp)
		c.twoClicks(c.Deny, AtOnce, WhileHydraActs, BeforeTheApp)
	}},
	{"signs in again from the app", func(c *checker) {
		c.Helper()
		c.mustFinish(c.browser.Login(), "The app starts a login")
		c.mustFinish(c.browser.Login(), "The app starts a second login in the same browser")
	}},
	{"the app asks for a login", asksForLogin},
	{"the app asks for a consent", asksForConsent},
	{"Hydra remembers the login", remembered},
	{"a second tab", secondTab},
	{"two logins at once", twoLogins},
	{"two consents at once", twoConsents},
	{"two logouts at once", twoLogouts},
	{"another user after the first", otherUser},
	{"adds a scope", addsScope},
	{"ticks and unticks scopes", ticks},
	{"reads the consent page", saysWhatIsAsked},
	{"a name with markup", escapes},
	{"forms of another site", fromElsewhere},
	{"headers of the pages", secured},
	{"expired and unknown challenges", badChallenges},
	{"lost responses", lostResponses},
	{"signs out", signsOut},
	{"signs out twice", signsOutTwice},
}

func prefetches(c *checker) {
	c.Helper()
	fetch := func(p *Page) {
		before := c.decided()
		p.Prefetch()
		if after := c.decided(); len(after) > len(before) {
			c.Fatalf("clienttest: browsers fetch the links of a page before the user clicks, and that called %s. Decide on the POST of a form only", after[len(before)])
		}
	}
	p := c.browser.Login()
	fetch(p)
	if p = c.signIn(p, "The links of the login page were fetched"); c.atConsent(p) {
		fetch(p)
	}
	c.mustFinish(p, "The links of the pages were fetched")
	if c.SignOut != "" {
		fetch(c.browser.Logout())
	}
}

func wrongPassword(c *checker) {
	c.Helper()
	p := c.browser.Login()
	if c.Wrong == nil || !c.atLogin(p) {
		return
	}
	before := p.visible()
	p = p.Press(c.SignIn, c.Wrong)
	c.wantLogin(p, "After a wrong password")
	if p.visible() == before {
		c.Errorf("clienttest: after a wrong password the page at %s is the same as before: the user does not learn that it was wrong. Say so on it", at(p.URL))
	}
	if calls := c.decided(); len(calls) > 0 {
		c.Fatalf("clienttest: %s is called although the password is wrong", calls[0])
	}
	p = p.Press(c.SignIn, c.Login)
	if c.atLogin(p) || !c.atConsent(p) && p.App() == nil {
		c.Fatalf("clienttest: after a wrong password, the right one leads to %s. The page after the wrong one needs the challenge in its form, too", describe(p))
	}
	c.mustFinish(p, "After a wrong password, the right one")
	c.fresh().returnsPasswords()
	c.fresh().goesBackToRefused()
}

// goesBackToRefused goes back to the page about a wrong password.
func (c *checker) goesBackToRefused() {
	c.Helper()
	p := c.browser.Login()
	if !c.atLogin(p) {
		return
	}
	if p = p.Press(c.SignIn, c.Wrong); !c.atLogin(p) {
		return
	}
	if p = p.Press(c.SignIn, c.Login); c.atConsent(p) {
		if p = c.browser.Back(); p.Status == 0 {
			c.Fatalf("clienttest: after a wrong password, the right one and Back the browser shows %q, since the page was the response to a form. "+
				"Redirect with status 303 to GET /login after a wrong password, and say there what is wrong", shortened(p.Text()))
		}
		c.mustFinish(p, "After a wrong password, the right one and Back")
	}
}

// refusals are the errors that tell an app that the user did not want to go on.
var refusals = []string{"access_denied", "login_required", "consent_required", "interaction_required", "account_selection_required"}

func refuses(c *checker) {
	c.Helper()
	want := func(p *Page, button, operation string) {
		switch got := p.App().Get("error"); {
		case slices.Contains(refusals, got):
		case p.App().Get("code") != "":
			c.Errorf("clienttest: after %q the app has a code, as if the user agreed. Call %s", button, operation)
		case p.App() == nil:
			c.Errorf("clienttest: after %q the app should be told access_denied, but the user sees %s. Redirect to the RedirectTo of %s", button, describe(p), operation)
		default:
			c.Errorf("clienttest: after %q the app should be told access_denied, but the user sees %s. Set RejectRequest.Error: "+
				"Hydra sends the app what it says, and an error that OAuth 2.0 does not have if it is empty", button, describe(p))
		}
	}
	if c.Cancel != "" {
		want(c.browser.Login().Press(c.Cancel, nil), c.Cancel, "RejectLoginRequest")
	}
	if c.Deny == "" {
		return
	}
	if p := c.toConsent(); p != nil {
		want(p.Press(c.Deny, nil), c.Deny, "RejectConsentRequest")
	}
}

// notStale fails if a page that the browser goes back to is from its cache, and its form is
// for a request that was handled: the version is V1.
func (c *checker) notStale(p *Page) {
	c.Helper()
	if c.hydra.version == V1 && p.cached && (c.atLogin(p) || c.atConsent(p)) {
		c.Fatalf("clienttest: after Back the browser shows %s from its cache, with a form for a request that was handled: the user fills it in for nothing. "+
			"Send Cache-Control: no-store with each page", at(p.URL))
	}
}

func backFromConsent(c *checker) {
	c.Helper()
	if c.toConsent() == nil {
		return
	}
	p := c.browser.Back()
	c.notStale(p)
	c.mustFinish(p, "After Back from the consent page")
}

func backFromApp(c *checker) {
	c.Helper()
	p := c.toConsent()
	if p == nil {
		return
	}
	c.mustFinish(p, "The app starts a login")
	p = c.browser.Back()
	c.notStale(p)
	c.mustFinish(p, "After Back from the app")
}

// remedies says what helps against a second click.
var remedies = map[Gap]string{
	AtOnce: "Keep the RedirectTo of the first accept, and redirect the second submit of the same form to it: V1 accepts a login once.",
	WhileHydraActs: "The browser closes the connection of the first, which cancels r.Context() after Hydra has acted. " +
		"Accept and reject under context.WithoutCancel(r.Context()), and keep the RedirectTo for the second submit of the same form.",
	BeforeTheApp: "The browser shows the page with the button until the app responds, and then Hydra's redirect is used up. " +
		"Respond to the form with a page of status 200 that has a meta refresh to RedirectTo, and no button.",
}

// twoClicks presses a button twice, for each gap with a provider of its own.
func (c *checker) twoClicks(button string, gaps ...Gap) {
	c.Helper()
	for _, gap := range gaps {
		if button != "" {
			c.fresh().clicksTwice(button, gap)
		}
	}
}

// refusesOnce reports whether a single click on a button refuses.
func (c *checker) refusesOnce(button string) bool {
	c.Helper()
	p := c.browser.Login()
	if button == c.Deny {
		if p = c.signIn(p, "The app starts a login"); !c.atConsent(p) {
			return false
		}
	}
	return slices.Contains(refusals, p.Press(button, nil).App().Get("error"))
}

func (c *checker) clicksTwice(button string, gap Gap) {
	c.Helper()
	refuses := button == c.Cancel || button == c.Deny
	if refuses && !c.fresh().refusesOnce(button) {
		return // the hazard about that says so
	}
	p := c.browser.Login()
	var fields map[string]string
	switch button {
	case c.SignIn:
		fields = c.Login
	case c.Allow, c.Deny:
		if p = c.signIn(p, "The app starts a login"); !c.atConsent(p) {
			return
		}
		if button == c.Allow {
			fields = c.Grant
		}
	}
	p = p.PressTwice(gap, button, fields)
	good := p.App().Get("code") != ""
	switch button {
	case c.SignIn:
		good = good || c.atConsent(p)
	case c.Cancel, c.Deny: // a login that starts over can be refused again
		good = slices.Contains(refusals, p.App().Get("error")) || c.atLogin(p)
	}
	if !good {
		c.Fatalf("clienttest: the user clicks %q twice, the second time %s, and sees %s. %s", button, gap, describe(p), remedies[gap])
	}
	if button == c.SignIn {
		c.mustFinish(p, "After two clicks")
	}
}

func asksForLogin(c *checker) {
	c.Helper()
	c.mustFinish(c.browser.Login(), "The app starts a login")
	for _, ask := range [][]string{{"prompt", "login"}, {"max_age", "0"}} {
		before := len(c.decided())
		p := c.browser.Login(ask...)
		if len(c.decided()) > before {
			c.Fatalf("clienttest: the app asks for a login with %s=%s, and the provider accepts one without asking the user. "+
				"A session of its own must not be used then: look for prompt and max_age in LoginRequest.RequestURL, or leave sessions to Hydra", ask[0], ask[1])
		}
		c.wantLogin(p, "The app asks for a login")
		c.mustFinish(p, "The app asks for a login")
	}
}

func asksForConsent(c *checker) {
	c.Helper()
	if c.FirstParty {
		return
	}
	c.mustFinish(c.browser.Login(), "The app starts a login")
	if p := c.signIn(c.browser.Login("prompt", "consent"), "The app asks for a consent"); !c.atConsent(p) {
		c.Fatalf("clienttest: the app asks for a consent with prompt=consent, and the user is not asked but sees %s. "+
			"A memory of consents of your own must not be used then: look for prompt in ConsentRequest.RequestURL, or let Hydra remember the consent", describe(p))
	}
}

func remembered(c *checker) {
	c.Helper()
	subject := c.Subject
	if subject == "" {
		subject = "alice"
	}
	c.hydra.mu.Lock()
	req, err := c.hydra.open(RememberedLogin, &flow{session: &session{subject}})
	c.hydra.mu.Unlock()
	if err != nil {
		c.Fatalf("clienttest: %v", err)
	}
	p := c.browser.Open("/login?login_challenge=" + url.QueryEscape(req.challenge))
	if len(c.hydra.Calls("acceptLoginRequest")) > 0 {
		if got := Body[models.AcceptLoginRequest](c.hydra, "acceptLoginRequest").Subject; got != subject {
			c.Fatalf("clienttest: Hydra remembers the user %q, and the login is accepted for %q: use LoginRequest.Subject", subject, got)
		}
	}
	if p.App().Get("code") == "" {
		c.Fatalf("clienttest: Hydra remembers the user, LoginRequest.Skip and ConsentRequest.Skip are true, and the user still sees %s. "+
			"Accept such requests without a page: apps that ask with prompt=none depend on it", describe(p))
	}
	c.skipped()
}

func secondTab(c *checker) {
	c.Helper()
	p := c.browser.Login()
	other := c.browser.Open(p.URL.String())
	if p = c.signIn(p, "The app starts a login"); c.atConsent(p) {
		c.notBroken(c.browser.Open(p.URL.String()), "The consent page is opened in a second tab")
	}
	c.mustFinish(p, "The login page is open in a second tab")
	if c.atLogin(other) {
		c.notBroken(other.Press(c.SignIn, c.Login), "The user fills in the login page of a second tab, after the first one has gone on to the app")
	}
	if c.atConsent(p) {
		c.notBroken(p.Press(c.Allow, c.Grant), "The user allows again, in a page that the browser has kept")
	}
}

// notBroken fails if the provider says that it does not work, although it is the request
// that cannot go on.
func (c *checker) notBroken(p *Page, after string) {
	c.Helper()
	if p.Status >= http.StatusInternalServerError {
		c.Errorf("clienttest: %s: the user sees %s. That says that the server is broken, and trying again does not help: "+
			"ErrRequestWasHandled, ErrConflict, ErrChallengeExpired and ErrNotFound need a redirect or a page that says to start over in the app", after, describe(p))
	}
}

func addsScope(c *checker) {
	c.Helper()
	p := c.toConsent()
	if p == nil {
		return
	}
	n := p.press(c.Allow, c.Grant)
	if n.values == nil {
		return
	}
	for name, all := range n.values {
		if slices.ContainsFunc(all, func(v string) bool { return slices.Contains(strings.Fields(requestedScope), v) }) || strings.Contains(name, "scope") {
			n.values.Add(name, "write")
		}
	}
	n.fill(n.values)
	c.notBroken(c.browser.navigate(n), "A user adds a scope to the form") // Hydra fails the test if it is granted
}

func badChallenges(c *checker) {
	c.Helper()
	scenarios := []Scenario{ExpiredLogin, UnknownLogin, HandledLogin, AcceptedLogin, ExpiredConsent, UnknownConsent, HandledConsent}
	if c.SignOut != "" {
		scenarios = append(scenarios, UnknownLogout, HandledLogout)
	}
	for _, sc := range scenarios {
		p := c.browser.openLong(sc)
		c.notBroken(p, "The user opens the page of the scenario "+string(sc))
		if c.atLogin(p) {
			c.notBroken(p.Press(c.SignIn, c.Login), "The user signs in on the page of the scenario "+string(sc))
		}
	}
}

func lostResponses(c *checker) {
	c.Helper()
	gatewayTimeout := Handler(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGatewayTimeout) })
	for _, failure := range []Response{BadGateway, gatewayTimeout, Reset} {
		for _, id := range []string{"getLoginRequest", "getConsentRequest"} {
			c := c.fresh()
			c.hydra.Respond(id, failure)
			c.failed(c.signIn(c.browser.Login(), "Hydra does not respond"), id)
			c.hydra.Respond(id)
			c.mustFinish(c.browser.Login(), "After a time in which Hydra did not respond to "+id)
		}
		for _, id := range []string{"acceptLoginRequest", "acceptConsentRequest"} {
			c.fresh().losesAccept(id, failure)
		}
	}
}

// failed fails if a page looks as if all was well: that of an error says so, with any status.
func (c *checker) failed(p *Page, id string) {
	c.Helper()
	if p.App() == nil && p.Status < http.StatusBadRequest && (p.visible() == "" || c.atLogin(p) || c.atConsent(p)) {
		c.Errorf("clienttest: %s failed, and the user sees %s. Show a page that says so, with a status of 4xx or 5xx", id, describe(p))
	}
}

// losesAccept lets Hydra accept a request without the provider knowing, after which the user
// tries again.
func (c *checker) losesAccept(id string, failure Response) {
	c.Helper()
	p := c.browser.Login()
	if id == "acceptConsentRequest" {
		if p = c.signIn(p, "The app starts a login"); !c.atConsent(p) {
			return
		}
	} else if !c.atLogin(p) {
		return
	}
	button, fields := c.SignIn, c.Login
	if c.atConsent(p) {
		button, fields = c.Allow, c.Grant
	}
	c.hydra.Respond(id, Lost(failure), AsHydra)
	after := "The response to " + id + " is lost, and the user tries again"
	next := c.goesOn(p.Press(button, fields))
	if !c.goes(next) { // a page that says that it failed is fine if the form can be sent again
		c.failed(next, id)
		if next = c.browser.Back(); c.goes(next) {
			next = c.goesOn(next.Press(button, fields))
		}
	}
	if !c.goes(next) {
		c.notBroken(next, after)
		c.Fatalf("clienttest: %s: the user sees %s. The request can start over: redirect to its RequestURL, as clientweb.StartOver does if it is given that, or link to it",
			after, describe(next))
	}
	c.mustFinish(next, after)
}

// goes reports whether a page leads on.
func (c *checker) goes(p *Page) bool { return p.App() != nil || c.atLogin(p) || c.atConsent(p) }
