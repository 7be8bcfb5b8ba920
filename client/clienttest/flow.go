package clienttest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// What the recorded app asks for.
const (
	requestedScope    = "openid offline read"
	requestedAudience = "https://api.example.com"
)

// A flow is what Hydra knows about a login, from its start to the app.
type flow struct {
	browser string                     // that started it; empty for any
	query   url.Values                 // that the app sent; nil for that of the recordings
	session *session                   // of a remembered login
	device  bool                       // that a user code started it
	login   *models.AcceptLoginRequest // what the provider accepted the login with
	// loginChallenge is that of the login that login accepted.
	loginChallenge string
}

// A session is a login that Hydra remembers for a browser.
type session struct{ subject string }

// StartURL returns the URL at which an app starts a login at Hydra. Parameters are pairs of
// names and values that the app adds to it or replaces, such as "prompt", "login".
func (s *Server) StartURL(parameters ...string) string {
	start := s.find("browser", "kit-login-start")
	target, _ := url.Parse(start.Target) // a recorded one
	q := target.Query()
	for i := 0; i+1 < len(parameters); i += 2 {
		q.Set(parameters[i], parameters[i+1])
	}
	return s.PublicURL + authPath + "?" + q.Encode()
}

// asks reports whether the app sent this prompt.
func (f *flow) asks(prompt string) bool {
	return slices.Contains(strings.Fields(f.query.Get("prompt")), prompt)
}

// remember keeps the outcome of a request when the browser comes back to Hydra with it.
func (s *Server) remember(v *verified) {
	f := v.req.flow
	switch v.req.kind + " " + v.state {
	case "Login accepted":
		f.login = new(models.AcceptLoginRequest)
		_ = json.Unmarshal(v.body, f.login) // the client encoded it
		f.loginChallenge = v.req.challenge
		if f.login.Remember {
			s.sessions[f.browser] = session{f.login.Subject}
		} else if !strings.HasPrefix(v.req.name, "remembered-") {
			delete(s.sessions, f.browser)
		}
	case "Consent accepted":
		var consent models.AcceptConsentRequest
		_ = json.Unmarshal(v.body, &consent) // the client encoded it
		if consent.Remember && f.login != nil {
			s.granted[f.login.Subject] = true
		}
	case "Logout accepted":
		delete(s.sessions, f.browser)
	}
}

// in returns the exchange, about a request of the flow, with what this flow has instead of
// the recorded one.
func (f *flow) in(e *fixture.Exchange) *fixture.Exchange {
	members := map[string]any{}
	if f.query != nil {
		members["request_url"] = "http://" + fixture.PublicHost + authPath + "?" + f.query.Encode()
		members["requested_scope"] = strings.Fields(f.query.Get("scope"))
		members["requested_access_token_audience"] = strings.Fields(f.query.Get("audience"))
		if context := f.oidcContext(); len(context) > 0 {
			members["oidc_context"] = context
		}
		if to := f.redirectTo(redirectTo(e.Response.Body)); to != "" {
			members["redirect_to"] = to
		}
	}
	if f.session != nil {
		members["subject"] = f.session.subject
	}
	if f.login != nil {
		members["subject"], members["acr"], members["login_challenge"] = f.login.Subject, f.login.ACR, f.loginChallenge
		if len(f.login.AMR) > 0 {
			members["amr"] = f.login.AMR
		}
		if len(f.login.Context) > 0 {
			members["context"] = f.login.Context
		}
	}
	if f.query == nil && f.login == nil && f.session == nil {
		return e
	}
	derived := *e
	derived.Response.Body = withMembers(e.Response.Body, members)
	return &derived
}

func (f *flow) oidcContext() map[string]any {
	context := map[string]any{}
	for _, name := range []string{"login_hint", "display"} {
		if f.query.Has(name) {
			context[name] = f.query.Get(name)
		}
	}
	for _, name := range []string{"acr_values", "ui_locales"} {
		if f.query.Has(name) {
			context[name] = strings.Fields(f.query.Get(name))
		}
	}
	return context
}

