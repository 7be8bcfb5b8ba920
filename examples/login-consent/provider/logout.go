package provider

import (
	"net/http"
)

type logoutPage struct{ Challenge, App, User string }

func (p *provider) showLogout(w http.ResponseWriter, r *http.Request) {
	req, err := p.Admin.GetLogoutRequest(r.Context(), r.URL.Query().Get("logout_challenge"))
	if err != nil {
		p.fail(w, r, err)
		return
	}
	page := logoutPage{Challenge: req.Challenge, User: p.Users.Name(req.Subject)}
	if req.Client.ClientID != "" { // an app started it, and the user returns there
		page.App = appName(req.Client)
	}
	p.render(w, r, http.StatusOK, "logout", page)
}

func (p *provider) logout(w http.ResponseWriter, r *http.Request) {
	challenge := r.PostFormValue("challenge")
	// Hydra accepts a logout any number of times, but the browser can use the redirect
	// only once.
	if _, err := p.Admin.GetLogoutRequest(r.Context(), challenge); err != nil {
		p.fail(w, r, err)
		return
	}
	if r.PostFormValue("decision") != "leave" {
		if err := p.Admin.RejectLogoutRequest(r.Context(), challenge); err != nil {
			p.fail(w, r, err)
			return
		}
		p.render(w, r, http.StatusOK, "message", message{Title: "You are still signed in", Text: "You can close this page."})
		return
	}
	done, err := p.Admin.AcceptLogoutRequest(r.Context(), challenge)
	p.goOn(w, r, done, err)
}
