package clienttest

import (
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
	"github.com/hydra-sdk/hydra-admin-go/internal/wrongprovider"
)

// A failing is a test whose failure is expected.
type failing struct {
	testing.TB
	mu       sync.Mutex
	output   string
	cleanups []func()
}

func (f *failing) Helper()          {}
func (f *failing) Cleanup(c func()) { f.cleanups = append(f.cleanups, c) }
func (f *failing) Errorf(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.output += fmt.Sprintf(format, args...) + "\n"
}

func (f *failing) FailNow() { runtime.Goexit() }

func (f *failing) Fatalf(format string, args ...any) {
	f.Errorf(format, args...)
	runtime.Goexit()
}

// portless returns a Hydra that is called as a RoundTripper: there are too many for a port
// each.
func portless(tb testing.TB, version Version) *Server {
	tb.Helper()
	s := unstarted(tb, version, fixture.Prefix(string(version)))
	s.fallback = s.replay
	s.at("http://hydra.example.com")
	return s
}

// outcome runs a hazard, and returns its failure messages.
func outcome(t *testing.T, version Version, c wrongprovider.Case, user User, h hazard) string {
	t.Helper()
	return outcomeOf(t, version, c.New, user, h)
}

func outcomeOf(t *testing.T, version Version, newProvider func(admin *client.AdminAPI, publicURL string) http.Handler, user User, h hazard) string {
	t.Helper()
	f := &failing{TB: t}
	var wg sync.WaitGroup
	wg.Go(func() {
		h.run((&checker{TB: f, User: user, newHydra: portless, newProvider: func(hydra *Server) http.Handler {
			admin, err := client.New(hydra.URL, client.WithHTTPClient(&http.Client{Transport: hydra}), client.WithRetries(0))
			require.NoError(f, err)
			return newProvider(admin, hydra.PublicURL)
		}}).at(version))
	})
	wg.Wait()
	for _, c := range slices.Backward(f.cleanups) {
		c()
	}
	return f.output
}

func user(name, password string) User {
	return User{
		Login: map[string]string{"name": name, "password": password}, Wrong: map[string]string{"name": name, "password": "wrong"}, Subject: name,
		SignIn: "Sign in", Cancel: "Cancel", Allow: "Allow", Deny: "Deny", SignOut: "Sign out", Stay: "Stay",
		Other: map[string]string{"name": other[name], "password": passwords[other[name]]},
	}
}

var (
	other     = map[string]string{"alice": "bob", "bob": "alice"}
	passwords = map[string]string{"alice": "wonderland", "bob": "builder"}
)

