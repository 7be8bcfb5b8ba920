//go:build live

package browser

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
	"github.com/hydra-sdk/hydra-admin-go/internal/wrongprovider"
)

// TestWrongProviders runs the providers of internal/wrongprovider, of which the tests of
// client/clienttest say that they are broken or not.
func TestWrongProviders(t *testing.T) {
	hydra.EachVersion(t, func(t *testing.T, version hydra.Version) {
		t.Helper()
		if !slices.Contains(fixture.Versions(), version.Name) {
			t.Skipf("client/clienttest does not have %s", version.Name)
		}
		r := newRig(t, version)
		browser := chromium(t, chromedp.Flag("disable-back-forward-cache", true)) // which keeps a page for some minutes
		for _, c := range wrongprovider.Cases() {
			t.Run(c.Name, func(t *testing.T) {
				if c.NotInBrowser != "" {
					t.Skip(c.NotInBrowser)
				}
				r.use(t, c)
				names := []string{cmp.Or(hazardOf[c.Name+" "+version.Name], hazardOf[c.Name])}
				if len(c.BrokenOn) == 0 {
					names = []string{"life", "again", "back from the consent", "two clicks on Sign in", "two clicks on Allow"}
				}
				if c.Name == "no mistake" {
					names = slices.Sorted(maps.Keys(hazards))
				}
				for _, name := range names {
					problem := hazards[name](newTab(browser, t, r))
					t.Logf("%s: %s", name, problem)
					broken := slices.Contains(c.BrokenOn, version.Name)
					assert.Equal(t, broken, problem != "", "%s: %s", name, problem)
				}
			})
		}
	})
}

// hazardOf names the hazard in which a wrong provider shows its mistake, on a version if that
// differs.
var hazardOf = map[string]string{
	"RedirectTo of 410 as it is": "back from the app", "relative redirect after a logout": "logout",
	"redirects with 303": "two clicks on Allow", "redirects with 301": "two clicks on Allow", "redirects with 302": "two clicks on Allow",
	"forgets the first submit": "two clicks on Sign in", "accepts under r.Context()": "two clicks on Sign in",
	"links in place of forms": "prefetch", "own session accepts on GET": "prompt=login", "own memory of consents": "prompt=consent",
	"redirects with 307": "life", "form-action 'self'": "life", "cookie with SameSite=Strict": "again", "pages can be cached": "back from the app", "pages can be cached v1.11.10": "back from the consent",
	"rejects with server_error": "refusals", "loses the challenge": "wrong password",
	"shows the text of errors": "unknown challenge", "grants what the form says": "another scope", "grants other audiences": "life",
	"form with GET": "life", "checks Origin, hides it": "life", "cookie of one path": "life", "__Host- cookie without Secure": "life",
	"Location without a redirect": "life", "ignores Skip": "again without pages", "challenge in a cookie": "two logins at once", "all errors are 500": "unknown challenge",

	"consent challenge in a cookie": "two consents at once", "Stay signs out": "stays", "Stay shows nothing": "stays", "signs out at once": "stays",
	"grants nothing": "grants", "grants what is not ticked": "unticks", "drops the audience": "life",
	"consent without the app": "reads the consent", "consent without the scopes": "reads the consent",
	"shows the challenge": "unknown challenge", "shows its URL": "unknown challenge", "does not escape": "markup",
	"sends the password back": "password back", "no word about a wrong password": "wrong password",
	"signs in any unknown name": "guesses", "takes an empty password": "guesses", "takes a form without the password": "guesses",
	"compares with the password of an unknown name": "guesses", "takes the password of another user": "guesses", "takes the password of anybody": "guesses",
	"asks again for what was decided": "back from the app",
	"takes forms of other sites":      "form of another site", "one login for all users": "another user",
}

