package clienttest

import (
	"maps"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/hydra-sdk/hydra-admin-go/models"
)

// A box is a checkbox of the consent page that stands for a scope.
type box struct{ name, value, scope string }

// scopeBoxes returns the checkboxes of the form with the button whose value or name is a
// scope. It reports whether there are other things to choose as well.
func (p *Page) scopeBoxes(button string) (boxes []box, others bool) {
	var form *html.Node
	if n := p.button(button); n != nil {
		form = p.form(n)
	}
	for n := range p.elements(atom.Input, atom.Select) {
		kind := strings.ToLower(attribute(n, "type"))
		others = others || n.DataAtom == atom.Select || kind == "radio"
		if kind != "checkbox" || has(n, "disabled") || attribute(n, "name") == "" || p.form(n) != form {
			continue
		}
		b := box{name: attribute(n, "name"), value: attribute(n, "value")}
		if !has(n, "value") {
			b.value = "on"
		}
		for scope := range strings.FieldsSeq(requestedScope) {
			if b.value == scope || isNameOf(b.name, scope) {
				b.scope = scope
			}
		}
		if b.scope == "" {
			others = true
		} else {
			boxes = append(boxes, b)
		}
	}
	return boxes, others
}

// isNameOf reports whether a field is named after a scope, as in "read", "scope_read" and
// "scopes[read]".
func isNameOf(name, scope string) bool {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return strings.ContainsRune("[]._-:", r) })
	switch len(words) {
	case 1:
		return words[0] == scope
	case 2:
		return words[1] == scope && slices.Contains([]string{"scope", "scopes", "grant", "allow"}, words[0])
	}
	return false
}

// ticks allows with some boxes ticked and others not, and compares what is granted.
func ticks(c *checker) {
	c.Helper()
	p := c.toConsent()
	if p == nil {
		c.audience(Body[models.AcceptConsentRequest](c.hydra, "acceptConsentRequest"))
		return
	}
	boxes, others := p.scopeBoxes(c.Allow)
	granted, ok := c.allows(p, boxes, nil)
	if !ok {
		return // the first hazard says so
	}
	if !p.hasValue(requestedAudience) {
		c.audience(granted)
	}
	if len(granted.GrantScope) == 0 && len(boxes) == 0 && (!others || len(c.Grant) > 0) {
		c.Fatalf("clienttest: the user presses %q, and no scope is granted: the app can do nothing. Set GrantScope, as ConsentRequest.Grant does", c.Allow)
	}
	c.allowsAll(boxes)
	for _, b := range boxes {
		if b.scope != "openid" {
			c.allowsOnly(boxes, b)
		}
	}
}

func (c *checker) allowsAll(boxes []box) {
	c.Helper()
	if len(boxes) > 0 {
		c.fresh().compares(boxes, func(box) bool { return true })
	}
}

func (c *checker) allowsOnly(boxes []box, only box) {
	c.Helper()
	c.fresh().compares(boxes, func(b box) bool { return b.scope == only.scope || b.scope == "openid" })
}

func (c *checker) compares(boxes []box, ticked func(box) bool) {
	c.Helper()
	p := c.toConsent()
	if p == nil {
		return
	}
	granted, ok := c.allows(p, boxes, ticked)
	if !ok {
		return // the page wants other boxes
	}
	wants := []string{}
	differs := false
	for _, b := range boxes {
		is := slices.Contains(granted.GrantScope, b.scope)
		if ticked(b) {
			wants = append(wants, b.scope)
		}
		differs = differs || ticked(b) && !is || !ticked(b) && is && b.scope != "openid" // a login needs that
	}
	if differs {
		c.Fatalf("clienttest: the user ticks %q and presses %q, and the scopes %q are granted. "+
			"Grant what is ticked: read the fields of the form by the names that they have in the page, %q, and give their scopes to ConsentRequest.Grant",
			wants, c.Allow, granted.GrantScope, names(boxes))
	}
}

