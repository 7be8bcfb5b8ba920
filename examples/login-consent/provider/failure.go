package provider

import (
	"crypto/rand"
	"errors"
	"net/http"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// A redirectError is a failure after which the browser can go on elsewhere.
type redirectError struct{ to string }

func (*redirectError) Error() string { return "the browser has to go elsewhere" }

// goOn sends the browser to where Hydra wants it.
func (p *provider) goOn(w http.ResponseWriter, r *http.Request, done *models.CompletedRequest, err error) {
	if err != nil {
		p.fail(w, r, err)
		return
	}
	http.Redirect(w, r, done.RedirectTo, http.StatusSeeOther)
}

// fail tells the user what became of a request, or sends the browser on if the
// request was answered before: after going back, in another tab, from a bookmark.
func (p *provider) fail(w http.ResponseWriter, r *http.Request, err error) {
	var handled *client.RequestWasHandledError
	var elsewhere *redirectError
	switch {
	case errors.As(err, &elsewhere):
		http.Redirect(w, r, elsewhere.to, http.StatusSeeOther)
	case errors.As(err, &handled):
		to, err := p.PublicURL.Parse(handled.RedirectTo) // that of a logout is relative
		if err != nil {
			p.fail(w, r, errors.New("hydra redirects to something that is no URL"))
			return
		}
		// Hydra v1 lets browsers keep where it redirects to, and one that goes back looks
		// there first: it would come here again, and again. Hydra ignores the parameter.
		q := to.Query()
		q.Set("again", rand.Text())
		to.RawQuery = q.Encode()
		http.Redirect(w, r, to.String(), http.StatusSeeOther)
	case errors.Is(err, client.ErrChallengeExpired):
		p.refuse(w, r, http.StatusGone, "That took too long", "Go back to the app and try again.")
	case errors.Is(err, client.ErrConflict):
		p.refuse(w, r, http.StatusConflict, "That was answered before", "Go back to the app and try again.")
	case errors.Is(err, client.ErrNotFound), errors.Is(err, client.ErrInvalidArgument), errors.Is(err, client.ErrBadRequest):
		p.refuse(w, r, http.StatusNotFound, "This link does not work", "It may be old, or incomplete. Go back to the app and try again.")
	default:
		p.Log.ErrorContext(r.Context(), "hydra does not answer", "error", err)
		p.refuse(w, r, http.StatusBadGateway, "Signing in does not work right now", "Please try again in a few minutes.")
	}
}

// showError is where Hydra sends the browser if it cannot send it to the app.
func (p *provider) showError(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	p.Log.WarnContext(r.Context(), "hydra reports an error", "error", q.Get("error"))
	p.render(w, r, http.StatusBadRequest, "message", message{
		Title: "The app made a mistake", Text: "Go back to the app and try again. If it happens again, tell its makers this:",
		Detail: []string{q.Get("error"), q.Get("error_description"), q.Get("error_hint")},
	})
}

func (p *provider) refuse(w http.ResponseWriter, r *http.Request, status int, title, text string) {
	p.render(w, r, status, "message", message{Title: title, Text: text})
}