// hazards are those of clienttest.Check, done by hand in Chromium. They return what is
// wrong, or nothing.
var hazards = map[string]func(tab) string{
	"life": func(v tab) string { return v.finish(v.start("")) },
	"wrong password": func(v tab) string {
		v.start("")
		v.fill("wrong")
		v.click("Sign in")
		if at := v.wait("Wrong password"); at != "" {
			return at
		}
		v.fill("wonderland")
		v.click("Sign in")
		if at := v.wait("Allow?"); at != "" {
			return at
		}
		return ""
	},
	"guesses": func(v tab) string {
		const without = `document.querySelector('[name=password]').remove()`
		for _, guess := range []struct{ name, password, script string }{
			{"nobody", "wonderland", ""}, {"nobody", "wrong", ""}, {"nobody", "", ""}, {"alice", "", ""}, {"alice", "", without}, {"alice", "builder", ""},
		} {
			v.start("")
			v.fillAs(guess.name, guess.password)
			if guess.script != "" {
				v.run(guess.script)
			}
			v.click("Sign in")
			if at := v.wait("Wrong password", "Allow?"); at != "" {
				return at
			}
			if v.heading() == "Allow?" {
				return guess.name + " is signed in with the password " + strconv.Quote(guess.password)
			}
		}
		return ""
	},
	"refusals": func(v tab) string {
		for _, button := range []string{"Cancel", "Deny"} {
			v.start("")
			if button == "Deny" {
				if at := v.signIn(); at != "" {
					return at
				}
			}
			v.click(button)
			if at := v.wait("error: access_denied"); at != "" {
				return at
			}
		}
		return ""
	},
	"back from the consent": func(v tab) string {
		v.open(v.rig.start("")) // the cache has another room for what another site leads to
		if at := v.signIn(); at != "" {
			return at
		}
		consent := v.address()
		v.back()
		if at := v.waitFor(func() bool { return v.address() != consent }); at != "" {
			return at
		}
		return v.finish("")
	},
	"back from the app": func(v tab) string {
		v.open(v.rig.start(""))
		if at := v.finish(""); at != "" {
			return at
		}
		v.back()
		if at := v.wait("Sign in", "Allow?"); at != "" {
			return at
		}
		return v.finish("")
	},
	"two clicks on Sign in": func(v tab) string {
		v.start("")
		v.fill("wonderland")
		v.clickTwice("Sign in", &v.acting)
		return v.wait("Allow?")
	},
	"two clicks on Allow": func(v tab) string {
		v.start("")
		if at := v.signIn(); at != "" {
			return at
		}
		v.clickTwice("Allow", &v.calling)
		return v.wait("code")
	},
	"prefetch": func(v tab) string {
		v.start("")
		if at := v.signIn(); at != "" {
			return at
		}
		before := v.codes.Load()
		if v.waitFor(func() bool { return v.codes.Load() > before }) == "" {
			return "the app has a code without a click"
		}
		return ""
	},
	"again": func(v tab) string {
		if at := v.finish(v.start("")); at != "" {
			return at
		}
		return v.finish(v.start(""))
	},
	"again without pages": func(v tab) string {
		if at := v.finish(v.start("")); at != "" {
			return at
		}
		v.start("none")
		return v.wait("code", "error: login_required", "error: consent_required")
	},
	"prompt=login": func(v tab) string {
		if at := v.finish(v.start("")); at != "" {
			return at
		}
		v.start("login")
		return v.wait("Sign in")
	},
	"prompt=consent": func(v tab) string {
		if at := v.finish(v.start("")); at != "" {
			return at
		}
		v.start("consent")
		if at := v.wait("Sign in", "Allow?"); at != "" {
			return at
		}
		if v.heading() == "Sign in" {
			v.signIn()
		}
		return v.wait("Allow?")
	},
	"another scope": func(v tab) string {
		v.start("")
		if at := v.signIn(); at != "" {
			return at
		}
		v.run(`document.querySelector('input[name=scope]').value = 'write'`)
		v.click("Allow")
		if at := v.wait("code"); at != "" {
			return at
		}
		if strings.Contains(v.heading(), "write") {
			return v.heading()
		}
		return ""
	},
	"unknown challenge": func(v tab) string {
		v.open(v.providerURL + "/login?login_challenge=made-up")
		if at := v.wait("Please start over in the app"); at != "" {
			return at
		}
		if strings.Contains(v.text(), "made-up") {
			return "the challenge is shown"
		}
		return ""
	},
	"two logins at once": func(v tab) string {
		v.start("")
		other := v.challenge()
		v.run(`fetch("/login?login_challenge=" + encodeURIComponent("` + other + `")).then(() => 1)`)
		return v.finish("")
	},
	"two consents at once": func(v tab) string {
		v.start("")
		if at := v.signIn(); at != "" {
			return at
		}
		v.await(`fetch("/consent?consent_challenge=" + encodeURIComponent("` + v.consentChallenge() + `"))`)
		v.click("Allow")
		return v.wait("code")
	},
	"grants": func(v tab) string {
		if at := v.finish(v.start("")); at != "" {
			return at
		}
		if got := v.heading(); got != "code openid offline read" {
			return got
		}
		return ""
	},
	"unticks": func(v tab) string {
		v.start("")
		if at := v.signIn(); at != "" {
			return at
		}
		v.run(`document.querySelector('input[value=read]').checked = false`)
		v.click("Allow")
		if at := v.wait("code"); at != "" {
			return at
		}
		if got := v.heading(); got != "code openid offline" {
			return got
		}
		return ""
	},
	"reads the consent": func(v tab) string {
		v.start("")
		if at := v.signIn(); at != "" {
			return at
		}
		if text := v.text(); !strings.Contains(text, appName) || !strings.Contains(text, "read") {
			return text
		}
		return ""
	},
	"markup": func(v tab) string {
		v.open(v.rig.start("") + "&login_hint=" + url.QueryEscape(`'"><b id="markup">bold</b>`))
		if at := v.wait("Sign in"); at != "" {
			return at
		}
		if evaluate[bool](v, `document.getElementById('markup') !== null`) {
			return "the markup is an element"
		}
		return ""
	},
	"password back": func(v tab) string {
		v.start("")
		v.fill("wrong")
		v.click("Sign in")
		if at := v.wait("Wrong password"); at != "" {
			return at
		}
		if evaluate[string](v, `document.querySelector('[name=password]').value`) != "" {
			return "the password is there"
		}
		return ""
	},
	"form of another site": func(v tab) string {
		challenge := v.challenge()
		v.open(v.appURL + "/")
		v.run(`(() => {
			const form = document.createElement('form')
			form.method = 'post'
			form.action = "` + v.providerURL + `/login"
			for (const [name, value] of Object.entries({challenge: "` + challenge + `", name: 'alice', password: 'wonderland', decision: 'Sign in'})) {
				const field = document.createElement('input')
				field.name = name
				field.value = value
				form.append(field)
			}
			document.body.append(form)
			form.submit()
		})()`)
		return v.wait("That did not come from here")
	},
	"another user": func(v tab) string {
		v.start("")
		v.fill("wonderland")
		v.await(`fetch("/login", {method: "POST", body: new URLSearchParams([...new FormData(document.forms[0]), ["decision", "Sign in"]])})`)
		for range 2 { // v1 starts over the first time
			if v.heading() == "Sign in" {
				v.fillAs("bob", "builder")
				v.click("Sign in")
				if at := v.waitFor(func() bool { return v.heading() == "Allow?" || v.heading() == "Sign in" && v.empty() }); at != "" {
					return at
				}
			}
		}
		if text := v.text(); strings.Contains(text, "alice") || !strings.Contains(text, "bob") {
			return text
		}
		return ""
	},
	"stays": func(v tab) string {
		if at := v.finish(v.start("")); at != "" {
			return at
		}
		v.open(v.hydra.PublicURL + "/oauth2/sessions/logout")
		if v.signedOut.Load() > 0 {
			return "the user was not asked"
		}
		if v.heading() != "Sign out?" {
			return "" // Hydra has no session
		}
		v.click("Stay")
		return v.wait("You are still signed in")
	},
	"logout": func(v tab) string {
		if at := v.finish(v.start("")); at != "" {
			return at
		}
		v.open(v.hydra.PublicURL + "/oauth2/sessions/logout")
		if v.heading() != "Sign out?" {
			return "" // Hydra has no session
		}
		address := v.address()
		v.click("Sign out")
		if at := v.waitFor(func() bool { return strings.HasPrefix(v.address(), v.public) && v.heading() != "" }); at != "" {
			return at
		}
		v.open(address) // a bookmark, or Back
		if strings.Contains(v.heading(), "404 page not found") && strings.HasPrefix(v.address(), v.providerURL) {
			return "the provider's 404"
		}
		return ""
	},
}

