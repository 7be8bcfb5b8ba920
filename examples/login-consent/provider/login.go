package provider

import (
	"cmp"
	"errors"
	"net/http"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// How long Hydra remembers whom to skip.
const (
	rememberLogin   = 30 * 24 * time.Hour
	rememberConsent = 365 * 24 * time.Hour
)

// denied is what an app is told when the user says no.
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
	if req.Skip { // Hydra knows the user already
		p.acceptLogin(w, r, req, models.AcceptLoginRequest{Subject: req.Subject})
		return
	}
	p.render(w, r, http.StatusOK, "login", loginPage{Challenge: req.Challenge, App: appName(req.Client), Name: req.OIDCContext.LoginHint})
}

func (p *provider) login(w http.ResponseWriter, r *http.Request) {
	// Reading it again tells whether it was handled meanwhile, in another tab.
	req, err := p.Admin.GetLoginRequest(r.Context(), r.PostFormValue("challenge"))
	if err != nil {
		p.fail(w, r, err)
		return
	}
	if r.PostFormValue("answer") == "cancel" {
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

// acceptLogin sends the browser on as the user, also if it asks twice: Hydra v1
// answers the second time with 409, and only the first time says where to.
func (p *provider) acceptLogin(w http.ResponseWriter, r *http.Request, req *models.LoginRequest, body models.AcceptLoginRequest) {
	done, err := p.accepted.once(req.Challenge+" "+body.Subject, func() (*models.CompletedRequest, error) {
		return p.Admin.AcceptLoginRequest(r.Context(), req.Challenge, body)
	})
	p.goOn(w, r, done, p.restart(req, err))
}

// restart turns errors after which a login can only be started over into a redirect
// to where it began.
func (p *provider) restart(req *models.LoginRequest, err error) error {
	if errors.Is(err, client.ErrConflict) || errors.Is(err, client.ErrResponseLost) {
		return &redirectError{req.RequestURL}
	}
	return err
}

// appName is what a user knows an app as.
func appName(c models.OAuth2Client) string { return cmp.Or(c.ClientName, c.ClientID) }
