package clienttest

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A Page is what a [Browser] shows.
type Page struct {
	URL    *url.URL
	Status int
	Header http.Header
	Body   string

	browser *Browser
	root    *html.Node
	cached  bool // not asked for again
	// The request that it is the response to.
	method string
	from   *Page
	via    []*url.URL // redirects before URL
}

func newPage(b *Browser, n navigation, resp *response) *Page {
	root, err := html.Parse(strings.NewReader(resp.body))
	if err != nil { // only readers fail
		b.hydra.tb.Fatalf("clienttest: %v", err)
	}
	return &Page{
		URL: n.url, Status: resp.status, Header: resp.header, Body: resp.body, browser: b,
		root: root, cached: resp.cached, method: n.method, from: n.from, via: n.via,
	}
}

// App returns what Hydra sends the app, such as its code, or error and error_description.
// It is nil if the page is not the app's.
func (p *Page) App() url.Values {
	if p.browser.at(p.URL) != "the app" {
		return nil
	}
	return p.URL.Query()
}

// Text returns the text of the page.
func (p *Page) Text() string { return textOf(p.root) }

// Links returns the URLs of the links of the page.
func (p *Page) Links() []*url.URL {
	var links []*url.URL
	for n := range p.elements(atom.A, atom.Link, atom.Area) {
		if u := p.resolve(attribute(n, "href")); u != nil && attribute(n, "href") != "" {
			links = append(links, u)
		}
	}
	return links
}

// challenge returns the parameter of the URL of the page, or of a redirect to it.
func (p *Page) challenge(name string) string {
	for _, u := range append(slices.Clone(p.via), p.URL) {
		if v := u.Query().Get(name); v != "" {
			return v
		}
	}
	return ""
}

func (p *Page) hasField(name string) bool {
	for n := range p.elements(atom.Input, atom.Textarea, atom.Select) {
		if attribute(n, "name") == name {
			return true
		}
	}
	return false
}

// hasButton reports whether there is a button or link with this text.
func (p *Page) hasButton(text string) bool {
	for n := range p.elements(atom.Button, atom.Input, atom.A) {
		if (n.DataAtom == atom.A || isSubmit(n)) && label(n) == text {
			return true
		}
	}
	return false
}

func (p *Page) resolve(reference string) *url.URL {
	u, err := p.URL.Parse(strings.TrimSpace(reference))
	if err != nil {
		return nil
	}
	return u
}

// elements yields the elements of these kinds.
func (p *Page) elements(kinds ...atom.Atom) func(yield func(*html.Node) bool) {
	return func(yield func(*html.Node) bool) {
		if p.root == nil {
			return
		}
		for n := range p.root.Descendants() {
			if n.Type == html.ElementNode && slices.Contains(kinds, n.DataAtom) && !yield(n) {
				return
			}
		}
	}
}

// meta returns the content of the meta elements whose attribute has this value.
func (p *Page) meta(name, value string) (content []string) {
	for n := range p.elements(atom.Meta) {
		if strings.EqualFold(attribute(n, name), value) {
			content = append(content, attribute(n, "content"))
		}
	}
	return content
}

// soon is the number of seconds that a user waits for a page to refresh.
const soon = 5

// refresh returns where a page with a Refresh leads.
func (p *Page) refresh() (*url.URL, bool) {
	for _, value := range append(p.Header.Values("Refresh"), p.meta("http-equiv", "refresh")...) {
		seconds, to, _ := strings.Cut(value, ";")
		wait, err := strconv.ParseFloat(strings.TrimSpace(seconds), 64)
		to = strings.TrimSpace(to)
		if len(to) > 4 && strings.EqualFold(to[:3], "url") {
			_, to, _ = strings.Cut(to, "=")
		}
		u := p.resolve(strings.Trim(strings.TrimSpace(to), `'"`))
		if err == nil && wait <= soon && u != nil && u.String() != p.URL.String() {
			return u, true
		}
	}
	return nil, false
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// textOf returns the text of an element, with single spaces. It leaves scripts, styles and
// some elements out.
func textOf(n *html.Node, without ...atom.Atom) string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	for child := range n.Descendants() {
		if child.Type == html.TextNode && !slices.Contains(append(without, atom.Style, atom.Script), child.Parent.DataAtom) {
			b.WriteString(child.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
