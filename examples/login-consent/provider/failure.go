package provider

import (
	"crypto/rand"
	"errors"
	"net/http"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// A redirectError is a failure after which the browser continues at another URL.
type redirectError struct{ to string }

func (*redirectError) Error() string { return "the browser has to be redirected" }

// goOn redirects the browser to the URL that Hydra returned.
func (p *provider) goOn(w http.ResponseWriter, r *http.Request, done *models.CompletedRequest, err error) {
	if err != nil {
		p.fail(w, r, err)
		return
	}
	http.Redirect(w, r, done.RedirectTo, http.StatusSeeOther)
}

// fail shows an error page. If the request was handled before, because the user went back,
// has two tabs or opened a bookmark, it redirects the browser instead.
func (p *provider) fail(w http.ResponseWriter, r *http.Request, err error) {
	var handled *client.RequestWasHandledError
	var elsewhere *redirectError
	switch {
	case errors.As(err, &elsewhere):
		http.Redirect(w, r, elsewhere.to, http.StatusSeeOther)
	case errors.As(err, &handled):
		to, err := p.PublicURL.Parse(handled.RedirectTo) // for a logout it is relative
		if err != nil {
			p.fail(w, r, errors.New("hydra redirects to something that is not a URL"))
			return
		}
		// Hydra v1 lets browsers cache its redirects. A browser that goes back would follow
		// the cached redirect back to this page, without end. The parameter makes the URL
		// a new one, and Hydra ignores it.
		q := to.Query()
		q.Set("again", rand.Text())
		to.RawQuery = q.Encode()
		http.Redirect(w, r, to.String(), http.StatusSeeOther)
	case errors.Is(err, client.ErrChallengeExpired):
		p.refuse(w, r, http.StatusGone, "That took too long", "Go back to the app and try again.")
	case errors.Is(err, client.ErrConflict):
		p.refuse(w, r, http.StatusConflict, "This was already completed", "Go back to the app and try again.")
	case errors.Is(err, client.ErrNotFound), errors.Is(err, client.ErrInvalidArgument), errors.Is(err, client.ErrBadRequest):
		p.refuse(w, r, http.StatusNotFound, "This link does not work", "It may be old, or incomplete. Go back to the app and try again.")
	default:
		p.Log.ErrorContext(r.Context(), "request to hydra failed", "error", err)
		p.refuse(w, r, http.StatusBadGateway, "Signing in does not work right now", "Please try again in a few minutes.")
	}
}

// showError shows an error of Hydra, which redirects the browser here if it cannot redirect
// it to the app.
func (p *provider) showError(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	p.Log.WarnContext(r.Context(), "hydra reports an error", "error", q.Get("error"))
	p.render(w, r, http.StatusBadRequest, "message", message{
		Title: "The app made a mistake", Text: "Go back to the app and try again. If it happens again, send this to its developers:",
		Detail: []string{q.Get("error"), q.Get("error_description"), q.Get("error_hint")},
	})
}

func (p *provider) refuse(w http.ResponseWriter, r *http.Request, status int, title, text string) {
	p.render(w, r, status, "message", message{Title: title, Text: text})
}
