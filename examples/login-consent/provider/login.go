package provider

import (
	"cmp"
	"errors"
	"net/http"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// How long Hydra remembers a login or a consent, and skips its page.
const (
	rememberLogin   = 30 * 24 * time.Hour
	rememberConsent = 365 * 24 * time.Hour
)

// denied is the error that the app gets if the user refuses.
var denied = models.RejectRequest{Error: "access_denied", ErrorDescription: "The user did not allow it."}

type loginPage struct {
	Challenge, App, Name, Problem string
}

func (p *provider) showLogin(w http.ResponseWriter, r *http.Request) {
	req, err := p.Admin.GetLoginRequest(r.Context(), r.URL.Query().Get("login_challenge"))
	if err != nil {
		p.fail(w, r, err)
		return
	}
	if req.Skip { // Hydra remembers the user
		p.acceptLogin(w, r, req, models.AcceptLoginRequest{Subject: req.Subject})
		return
	}
	p.render(w, r, http.StatusOK, "login", loginPage{Challenge: req.Challenge, App: appName(req.Client), Name: req.OIDCContext.LoginHint})
}

func (p *provider) login(w http.ResponseWriter, r *http.Request) {
	// Read it again: it may have been handled meanwhile, in another tab.
	req, err := p.Admin.GetLoginRequest(r.Context(), r.PostFormValue("challenge"))
	if err != nil {
		p.fail(w, r, err)
		return
	}
	if r.PostFormValue("decision") == "cancel" {
		done, err := p.Admin.RejectLoginRequest(r.Context(), req.Challenge, denied)
		p.goOn(w, r, done, p.restart(req, err))
		return
	}
	name := r.PostFormValue("name")
	user, err := p.Users.Authenticate(r.Context(), name, r.PostFormValue("password"))
	if err != nil {
		p.Log.InfoContext(r.Context(), "login refused", "reason", err)
		p.render(w, r, http.StatusUnprocessableEntity, "login", loginPage{
			Challenge: req.Challenge, App: appName(req.Client), Name: name, Problem: "This name and password do not belong together.",
		})
		return
	}
	body := models.AcceptLoginRequest{Subject: user.ID, AMR: []string{"pwd"}}
	if r.PostFormValue("remember") != "" {
		body.Remember, body.RememberFor = true, int64(rememberLogin.Seconds())
	}
	p.acceptLogin(w, r, req, body)
}

// acceptLogin accepts a login and redirects the browser, even if the form is submitted
// twice: Hydra v1 responds to the second accept with 409, without a redirect.
func (p *provider) acceptLogin(w http.ResponseWriter, r *http.Request, req *models.LoginRequest, body models.AcceptLoginRequest) {
	done, err := p.accepted.once(req.Challenge+" "+body.Subject, func() (*models.CompletedRequest, error) {
		return p.Admin.AcceptLoginRequest(r.Context(), req.Challenge, body)
	})
	p.goOn(w, r, done, p.restart(req, err))
}

// restart replaces an error after which the login has to start over by a redirect to its
// start.
func (p *provider) restart(req *models.LoginRequest, err error) error {
	if errors.Is(err, client.ErrConflict) || errors.Is(err, client.ErrResponseLost) {
		return &redirectError{req.RequestURL}
	}
	return err
}

// appName returns the name of an app to show to users.
func appName(c models.OAuth2Client) string { return cmp.Or(c.ClientName, c.ClientID) }
