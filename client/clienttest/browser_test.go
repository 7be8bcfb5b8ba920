package clienttest_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
)

// site is a provider of few pages, by method and path. Those of GET /login get the challenge
// in their URL. It notes the requests.
type site struct {
	pages map[string]http.HandlerFunc
	got   []*http.Request
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	s.got = append(s.got, r)
	if page := s.pages[r.Method+" "+r.URL.Path]; page != nil {
		page(w, r)
		return
	}
	http.NotFound(w, r)
}

func (s *site) last() *http.Request { return s.got[len(s.got)-1] }

// shows is a page with this body, and pairs of names and values for its header.
func shows(body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Add(header[i], header[i+1])
		}
		_, _ = fmt.Fprint(w, body)
	}
}

func redirects(status int, to string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, status) }
}

const form = `<form method="post" action="/next"><input name="name"><button>Go</button></form>`

// browser returns a browser in front of pages.
func browser(tb testing.TB, pages map[string]http.HandlerFunc) (*clienttest.Browser, *site) {
	tb.Helper()
	s := &site{pages: pages}
	return clienttest.New(tb, clienttest.V1).Browser(s), s
}

func TestBrowserSendsTheFormOfThePage(t *testing.T) {
	t.Parallel()
	b, s := browser(t, map[string]http.HandlerFunc{
		"GET /login": shows(`<h1>Hi</h1><style>x</style><form id="f" method="post" action="next?x=1">
			<input type="hidden" name="challenge" value="a&amp;b="><input name="name" value="old"><input name="off" value="1" disabled>
			<input type="checkbox" name="scope" value="read"><input type="checkbox" name="scope" value="openid" checked><input type="checkbox" name="remember">
			<input type="radio" name="color" value="red" checked><input type="radio" name="color" value="blue">
			<select name="lang"><option value="de">German<option selected>English</select><textarea name="note">some text</textarea>
			<button name="decision" value="no">No</button><input type="button" name="nothing"></form>
			<button form="f" name="decision" value="yes">Yes, <b>please</b></button>`),
		"POST /next": shows("done"),
	})
	p := b.Login()
	assert.Equal(t, []string{"No", "Yes, please"}, p.Buttons())
	assert.Contains(t, p.Text(), "Hi German English")
	p = p.Press("Yes, please", map[string]string{"name": "alice", "scope": "read", "remember": "on", "color": "blue"})
	assert.Equal(t, "done", p.Body)
	assert.Equal(t, "/next?x=1", p.URL.RequestURI())
	assert.Equal(t, map[string][]string{
		"challenge": {"a&b="}, "name": {"alice"}, "scope": {"read", "openid"}, "remember": {"on"}, "color": {"blue"},
		"lang": {"English"}, "note": {"some text"}, "decision": {"yes"},
	}, map[string][]string(s.last().PostForm))
}

func TestBrowserFollowsLinksFormsAndRefreshes(t *testing.T) {
	t.Parallel()
	page := func(body string, header ...string) map[string]http.HandlerFunc {
		return map[string]http.HandlerFunc{
			"GET /login": shows(body, header...), "GET /end": shows("end"), "POST /end": shows("posted"),
			"GET /away": redirects(http.StatusFound, "end"), "POST /away": redirects(http.StatusTemporaryRedirect, "/end"), "POST /see": redirects(http.StatusMovedPermanently, "/end"),
		}
	}
	for name, tt := range map[string]struct {
		pages map[string]http.HandlerFunc
		press string
		want  string
	}{
		"link":                       {page(`<a href="/away"> Go  on </a>`), "Go on", "end"},
		"form with GET":              {page(`<form action="/end"><button>Go</button></form>`), "Go", "end"},
		"form with POST":             {page(`<form method="POST" action="/end"><button>Go</button></form>`), "Go", "posted"},
		"input as button":            {page(`<form method="post" action="/end"><input type="submit" value="Go"></form>`), "Go", "posted"},
		"formaction":                 {page(`<form method="post"><button formaction="/end">Go</button></form>`), "", "posted"},
		"formmethod":                 {page(`<form action="/end"><button formmethod="post">Go</button></form>`), "", "posted"},
		"307 keeps the form":         {page(`<form method="post" action="/away"><button>Go</button></form>`), "Go", "posted"},
		"301 does not":               {page(`<form method="post" action="/see"><button>Go</button></form>`), "Go", "end"},
		"meta refresh":               {page(`<meta http-equiv="Refresh" content="0; URL='/away'">`), "-", "end"},
		"refresh without a name":     {page(`<meta http-equiv="refresh" content="1;/end">`), "-", "end"},
		"Refresh":                    {page("", "Refresh", "0; url=/end"), "-", "end"},
		"refresh that takes minutes": {page(`stays<meta http-equiv="refresh" content="60; url=/end">`), "-", "stays"},
		"refresh of itself":          {page(`stays<meta http-equiv="refresh" content="1">`), "-", "stays"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, _ := browser(t, tt.pages)
			p := b.Login()
			if tt.press != "-" {
				p = p.Press(tt.press, nil)
			}
			assert.Equal(t, tt.want, p.Text())
		})
	}
}

