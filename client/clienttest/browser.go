package clienttest

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
)

// Where the recorded Hydra sends browsers.
const (
	// ProviderURL is where the pages /login, /consent, /logout, /device, /device/done and
	// /error of the provider are.
	ProviderURL = "http://127.0.0.1:3000"
	// AppURL is where the app is. For browsers it is another site than the provider.
	AppURL = "http://127.0.0.1:5555"
)

// A Browser is the browser of a user, in front of Hydra, a provider and an app. It does
// what decides whether a provider works: it follows redirects as Chromium does, keeps
// cookies and pages, sends the forms of pages, goes back, and submits twice. It has no
// scripts.
//
// A mistake of the provider that a user would notice fails the test, with its remedy.
type Browser struct {
	hydra    *Server
	provider http.Handler
	cookies  cookies
	cache    cache
	history  []*Page
	flows    int
	address  string      // that requests come from; may be empty
	seen     func(*Page) // is called for each page of the provider; may be nil
}

// Browser returns a browser without cookies. Provider is the handler to test; it has the
// paths that [ProviderURL] names.
func (s *Server) Browser(provider http.Handler) *Browser {
	b := &Browser{hydra: s, provider: provider, cache: cache{}}
	b.history = []*Page{{URL: parse(AppURL + "/"), Status: http.StatusOK, browser: b}}
	return b
}

// Login is the app that starts a login: the browser goes from the app to Hydra, and on to
// the provider. Parameters are those of [Server.StartURL].
func (b *Browser) Login(parameters ...string) *Page {
	b.hydra.tb.Helper()
	b.flows++
	parameters = append([]string{"state", fmt.Sprintf("state-of-the-app-%d", b.flows)}, parameters...)
	return b.fromApp(b.hydra.StartURL(parameters...))
}

// Logout is the app that starts a logout.
func (b *Browser) Logout() *Page {
	b.hydra.tb.Helper()
	return b.fromApp(b.hydra.PublicURL + b.hydra.find("browser", "kit-logout-start").Target)
}

func (b *Browser) fromApp(page string) *Page {
	return b.navigate(navigation{method: http.MethodGet, url: parse(page), from: &Page{URL: parse(AppURL + "/"), browser: b}})
}

// Open is a user who types a URL, opens a bookmark or another tab. The URL can be
// relative to [ProviderURL].
func (b *Browser) Open(page string) *Page {
	b.hydra.tb.Helper()
	u, err := parse(ProviderURL).Parse(page)
	if err != nil {
		b.hydra.tb.Fatalf("clienttest: not a URL: %q", withoutQuery(page))
	}
	return b.navigate(navigation{method: http.MethodGet, url: u})
}

// OpenScenario opens the page of the provider for a request of a scenario, see
// [Server.Open].
func (b *Browser) OpenScenario(sc Scenario) *Page {
	b.hydra.tb.Helper()
	return b.openChallenge(sc, b.hydra.Open(sc))
}

// openChallenge opens the page for a request of a scenario that has this challenge.
func (b *Browser) openChallenge(sc Scenario, challenge string) *Page {
	b.hydra.tb.Helper()
	noun := strings.ToLower(sc.kind())
	if sc.kind() == deviceKind {
		noun = "device"
	}
	return b.Open("/" + noun + "?" + noun + "_challenge=" + url.QueryEscape(challenge))
}

// Back goes back to the page before. The browser takes that, and redirects on the way,
// from its cache unless they have Cache-Control: no-store or status 401.
//
// A page that was the response to a form is never asked for again. If it is not in the cache
// either, the user sees a page of the browser, "Confirm Form Resubmission", with status 0. To
// avoid that, a provider redirects after a wrong password.
func (b *Browser) Back() *Page {
	b.hydra.tb.Helper()
	to := b.before()
	switch {
	case to.method == http.MethodGet || to.method == "":
		return b.navigate(navigation{method: http.MethodGet, url: to.URL, from: to.from, back: true})
	case !cacheable(to.Status, to.Header):
		to = newPage(b, navigation{method: to.method, url: to.URL, from: to.from}, &response{body: resubmission})
	}
	to.cached = true
	b.history = append(b.history, to)
	return to
}