// wants names the hazard in which each wrong provider fails, on a version if that differs,
// and words of the failure.
var wants = map[string]struct{ hazard, text string }{
	"RedirectTo of 410 as it is":       {"goes back from the app", "ERR_TOO_MANY_REDIRECTS"},
	"relative redirect after a logout": {"signs out twice", "which is relative: the browser looks for it at the provider, not at Hydra"},
	"redirects with 303":               {"two clicks on the consent", `the user clicks "Allow" twice, the second time before the app responds`},
	"redirects with 301":               {"two clicks on the consent", "Respond to the form with a page of status 200 that has a meta refresh to RedirectTo, and no button"},
	"redirects with 302":               {"two clicks on the consent", "meta refresh"},
	"forgets the first submit":         {"two clicks on the login", "Keep the RedirectTo of the first accept"},
	"accepts under r.Context()":        {"two clicks on the login", "context.WithoutCancel(r.Context())"},
	"links in place of forms":          {"links are fetched in advance", "browsers fetch the links of a page before the user clicks, and that called acceptConsentRequest"},
	"own session accepts on GET":       {"the app asks for a login", "asks for a login with prompt=login, and the provider accepts one without asking the user"},
	"own memory of consents":           {"the app asks for a consent", "asks for a consent with prompt=consent, and the user is not asked"},
	"redirects with 307":               {"signs in and grants", "the browser posts the form, with the password if it has one, to Hydra"},
	"form-action 'self'":               {"signs in and grants", `its Content-Security-Policy has "form-action 'self'", which also holds for the redirects after a form`},
	"cookie with SameSite=Strict":      {"signs in again from the app", "a second login in the same browser: the user should come to the app, with a code, but sees status 403"},
	"pages can be cached":              {"goes back from the consent", "from its cache, with a form for a request that was handled"},
	"pages can be cached v2.3.0":       {"goes back from the app", "The consent verifier has already been used"},
	"pages can be cached v26.2.0":      {"goes back from the app", "The consent verifier has already been used"},
	"rejects with server_error":        {"refuses", `after "Cancel" the app should be told access_denied, but the user sees the app with the error "server_error"`},
	"loses the challenge":              {"wrong password", "The page after the wrong one needs the challenge in its form, too"},
	"shows the text of errors":         {"expired and unknown challenges", `shows the text of an error, "hydra: getLoginRequest: "`},
	"grants what the form says":        {"adds a scope", `grants the scope "write", which the app did not ask for`},
	"grants other audiences":           {"signs in and grants", `grants the audience "https://other.example.com"`},

	"form with GET":                 {"signs in and grants", "the password is in the URL"},
	"checks Origin, hides it":       {"signs in and grants", "sees status 403"},
	"cookie of one path":            {"signs in and grants", "sees status 403"},
	"__Host- cookie without Secure": {"signs in and grants", "sees status 403"},
	"Location without a redirect":   {"signs in and grants", "browsers follow that of a redirect only"},
	"ignores Skip":                  {"Hydra remembers the login", "apps that ask with prompt=none depend on it"},
	"challenge in a cookie":         {"two logins at once", "A cookie holds one challenge for all tabs"},
	"all errors are 500":            {"expired and unknown challenges", "That says that the server is broken"},

	"consent challenge in a cookie":                 {"two consents at once", "two apps ask for a consent in the same browser, the user allows the first, and it is not that consent that is accepted"},
	"logout challenge in a cookie":                  {"two logouts at once", "the user signs out of the first, and it is not that logout that is accepted"},
	"Stay signs out":                                {"signs out", `after "Stay" the user is signed out: acceptLogoutRequest is called`},
	"Stay shows nothing":                            {"signs out", `after "Stay" the user sees status 200 at http://127.0.0.1:3000/logout: . Call RejectLogoutRequest, and show a page`},
	"signs out at once":                             {"signs out", `opening the logout page calls acceptLogoutRequest, though User.SignOut is "Sign out"`},
	"grants nothing":                                {"ticks and unticks scopes", `the user ticks ["openid" "offline" "read"] and presses "Allow", and the scopes [] are granted`},
	"grants what is not ticked":                     {"ticks and unticks scopes", `the user ticks ["openid" "offline"] and presses "Allow", and the scopes ["openid" "offline" "read"] are granted`},
	"drops the audience":                            {"ticks and unticks scopes", `the consent does not grant the audience "https://api.example.com", which the app asked for`},
	"consent without the app":                       {"reads the consent page", "the consent page of another app is the same: the user cannot see who asks"},
	"consent without the scopes":                    {"reads the consent page", `the consent page is the same if the app does not ask for the scope "read", which is granted`},
	"shows the challenge":                           {"expired and unknown challenges", "the page at http://127.0.0.1:3000/login shows a challenge or verifier in its text"},
	"shows its URL":                                 {"expired and unknown challenges", "the page at http://127.0.0.1:3000/login shows a challenge or verifier in its text"},
	"does not escape":                               {"a name with markup", "the page at http://127.0.0.1:3000/login has the name of the app, or the login_hint, as HTML"},
	"sends the password back":                       {"wrong password", "after a wrong password the page at http://127.0.0.1:3000/login holds what was typed"},
	"no word about a wrong password":                {"wrong password", "is the same as before: the user does not learn that it was wrong"},
	"takes forms of other sites":                    {"forms of another site", "another site sends the form of http://127.0.0.1:3000/login from the browser of the user (Sec-Fetch-Site: cross-site), and that calls acceptLoginRequest"},
	"can be framed":                                 {"headers of the pages", "the page at http://127.0.0.1:3000/consent can be shown in a frame of another site"},
	"links elsewhere, without a Referrer-Policy":    {"headers of the pages", "send it to example.com in the Referer"},
	"one login for all users":                       {"another user after the first", "and is signed in as the first"},
	"signs in any unknown name":                     {"guesses a password", "an unknown name with the password of User.Login signs in: acceptLoginRequest is called for the subject"},
	"takes an empty password":                       {"guesses a password", `an empty password signs in: acceptLoginRequest is called for the subject "alice"`},
	"takes a form without the password":             {"guesses a password", "a form without the field of the password signs in"},
	"compares with the password of an unknown name": {"guesses a password", "an unknown name without a password signs in"},
	"takes the password of another user":            {"guesses a password", "the name in User.Login with the password of User.Other signs in"},
	"takes the password of anybody":                 {"guesses a password", "an unknown name with the password of User.Login signs in"},
	"responds to a wrong password with a page":      {"wrong password", "Redirect with status 303 to GET /login after a wrong password"},
	"asks again for what was decided":               {"goes back from the app", "as clientweb.Once.Decided and StartOver do"},
	"ends where it could start over":                {"lost responses", "The request can start over: redirect to its RequestURL"},
}