func TestBackUsesTheCache(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		header []string
		want   int // requests for the first page
	}{
		"without a word":   {nil, 1},
		"no-cache":         {[]string{"Cache-Control", "no-cache"}, 1},
		"no-store":         {[]string{"Cache-Control", "no-store"}, 2},
		"among other ones": {[]string{"Cache-Control", "private", "Cache-Control", "No-Store"}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, s := browser(t, map[string]http.HandlerFunc{"GET /login": shows(form, tt.header...), "POST /next": shows("", tt.header...)})
			b.Open("/login").Press("Go", nil)
			assert.Equal(t, "/login", b.Back().URL.Path)
			assert.Len(t, s.got, tt.want+1)
		})
	}
}

// TestFormsAreNotSentAgain is what the wrong passwords of TestHistory in internal/live/browser show.
func TestFormsAreNotSentAgain(t *testing.T) {
	t.Parallel()
	for _, back := range []func(*clienttest.Browser) *clienttest.Page{(*clienttest.Browser).Back, (*clienttest.Browser).BackToKept} {
		for header, want := range map[string]string{"no-store": "Confirm Form Resubmission This webpage requires data that you entered earlier. ERR_CACHE_MISS", "private": "posted"} {
			b, s := browser(t, map[string]http.HandlerFunc{"GET /login": shows(form, "Cache-Control", "no-store"), "POST /next": shows("posted", "Cache-Control", header), "GET /end": shows("end")})
			b.Open("/login").Press("Go", map[string]string{"name": "alice"})
			b.Open("/end")
			before := len(s.got)
			p := back(b)
			assert.Equal(t, want, p.Text())
			assert.Len(t, s.got, before, "no request")
			assert.Nil(t, p.App())
			assert.Equal(t, "/login", back(b).URL.Path, "the page before")
			assert.Equal(t, want != "posted", p.Status == 0)
		}
	}
}

func TestBackToKeptShowsThePageAsItWas(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]int{http.StatusOK: 1, http.StatusConflict: 2} {
		b, s := browser(t, map[string]http.HandlerFunc{"GET /login": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Cache-Control", "no-store")
			w.WriteHeader(status)
			_, _ = fmt.Fprint(w, form)
		}, "GET /end": shows("end"), "POST /next": shows("next")})
		b.Open("/login")
		b.Open("/end")
		p := b.BackToKept()
		assert.Equal(t, "/login", p.URL.Path)
		assert.Len(t, s.got, want+1)
		assert.Equal(t, "next", p.Press("Go", nil).Text(), "its form works")
		assert.Equal(t, "/login", b.Back().URL.Path)
		assert.Equal(t, clienttest.AppURL+"/", b.BackToKept().URL.String())
	}
	assert.Contains(t, failure(t, func(tb testing.TB) {
		tb.Helper()
		b, _ := browser(tb, nil)
		b.BackToKept()
	}), "no page to go back to")
}

func TestBackGoesThroughAllPages(t *testing.T) {
	t.Parallel()
	b, _ := browser(t, map[string]http.HandlerFunc{"GET /a": shows("a"), "GET /b": shows("b"), "GET /c": shows("c")})
	for _, page := range []string{"/a", "/b", "/c"} {
		b.Open(page)
	}
	assert.Equal(t, "b", b.Back().Body)
	assert.Equal(t, "a", b.Back().Body)
	assert.Equal(t, clienttest.AppURL+"/", b.Back().URL.String(), "where the browser was first")
}

func TestFreshResponsesAreUsedAgain(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		page http.HandlerFunc
		want int // requests
	}{
		"no word":              {shows(""), 2},
		"max-age":              {shows("", "Cache-Control", "private, max-age=60"), 1},
		"max-age=0":            {shows("", "Cache-Control", "max-age=0"), 2},
		"max-age and no-cache": {shows("", "Cache-Control", "max-age=60, no-cache"), 2},
		"301":                  {redirects(http.StatusMovedPermanently, "/end"), 1},
		"302":                  {redirects(http.StatusFound, "/end"), 2},
		"308":                  {redirects(http.StatusPermanentRedirect, "/end"), 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := 0
			b, _ := browser(t, map[string]http.HandlerFunc{"GET /end": shows(""), "GET /login": func(w http.ResponseWriter, r *http.Request) {
				got++
				tt.page(w, r)
			}})
			b.Open("/login")
			b.Open("/login")
			assert.Equal(t, tt.want, got)
		})
	}
}