// BackToKept goes back to the page before as Chromium does most often: it shows the page as
// the user left it, from its back/forward cache, and asks the provider for nothing. Chromium
// does so with pages that have Cache-Control: no-store as well, if no cookie of their site
// has changed meanwhile. Of pages with another status than 200, and of responses to forms, it
// keeps none, and BackToKept is the same as Back.
func (b *Browser) BackToKept() *Page {
	b.hydra.tb.Helper()
	if len(b.history) > 1 {
		if to := b.history[len(b.history)-2]; to.method == http.MethodPost || to.Status != http.StatusOK {
			return b.Back()
		}
	}
	to := *b.before()
	to.cached = true
	b.history = append(b.history, &to)
	return &to
}

// before takes the current page and the one before from the history, and returns that.
func (b *Browser) before() *Page {
	b.hydra.tb.Helper()
	if len(b.history) < 2 {
		b.hydra.tb.Fatalf("clienttest: there is no page to go back to")
	}
	to := b.history[len(b.history)-2]
	b.history = b.history[:len(b.history)-2]
	return to
}

// resubmission is what Chromium shows in place of a response to a form that it has not kept.
const resubmission = "<h1>Confirm Form Resubmission</h1><p>This webpage requires data that you entered earlier. ERR_CACHE_MISS</p>"

// maxRedirects is the limit of Chromium.
const maxRedirects = 20

// navigation is a request for a page and the redirects after it.
type navigation struct {
	method string
	url    *url.URL
	body   string // of a form
	values url.Values
	kind   string // media type of the body
	from   *Page  // that has the link or form; nil if the user typed the URL
	form   bool
	back   bool
	// until ends the navigation before the first request there.
	until string
	via   []*url.URL // before url
}

// navigate opens a page.
func (b *Browser) navigate(n navigation) *Page {
	b.hydra.tb.Helper()
	resp := b.fetch(b.hydra.tb.Context(), &n)
	return b.show(n, resp)
}

// show follows the redirects of a response, and adds the page at their end to the history.
func (b *Browser) show(n navigation, resp *response) *Page {
	b.hydra.tb.Helper()
	for range maxRedirects {
		for b.redirected(&n, resp) {
			if len(n.via) > maxRedirects {
				b.loops(n)
			}
			if n.until != "" && strings.HasPrefix(n.url.String(), n.until) {
				return nil
			}
			resp = b.fetch(b.hydra.tb.Context(), &n)
		}
		page := newPage(b, n, resp)
		if b.seen != nil && b.at(page.URL) == "the provider" {
			b.seen(page)
		}
		to, ok := page.refresh()
		if !ok {
			b.history = append(b.history, page)
			return page
		}
		n = navigation{method: http.MethodGet, url: to, from: page}
		resp = b.fetch(b.hydra.tb.Context(), &n)
	}
	b.loops(n)
	return nil
}

func (b *Browser) loops(n navigation) {
	b.hydra.tb.Helper()
	why := "The provider redirects in a circle."
	if n.back {
		why = "The browser has Hydra's redirect in its cache, and that leads to a request that was handled before: " +
			"the RedirectTo of a RequestWasHandledError cannot be used as it is. Add a parameter to it that differs each time, so that it is not in the cache."
	}
	b.hydra.tb.Fatalf("clienttest: the browser is redirected in a loop (ERR_TOO_MANY_REDIRECTS) at %s. %s", at(n.url), why)
}

// redirected reports whether a response redirects, and changes n to the next request.
func (b *Browser) redirected(n *navigation, resp *response) bool {
	b.hydra.tb.Helper()
	location := resp.header.Get("Location")
	switch resp.status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		if location != "" && b.at(n.url) == "the provider" {
			b.hydra.tb.Fatalf("clienttest: %s responds with status %d and a Location: browsers follow that of a redirect only. Use 303, http.StatusSeeOther", at(n.url), resp.status)
		}
		return false
	}
	next, err := n.url.Parse(location)
	if err != nil || location == "" {
		b.hydra.tb.Fatalf("clienttest: %s redirects to %q, which is not a URL", at(n.url), withoutQuery(location))
	}
	if parsed, _ := url.Parse(location); parsed.Host == "" && b.at(next) == "the provider" && (next.Path == authPath || next.Path == logoutPath) {
		b.hydra.tb.Fatalf("clienttest: %s redirects to %q, %s", at(n.url), next.Path, relativeRemedy)
	}
	n.via, n.url = append(n.via, n.url), next
	switch resp.status {
	case http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		if n.method != http.MethodGet && b.at(next) != "the provider" {
			b.hydra.tb.Fatalf("clienttest: status %d after a form keeps method and body: the browser posts the form, with the password if it has one, to %s. "+
				"Use 303, http.StatusSeeOther", resp.status, b.at(next))
		}
	default:
		n.method, n.body = http.MethodGet, ""
	}
	return true
}

