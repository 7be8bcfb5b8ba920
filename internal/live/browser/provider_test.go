//go:build live

package browser

import (
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
)

const (
	shop     = "Fresh bread, to your door"
	signedIn = "You are signed in"
	notIn    = "You are not signed in"
	asked    = "Corner Bakery asks for access"
)

// A story is one test of the provider, run on each version of Hydra.
type story struct {
	name string
	test func(v visitor)
}

func TestProvider(t *testing.T) {
	hydra.EachVersion(t, testProvider)
}

func testProvider(t *testing.T, version hydra.Version) {
	t.Helper()
	n := new(network)
	d, browser := start(t, version, n)
	stories := []story{
		{"logs in, grants, is remembered and logs out", life},
		{"refuses to log in and to grant", refusals},
		{"goes back from the consent page", goesBack},
		{"goes back to a wrong password", goesBackToAWrongPassword},
		{"decides again", decidesAgain},
		{"submits twice", submitsTwice},
		{"opens a bookmarked challenge", bookmarks},
		{"finds every field labelled", labels},
		{"goes back and forward everywhere", goesBackAndForward},
		{"opens three tabs at once", opensTabs},
		{"loses a response", losesResponses},
		{"clicks twice", clicksTwice},
		{"fits the screen of a phone", narrow},
	}
	if version.HasDeviceFlow() {
		stories = append(stories, deviceStories...)
	}
	for _, story := range stories {
		t.Run(story.name, func(t *testing.T) { story.test(newVisitor(browser, t, d, n)) })
	}
}

// logIn fills in the form of the login page.
func (v visitor) logIn(remember bool) {
	v.Helper()
	v.fill("User name", "alice")
	v.fill("Password", "wonderland")
	if remember {
		v.tick("Keep me signed in")
	}
}

func life(v visitor) {
	v.open(v.AppURL, shop)
	v.press("Sign in", "Sign in")
	v.fill("User name", "alice")
	v.fill("Password", "wrong")
	v.press("Sign in", "Sign in")
	v.do(chromedp.WaitVisible(`[role=alert]`))
	assert.NotContains(v, v.address(), "alice")
	assert.NotContains(v, v.address(), "wrong")
	v.open(v.AppURL+"/login", "Sign in")
	v.picture("login")
	v.logIn(true)
	v.press("Sign in", asked)
	v.picture("consent")
	v.tick("See your e-mail address")
	v.press("Allow", signedIn)
	v.picture("app")
	assert.Contains(v, v.claims(), `"sub": "alice"`)
	assert.Contains(v, v.claims(), `"name": "Alice Liddell"`)
	assert.NotContains(v, v.claims(), "alice@example.com", "the box was not ticked")

	v.press("Sign in again", asked)
	v.tick("Do not ask again")
	v.press("Allow", signedIn)
	assert.Contains(v, v.claims(), "alice@example.com")
	first := v.claims()
	v.press("Sign in again", signedIn)
	v.do(chromedp.WaitVisible("#claims"))
	assert.NotEqual(v, first, v.claims(), "Hydra issued another token, without a login or consent page")

	v.press("Sign out", "Sign out?")
	v.press("Stay signed in", "You are still signed in")
	v.open(v.AppURL+"/login", signedIn)
	v.press("Sign out", "Sign out?")
	v.press("Sign out", shop)
	v.press("Sign in", "Sign in")
}

func refusals(v visitor) {
	v.open(v.AppURL+"/login", "Sign in")
	v.press("Cancel", notIn)
	assert.Contains(v, v.where(), "access_denied")
	v.open(v.AppURL+"/login?as=bob", "Sign in")
	v.fill("Password", "builder") // the app knew the name
	v.press("Sign in", asked)
	v.press("Do not allow", notIn)
	assert.Contains(v, v.where(), "access_denied")
}