func TestBrowserSendsCookiesAsTheySay(t *testing.T) {
	t.Parallel()
	for cookie, want := range map[string]struct{ fromApp, typed, elsewhere bool }{
		"c=1":                               {true, true, true},
		"c=1; Path=/":                       {true, true, true},
		"c=1; Path=/; Secure":               {true, true, true},
		"c=1; Path=/login":                  {true, true, false},
		"c=1; Path=/; SameSite=Lax":         {true, true, true},
		"c=1; Path=/; SameSite=Strict":      {false, true, true},
		"c=1; Path=/; SameSite=None":        {false, false, false},
		"c=1; SameSite=None; Secure":        {true, true, true},
		"__Host-c=1; Path=/; Secure":        {true, true, true},
		"__Host-c=1; Path=/":                {false, false, false},
		"__Host-c=1; Secure":                {false, false, false},
		"__Secure-c=1; Path=/":              {false, false, false},
		"c=1; Domain=evil.example.com":      {false, false, false},
		"c=1; Path=/; Max-Age=0":            {false, false, false},
		"c=1; Path=/; Max-Age=60; HttpOnly": {true, true, true},
	} {
		t.Run(cookie, func(t *testing.T) {
			t.Parallel()
			page := shows(form, "Set-Cookie", cookie, "Cache-Control", "no-store")
			b, s := browser(t, map[string]http.HandlerFunc{"GET /login": page, "GET /login/x": page, "POST /next": shows("")})
			sent := func() bool {
				return slices.ContainsFunc(s.last().Cookies(), func(c *http.Cookie) bool { return strings.HasSuffix(c.Name, "c") }) // Hydra has some, too
			}
			b.Open("/login/x")
			b.Open("/login")
			p := b.Login()
			assert.Equal(t, want.fromApp, sent(), "from the app")
			b.Open("/login")
			assert.Equal(t, want.typed, sent(), "typed")
			p.Press("Go", nil)
			assert.Equal(t, want.elsewhere, sent(), "at another path")
		})
	}
}

func TestBrowserSaysWhereARequestComesFrom(t *testing.T) {
	t.Parallel()
	for policy, want := range map[string]struct{ origin, referer string }{
		"":                                {"http://127.0.0.1:3000", "http://127.0.0.1:3000/login?x=1"},
		"no-referrer":                     {"null", ""},
		"same-origin":                     {"http://127.0.0.1:3000", "http://127.0.0.1:3000/login?x=1"},
		"origin":                          {"http://127.0.0.1:3000", "http://127.0.0.1:3000/"},
		"unsafe-url":                      {"http://127.0.0.1:3000", "http://127.0.0.1:3000/login?x=1"},
		"no-referrer, strict-origin":      {"http://127.0.0.1:3000", "http://127.0.0.1:3000/"},
		"strict-origin-when-cross-origin": {"http://127.0.0.1:3000", "http://127.0.0.1:3000/login?x=1"},
	} {
		for _, page := range []http.HandlerFunc{shows(form, "Referrer-Policy", policy), shows(`<meta name="referrer" content="` + policy + `">` + form)} {
			b, s := browser(t, map[string]http.HandlerFunc{"GET /login": page, "POST /next": shows("")})
			b.Login()
			assert.Equal(t, "cross-site", s.last().Header.Get("Sec-Fetch-Site"), "from the app")
			assert.Equal(t, "http://127.0.0.1:5555/", s.last().Header.Get("Referer"))
			p := b.Open("/login?x=1")
			assert.Equal(t, "none", s.last().Header.Get("Sec-Fetch-Site"))
			assert.Empty(t, s.last().Header.Get("Referer"))
			p.Press("Go", nil)
			assert.Equal(t, "same-origin", s.last().Header.Get("Sec-Fetch-Site"))
			assert.Equal(t, want.origin, s.last().Header.Get("Origin"), policy)
			assert.Equal(t, want.referer, s.last().Header.Get("Referer"), policy)
		}
	}
}

func TestFormActionHoldsForRedirects(t *testing.T) {
	t.Parallel()
	hydra := clienttest.New(t, clienttest.V1).PublicURL // of another one, which is not asked
	for policy, want := range map[string]string{
		"":                                   "",
		"default-src 'none'":                 "",
		"form-action *":                      "",
		"form-action http:":                  "",
		"form-action 'self'":                 "form-action 'self'",
		"default-src 'none'; form-action":    "form-action",
		"form-action 'none'":                 "form-action 'none'",
		"form-action 'self' " + hydra:        "form-action 'self'",
		"form-action 'self', default-src *":  "form-action 'self'",
		"Form-Action 'self' 127.0.0.1:3000 ": "Form-Action 'self'",
	} {
		t.Run(policy, func(t *testing.T) {
			t.Parallel()
			for _, header := range []bool{true, false} {
				page := shows(`<meta http-equiv="Content-Security-Policy" content="` + policy + `">` + form)
				if header {
					page = shows(form, "Content-Security-Policy", policy)
				}
				output := failure(t, func(tb testing.TB) {
					tb.Helper()
					hydra := clienttest.New(tb, clienttest.V1)
					b := hydra.Browser(&site{pages: map[string]http.HandlerFunc{"GET /login": page, "POST /next": redirects(http.StatusSeeOther, hydra.StartURL())}})
					b.Open("/login").Press("Go", nil)
				})
				if want == "" {
					assert.Empty(t, output)
				} else {
					assert.Contains(t, output, "has \""+want)
				}
			}
		})
	}
}

func TestBrowserExplainsWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		pages map[string]http.HandlerFunc
		want  string
	}{
		"redirects in a circle": {map[string]http.HandlerFunc{"GET /login": redirects(http.StatusFound, "/login")}, "ERR_TOO_MANY_REDIRECTS) at http://127.0.0.1:3000/login. The provider redirects in a circle"},
		"refreshes in a circle": {map[string]http.HandlerFunc{
			"GET /login": shows("", "Refresh", "0; url=/a"), "GET /a": shows("", "Refresh", "0; url=/login"),
		}, "redirects in a circle"},
		"redirects elsewhere":         {map[string]http.HandlerFunc{"GET /login": redirects(http.StatusFound, "http://hydra:4444/oauth2/auth")}, "is sent to http://hydra:4444/oauth2/auth, which is neither Hydra's public URL"},
		"redirects to nothing":        {map[string]http.HandlerFunc{"GET /login": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusFound) }}, `redirects to "", which is not a URL`},
		"panics":                      {map[string]http.HandlerFunc{"GET /login": func(http.ResponseWriter, *http.Request) { panic("oh") }}, "the provider panics at http://127.0.0.1:3000/login: oh"},
		"another button":              {map[string]http.HandlerFunc{"GET /login": shows(`<form><button>Log in</button></form>`)}, `no button "Go"; it has ["Log in"], and says with status 200`},
		"another field":               {map[string]http.HandlerFunc{"GET /login": shows(`<form><input name="user"><button>Go</button></form>`)}, `has no field "name"; it has ["user"]`},
		"a button alone":              {map[string]http.HandlerFunc{"GET /login": shows(`<button>Go</button>`)}, "is not in a form"},
		"an action that is not a URL": {map[string]http.HandlerFunc{"GET /login": shows(`<form action=":"><input name="name"><button>Go</button></form>`)}, "is not a URL"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			output := failure(t, func(tb testing.TB) {
				tb.Helper()
				b, _ := browser(tb, tt.pages)
				b.Login().Press("Go", map[string]string{"name": "alice"})
			})
			assert.Contains(t, output, tt.want)
		})
	}
}

func TestBrowserNeedsAURLAndAPageToGoBackTo(t *testing.T) {
	t.Parallel()
	assert.Contains(t, failure(t, func(tb testing.TB) {
		tb.Helper()
		b, _ := browser(tb, nil)
		b.Open(":")
	}), "not a URL")
	assert.Contains(t, failure(t, func(tb testing.TB) {
		tb.Helper()
		b, _ := browser(tb, nil)
		b.Back()
	}), "no page to go back to")
}

func TestFollowDoesNotResolveAtHydra(t *testing.T) {
	t.Parallel()
	output := failure(t, func(tb testing.TB) {
		tb.Helper()
		clienttest.New(tb, clienttest.V1).Follow("/oauth2/sessions/logout?logout_verifier=" + strings.Repeat("x", 60))
	})
	assert.Contains(t, output, "which is relative: the browser looks for it at the provider")
	assert.NotContains(t, output, strings.Repeat("x", 40))
}

func TestPrefetchSendsTheLinksOfAPage(t *testing.T) {
	t.Parallel()
	b, s := browser(t, map[string]http.HandlerFunc{"GET /login": shows(`<a href="/a?x=1">A</a><a>none</a><link href="/b"><a href="https://elsewhere.example.com/">C</a>`)})
	b.Login().Prefetch()
	require.Len(t, s.got, 3)
	assert.Equal(t, "/a?x=1", s.got[1].RequestURI[len(clienttest.ProviderURL):])
	assert.Equal(t, "/b", s.last().URL.Path)
}

func TestBrowserHasTheDevicePage(t *testing.T) {
	t.Parallel()
	hydra := clienttest.New(t, clienttest.V26)
	s := &site{pages: map[string]http.HandlerFunc{"GET /device": shows("code")}}
	assert.Equal(t, "code", hydra.Browser(s).Open(hydra.PublicURL+"/oauth2/device/verify").Body)
	assert.Equal(t, "code", hydra.Browser(s).OpenScenario(clienttest.FreshDevice).Body)
}