// at names the place of a URL.
func (b *Browser) at(u *url.URL) string {
	switch base := u.Scheme + "://" + u.Host; base {
	case b.hydra.PublicURL:
		return "Hydra"
	case ProviderURL:
		return "the provider"
	case AppURL:
		return "the app"
	}
	return ""
}

type response struct {
	status int
	header http.Header
	body   string
	cached bool
}

// fetch sends one request, or finds the response in the cache.
func (b *Browser) fetch(ctx context.Context, n *navigation) *response {
	b.hydra.tb.Helper()
	if directive := n.blocked(); directive != "" {
		b.hydra.tb.Fatalf("clienttest: the browser stays on the page at %s: its Content-Security-Policy has %q, which also holds for the redirects after a form, and so for %s. "+
			"Leave form-action out, or respond to the form with a page that has a meta refresh", at(n.from.URL), directive, at(n.url))
	}
	if resp := b.cache.find(n); resp != nil {
		return resp
	}
	var resp *response
	switch b.at(n.url) {
	case "Hydra":
		resp = b.atHydra(n)
	case "the provider":
		resp = b.atProvider(ctx, n)
	case "the app":
		return &response{status: http.StatusOK, header: http.Header{}}
	default:
		b.hydra.tb.Fatalf("clienttest: the browser is sent to %s, which is neither Hydra's public URL %s, nor the provider %s, nor the app %s",
			at(n.url), b.hydra.PublicURL, ProviderURL, AppURL)
	}
	b.cookies.set(n.url, resp.header)
	b.cache.keep(n, resp)
	return resp
}

func (b *Browser) atHydra(n *navigation) *response {
	b.hydra.tb.Helper()
	if !b.hydra.isPublic(&http.Request{URL: n.url}) { // such as the page after a logout
		return &response{status: http.StatusOK, header: http.Header{}}
	}
	got, err := b.hydra.visit(n.url.String(), b.header(n))
	if err != nil {
		b.hydra.tb.Fatalf("clienttest: %v", err)
	}
	defer got.Body.Close() //nolint:errcheck // in memory
	body, _ := io.ReadAll(got.Body)
	return &response{status: got.StatusCode, header: got.Header, body: string(body)}
}

// leaked is the text of an error of package client.
var leaked = regexp.MustCompile(`hydra: [a-z]\w+: `)

func (b *Browser) atProvider(ctx context.Context, n *navigation) *response {
	b.hydra.tb.Helper()
	r := httptest.NewRequestWithContext(ctx, n.method, n.url.String(), strings.NewReader(n.body))
	maps.Copy(r.Header, b.header(n))
	r.RemoteAddr = cmp.Or(b.address, r.RemoteAddr)
	if n.method == http.MethodPost {
		r.Header.Set("Content-Type", cmp.Or(n.kind, "application/x-www-form-urlencoded"))
	}
	w := httptest.NewRecorder()
	func() {
		defer func() {
			if v := recover(); v != nil {
				b.hydra.tb.Errorf("clienttest: the provider panics at %s: %v", at(n.url), v)
				w.WriteHeader(http.StatusInternalServerError)
			}
		}()
		b.provider.ServeHTTP(w, r)
	}()
	got := w.Result()
	body := w.Body.String()
	if text := leaked.FindString(body); text != "" {
		b.hydra.tb.Errorf("clienttest: the page at %s shows the text of an error, %q..., to the user. Write it to the log, and show words of your own", at(n.url), text)
	}
	_ = got.Body.Close()
	return &response{status: got.StatusCode, header: got.Header, body: body}
}

// at is a URL for messages, without the query, which holds challenges.
func at(u *url.URL) string { return u.Scheme + "://" + u.Host + u.Path }

func parse(constant string) *url.URL {
	u, err := url.Parse(constant)
	if err != nil {
		panic(err)
	}
	return u
}
