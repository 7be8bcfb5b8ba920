package clientweb_test

import (
	"context"
	"crypto/subtle"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clientweb"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// A provider has the pages that Hydra's configuration names under urls.
type provider struct {
	admin     *client.AdminAPI
	publicURL string // of Hydra, for browsers
	passwords map[string]string
	log       *slog.Logger
	once      clientweb.Once
}

// A page is a form. Its buttons are what its user can decide.
type page struct {
	Title, Text, Path, Challenge string
	Login                        bool
	Scopes, Buttons              []string
}

var pages = template.Must(template.New("page").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{{.Title}}</title></head><body><h1>{{.Title}}</h1><p>{{.Text}}</p>
{{if .Path}}<form method="post" action="{{.Path}}"><input type="hidden" name="challenge" value="{{.Challenge}}">
{{if .Login}}<label>Name <input name="name"></label> <label>Password <input name="password" type="password"></label>{{end}}
{{range .Scopes}}<label><input type="checkbox" name="scope" value="{{.}}" checked> {{.}}</label>{{end}}
{{range .Buttons}}<button name="decision" value="{{.}}">{{.}}</button>{{end}}</form>{{end}}</body></html>
`))

func (p *provider) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /login", p.showLogin)
	mux.HandleFunc("POST /login", p.login)
	mux.HandleFunc("GET /consent", p.showConsent)
	mux.HandleFunc("POST /consent", p.consent)
	mux.HandleFunc("GET /logout", p.showLogout)
	mux.HandleFunc("POST /logout", p.logout)
	mux.HandleFunc("GET /stayed", func(w http.ResponseWriter, _ *http.Request) {
		p.show(w, http.StatusOK, page{Title: "You are still signed in", Text: "You can close this page."})
	})
	mux.HandleFunc("GET /error", func(w http.ResponseWriter, _ *http.Request) {
		p.show(w, http.StatusBadRequest, page{Title: "The app made a mistake", Text: "Go back to it and try again."})
	})
	// Forms of other sites are refused.
	return http.NewCrossOriginProtection().Handler(http.MaxBytesHandler(mux, 64<<10))
}

func (p *provider) showLogin(w http.ResponseWriter, r *http.Request) {
	req, err := p.admin.GetLoginRequest(r.Context(), r.FormValue("login_challenge"))
	if err != nil {
		p.fail(w, r, err, "")
		return
	}
	if req.Skip { // Hydra remembers the user
		p.acceptLogin(w, r, req, req.Subject)
		return
	}
	text := ""
	if r.FormValue("problem") != "" {
		text = "This name and password do not belong together."
	}
	p.show(w, http.StatusOK, page{Title: "Sign in", Text: text, Path: "/login", Challenge: req.Challenge, Login: true, Buttons: []string{"Sign in", "Cancel"}})
}

func (p *provider) login(w http.ResponseWriter, r *http.Request) {
	req, err := p.admin.GetLoginRequest(r.Context(), r.FormValue("challenge")) // again: it may be handled by now
	if err != nil {
		p.fail(w, r, err, "")
		return
	}
	if r.FormValue("decision") == "Cancel" {
		p.finish(w, r, req.Challenge, "cancel", req.RequestURL, func(ctx context.Context) (*models.CompletedRequest, error) {
			return p.admin.RejectLoginRequest(ctx, req.Challenge, models.RejectRequest{Error: "access_denied"})
		})
		return
	}
	name := r.FormValue("name")
	want, found := p.passwords[name] // a real provider has hashes, and bounds guessing
	if subtle.ConstantTimeCompare([]byte(want), []byte(r.FormValue("password"))) != 1 || !found {
		// Back to the response to a form would ask to send the form again.
		again := url.Values{"login_challenge": {req.Challenge}, "problem": {"password"}}
		http.Redirect(w, r, "/login?"+again.Encode(), http.StatusSeeOther)
		return
	}
	p.acceptLogin(w, r, req, name)
}

func (p *provider) acceptLogin(w http.ResponseWriter, r *http.Request, req *models.LoginRequest, subject string) {
	p.finish(w, r, req.Challenge, "accept "+subject, req.RequestURL, func(ctx context.Context) (*models.CompletedRequest, error) {
		return p.admin.AcceptLoginRequest(ctx, req.Challenge, models.AcceptLoginRequest{Subject: subject, Remember: true, RememberFor: 3600})
	})
}

func (p *provider) showConsent(w http.ResponseWriter, r *http.Request) {
	req, err := p.admin.GetConsentRequest(r.Context(), r.FormValue("consent_challenge"))
	if err != nil {
		p.fail(w, r, err, "")
		return
	}
	if err := p.once.Decided(req.Challenge); err != nil { // the user went back from the app
		p.fail(w, r, err, req.RequestURL)
		return
	}
	if req.Skip {
		p.grant(w, r, req, req.RequestedScope)
		return
	}
	p.show(w, http.StatusOK, page{Title: req.Client.ClientName + " asks for access", Path: "/consent", Challenge: req.Challenge, Scopes: req.RequestedScope, Buttons: []string{"Allow", "Deny"}})
}

func (p *provider) consent(w http.ResponseWriter, r *http.Request) {
	req, err := p.admin.GetConsentRequest(r.Context(), r.FormValue("challenge"))
	if err != nil {
		p.fail(w, r, err, "")
		return
	}
	if r.FormValue("decision") != "Allow" {
		p.finish(w, r, req.Challenge, "deny", req.RequestURL, func(ctx context.Context) (*models.CompletedRequest, error) {
			return p.admin.RejectConsentRequest(ctx, req.Challenge, models.RejectRequest{Error: "access_denied"})
		})
		return
	}
	p.grant(w, r, req, r.Form["scope"])
}

func (p *provider) grant(w http.ResponseWriter, r *http.Request, req *models.ConsentRequest, scopes []string) {
	body := req.Grant(scopes...)
	p.finish(w, r, req.Challenge, fmt.Sprintf("allow %q", body.GrantScope), req.RequestURL, func(ctx context.Context) (*models.CompletedRequest, error) {
		return p.admin.AcceptConsentRequest(ctx, req.Challenge, body)
	})
}

func (p *provider) showLogout(w http.ResponseWriter, r *http.Request) {
	req, err := p.admin.GetLogoutRequest(r.Context(), r.FormValue("logout_challenge"))
	if err != nil {
		p.fail(w, r, err, "")
		return
	}
	p.show(w, http.StatusOK, page{Title: "Sign out?", Path: "/logout", Challenge: req.Challenge, Buttons: []string{"Sign out", "Stay signed in"}})
}

func (p *provider) logout(w http.ResponseWriter, r *http.Request) {
	challenge := r.FormValue("challenge")
	if r.FormValue("decision") != "Sign out" {
		_, err := p.once.Do(r.Context(), challenge, "stay", func(ctx context.Context) (*models.CompletedRequest, error) {
			return &models.CompletedRequest{}, p.admin.RejectLogoutRequest(ctx, challenge)
		})
		if err != nil {
			p.fail(w, r, err, "")
			return
		}
		http.Redirect(w, r, "/stayed", http.StatusSeeOther)
		return
	}
	req, err := p.admin.GetLogoutRequest(r.Context(), challenge)
	if err != nil {
		p.fail(w, r, err, "")
		return
	}
	p.finish(w, r, req.Challenge, "leave", "", func(ctx context.Context) (*models.CompletedRequest, error) {
		return p.admin.AcceptLogoutRequest(ctx, req.Challenge)
	})
}

// finish accepts or rejects, and sends the browser back to Hydra.
func (p *provider) finish(w http.ResponseWriter, r *http.Request, challenge, decision, requestURL string, call func(context.Context) (*models.CompletedRequest, error)) {
	done, err := p.once.Do(r.Context(), challenge, decision, call)
	if err != nil {
		p.fail(w, r, err, requestURL)
		return
	}
	clientweb.Redirect(w, r, done.RedirectTo)
}

func (p *provider) fail(w http.ResponseWriter, r *http.Request, err error, requestURL string) {
	if clientweb.StartOver(w, r, err, p.publicURL, requestURL) {
		return
	}
	p.log.Error("request failed", "error", err)
	m := clientweb.Explain(err)
	p.show(w, m.Status, page{Title: m.Title, Text: m.Text})
}

func (p *provider) show(w http.ResponseWriter, status int, data page) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; form-action 'self'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "same-origin") // URLs hold challenges
	w.WriteHeader(status)
	if err := pages.Execute(w, data); err != nil {
		p.log.Error("page", "error", err)
	}
}

// A whole provider of the standard library and this SDK. It lacks hashes of passwords, a
// bound on guessing, pages that are nice to look at, and the [http.Server] with its timeouts.
func Example_provider() {
	admin, err := client.New(hydra.URL) // a Hydra for this example
	if err != nil {
		panic(err)
	}
	p := &provider{admin: admin, publicURL: hydra.URL, passwords: map[string]string{"alice": "wonderland"}, log: slog.New(slog.DiscardHandler)}
	send := func(method, target string, form url.Values) {
		r := httptest.NewRequest(method, target, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		p.handler().ServeHTTP(w, r)
		fmt.Println(w.Code, title(w.Body.String())+w.Header().Get("Location"))
	}

	send(http.MethodGet, "/login?login_challenge=fresh", nil)
	send(http.MethodPost, "/login", url.Values{"challenge": {"fresh"}, "name": {"alice"}, "password": {"wrong"}})
	send(http.MethodGet, "/login?login_challenge=fresh&problem=password", nil)
	send(http.MethodPost, "/login", url.Values{"challenge": {"fresh"}, "name": {"alice"}, "password": {"wonderland"}})
	send(http.MethodGet, "/consent?consent_challenge=fresh", nil)
	send(http.MethodPost, "/consent", url.Values{"challenge": {"fresh"}, "decision": {"Allow"}, "scope": {"openid", "admin"}})
	send(http.MethodGet, "/login?login_challenge=unknown", nil)
	// Output:
	// 200 Sign in
	// 303 /login?login_challenge=fresh&problem=password
	// 200 Sign in
	// 200 One moment
	// 200 My app asks for access
	// grants [openid]
	// 200 One moment
	// 404 This link does not work
}