// TestLogoutIsCheckedForUsersWhoSignOut: a provider may have no page for it.
func TestLogoutIsCheckedForUsersWhoSignOut(t *testing.T) {
	t.Parallel()
	for button, want := range map[string]int{"": 0, "Sign out": 2} {
		var called []string // the paths with the challenge of a logout
		u := user("alice", "wonderland")
		u.SignOut = button
		c := (&checker{TB: &failing{TB: t}, User: u, newHydra: portless, newProvider: func(*Server) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Query().Has("logout_challenge") {
					called = append(called, r.URL.Path)
				}
				w.WriteHeader(http.StatusForbidden)
			})
		}}).at(V1)
		badChallenges(c)
		assert.Len(t, called, want, button)
	}
}

func TestCheckKnowsMistakesOfProviders(t *testing.T) {
	t.Parallel()
	for _, c := range wrongprovider.Cases() {
		for _, version := range []Version{V1, V2, V26} {
			t.Run(c.Name+" "+string(version), func(t *testing.T) {
				t.Parallel()
				want, found := wants[c.Name+" "+string(version)]
				if !found {
					want = wants[c.Name]
				}
				if slices.Contains(c.BrokenOn, string(version)) {
					i := slices.IndexFunc(hazards, func(h hazard) bool { return h.name == want.hazard })
					output := outcome(t, version, c, user("alice", "wonderland"), hazards[i])
					assert.Contains(t, output, want.text)
					assert.NotRegexp(t, `[\w%.-]{40,}`, output, "challenges are cut")
					return
				}
				for _, h := range hazards {
					if c.Name == "no mistake" || h.name != many {
						assert.Empty(t, outcome(t, version, c, user("alice", "wonderland"), h), h.name)
					}
				}
			})
		}
	}
}

// many is the hazard that starts the most servers.
const many = "lost responses"

func TestCheckIsGreenForAnyUser(t *testing.T) {
	t.Parallel()
	bob := user("bob", "builder")
	cases := wrongprovider.Cases()
	right := cases[slices.IndexFunc(cases, func(c wrongprovider.Case) bool { return c.Name == "no mistake" })]
	for name, u := range map[string]User{
		"bob":                       bob,
		"without buttons to refuse": {Login: bob.Login, SignIn: "Sign in", Allow: "Allow"},
		"with the first of buttons": {Login: bob.Login, Allow: "Allow"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, version := range []Version{V1, V2, V26} {
				for _, h := range hazards {
					if h.name != many {
						assert.Empty(t, outcome(t, version, right, u, h), h.name)
					}
				}
			}
		})
	}
}

func TestCheckIsGreenForProvidersWithoutAConsentPage(t *testing.T) {
	t.Parallel()
	u := user("alice", "wonderland")
	u.Allow, u.Deny, u.FirstParty = "", "", true
	for _, version := range []Version{V1, V2, V26} {
		for _, h := range hazards {
			assert.Empty(t, outcome(t, version, wrongprovider.Case{Name: "grants without a page"}, u, h), h.name)
		}
	}
}

func TestCheckRunsEachHazard(t *testing.T) { //nolint:tparallel // Check itself decides
	t.Parallel()
	right := wrongprovider.Case{Name: "no mistake"}
	Check(t, V1, func(hydra *Server) http.Handler {
		return right.New(hydra.Client(client.WithRetries(0)), hydra.PublicURL)
	}, user("alice", "wonderland"))
}
