package clienttest

import (
	"cmp"
	"context"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Press fills in the form with the button of this text, and submits it. Fields are what the
// user types, and the values of the boxes that are ticked, by their names; all others stay as
// they are in the page. An empty text is the first button. A link can be pressed as well.
func (p *Page) Press(text string, fields map[string]string) *Page {
	p.browser.hydra.tb.Helper()
	return p.browser.navigate(p.press(text, fields))
}

// PressTwice is a user who clicks again before the browser shows the next page. It then
// drops the response to the first click, and shows that to the second. When says how far
// the first one came.
func (p *Page) PressTwice(when Gap, text string, fields map[string]string) *Page {
	b := p.browser
	b.hydra.tb.Helper()
	first, second := p.press(text, fields), p.press(text, fields)
	switch when {
	case AtOnce:
		b.fetch(b.hydra.tb.Context(), &first)
	case WhileHydraActs:
		b.interrupted(first)
	case BeforeTheApp:
		first.until = AppURL
		// A page in response takes the place of the button, and cannot be clicked again.
		if page := b.navigate(first); page != nil {
			return page
		}
	}
	return b.navigate(second)
}

// A Gap is the time between two clicks.
type Gap string

// Gaps, by how far the request of the first click came.
const (
	// AtOnce: the provider has responded.
	AtOnce Gap = "at once"
	// WhileHydraActs: Hydra is accepting or rejecting what the provider asks for. The
	// browser closes the connection, which cancels the context of the request.
	WhileHydraActs Gap = "while Hydra acts"
	// BeforeTheApp: the browser has followed the redirects of Hydra, and waits for the app.
	BeforeTheApp Gap = "before the app responds"
)

// interrupted sends a request whose connection the browser closes when Hydra has done what
// it was asked for.
func (b *Browser) interrupted(n navigation) {
	ctx, cancel := context.WithCancel(b.hydra.tb.Context())
	defer cancel()
	b.hydra.mu.Lock()
	b.hydra.acted = cancel
	b.hydra.mu.Unlock()
	b.fetch(ctx, &n)
	b.hydra.mu.Lock()
	b.hydra.acted = nil
	b.hydra.mu.Unlock()
}

// Prefetch is a browser, or a mail scanner, that fetches the links of a page before the
// user clicks.
func (p *Page) Prefetch() {
	p.browser.hydra.tb.Helper()
	for _, link := range p.Links() {
		if p.browser.at(link) != "" {
			p.browser.fetch(p.browser.hydra.tb.Context(), &navigation{method: http.MethodGet, url: link, from: p})
		}
	}
}

// Buttons returns the texts of the buttons of the page.
func (p *Page) Buttons() (texts []string) {
	for n := range p.elements(atom.Button, atom.Input) {
		if isSubmit(n) {
			texts = append(texts, label(n))
		}
	}
	return texts
}

func isSubmit(n *html.Node) bool {
	kind := strings.ToLower(attribute(n, "type"))
	return n.DataAtom == atom.Button && (kind == "" || kind == "submit") || n.DataAtom == atom.Input && (kind == "submit" || kind == "image")
}

func label(n *html.Node) string {
	return cmp.Or(textOf(n), attribute(n, "value"), attribute(n, "aria-label"))
}

// press finds a button or link, and returns what a click on it does.
func (p *Page) press(text string, fields map[string]string) navigation {
	tb := p.browser.hydra.tb
	tb.Helper()
	if n := p.button(text); n != nil {
		return p.submit(n, fields)
	}
	for n := range p.elements(atom.A) {
		if u := p.resolve(attribute(n, "href")); u != nil && text != "" && label(n) == text {
			return navigation{method: http.MethodGet, url: u, from: p}
		}
	}
	tb.Fatalf("clienttest: the page has no button %q; it has %q, and says with status %d at %s: %s", text, p.Buttons(), p.Status, at(p.URL), cut(shortened(p.Text())))
	return navigation{}
}

// button returns the first button with a text, or of all if it is empty, or nil.
func (p *Page) button(text string) *html.Node {
	for n := range p.elements(atom.Button, atom.Input) {
		if isSubmit(n) && (text == "" || label(n) == text) {
			return n
		}
	}
	return nil
}

func shortened(text string) string {
	const enough = 120
	if len(text) > enough {
		return strings.ToValidUTF8(text[:enough], "") + "..."
	}
	return text
}

// submit returns the request of a form.
func (p *Page) submit(button *html.Node, fields map[string]string) navigation {
	tb := p.browser.hydra.tb
	tb.Helper()
	form := p.form(button)
	if form == nil {
		tb.Fatalf("clienttest: the button %q at %s is not in a form", label(button), at(p.URL))
	}
	values, secret, left := p.filled(form, fields)
	for name := range left {
		tb.Fatalf("clienttest: the form at %s has no field %q; it has %q", at(p.URL), name, slices.Sorted(maps.Keys(values)))
	}
	if name := attribute(button, "name"); name != "" {
		values.Add(name, attribute(button, "value"))
	}
	to := p.resolve(cmp.Or(attribute(button, "formaction"), attribute(form, "action"), p.URL.String()))
	if to == nil {
		tb.Fatalf("clienttest: the action of the form at %s is not a URL", at(p.URL))
	}
	n := navigation{method: http.MethodGet, url: to, from: p, form: true}
	if strings.EqualFold(cmp.Or(attribute(button, "formmethod"), attribute(form, "method")), http.MethodPost) {
		n.method, n.kind = http.MethodPost, cmp.Or(attribute(button, "formenctype"), attribute(form, "enctype"))
		n.fill(values)
		return n
	}
	if secret {
		tb.Fatalf("clienttest: the form at %s is sent with GET: the password is in the URL, and so in logs and the history. Give the form method=\"post\"", at(p.URL))
	}
	query := *to
	query.RawQuery = values.Encode()
	n.url = &query
	return n
}

// fill sets the fields of a form in the body.
func (n *navigation) fill(values url.Values) {
	n.values = values
	if !strings.HasPrefix(strings.ToLower(n.kind), "multipart/form-data") {
		n.kind, n.body = "", values.Encode()
		return
	}
	var b strings.Builder
	w := multipart.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, value := range values[name] {
			_ = w.WriteField(name, value) // to memory
		}
	}
	_ = w.Close()
	n.kind, n.body = w.FormDataContentType(), b.String()
}

