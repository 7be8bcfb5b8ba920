// Package login is a login and consent provider that declares what it needs of Hydra as
// an interface of its own, as programs do that want to test their handlers with mocks.
package login

import (
	"context"
	"html/template"
	"log/slog"
	"maps"
	"net/http"
	"net/url"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clientweb"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// Hydra is the part of [client.AdminAPI] that this provider uses.
type Hydra interface {
	GetLoginRequest(ctx context.Context, challenge string, opts ...client.Option) (*models.LoginRequest, error)
	AcceptLoginRequest(ctx context.Context, challenge string, body models.AcceptLoginRequest, opts ...client.Option) (*models.CompletedRequest, error)
	RejectLoginRequest(ctx context.Context, challenge string, body models.RejectRequest, opts ...client.Option) (*models.CompletedRequest, error)
	GetConsentRequest(ctx context.Context, challenge string, opts ...client.Option) (*models.ConsentRequest, error)
	AcceptConsentRequest(ctx context.Context, challenge string, body models.AcceptConsentRequest, opts ...client.Option) (*models.CompletedRequest, error)
}

var _ Hydra = (*client.AdminAPI)(nil)

// A User is who has logged in.
type User struct {
	ID string
	// Claims are those of the ID token, by the scope that they belong to.
	Claims map[string]models.Claims
}

// Users are the people who may log in. Check returns nil for a wrong name or password, and
// Find fails for a user who is gone.
type Users interface {
	Check(ctx context.Context, name, password string) (*User, error)
	Find(ctx context.Context, id string) (*User, error)
}

// A Provider serves the pages that Hydra redirects browsers to. Its consent is for apps of
// the same owner: it grants what they ask for without asking the user. It does not bound how
// often passwords are guessed; examples/login-consent does.
type Provider struct {
	Hydra Hydra
	// PublicURL is the URL of Hydra's public API as browsers know it.
	PublicURL string
	Users     Users
	// Scopes are those that may be granted.
	Scopes []string
	Log    *slog.Logger

	once clientweb.Once
}

// Handler returns the pages /login and /consent.
func (p *Provider) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /login", p.showLogin)
	mux.HandleFunc("POST /login", p.login)
	mux.HandleFunc("GET /consent", p.consent)
	// Forms of other sites are refused.
	return http.NewCrossOriginProtection().Handler(http.MaxBytesHandler(mux, 64<<10))
}

func (p *Provider) showLogin(w http.ResponseWriter, r *http.Request) {
	request, err := p.Hydra.GetLoginRequest(r.Context(), r.FormValue("login_challenge"))
	switch {
	case err != nil:
		p.fail(w, r, err, "")
	case request.Skip: // the user is logged in already
		p.accept(w, r, request, models.AcceptLoginRequest{Subject: request.Subject})
	default:
		problem := ""
		if r.FormValue("problem") != "" {
			problem = "This name and password do not belong together."
		}
		p.show(w, r, http.StatusOK, request.Challenge, problem)
	}
}

func (p *Provider) login(w http.ResponseWriter, r *http.Request) {
	request, err := p.Hydra.GetLoginRequest(r.Context(), r.FormValue("login_challenge"))
	if err != nil {
		p.fail(w, r, err, "")
		return
	}
	if r.FormValue("do") == "cancel" {
		p.finish(w, r, request.Challenge, "cancel", request.RequestURL, func(ctx context.Context) (*models.CompletedRequest, error) {
			return p.Hydra.RejectLoginRequest(ctx, request.Challenge, models.RejectRequest{Error: "access_denied"})
		})
		return
	}
	user, err := p.Users.Check(r.Context(), r.FormValue("name"), r.FormValue("password"))
	switch {
	case err != nil:
		p.fail(w, r, err, "")
	case user == nil:
		// Back to a page in response to the form would ask to send the form again.
		http.Redirect(w, r, "/login?"+url.Values{"login_challenge": {request.Challenge}, "problem": {"password"}}.Encode(), http.StatusSeeOther)
	default:
		p.accept(w, r, request, models.AcceptLoginRequest{Subject: user.ID, Remember: true, RememberFor: 3600})
	}
}

func (p *Provider) accept(w http.ResponseWriter, r *http.Request, request *models.LoginRequest, body models.AcceptLoginRequest) {
	p.finish(w, r, request.Challenge, "accept "+body.Subject, request.RequestURL, func(ctx context.Context) (*models.CompletedRequest, error) {
		return p.Hydra.AcceptLoginRequest(ctx, request.Challenge, body)
	})
}

func (p *Provider) consent(w http.ResponseWriter, r *http.Request) {
	request, err := p.Hydra.GetConsentRequest(r.Context(), r.FormValue("consent_challenge"))
	if err != nil {
		p.fail(w, r, err, "")
		return
	}
	if err := p.once.Decided(request.Challenge); err != nil {
		p.fail(w, r, err, request.RequestURL)
		return
	}
	user, err := p.Users.Find(r.Context(), request.Subject)
	if err != nil {
		p.fail(w, r, err, "")
		return
	}
	body := request.Grant(p.Scopes...)
	body.Remember, body.RememberFor = true, 3600 // prompt=none needs that, and a login that is remembered
	body.Session.IDToken = make(models.Claims)
	for _, scope := range body.GrantScope {
		maps.Copy(body.Session.IDToken, user.Claims[scope])
	}
	p.finish(w, r, request.Challenge, "grant", request.RequestURL, func(ctx context.Context) (*models.CompletedRequest, error) {
		return p.Hydra.AcceptConsentRequest(ctx, request.Challenge, body)
	})
}

// finish accepts or rejects a request, once for all submits of a form, and sends the browser
// back to Hydra.
func (p *Provider) finish(w http.ResponseWriter, r *http.Request, challenge, decision, requestURL string, call func(context.Context) (*models.CompletedRequest, error)) {
	done, err := p.once.Do(r.Context(), challenge, decision, call)
	if err != nil {
		p.fail(w, r, err, requestURL)
		return
	}
	clientweb.Redirect(w, r, done.RedirectTo)
}

// fail starts the request over if that helps, and else says what the user can do.
func (p *Provider) fail(w http.ResponseWriter, r *http.Request, err error, requestURL string) {
	if clientweb.StartOver(w, r, err, p.PublicURL, requestURL) {
		return
	}
	message := clientweb.Explain(err)
	if message.Status >= http.StatusInternalServerError {
		p.Log.ErrorContext(r.Context(), "login failed", "error", err)
	}
	p.show(w, r, message.Status, "", message.Title+". "+message.Text)
}

var page = template.Must(template.New("").Parse(`<!doctype html><html lang="en"><meta charset="utf-8"><title>Log in</title><p>{{.Text}}</p>
{{with .Challenge}}<form method="post" action="/login"><input type="hidden" name="login_challenge" value="{{.}}">
<label>Name <input name="name" autocomplete="username"></label>
<label>Password <input name="password" type="password" autocomplete="current-password"></label>
<button name="do" value="login">Log in</button> <button name="do" value="cancel">Cancel</button></form>{{end}}
`))

// show shows a text, and the form if there is a challenge for it.
func (p *Provider) show(w http.ResponseWriter, r *http.Request, status int, challenge, text string) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store") // Back must not show a form that was sent
	h.Set("Content-Security-Policy", "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "same-origin") // URLs hold challenges
	w.WriteHeader(status)
	if err := page.Execute(w, map[string]string{"Challenge": challenge, "Text": text}); err != nil {
		p.Log.ErrorContext(r.Context(), "writing the page", "error", err)
	}
}
