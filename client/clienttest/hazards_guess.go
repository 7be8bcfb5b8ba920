package clienttest

import (
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/net/html/atom"

	"github.com/hydra-sdk/hydra-admin-go/models"
)

// A guess is a form of the login page that must not sign in.
type guess struct {
	name   string            // words for what is typed
	fields map[string]string // what is typed
	left   []string          // names of fields that are not sent at all
	others bool              // that it is no failure to sign in the user of User.Login
	user   bool              // that it is for the name in User.Login, which a provider may lock
	remedy string
}

const (
	knowThe     = "Refuse a name that has no user, whatever the password is"
	typeThe     = "Refuse it before you compare passwords: a field that is required in the page is not in a form that a script sends"
	compareThe  = "Compare the password with that of the user whose name was typed"
	notGuessed  = "clienttest: not checked, as the login page has no field of type password: unknown names, and passwords that are empty or of another user"
	nameLetters = 8
)

// guesses types what others can: unknown names, no password, and that of another user.
//
// Each guess is the only one that a provider sees, from an address of its own, since providers
// may lock a name or an address. If they have their users and locks in common, a login
// after each guess makes a lock forget it.
func guesses(c *checker) {
	c.Helper()
	p := c.browser.Login()
	if !c.atLogin(p) {
		return
	}
	secret := c.secretFields(p)
	if len(secret) == 0 {
		c.Log(notGuessed)
		return
	}
	names := p.textFields(c.Login, secret)
	p.Press(c.SignIn, c.Login)
	if len(c.hydra.Calls("acceptLoginRequest")) == 0 {
		return // the first hazard says so
	}
	right := Body[models.AcceptLoginRequest](c.hydra, "acceptLoginRequest").Subject
	for i, g := range c.guesses(secret, names) {
		c.fresh().tries(g, right, fmt.Sprintf("198.51.100.%d:50000", i+1))
	}
}

// guesses returns what to type. Secret and names are the fields with the password and the
// name.
func (c *checker) guesses(secret, names []string) (all []guess) {
	with := func(fields map[string]string, password func(name string) string) map[string]string {
		fields = maps.Clone(fields)
		for _, name := range secret {
			fields[name] = password(name)
		}
		return fields
	}
	right := func(name string) string { return c.Login[name] }
	empty := func(string) string { return "" }
	wrong := func(name string) string {
		if c.Wrong[name] != "" {
			return c.Wrong[name]
		}
		return rand.Text()
	}
	if len(names) > 1 { // one may be for other things
		for _, name := range names {
			all = append(all, guess{
				name: fmt.Sprintf("an unknown %q with the password of User.Login", name), fields: c.unknown(name), others: true, remedy: knowThe,
			})
		}
	}
	unknown := c.unknown(names...)
	if len(names) > 0 {
		all = append(all,
			guess{name: "an unknown name with the password of User.Login", fields: with(unknown, right), remedy: knowThe},
			guess{name: "an unknown name with a wrong password", fields: with(unknown, wrong), remedy: knowThe},
		)
	}
	all = append(all,
		guess{name: "an empty password", fields: with(c.Login, empty), user: true, remedy: typeThe},
		guess{name: "a form without the field of the password", fields: with(c.Login, empty), left: secret, user: true, remedy: typeThe},
	)
	if len(names) > 0 {
		all = append(all, guess{name: "an unknown name without a password", fields: with(unknown, empty), remedy: knowThe})
	}
	if slices.ContainsFunc(secret, func(name string) bool { return c.Other[name] != "" && c.Other[name] != c.Login[name] }) {
		all = append(all, guess{
			name: "the name in User.Login with the password of User.Other", user: true, remedy: compareThe,
			fields: with(c.Login, func(name string) string { return c.Other[name] }),
		})
	}
	return all
}

// unknown returns User.Login with other texts in some fields, which no user has.
func (c *checker) unknown(names ...string) map[string]string {
	fields := maps.Clone(c.Login)
	for _, name := range names {
		fields[name] = unknownName(fields[name])
	}
	return fields
}

// unknownName adds letters to a name, or digits to a number. An address stays one.
func unknownName(name string) string {
	added := strings.ToLower(rand.Text()[:nameLetters])
	if !strings.ContainsFunc(name, func(r rune) bool { return r > '9' }) {
		added = strings.Map(func(r rune) rune { return '0' + r%10 }, added)
	}
	local, domain, found := strings.Cut(name, "@")
	if found {
		return local + added + "@" + domain
	}
	return name + added
}

// textFields returns the names of the fields that hold a text, but for some.
func (p *Page) textFields(typed map[string]string, but []string) (names []string) {
	for n := range p.elements(atom.Input, atom.Textarea) {
		name, kind := attribute(n, "name"), strings.ToLower(attribute(n, "type"))
		if typed[name] != "" && !slices.Contains(but, name) && !slices.Contains(names, name) &&
			slices.Contains([]string{"", "text", "email", "tel", "number", "search", "url"}, kind) {
			names = append(names, name)
		}
	}
	return names
}

// tries sends a form from an address, and fails if it signs in. Right is the subject of
// User.Login.
func (c *checker) tries(g guess, right, address string) {
	c.Helper()
	c.browser.address = address
	p := c.browser.Login()
	if !c.atLogin(p) {
		return
	}
	n := p.press(c.SignIn, g.fields)
	if n.values == nil {
		return // a link
	}
	for _, name := range g.left {
		n.values.Del(name)
	}
	n.fill(n.values)
	p = c.browser.navigate(n)
	subject := ""
	if calls := c.hydra.Calls("acceptLoginRequest"); len(calls) > 0 {
		subject = text(calls[0].Body, "subject")
	} else if !c.atConsent(p) && p.App().Get("code") == "" {
		if g.user {
			c.unlocks()
		}
		return
	}
	if g.others && subject == right {
		return
	}
	c.Fatalf("clienttest: %s signs in: acceptLoginRequest is called for the subject %q, and the user sees %s. %s", g.name, subject, describe(p), g.remedy)
}

// unlocks signs in after a guess, so that a provider forgets it.
func (c *checker) unlocks() {
	c.Helper()
	if p := c.browser.Login(); c.atLogin(p) {
		p.Press(c.SignIn, c.Login)
	}
}
