// Package login is a login and consent provider that declares what it needs of Hydra as
// an interface of its own, as programs do that want to test their handlers with mocks.
package login

import (
	"context"
	"crypto/rand"
	"errors"
	"html/template"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"github.com/hydra-sdk/hydra-admin-go/client"
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
// the same owner: it grants what they ask for without asking the user. It has no defence
// against forged forms and guessed passwords; examples/login-consent has.
type Provider struct {
	Hydra Hydra
	Users Users
	// Scopes are those that may be granted.
	Scopes []string
	Log    *slog.Logger
}

// Handler returns the pages /login and /consent.
func (p *Provider) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /login", p.showLogin)
	mux.HandleFunc("POST /login", p.login)
	mux.HandleFunc("GET /consent", p.consent)
	return mux
}

var page = template.Must(template.New("").Parse(`<!doctype html><title>Log in</title>
<form method="post"><p>{{.Problem}}</p>
<input type="hidden" name="challenge" value="{{.Challenge}}">
<input name="name" autocomplete="username"> <input name="password" type="password" autocomplete="current-password">
<button name="do" value="login">Log in</button> <button name="do" value="cancel" formnovalidate>Cancel</button></form>
`))

func (p *Provider) showLogin(w http.ResponseWriter, r *http.Request) {
	request, err := p.Hydra.GetLoginRequest(r.Context(), r.URL.Query().Get("login_challenge"))
	if err != nil {
		p.fail(w, r, err)
		return
	}
	if request.Skip { // the user is logged in already
		p.accept(w, r, request, models.AcceptLoginRequest{Subject: request.Subject})
		return
	}
	p.render(w, r, http.StatusOK, request.Challenge, "")
}

func (p *Provider) login(w http.ResponseWriter, r *http.Request) {
	request, err := p.Hydra.GetLoginRequest(r.Context(), r.PostFormValue("challenge"))
	if err != nil {
		p.fail(w, r, err)
		return
	}
	if r.PostFormValue("do") == "cancel" {
		done, err := p.Hydra.RejectLoginRequest(r.Context(), request.Challenge, models.RejectRequest{Error: "access_denied"})
		p.goOn(w, r, done, request.RequestURL, err)
		return
	}
	user, err := p.Users.Check(r.Context(), r.PostFormValue("name"), r.PostFormValue("password"))
	switch {
	case err != nil:
		p.fail(w, r, err)
	case user == nil:
		p.render(w, r, http.StatusUnprocessableEntity, request.Challenge, "This name and password do not belong together.")
	default:
		p.accept(w, r, request, models.AcceptLoginRequest{Subject: user.ID, Remember: true, RememberFor: 3600})
	}
}

func (p *Provider) accept(w http.ResponseWriter, r *http.Request, request *models.LoginRequest, body models.AcceptLoginRequest) {
	done, err := p.Hydra.AcceptLoginRequest(r.Context(), request.Challenge, body)
	p.goOn(w, r, done, request.RequestURL, err)
}

func (p *Provider) consent(w http.ResponseWriter, r *http.Request) {
	request, err := p.Hydra.GetConsentRequest(r.Context(), r.URL.Query().Get("consent_challenge"))
	if err != nil {
		p.fail(w, r, err)
		return
	}
	user, err := p.Users.Find(r.Context(), request.Subject)
	if err != nil {
		p.fail(w, r, err)
		return
	}
	body := models.AcceptConsentRequest{GrantAccessTokenAudience: request.RequestedAccessTokenAudience}
	body.Session.IDToken = make(models.Claims)
	for _, scope := range request.RequestedScope {
		if slices.Contains(p.Scopes, scope) { // Hydra grants whatever it is told
			body.GrantScope = append(body.GrantScope, scope)
			maps.Copy(body.Session.IDToken, user.Claims[scope])
		}
	}
	done, err := p.Hydra.AcceptConsentRequest(r.Context(), request.Challenge, body)
	p.goOn(w, r, done, request.RequestURL, err)
}

// goOn redirects the browser to where Hydra says. After a lost response, or a second
// submission, which is a conflict on v1, that is not known, and the flow starts over.
func (p *Provider) goOn(w http.ResponseWriter, r *http.Request, done *models.CompletedRequest, start string, err error) {
	switch {
	case errors.Is(err, client.ErrResponseLost), errors.Is(err, client.ErrConflict):
		restart(w, r, start)
	case err != nil:
		p.fail(w, r, err)
	default:
		http.Redirect(w, r, done.RedirectTo, http.StatusSeeOther)
	}
}

func (p *Provider) fail(w http.ResponseWriter, r *http.Request, err error) {
	var handled *client.RequestWasHandledError
	switch {
	case errors.As(err, &handled):
		restart(w, r, handled.RedirectTo)
	case errors.Is(err, client.ErrNotFound), errors.Is(err, client.ErrInvalidArgument), errors.Is(err, client.ErrChallengeExpired):
		http.Error(w, "This link is too old. Go back to the app and try again.", http.StatusBadRequest)
	default:
		p.Log.ErrorContext(r.Context(), "login failed", "error", err)
		http.Error(w, "Logging in does not work right now.", http.StatusBadGateway)
	}
}

// restart sends the browser to a URL that it may have seen before. On v1 it would follow
// the redirect in its cache, back to here: a parameter that Hydra ignores prevents that.
func restart(w http.ResponseWriter, r *http.Request, to string) {
	u, err := url.Parse(to)
	if err != nil {
		http.Error(w, "Go back to the app and try again.", http.StatusBadRequest)
		return
	}
	query := u.Query()
	query.Set("again", rand.Text())
	u.RawQuery = query.Encode()
	http.Redirect(w, r, u.String(), http.StatusSeeOther)
}

func (p *Provider) render(w http.ResponseWriter, r *http.Request, status int, challenge, problem string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if err := page.Execute(w, map[string]string{"Challenge": challenge, "Problem": problem}); err != nil {
		p.Log.ErrorContext(r.Context(), "writing the page", "error", err)
	}
}