func (v tab) fill(password string) { v.fillAs("alice", password) }

func (v tab) fillAs(name, password string) {
	v.run(`document.querySelector('[name=name]').value = '` + name + `'; document.querySelector('[name=password]').value = '` + password + `'`)
}

// empty reports whether the form of the login is a new one.
func (v tab) empty() bool {
	return evaluate[bool](v, `document.querySelector('[name=name]').value === ''`)
}

func (v tab) text() string { return evaluate[string](v, `document.body.innerText`) }

// await runs a script that returns a promise, and waits for that.
func (v tab) await(promise string) {
	v.Helper()
	v.run(promise + `.finally(() => { window.settled = true }).then(() => 1)`)
	v.waitFor(func() bool { return evaluate[bool](v, `window.settled === true`) })
}

func (v tab) click(text string) { v.do(chromedp.Click(button(text))) }

// clickTwice clicks again, at the same place, when a request of the first click is
// somewhere.
func (v tab) clickTwice(text string, somewhere *atomic.Int32) {
	v.Helper()
	place := evaluate[[]float64](v, `(() => { const r = document.querySelector('button[value="`+text+`"]').getBoundingClientRect(); return [r.x + r.width/2, r.y + r.height/2] })()`)
	require.Len(v, place, 2)
	both := &clicks{somewhere, make(chan struct{})}
	v.clicks.Store(both)
	defer v.clicks.Store(nil)
	defer close(both.done)
	v.do(chromedp.MouseClickXY(place[0], place[1]))
	v.waitFor(func() bool { return somewhere.Load() > 0 })
	v.do(chromedp.MouseClickXY(place[0], place[1]))
}

// signIn goes on to the consent page.
func (v tab) signIn() string {
	v.Helper()
	v.fill("wonderland")
	v.click("Sign in")
	return v.wait("Allow?", "code")
}

// finish goes on until the app has a code.
func (v tab) finish(problem string) string {
	v.Helper()
	if problem != "" {
		return problem
	}
	if at := v.wait("Sign in", "Allow?", "code"); at != "" {
		return at
	}
	if v.heading() == "Sign in" {
		if at := v.signIn(); at != "" {
			return at
		}
	}
	if v.heading() == "Allow?" {
		v.click("Allow")
	}
	if at := v.wait("code"); at != "" {
		return at
	}
	switch {
	case v.posted.Load() > 0:
		return "the password was posted to Hydra"
	case v.beyond.Load() > 0:
		return "the token is for another audience"
	case v.lacking.Load() > 0:
		return "the token is not for the audience that the app asked for"
	case v.getWithPassword.Load() > 0:
		return "the password is in the URL"
	}
	return ""
}
