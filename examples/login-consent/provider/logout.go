package provider

import (
	"context"
	"net/http"

	"github.com/hydra-sdk/hydra-admin-go/models"
)

type logoutPage struct{ Challenge, App, User string }

func (p *provider) showLogout(w http.ResponseWriter, r *http.Request) {
	req, err := p.Admin.GetLogoutRequest(r.Context(), r.URL.Query().Get("logout_challenge"))
	if err != nil {
		p.fail(w, r, err, "")
		return
	}
	page := logoutPage{Challenge: req.Challenge, User: p.name(r.Context(), req.Subject)}
	if req.Client.ClientID != "" { // an app started it, and the user returns there
		page.App = appName(req.Client)
	}
	p.render(w, r, http.StatusOK, "logout", page)
}

func (p *provider) logout(w http.ResponseWriter, r *http.Request) {
	challenge := r.PostFormValue("challenge")
	if r.PostFormValue("decision") != "leave" {
		// Hydra knows nothing of the request after the first reject.
		_, err := p.once.Do(r.Context(), challenge, "stay", func(ctx context.Context) (*models.CompletedRequest, error) {
			return &models.CompletedRequest{}, p.Admin.RejectLogoutRequest(ctx, challenge)
		})
		if err != nil {
			p.fail(w, r, err, "")
			return
		}
		http.Redirect(w, r, "/logout/stayed", http.StatusSeeOther)
		return
	}
	// Hydra accepts a logout any number of times, but the browser can use the redirect
	// only once.
	if _, err := p.Admin.GetLogoutRequest(r.Context(), challenge); err != nil {
		p.fail(w, r, err, "")
		return
	}
	p.finish(w, r, challenge, "leave", "", func(ctx context.Context) (*models.CompletedRequest, error) {
		return p.Admin.AcceptLogoutRequest(ctx, challenge)
	})
}

// showStayed is the page after a logout that was refused. Hydra does not lead on from there.
func (p *provider) showStayed(w http.ResponseWriter, r *http.Request) {
	p.tell(w, r, http.StatusOK, "You are still signed in", "You can close this page.")
}
