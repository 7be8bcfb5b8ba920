package clienttest

import (
	"crypto/rand"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// altered is Hydra's response with other members.
func altered(alter func(object map[string]any)) Response {
	return Response{send: func(s *Server, w http.ResponseWriter, r *http.Request, call *Call) {
		rec := httptest.NewRecorder()
		s.fallback(rec, r, call)
		var object map[string]any
		if rec.Code == http.StatusOK && json.Unmarshal(rec.Body.Bytes(), &object) == nil {
			alter(object)
			text, _ := json.Marshal(object) // it was JSON
			rec.Body.Reset()
			_, _ = rec.Body.Write(text)
			rec.Header().Del("Content-Length")
		}
		maps.Copy(w.Header(), rec.Header())
		w.WriteHeader(rec.Code)
		_, _ = w.Write(rec.Body.Bytes())
	}}
}

// visible is what a user sees of a page: its text, pictures and buttons, without what was
// typed.
func (p *Page) visible() string {
	parts := []string{p.Text()}
	for n := range p.root.Descendants() {
		if n.Type != html.ElementNode || n.DataAtom == atom.Meta || n.DataAtom == atom.Input && strings.EqualFold(attribute(n, "type"), "hidden") {
			continue
		}
		for _, name := range []string{"alt", "title", "aria-label", "aria-invalid", "class", "placeholder", "src"} {
			parts = append(parts, attribute(n, name))
		}
		if n.DataAtom == atom.Input && isSubmit(n) {
			parts = append(parts, label(n))
		}
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "\n")
}

var challengeInText = regexp.MustCompile(`(login|consent|logout)_(challenge|verifier)=`)

// notShown fails if a page shows a challenge or verifier to its user. It looks at each page
// of each hazard.
func (c *checker) notShown(p *Page) {
	c.Helper()
	text := textOf(p.root, atom.Noscript, atom.Textarea, atom.Template)
	shown := challengeInText.MatchString(text)
	c.hydra.mu.Lock()
	for _, secrets := range []func(func(string) bool){maps.Keys(c.hydra.requests), maps.Keys(c.hydra.verifiers)} {
		for secret := range secrets {
			const long = 20
			shown = shown || len(secret) >= long && (strings.Contains(text, secret) || strings.Contains(text, url.QueryEscape(secret)))
		}
	}
	c.hydra.mu.Unlock()
	if shown && !c.told {
		c.told = true
		c.Errorf("clienttest: the page at %s shows a challenge or verifier in its text: with it, others who see the page could go on in place of the user. "+
			"Keep them in hidden fields, and out of what users send to the support", at(p.URL))
	}
}

// secretFields returns the names of the fields of User.Login that are passwords.
func (c *checker) secretFields(p *Page) (secret []string) {
	for n := range p.elements(atom.Input) {
		if name := attribute(n, "name"); c.Login[name] != "" && strings.EqualFold(attribute(n, "type"), "password") {
			secret = append(secret, name)
		}
	}
	return secret
}

// returnsPasswords fails if a page holds the password that was typed.
func (c *checker) returnsPasswords() {
	c.Helper()
	p := c.browser.Login()
	fields := c.secretFields(p)
	if len(fields) == 0 || !c.atLogin(p) {
		return
	}
	typed := maps.Clone(c.Login)
	password := rand.Text()
	for _, name := range fields {
		typed[name] = password
	}
	p = p.Press(c.SignIn, typed)
	if strings.Contains(p.Body, password) || strings.Contains(p.URL.String(), password) {
		c.Errorf("clienttest: after a wrong password the page at %s holds what was typed: it stays in the memory of the browser, and others at the same screen can read it. "+
			"Leave the field for the password empty", at(p.URL))
	}
	c.unlocks()
}

// The markup is text that ends an attribute and begins an element.
const (
	markupID = "markup-of-a-request"
	markup   = `Example '"><b id="` + markupID + `">App</b>`
)

// escapes has markup in all texts that others than the provider choose.
func escapes(c *checker) {
	c.Helper()
	rename := altered(func(request map[string]any) {
		if app, ok := request["client"].(map[string]any); ok {
			app["client_name"] = markup
		}
	})
	for _, id := range []string{"getLoginRequest", "getConsentRequest", "getLogoutRequest"} {
		c.hydra.Respond(id, rename)
	}
	p := c.browser.Login("login_hint", markup)
	c.escaped(p, "the name of the app, or the login_hint,")
	if c.Wrong != nil && c.atLogin(p) {
		typed := maps.Clone(c.Wrong)
		for n := range p.elements(atom.Input) {
			name, kind := attribute(n, "name"), strings.ToLower(attribute(n, "type"))
			if typed[name] != "" && (kind == "" || kind == "text") {
				typed[name] += markup
			}
		}
		p = p.Press(c.SignIn, typed)
		c.escaped(p, "the name of the user that was typed")
	}
	if c.atLogin(p) {
		p = c.signIn(p, "The name of the app has markup")
	}
	c.escaped(p, "the name of the app")
	if c.SignOut != "" {
		c.escaped(c.browser.Logout(), "the name of the app")
	}
	c.escaped(c.browser.Open("/error?"+url.Values{"error": {markup}, "error_description": {markup}, "error_hint": {markup}}.Encode()), "an error or its description")
}

func (c *checker) escaped(p *Page, of string) {
	c.Helper()
	if strings.HasPrefix(p.Header.Get("Content-Type"), "text/plain") {
		return
	}
	for n := range p.root.Descendants() {
		if attribute(n, "id") == markupID {
			c.Fatalf("clienttest: the page at %s has %s as HTML: with a script in it, others decide in place of the user. Escape it, as html/template does", at(p.URL), of)
		}
	}
}

// secured checks the header of the pages with forms.
func secured(c *checker) {
	c.Helper()
	p := c.browser.Login()
	c.headers(p)
	if p = c.signIn(p, "The app starts a login"); c.atConsent(p) {
		c.headers(p)
	}
	if c.SignOut != "" {
		c.headers(c.browser.Logout())
	}
}

func (c *checker) headers(p *Page) {
	c.Helper()
	if c.browser.at(p.URL) != "the provider" || len(p.Buttons()) == 0 {
		return
	}
	if framable(p.Header) {
		c.Errorf("clienttest: the page at %s can be shown in a frame of another site, which makes the user click its buttons unseen. "+
			"Send Content-Security-Policy: frame-ancestors 'none', or X-Frame-Options: DENY", at(p.URL))
	}
	policy := p.referrerPolicy()
	if !slices.Contains([]string{"", "unsafe-url", "no-referrer-when-downgrade"}, policy) || !challengeInText.MatchString(p.URL.RawQuery) {
		return
	}
	if to := p.elsewhere(); to != "" {
		c.Errorf("clienttest: the URL of the page at %s holds a challenge, and browsers, some of them by default, send it to %s in the Referer: the page links there, or loads from there. "+
			"Send Referrer-Policy: same-origin", at(p.URL), to)
	}
}

func framable(h http.Header) bool {
	found, framable := false, true
	for policy := range strings.SplitSeq(strings.Join(h.Values("Content-Security-Policy"), ","), ",") {
		for directive := range strings.SplitSeq(policy, ";") {
			name, sources, _ := strings.Cut(strings.TrimSpace(directive), " ")
			if !strings.EqualFold(name, "frame-ancestors") {
				continue
			}
			found = true
			if !slices.ContainsFunc(strings.Fields(sources), func(s string) bool { return slices.Contains([]string{"*", "http:", "https:"}, s) }) {
				framable = false
			}
		}
	}
	if found {
		return framable // browsers look at X-Frame-Options only without it
	}
	option := strings.ToUpper(strings.TrimSpace(h.Get("X-Frame-Options")))
	return option != "DENY" && option != "SAMEORIGIN"
}

// elsewhere returns a host that the page links to or loads from, other than the provider and
// Hydra, and that gets the Referer.
func (p *Page) elsewhere() string {
	for n := range p.elements(atom.A, atom.Link, atom.Img, atom.Script, atom.Iframe) {
		reference, rel := attribute(n, "href"), strings.ToLower(attribute(n, "rel"))
		if n.DataAtom != atom.A && n.DataAtom != atom.Link {
			reference = attribute(n, "src")
		}
		loads := n.DataAtom != atom.Link || strings.Contains(rel, "stylesheet") || strings.Contains(rel, "icon") || strings.Contains(rel, "load") || strings.Contains(rel, "fetch")
		u := p.resolve(reference)
		if u == nil || reference == "" || !loads || strings.Contains(rel, "noreferrer") || has(n, "referrerpolicy") || u.Scheme != "http" && u.Scheme != "https" {
			continue
		}
		if place := p.browser.at(u); place != "the provider" && place != "Hydra" {
			return u.Host
		}
	}
	return ""
}

// openLong is OpenScenario, with an unknown challenge that is as long as others: it would be
// recognised on a page.
func (b *Browser) openLong(sc Scenario) *Page {
	b.hydra.tb.Helper()
	if !strings.HasPrefix(string(sc), unknown) {
		return b.OpenScenario(sc)
	}
	challenge := rand.Text()
	b.hydra.mu.Lock()
	req, err := b.hydra.open(sc, &flow{})
	if err == nil {
		req.challenge = challenge
		b.hydra.requests[challenge] = req
	}
	b.hydra.mu.Unlock()
	if err != nil {
		b.hydra.tb.Fatalf("clienttest: %v", err)
	}
	return b.openChallenge(sc, challenge)
}
