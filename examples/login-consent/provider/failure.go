package provider

import (
	"context"
	"net/http"

	"github.com/hydra-sdk/hydra-admin-go/client/clientweb"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// finish accepts or rejects a request and redirects the browser, once for all submits of a
// form. requestURL is where the request started.
func (p *provider) finish(w http.ResponseWriter, r *http.Request, challenge, decision, requestURL string, call func(context.Context) (*models.CompletedRequest, error)) {
	done, err := p.once.Do(r.Context(), challenge, decision, call)
	if err != nil {
		p.fail(w, r, err, requestURL)
		return
	}
	clientweb.Redirect(w, r, done.RedirectTo)
}

// fail starts the request over if that helps, or shows a page about the error. requestURL is
// empty if it is not known.
func (p *provider) fail(w http.ResponseWriter, r *http.Request, err error, requestURL string) {
	if clientweb.StartOver(w, r, err, p.PublicURL, requestURL) {
		return
	}
	m := clientweb.Explain(err)
	if m.Status >= http.StatusInternalServerError {
		p.Log.ErrorContext(r.Context(), "request failed", "error", err)
	}
	p.tell(w, r, m.Status, m.Title, m.Text)
}

// showError shows an error of Hydra, which redirects the browser here if it cannot redirect
// it to the app. Anybody can write such a link.
func (p *provider) showError(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	p.Log.WarnContext(r.Context(), "hydra reports an error", "error", plain(q.Get("error"), 50))
	p.render(w, r, http.StatusBadRequest, "message", message{
		Title: "The app made a mistake", Text: "Go back to the app and try again. If it happens again, send this to its developers:",
		Detail: []string{plain(q.Get("error"), 50), plain(q.Get("error_description"), 500), plain(q.Get("error_hint"), 500)},
	})
}

// tell shows a page that has nothing but a text.
func (p *provider) tell(w http.ResponseWriter, r *http.Request, status int, title, text string) {
	p.render(w, r, status, "message", message{Title: title, Text: text})
}