// redirectTo returns a recorded redirect to the start of the flow with the query of this
// one. It is empty for other redirects.
func (f *flow) redirectTo(recorded string) string {
	u, err := url.Parse(recorded)
	if err != nil || u.Path != authPath {
		return ""
	}
	q := maps.Clone(f.query)
	for name, values := range u.Query() {
		if strings.HasSuffix(name, "_verifier") {
			q[name] = values
		}
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// atApp returns the exchange, which redirects a browser, with what the provider decided
// and what the app sent.
func (f *flow) atApp(e *fixture.Exchange, decided verified) *fixture.Exchange {
	to, err := url.Parse(e.Response.Header.Get("Location"))
	if err != nil || to.Path != "/callback" {
		return e
	}
	q := to.Query()
	if f.query != nil {
		q.Set("state", f.query.Get("state"))
	}
	switch {
	case q.Has("code"):
		var consent models.AcceptConsentRequest
		_ = json.Unmarshal(decided.body, &consent) // the client encoded it
		q.Set("scope", strings.Join(consent.GrantScope, " "))
	case q.Get("error_description") == recordedReason, strings.HasSuffix(e.Case, withoutError):
		if name := text(decided.body, "error"); name != "" {
			q.Set("error", name)
		}
		reason := strings.TrimSpace(text(decided.body, "error_description") + " " + text(decided.body, "error_hint"))
		q.Set("error_description", strings.ReplaceAll(reason, `"`, "'"))
	}
	to.RawQuery = q.Encode()
	derived := *e
	derived.Response.Header = e.Response.Header.Clone()
	derived.Response.Header.Set("Location", to.String())
	return &derived
}

// recordedReason is the description in the recordings of rejected requests.
const recordedReason = "The user said no."

// beyond returns an error if a consent is accepted with more than was asked. Hydra does not
// check that: the token has it.
func (f *flow) beyond(c *Call) error {
	var granted models.AcceptConsentRequest
	if c.Operation.ID == "acceptConsentRequest" {
		_ = json.Unmarshal(c.Body, &granted) // Hydra has accepted it
	}
	asked := f.query
	if asked == nil {
		asked = url.Values{"scope": {requestedScope}, "audience": {requestedAudience}}
	}
	for name, values := range map[string][]string{"scope": granted.GrantScope, "audience": granted.GrantAccessTokenAudience} {
		for _, value := range values {
			if !slices.Contains(strings.Fields(asked.Get(name)), value) {
				return fmt.Errorf("the consent grants the %s %q, which the app did not ask for. Hydra puts it into the token all the same: "+
					"grant only what RequestedScope and RequestedAccessTokenAudience have", name, value)
			}
		}
	}
	return nil
}

// withMembers returns a JSON object with other values of members, in the same order. It
// adds none: what the recorded response does not have, this version of Hydra does not send.
func withMembers(object []byte, values map[string]any) []byte {
	d := json.NewDecoder(bytes.NewReader(object))
	if first, err := d.Token(); err != nil || first != json.Delim('{') {
		return object
	}
	var b bytes.Buffer
	for separator := byte('{'); d.More(); separator = ',' {
		name, err := d.Token()
		var old json.RawMessage
		if err != nil || d.Decode(&old) != nil {
			return object
		}
		var value []byte = old
		if changed, found := values[name.(string)]; found { // names are texts
			value, _ = json.Marshal(changed) // texts, lists and maps of them
		}
		b.WriteByte(separator)
		fmt.Fprintf(&b, "%q:%s", name, value)
	}
	b.WriteString("}\n")
	return b.Bytes()
}

// cut shortens a URL or challenge for a failure message.
func cut(text string) string {
	return longWord.ReplaceAllStringFunc(text, func(word string) string { return word[:8] + "..." + word[len(word)-4:] })
}

var longWord = regexp.MustCompile(`[\w%~.=-]{32,}`)
