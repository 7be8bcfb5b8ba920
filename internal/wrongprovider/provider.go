package wrongprovider

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// A provider is right, but for its mistakes.
type provider struct {
	admin    *client.AdminAPI
	public   *url.URL
	mistakes []string

	mu       sync.Mutex
	kept     map[string]*models.CompletedRequest // by challenge and decision
	sessions map[string]string                   // subjects by cookie
	granted  map[string]bool                     // subjects
}

func newProvider(admin *client.AdminAPI, publicURL string, mistakes ...string) http.Handler {
	public, err := url.Parse(publicURL)
	if err != nil {
		panic(err) // of a test
	}
	p := &provider{
		admin: admin, public: public, mistakes: mistakes,
		kept: map[string]*models.CompletedRequest{}, sessions: map[string]string{}, granted: map[string]bool{},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /login", p.showLogin)
	mux.HandleFunc("POST /login", p.login)
	mux.HandleFunc("GET /consent", p.showConsent)
	mux.HandleFunc("POST /consent", p.consent)
	mux.HandleFunc("GET /logout", p.showLogout)
	mux.HandleFunc("POST /logout", p.logout)
	mux.HandleFunc("GET /error", func(w http.ResponseWriter, _ *http.Request) {
		p.problem(w, http.StatusBadRequest, "The app made a mistake")
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.header(w)
		if p.isForeign(r) {
			p.problem(w, http.StatusForbidden, "That did not come from here")
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// isForeign reports whether a form comes from another site.
func (p *provider) isForeign(r *http.Request) bool {
	switch {
	case p.has("checks Origin, hides it"):
		return r.Method == http.MethodPost && r.Header.Get("Origin") != "http://"+r.Host
	case p.has("takes forms of other sites"):
		return false
	}
	return http.NewCrossOriginProtection().Check(r) != nil
}

func (p *provider) has(mistake string) bool { return slices.Contains(p.mistakes, mistake) }

func (p *provider) header(w http.ResponseWriter) {
	if !p.has("pages can be cached") {
		w.Header().Set("Cache-Control", "no-store")
	}
	switch {
	case p.has("form-action 'self'"), p.has("form-action 'self' with a page that refreshes"):
		w.Header().Set("Content-Security-Policy", "default-src 'none'; form-action 'self'; frame-ancestors 'none'")
	case !p.has("can be framed"):
		w.Header().Set("Content-Security-Policy", "frame-ancestors 'none'")
	}
	switch {
	case p.has("checks Origin, hides it"):
		w.Header().Set("Referrer-Policy", "no-referrer")
	case !p.has("links elsewhere, without a Referrer-Policy"):
		w.Header().Set("Referrer-Policy", "same-origin") // URLs hold challenges
	}
}

// text is the one page of the provider.
var text = template.Must(template.New("").Parse(`<!doctype html><title>Provider</title><h1>{{.Title}}</h1>
{{with .Text}}<p>{{.}}</p>{{end}}
{{with .Refresh}}<meta http-equiv="refresh" content="0; url={{.}}">{{end}}
{{if .Action}}<form method="{{.Method}}" action="{{.Action}}">
{{with .Challenge}}<input type="hidden" name="challenge" value="{{.}}">{{end}}
{{if eq .Action "/login"}}<input name="name"><input type="password" name="password" value="{{.Password}}">{{end}}
{{range .Scopes}}<label><input type="checkbox" name="scope" value="{{.}}" checked>{{if not $.Secretive}}{{.}}{{end}}</label>{{end}}
{{range .Buttons}}<button name="decision" value="{{.}}">{{.}}</button>{{end}}
</form>{{end}}
{{range $text, $url := .Links}}<link rel="prefetch" href="{{$url}}"><a href="{{$url}}">{{$text}}</a>{{end}}`))

type page struct {
	Title, Method, Action, Challenge, Refresh string
	Text                                      any
	Password                                  string // that was typed
	Secretive                                 bool   // about the scopes
	Scopes, Buttons                           []string
	Links                                     map[string]string
}

func (p *provider) show(w http.ResponseWriter, status int, v page) {
	v.Method = cmp.Or(v.Method, "post")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_ = text.Execute(w, v) // the browser went away
}

func (p *provider) problem(w http.ResponseWriter, status int, title string) {
	p.show(w, status, page{Title: title})
}

// words are what a page says, in HTML or not.
func (p *provider) words(format string, args ...any) any {
	said := fmt.Sprintf(format, args...)
	if p.has("does not escape") {
		return template.HTML(said) //nolint:gosec // wrong on purpose
	}
	return said
}

// startOver sends the browser to where its request began.
func (p *provider) startOver(w http.ResponseWriter, requestURL string) {
	p.show(w, http.StatusOK, page{Title: "One moment", Refresh: p.location(requestURL)})
}

// goOn sends the browser on after a form.
func (p *provider) goOn(w http.ResponseWriter, r *http.Request, done *models.CompletedRequest, err error) {
	if err != nil {
		p.fail(w, r, err)
		return
	}
	for mistake, status := range map[string]int{
		"redirects with 301": http.StatusMovedPermanently, "redirects with 302": http.StatusFound, "redirects with 303": http.StatusSeeOther,
		"form-action 'self'": http.StatusSeeOther, "redirects with 307": http.StatusTemporaryRedirect,
	} {
		if p.has(mistake) {
			http.Redirect(w, r, done.RedirectTo, status)
			return
		}
	}
	switch {
	case p.has("Location without a redirect"):
		w.Header().Set("Location", done.RedirectTo)
		p.problem(w, http.StatusOK, "One moment")
	case p.has("Refresh as a header"):
		w.Header().Set("Refresh", "0; url="+done.RedirectTo)
		p.problem(w, http.StatusOK, "One moment")
	default:
		p.show(w, http.StatusOK, page{Title: "One moment", Refresh: done.RedirectTo})
	}
}

func (p *provider) fail(w http.ResponseWriter, r *http.Request, err error) {
	var handled *client.RequestWasHandledError
	switch {
	case p.has("shows the text of errors"):
		p.problem(w, http.StatusBadGateway, err.Error())
	case p.has("all errors are 500"):
		p.problem(w, http.StatusInternalServerError, "Sorry")
	case errors.As(err, &handled) && p.has("does not start over"):
		p.problem(w, http.StatusConflict, "This was already completed")
	case errors.As(err, &handled) && p.has("links to the start"):
		p.show(w, http.StatusGone, page{Title: "You have been here", Links: map[string]string{"Start again": p.location(handled.RedirectTo)}})
	case errors.As(err, &handled):
		http.Redirect(w, r, p.location(handled.RedirectTo), http.StatusSeeOther)
	case errors.Is(err, client.ErrInternalServerError), errors.Is(err, client.ErrBadGateway), errors.Is(err, client.ErrResponseLost):
		p.problem(w, http.StatusBadGateway, "Please try again later")
	case p.has("shows the challenge"):
		p.show(w, http.StatusNotFound, page{Title: "Please start over in the app", Text: "There is no " + cmp.Or(p.challenge(r, "login_challenge"), p.challenge(r, "consent_challenge"), p.challenge(r, "logout_challenge"))})
	case p.has("shows its URL"):
		p.show(w, http.StatusNotFound, page{Title: "Please start over in the app", Text: "There is nothing at " + r.URL.String()})
	default:
		p.problem(w, http.StatusNotFound, "Please start over in the app")
	}
}

// location returns where a request starts over. The parameter keeps browsers from using
// a redirect that they have in the cache.
func (p *provider) location(redirectTo string) string {
	to, err := p.public.Parse(redirectTo)
	if p.has("relative redirect after a logout") {
		to, err = url.Parse(redirectTo)
	}
	if err != nil {
		return "/error"
	}
	if q := to.Query(); !p.has("RedirectTo of 410 as it is") {
		q.Set("again", rand.Text())
		to.RawQuery = q.Encode()
	}
	return to.String()
}

// once decides on a request, or returns what Hydra said to the first submit of the form.
func (p *provider) once(r *http.Request, key string, decide func(ctx context.Context) (*models.CompletedRequest, error)) (*models.CompletedRequest, error) {
	ctx := context.WithoutCancel(r.Context())
	if p.has("accepts under r.Context()") {
		ctx = r.Context()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if done := p.kept[key]; done != nil && !p.has("forgets the first submit") {
		return done, nil
	}
	done, err := decide(ctx)
	if err == nil {
		p.kept[key] = done
	}
	return done, err
}

func unescaped(s string) string {
	if u, err := url.QueryUnescape(s); err == nil {
		return u
	}
	return s
}

func (p *provider) challenge(r *http.Request, name string) string {
	challenge := cmp.Or(r.URL.Query().Get(name), r.PostFormValue("challenge"))
	if c, err := r.Cookie(name); err == nil && p.inCookie(name) && r.Method == http.MethodPost {
		return c.Value
	}
	if p.has("unescapes twice") {
		return unescaped(challenge)
	}
	return challenge
}

// inCookie reports whether a challenge is kept in a cookie.
func (p *provider) inCookie(name string) bool {
	return map[string]bool{
		"login_challenge": p.has("challenge in a cookie"), "consent_challenge": p.has("consent challenge in a cookie"),
		"logout_challenge": p.has("logout challenge in a cookie"),
	}[name]
}

// keepInCookie is for mistakes: there is one cookie for all tabs.
func (p *provider) keepInCookie(w http.ResponseWriter, name, challenge string) {
	if p.inCookie(name) {
		http.SetCookie(w, &http.Cookie{Name: name, Value: challenge, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: true})
	}
}

// cookie of the provider's own session.
func (p *provider) cookie() *http.Cookie {
	c := &http.Cookie{Name: "session", Value: rand.Text(), Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: true} //nolint:gosec // some cases are wrong on purpose
	switch {
	case p.has("cookie with SameSite=Strict"):
		c.SameSite = http.SameSiteStrictMode
	case p.has("cookie of one path"):
		c.Path = "/login"
	case p.has("__Host- cookie without Secure"):
		c.Name, c.Secure = "__Host-session", false
	}
	return c
}

// remembers reports whether Hydra is told to remember logins. Some mistakes do not show without.
func (p *provider) remembers() bool {
	return p.has("remembers") || p.has("Stay signs out") || p.has("Stay shows nothing") || p.has("signs out at once") || p.has("cookie with SameSite=Strict") || p.has("ignores Skip") || p.has("relative redirect after a logout")
}

// begin begins a session.
func (p *provider) begin(w http.ResponseWriter, subject string) {
	c := p.cookie()
	p.mu.Lock()
	p.sessions[c.Value] = subject
	p.mu.Unlock()
	http.SetCookie(w, c)
}

// needsSession reports whether the consent page wants the cookie of the login page.
func (p *provider) needsSession() bool {
	return p.has("cookie with SameSite=Strict") || p.has("cookie of one path") || p.has("__Host- cookie without Secure") || p.has("needs its cookie")
}

func (p *provider) session(r *http.Request) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range r.Cookies() {
		if subject := p.sessions[c.Value]; subject != "" {
			return subject
		}
	}
	return ""
}

var passwords = map[string]string{"alice": "wonderland", "bob": "builder"}

// knows compares what was typed, which is nothing if the field was not sent.
func (p *provider) knows(name string, typed []string) bool {
	right, found := passwords[name]
	password := strings.Join(typed, "")
	switch {
	case !found && p.has("signs in any unknown name"), password == "" && p.has("takes an empty password"), len(typed) == 0 && p.has("takes a form without the password"):
		return true
	case p.has("takes the password of anybody"):
		return slices.Contains(slices.Collect(maps.Values(passwords)), password)
	case p.has("takes the password of another user"):
		return found && slices.Contains(slices.Collect(maps.Values(passwords)), password)
	case p.has("compares with the password of an unknown name"):
		return right == password
	}
	return found && right == password
}

var loginButtons = []string{"Sign in", "Cancel"}

func (p *provider) showLogin(w http.ResponseWriter, r *http.Request) {
	challenge := p.challenge(r, "login_challenge")
	req, err := p.admin.GetLoginRequest(r.Context(), challenge)
	if err != nil {
		p.fail(w, r, err)
		return
	}
	subject := ""
	switch {
	case req.Skip && p.has("accepts Skip for another"):
		subject = "bob"
	case req.Skip && !p.has("ignores Skip"):
		subject = req.Subject
	case p.has("own session accepts on GET"):
		subject = p.session(r)
	}
	if subject != "" {
		p.begin(w, subject)
		done, err := p.admin.AcceptLoginRequest(r.Context(), req.Challenge, models.AcceptLoginRequest{Subject: subject, Remember: req.Skip})
		p.redirect(w, r, done, err)
		return
	}
	v := page{Title: "Sign in", Action: "/login", Challenge: req.Challenge, Buttons: loginButtons}
	if r.URL.Query().Has("problem") {
		v.Title = "Wrong password"
		if p.has("loses the challenge") {
			v.Challenge = ""
		}
	}
	v.Text = p.words("To go on to %s. %s", req.Client.ClientName, req.OIDCContext.LoginHint)
	if p.has("links elsewhere, without a Referrer-Policy") {
		v.Links = map[string]string{"Privacy": "https://example.com/privacy"}
	}
	if p.has("form with GET") {
		v.Method = "get"
	}
	p.keepInCookie(w, "login_challenge", req.Challenge)
	p.show(w, http.StatusOK, v)
}

func (p *provider) redirectToLogin(w http.ResponseWriter, r *http.Request, challenge, problem string) {
	http.Redirect(w, r, "/login?login_challenge="+url.QueryEscape(challenge)+problem, http.StatusSeeOther)
}

// redirect sends a browser on that has seen no page.
func (p *provider) redirect(w http.ResponseWriter, r *http.Request, done *models.CompletedRequest, err error) {
	if err != nil {
		p.fail(w, r, err)
		return
	}
	http.Redirect(w, r, done.RedirectTo, http.StatusSeeOther)
}

func (p *provider) refusal() models.RejectRequest {
	switch {
	case p.has("rejects without an error"):
		return models.RejectRequest{}
	case p.has("rejects with server_error"):
		return models.RejectRequest{Error: "server_error"}
	}
	return models.RejectRequest{Error: "access_denied", ErrorDescription: "The user said no."}
}

func (p *provider) login(w http.ResponseWriter, r *http.Request) {
	challenge := p.challenge(r, "login_challenge")
	if r.PostFormValue("decision") == "Cancel" && p.has("Cancel shows a page") {
		p.problem(w, http.StatusOK, "Goodbye")
		return
	}
	if r.PostFormValue("decision") == "Cancel" {
		done, err := p.once(r, "reject "+challenge, func(ctx context.Context) (*models.CompletedRequest, error) {
			return p.admin.RejectLoginRequest(ctx, challenge, p.refusal())
		})
		p.goOn(w, r, done, err)
		return
	}
	name := r.PostFormValue("name") // parses the form
	if !p.knows(name, r.PostForm["password"]) {
		switch {
		case p.has("no word about a wrong password"):
			p.redirectToLogin(w, r, challenge, "")
		case p.has("sends the password back"):
			p.show(w, http.StatusUnprocessableEntity, page{Title: "Wrong password", Action: "/login", Challenge: challenge, Password: r.PostFormValue("password"), Buttons: loginButtons})
		case p.has("responds to a wrong password with a page"):
			p.show(w, http.StatusUnprocessableEntity, page{Title: "Wrong password", Action: "/login", Challenge: challenge, Buttons: loginButtons})
		default:
			p.redirectToLogin(w, r, challenge, "&problem=password")
		}
		return
	}
	body := models.AcceptLoginRequest{Subject: name, Remember: p.remembers()}
	if p.has("hands a context to the consent") {
		body.Context, body.ACR = json.RawMessage(fmt.Sprintf(`{"name":%q}`, name)), "gold"
	}
	key := "login " + challenge + " " + name
	if p.has("one login for all users") {
		key = "login " + challenge
	}
	done, err := p.once(r, key, func(ctx context.Context) (*models.CompletedRequest, error) {
		return p.admin.AcceptLoginRequest(ctx, challenge, body)
	})
	if errors.Is(err, client.ErrConflict) && !p.has("all errors are 500") { // it was accepted, and the response lost
		req, readErr := p.admin.GetLoginRequest(r.Context(), challenge)
		if readErr != nil || p.has("ends where it could start over") {
			p.problem(w, http.StatusConflict, "Please start over in the app")
			return
		}
		p.startOver(w, req.RequestURL)
		return
	}
	if err == nil {
		p.begin(w, name)
	}
	p.goOn(w, r, done, err)
}

func (p *provider) showConsent(w http.ResponseWriter, r *http.Request) {
	req, err := p.admin.GetConsentRequest(r.Context(), p.challenge(r, "consent_challenge"))
	if err != nil {
		p.fail(w, r, err)
		return
	}
	if p.needsSession() && p.session(r) != req.Subject {
		p.problem(w, http.StatusForbidden, "You are not signed in")
		return
	}
	p.mu.Lock()
	decided := p.kept["consent "+req.Challenge] != nil || p.kept["deny "+req.Challenge] != nil
	p.mu.Unlock()
	if decided && !p.has("asks again for what was decided") {
		http.Redirect(w, r, p.location(req.RequestURL), http.StatusSeeOther)
		return
	}
	if p.has("hands a context to the consent") && !req.Skip && (string(req.Context) != fmt.Sprintf(`{"name":%q}`, req.Subject) || req.ACR != "gold") {
		p.problem(w, http.StatusForbidden, "This is not your login")
		return
	}
	p.mu.Lock()
	known := p.granted[req.Subject] && p.has("own memory of consents")
	p.mu.Unlock()
	if decision := r.URL.Query().Get("decision"); decision != "" && p.has("links in place of forms") || req.Skip || known || p.has("grants without a page") {
		done, err := p.admin.AcceptConsentRequest(r.Context(), req.Challenge, models.AcceptConsentRequest{
			GrantScope: req.RequestedScope, GrantAccessTokenAudience: req.RequestedAccessTokenAudience,
		})
		p.redirect(w, r, done, err)
		return
	}
	v := page{Title: "Allow?", Action: "/consent", Challenge: req.Challenge, Scopes: req.RequestedScope, Buttons: []string{"Allow", "Deny"}}
	app := req.Client.ClientName
	if p.has("consent without the app") {
		app = "The app"
	}
	v.Text = p.words("%s asks, %s.", app, req.Subject)
	if p.has("has no boxes") {
		v.Scopes = nil
		for _, scope := range req.RequestedScope {
			v.Text = fmt.Sprint(v.Text, " ", map[string]string{"openid": "Your name.", "offline": "While you are away.", "read": "Your letters."}[scope])
		}
	}
	v.Secretive = p.has("consent without the scopes")
	p.keepInCookie(w, "consent_challenge", req.Challenge)
	if p.has("links in place of forms") {
		link := "/consent?consent_challenge=" + url.QueryEscape(req.Challenge) + "&decision="
		v = page{Title: "Allow?", Links: map[string]string{"Allow": link + "allow"}}
	}
	p.show(w, http.StatusOK, v)
}

func (p *provider) consent(w http.ResponseWriter, r *http.Request) {
	req, err := p.admin.GetConsentRequest(r.Context(), p.challenge(r, "consent_challenge"))
	p.mu.Lock()
	kept := p.kept["consent "+p.challenge(r, "consent_challenge")]
	p.mu.Unlock()
	if kept != nil && !p.has("forgets the first submit") {
		p.goOn(w, r, kept, nil)
		return
	}
	if err != nil {
		p.fail(w, r, err)
		return
	}
	if r.PostFormValue("decision") != "Allow" && !p.has("Deny accepts") {
		done, err := p.once(r, "deny "+req.Challenge, func(ctx context.Context) (*models.CompletedRequest, error) {
			return p.admin.RejectConsentRequest(ctx, req.Challenge, p.refusal())
		})
		p.goOn(w, r, done, err)
		return
	}
	body := models.AcceptConsentRequest{GrantAccessTokenAudience: req.RequestedAccessTokenAudience}
	for _, scope := range r.PostForm["scope"] {
		if slices.Contains(req.RequestedScope, scope) || p.has("grants what the form says") {
			body.GrantScope = append(body.GrantScope, scope)
		}
	}
	if p.has("has no boxes") || p.has("Deny accepts") {
		body.GrantScope = req.RequestedScope
	}
	if p.has("grants nothing") {
		body.GrantScope = nil
	}
	if p.has("grants what is not ticked") {
		body.GrantScope = req.RequestedScope
	}
	if p.has("drops the audience") {
		body.GrantAccessTokenAudience = nil
	}
	if p.has("grants other audiences") {
		body.GrantAccessTokenAudience = append(body.GrantAccessTokenAudience, "https://other.example.com")
	}
	done, err := p.once(r, "consent "+req.Challenge, func(ctx context.Context) (*models.CompletedRequest, error) {
		return p.admin.AcceptConsentRequest(ctx, req.Challenge, body)
	})
	if err == nil {
		p.mu.Lock()
		p.granted[req.Subject] = true
		p.mu.Unlock()
	}
	if errors.Is(err, client.ErrConflict) && !p.has("all errors are 500") {
		p.startOver(w, req.RequestURL)
		return
	}
	p.goOn(w, r, done, err)
}

func (p *provider) showLogout(w http.ResponseWriter, r *http.Request) {
	req, err := p.admin.GetLogoutRequest(r.Context(), p.challenge(r, "logout_challenge"))
	if err != nil {
		p.fail(w, r, err)
		return
	}
	if p.has("signs out at once") {
		done, err := p.admin.AcceptLogoutRequest(r.Context(), req.Challenge)
		p.redirect(w, r, done, err)
		return
	}
	p.keepInCookie(w, "logout_challenge", req.Challenge)
	p.show(w, http.StatusOK, page{Title: "Sign out?", Action: "/logout", Challenge: req.Challenge, Buttons: []string{"Sign out", "Stay"}})
}

func (p *provider) logout(w http.ResponseWriter, r *http.Request) {
	challenge := p.challenge(r, "logout_challenge")
	stays := r.PostFormValue("decision") == "Stay"
	if stays && p.has("Stay shows nothing") {
		return
	}
	if stays && !p.has("Stay signs out") {
		if err := p.admin.RejectLogoutRequest(r.Context(), challenge); err != nil {
			p.fail(w, r, err)
			return
		}
		p.problem(w, http.StatusOK, "You are still signed in")
		return
	}
	done, err := p.once(r, "logout "+challenge, func(ctx context.Context) (*models.CompletedRequest, error) {
		return p.admin.AcceptLogoutRequest(ctx, challenge)
	})
	p.goOn(w, r, done, err)
}
