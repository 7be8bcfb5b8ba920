package clienttest

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
)

// cookies are those of a browser.
type cookies struct {
	jar      *cookiejar.Jar
	sameSite map[string]http.SameSite // by name
}

// secure is the URL of a page with https in place of http: to a browser, loopback hosts are
// as secure.
func secure(u *url.URL) *url.URL {
	s := *u
	s.Scheme = "https"
	return &s
}

func (c *cookies) set(u *url.URL, header http.Header) {
	if c.jar == nil {
		c.jar, _ = cookiejar.New(nil) // cannot fail without options
		c.sameSite = map[string]http.SameSite{}
	}
	accepted := slices.DeleteFunc((&http.Response{Header: header}).Cookies(), refused)
	for _, cookie := range accepted {
		c.sameSite[cookie.Name] = cookie.SameSite
	}
	c.jar.SetCookies(secure(u), accepted)
}

// refused reports whether browsers do not take a cookie.
func refused(c *http.Cookie) bool {
	return !c.Secure && (c.SameSite == http.SameSiteNoneMode || strings.HasPrefix(c.Name, "__Secure-") || strings.HasPrefix(c.Name, "__Host-")) ||
		strings.HasPrefix(c.Name, "__Host-") && (c.Path != "/" || c.Domain != "")
}

// header returns the cookies and the other header fields of a request.
func (b *Browser) header(n *navigation) http.Header {
	h := http.Header{"User-Agent": {"clienttest"}, "Accept": {"text/html"}, "Sec-Fetch-Mode": {"navigate"}, "Sec-Fetch-Dest": {"document"}}
	relation := n.relation()
	h.Set("Sec-Fetch-Site", relation)
	if n.from != nil {
		origin, referer := n.from.identity(n.url)
		if referer != "" {
			h.Set("Referer", referer)
		}
		if n.method != http.MethodGet {
			h.Set("Origin", origin)
		}
	}
	if b.cookies.jar == nil {
		return h
	}
	r := &http.Request{Header: h}
	for _, cookie := range b.cookies.jar.Cookies(secure(n.url)) {
		mode := b.cookies.sameSite[cookie.Name]
		if relation != "cross-site" || mode == http.SameSiteNoneMode || mode != http.SameSiteStrictMode && n.method == http.MethodGet {
			r.AddCookie(cookie)
		}
	}
	return h
}

// relation says how the page with the link or form is related to all hosts of the
// navigation, as in Sec-Fetch-Site. Hydra and the provider are one site, the app is another.
func (n *navigation) relation() string {
	if n.from == nil {
		return "none"
	}
	relation := "same-origin"
	for _, u := range append(n.via, n.url) {
		switch {
		case (u.Host == parse(AppURL).Host) != (n.from.URL.Host == parse(AppURL).Host):
			return "cross-site"
		case u.Host != n.from.URL.Host:
			relation = "same-site"
		}
	}
	return relation
}

// identity returns what a page tells another one of itself, as its Referrer-Policy allows:
// the Origin of forms, and the Referer.
func (p *Page) identity(to *url.URL) (origin, referer string) {
	origin = p.URL.Scheme + "://" + p.URL.Host
	full := *p.URL
	full.Fragment = ""
	same := p.URL.Scheme == to.Scheme && p.URL.Host == to.Host
	switch p.referrerPolicy() {
	case "no-referrer":
		return "null", ""
	case "same-origin":
		if !same {
			return "null", ""
		}
		return origin, full.String()
	case "origin", "strict-origin":
		return origin, origin + "/"
	case "unsafe-url", "no-referrer-when-downgrade":
		return origin, full.String()
	}
	if same { // strict-origin-when-cross-origin, the default
		return origin, full.String()
	}
	return origin, origin + "/"
}

func (p *Page) referrerPolicy() (policy string) {
	for _, value := range append(p.Header.Values("Referrer-Policy"), p.meta("name", "referrer")...) {
		for token := range strings.SplitSeq(value, ",") {
			if token = strings.TrimSpace(token); token != "" {
				policy = token
			}
		}
	}
	return policy
}

// blocked returns the form-action of the page with the form that forbids the next request,
// or nothing.
func (n *navigation) blocked() string {
	if !n.form || n.from == nil {
		return ""
	}
	policies := append(n.from.Header.Values("Content-Security-Policy"), n.from.meta("http-equiv", "content-security-policy")...)
	for policy := range strings.SplitSeq(strings.Join(policies, ","), ",") {
		for directive := range strings.SplitSeq(policy, ";") {
			name, sources, _ := strings.Cut(strings.TrimSpace(directive), " ")
			if strings.EqualFold(name, "form-action") && !n.allowed(strings.Fields(sources)) {
				return strings.TrimSpace(directive)
			}
		}
	}
	return ""
}

func (n *navigation) allowed(sources []string) bool {
	for _, source := range sources {
		u, _ := url.Parse(source)
		switch {
		case source == "*", source == n.url.Scheme+":", source == n.url.Host,
			source == "'self'" && n.url.Host == n.from.URL.Host,
			u != nil && u.Scheme == n.url.Scheme && u.Host == n.url.Host:
			return true
		}
	}
	return false
}
