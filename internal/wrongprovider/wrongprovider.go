// Package wrongprovider has login, consent and logout providers, each with one mistake. The
// tests of client/clienttest run them in its browser, and those of internal/live/browser in
// Chromium.
package wrongprovider

import (
	"net/http"

	"github.com/hydra-sdk/hydra-admin-go/client"
)

// A Case is a provider with a mistake, or with something unusual that is none.
type Case struct {
	Name string
	// BrokenOn has the versions on which a user would notice. It is empty for what is no mistake.
	BrokenOn []string
	// NotInBrowser says why Chromium cannot show the mistake. It is empty if it can.
	NotInBrowser string
	mistakes     []string
}

// New returns the handler of the provider.
func (c Case) New(admin *client.AdminAPI, publicURL string) http.Handler {
	return newProvider(admin, publicURL, append(c.mistakes, c.Name)...)
}

const (
	v1  = "v1.11.10"
	v2  = "v2.3.0"
	v26 = "v26.2.0"
)

var all = []string{v1, v2, v26}

// Cases returns all providers.
func Cases() []Case {
	return []Case{
		{Name: "RedirectTo of 410 as it is", BrokenOn: []string{v1}},
		{Name: "relative redirect after a logout", BrokenOn: all},
		{Name: "redirects with 303", BrokenOn: all},
		{Name: "forgets the first submit", BrokenOn: []string{v1}},
		{Name: "accepts under r.Context()", BrokenOn: []string{v1}},
		{Name: "links in place of forms", BrokenOn: all},
		{Name: "own session accepts on GET", BrokenOn: all},
		{Name: "own memory of consents", BrokenOn: all},
		{Name: "redirects with 307", BrokenOn: all},
		{Name: "form-action 'self'", BrokenOn: all},
		{Name: "cookie with SameSite=Strict", BrokenOn: all},
		{Name: "pages can be cached", BrokenOn: all},
		{Name: "rejects with server_error", BrokenOn: all},
		{Name: "loses the challenge", BrokenOn: all},
		{Name: "shows the text of errors", BrokenOn: all},
		{Name: "grants what the form says", BrokenOn: all},
		{Name: "grants other audiences", BrokenOn: all},

		{Name: "form with GET", BrokenOn: all},
		{Name: "checks Origin, hides it", BrokenOn: all},
		{Name: "cookie of one path", BrokenOn: all},
		{Name: "__Host- cookie without Secure", BrokenOn: all},
		{Name: "Location without a redirect", BrokenOn: all},
		{Name: "ignores Skip", BrokenOn: all},
		{Name: "challenge in a cookie", BrokenOn: all},
		{Name: "all errors are 500", BrokenOn: all},

		{Name: "consent challenge in a cookie", BrokenOn: all},
		{Name: "logout challenge in a cookie", BrokenOn: all, NotInBrowser: "both logouts of a browser end the same session"},
		{Name: "Stay signs out", BrokenOn: all},
		{Name: "Stay shows nothing", BrokenOn: all},
		{Name: "signs out at once", BrokenOn: all},
		{Name: "grants nothing", BrokenOn: all},
		{Name: "grants what is not ticked", BrokenOn: all},
		{Name: "drops the audience", BrokenOn: all},
		{Name: "consent without the app", BrokenOn: all},
		{Name: "consent without the scopes", BrokenOn: all},
		{Name: "shows the challenge", BrokenOn: all},
		{Name: "shows its URL", BrokenOn: all},
		{Name: "does not escape", BrokenOn: all},
		{Name: "sends the password back", BrokenOn: all},
		{Name: "no word about a wrong password", BrokenOn: all},
		{Name: "signs in any unknown name", BrokenOn: all},
		{Name: "takes an empty password", BrokenOn: all},
		{Name: "takes a form without the password", BrokenOn: all},
		{Name: "compares with the password of an unknown name", BrokenOn: all}, // which is empty
		{Name: "takes the password of another user", BrokenOn: all},
		{Name: "takes the password of anybody", BrokenOn: all},
		{Name: "responds to a wrong password with a page", BrokenOn: all, NotInBrowser: "its test does not go back after a wrong password; TestBack does"},
		{Name: "asks again for what was decided", BrokenOn: []string{v2, v26}},
		{Name: "takes forms of other sites", BrokenOn: all},
		{Name: "can be framed", BrokenOn: all, NotInBrowser: "a header is missing, and the frame looks the same to scripts"},
		{Name: "links elsewhere, without a Referrer-Policy", BrokenOn: all, NotInBrowser: "browsers of today send the origin alone, unlike older ones"},
		{Name: "one login for all users", BrokenOn: all},
		{Name: "ends where it could start over", BrokenOn: []string{v1}, NotInBrowser: "no response of a real Hydra is lost"},

		{Name: "no mistake"},
		{Name: "rejects without an error"}, // the client sends access_denied
		{Name: "unescapes twice"},
		{Name: "Refresh as a header"},
		{Name: "hands a context to the consent"},
		{Name: "needs its cookie"},
		{Name: "remembers"},
		{Name: "form-action 'self' with a page that refreshes"},
		// These have the fault of 303, and no other.
		{Name: "redirects with 301", BrokenOn: all},
		{Name: "redirects with 302", BrokenOn: all},
	}
}