func goesBack(v visitor) {
	v.open(v.AppURL+"/login?as=bob", "Sign in")
	v.fill("Password", "builder")
	v.press("Sign in", asked)
	v.do(chromedp.NavigateBack())
	// v1 sends the browser to a new login, v2 shows the old one.
	v.sees("Sign in")
	v.fill("Password", "builder")
	v.press("Sign in", asked)
	v.press("Allow", signedIn)
}

// goesBackToAWrongPassword: the page that says so was not the response to a form.
func goesBackToAWrongPassword(v visitor) {
	v.open(v.AppURL+"/login?as=bob", "Sign in")
	v.fill("Password", "wrong")
	v.press("Sign in", "Sign in")
	v.do(chromedp.WaitVisible(`[role=alert]`))
	v.fill("Password", "builder")
	v.press("Sign in", asked)
	v.do(chromedp.NavigateBack())
	v.sees("Sign in")
	if v.Hydra.Version == hydra.V1 {
		v.do(chromedp.WaitNotPresent(`[role=alert]`)) // a new login
	} else {
		v.do(chromedp.WaitVisible(`[role=alert]`))
	}
	v.fill("Password", "builder")
	v.tick("Keep me signed in") // else Hydra has no session to end
	v.press("Sign in", asked)
	v.press("Allow", signedIn)
	v.open(v.AppURL+"/logout", "Sign out?")
	v.press("Stay signed in", "You are still signed in")
	v.do(chromedp.Navigate(v.AppURL))
	v.endsAt(shop, signedIn)
	v.do(chromedp.NavigateBack())
	v.sees("You are still signed in")
}

// decidesAgain goes back from the app, and allows or refuses again.
func decidesAgain(v visitor) {
	for _, first := range []string{"Allow", "Do not allow"} {
		for _, second := range []string{"Allow", "Do not allow"} {
			v.Log(first, second)
			end := map[string]string{"Allow": signedIn, "Do not allow": notIn}
			v.open(v.AppURL+"/login?as=bob", "Sign in")
			v.fill("Password", "builder")
			v.press("Sign in", asked)
			v.press(first, end[first])
			v.do(chromedp.NavigateBack())
			v.sees("Sign in")
			v.fill("Password", "builder")
			v.press("Sign in", asked)
			v.do(chromedp.Click(button(second)))
			v.endsAt(signedIn, notIn)
			switch {
			case second == "Allow" && first == "Allow": // this app takes a code for each state once
				assert.Contains(v, v.address(), "code=", first)
			case second == "Allow":
				assert.Equal(v, signedIn, v.heading())
			default:
				assert.Contains(v, v.address(), url.QueryEscape("The user did not allow it."), first)
			}
		}
	}
}

func submitsTwice(v visitor) {
	v.open(v.AppURL+"/login?as=bob", "Sign in")
	v.fill("Password", "builder")
	v.do(chromedp.DoubleClick(button("Sign in")))
	v.sees(asked)
	v.do(chromedp.DoubleClick(button("Allow")))
	v.sees(signedIn)
}

func bookmarks(v visitor) {
	v.open(v.AppURL+"/login?as=bob", "Sign in")
	login := v.address()
	v.fill("Password", "builder")
	v.press("Sign in", asked)
	consent := v.address()
	v.press("Allow", signedIn)
	require.Contains(v, login, "login_challenge=")
	require.Contains(v, consent, "consent_challenge=")

	v.open(login, "Sign in")
	if v.Hydra.Version == hydra.V1 {
		assert.NotEqual(v, login, v.address(), "a new login")
	}
	v.open(consent, "Sign in") // which starts over
	v.open(v.ProviderURL+"/login?login_challenge=made-up", "This link does not work")
}

// labels checks the names that a screen reader reads out.
func labels(v visitor) {
	v.open(v.AppURL+"/login?as=bob", "Sign in")
	v.accessible()
	v.fill("Password", "builder")
	v.press("Sign in", asked)
	v.accessible()
}