// form returns the form of a button.
func (p *Page) form(button *html.Node) *html.Node {
	if id := attribute(button, "form"); id != "" {
		for n := range p.elements(atom.Form) {
			if attribute(n, "id") == id {
				return n
			}
		}
	}
	for n := range button.Ancestors() {
		if n.DataAtom == atom.Form {
			return n
		}
	}
	return nil
}

// filled returns the values of a form, whether one is a password, and the fields that it
// does not have.
func (p *Page) filled(form *html.Node, fields map[string]string) (values url.Values, secret bool, left map[string]string) {
	values, left = url.Values{}, maps.Clone(fields)
	for n := range p.elements(atom.Input, atom.Textarea, atom.Select) {
		name := attribute(n, "name")
		if name == "" || isSubmit(n) || has(n, "disabled") || p.form(n) != form {
			continue
		}
		typed, found := fields[name]
		delete(left, name)
		switch kind := strings.ToLower(attribute(n, "type")); {
		case kind == "button" || kind == "reset" || kind == "file":
		case kind == "checkbox" || kind == "radio":
			value := attribute(n, "value")
			if !has(n, "value") {
				value = "on"
			}
			if found && typed == value || has(n, "checked") && (!found || kind == "checkbox") {
				values.Add(name, value)
			}
		case found:
			secret = secret || kind == "password"
			values.Add(name, typed)
		case n.DataAtom == atom.Textarea:
			values.Add(name, textOf(n))
		case n.DataAtom == atom.Select:
			values.Add(name, chosen(n))
		default:
			values.Add(name, attribute(n, "value"))
		}
	}
	return values, secret, left
}

// chosen returns the value of a select element: the selected option, or the first.
func chosen(list *html.Node) (value string) {
	first := true
	for n := range list.Descendants() {
		if n.DataAtom == atom.Option && (first || has(n, "selected")) {
			value, first = cmp.Or(attribute(n, "value"), textOf(n)), false
		}
	}
	return value
}