func names(boxes []box) []string {
	set := map[string]bool{}
	for _, b := range boxes {
		set[b.name] = true
	}
	return slices.Sorted(maps.Keys(set))
}

// allows presses the button, with these boxes ticked, or as the page and User.Grant have
// it, and returns what is granted.
func (c *checker) allows(p *Page, boxes []box, ticked func(box) bool) (granted models.AcceptConsentRequest, ok bool) {
	c.Helper()
	n := p.press(c.Allow, c.Grant)
	if ticked != nil && n.values != nil {
		for _, b := range boxes {
			n.values[b.name] = slices.DeleteFunc(n.values[b.name], func(v string) bool { return v == b.value })
		}
		for _, b := range boxes {
			if ticked(b) {
				n.values.Add(b.name, b.value)
			}
		}
		n.fill(n.values)
	}
	c.browser.navigate(n)
	if len(c.hydra.Calls("acceptConsentRequest")) == 0 {
		return granted, false
	}
	return Body[models.AcceptConsentRequest](c.hydra, "acceptConsentRequest"), true
}

// audience fails if a consent does not grant the audience that the app asks for.
func (c *checker) audience(granted models.AcceptConsentRequest) {
	c.Helper()
	if !slices.Contains(granted.GrantAccessTokenAudience, requestedAudience) {
		c.Errorf("clienttest: the consent does not grant the audience %q, which the app asked for: the API behind it refuses the token. "+
			"Set GrantAccessTokenAudience, as ConsentRequest.Grant does", requestedAudience)
	}
}

func (p *Page) hasValue(value string) bool {
	for n := range p.elements(atom.Input, atom.Option) {
		if attribute(n, "value") == value {
			return true
		}
	}
	return false
}

// saysWhatIsAsked compares the consent pages of two apps, and of one with and without a scope.
// Pages may have descriptions of their own: they differ as well.
func saysWhatIsAsked(c *checker) {
	c.Helper()
	p := c.toConsent()
	if p == nil {
		return
	}
	other := c.fresh()
	other.hydra.Respond("getConsentRequest", altered(func(request map[string]any) {
		if app, ok := request["client"].(map[string]any); ok {
			app["client_id"], app["client_name"], app["logo_uri"] = "another-app", "Another App", "https://another.example.com/logo.png"
			app["client_uri"], app["owner"] = "https://another.example.com", "another"
		}
	}))
	if q := other.toConsent(); q != nil && q.visible() == p.visible() {
		c.Errorf("clienttest: the consent page of another app is the same: the user cannot see who asks. Show ConsentRequest.Client.ClientName")
	}
	with, without := c.fresh().consentTo(requestedScope), c.fresh().consentTo("openid offline")
	if with == nil || without == nil || with.visible() != without.visible() {
		return
	}
	granted, ok := (&checker{TB: c.TB, User: c.User, hydra: with.browser.hydra, browser: with.browser}).allows(with, nil, nil)
	if ok && slices.Contains(granted.GrantScope, "read") {
		c.Errorf("clienttest: the consent page is the same if the app does not ask for the scope %q, which is granted: the user cannot see what for. "+
			"Show each of ConsentRequest.RequestedScope, or a description of it", "read")
	}
}

// consentTo returns the consent page of an app that asks for these scopes.
func (c *checker) consentTo(scope string) *Page {
	c.Helper()
	if p := c.signIn(c.browser.Login("scope", scope), "The app asks for the scopes "+scope); c.atConsent(p) {
		return p
	}
	return nil
}

// skipped checks the consent of a request that Hydra says to skip.
func (c *checker) skipped() {
	c.Helper()
	granted := Body[models.AcceptConsentRequest](c.hydra, "acceptConsentRequest")
	c.audience(granted)
	if len(granted.GrantScope) == 0 {
		c.Errorf("clienttest: Hydra remembers the consent, and it is accepted without scopes: the app can do nothing. Grant RequestedScope: the user has granted it before")
	}
}
