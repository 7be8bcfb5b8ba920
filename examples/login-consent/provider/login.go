package provider

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

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
		p.fail(w, r, err, "")
		return
	}
	if req.Skip { // Hydra remembers the user
		p.acceptLogin(w, r, req, models.AcceptLoginRequest{Subject: req.Subject})
		return
	}
	text, status := problem(w, r)
	p.render(w, r, status, "login", loginPage{Challenge: req.Challenge, App: appName(req.Client), Name: plain(req.OIDCContext.LoginHint, 200), Problem: text})
}

func (p *provider) login(w http.ResponseWriter, r *http.Request) {
	// Read it again: it may have been handled meanwhile, in another tab.
	req, err := p.Admin.GetLoginRequest(r.Context(), r.PostFormValue("challenge"))
	if err != nil {
		p.fail(w, r, err, "")
		return
	}
	if r.PostFormValue("decision") == "cancel" {
		p.finish(w, r, req.Challenge, "cancel", req.RequestURL, func(ctx context.Context) (*models.CompletedRequest, error) {
			return p.Admin.RejectLoginRequest(ctx, req.Challenge, denied)
		})
		return
	}
	user, err := p.passwords.check(r.Context(), p.Address(r), r.PostFormValue("name"), r.PostFormValue("password"))
	if err != nil {
		p.refuseLogin(w, r, req.Challenge, err)
		return
	}
	body := models.AcceptLoginRequest{Subject: user.ID, AMR: []string{"pwd"}}
	if r.PostFormValue("remember") != "" {
		body.Remember, body.RememberFor = true, int64(rememberLogin.Seconds())
	}
	p.acceptLogin(w, r, req, body)
}

// refuseLogin asks for the password again, and says what is wrong.
func (p *provider) refuseLogin(w http.ResponseWriter, r *http.Request, challenge string, err error) {
	p.Log.InfoContext(r.Context(), "login refused", "reason", err)
	switch {
	case errors.Is(err, errTooMany):
		askAgain(w, r, "login_challenge", challenge, tooMany)
	case errors.Is(err, errPassword), errors.Is(err, ErrNoUser):
		askAgain(w, r, "login_challenge", challenge, "password")
	default:
		p.fail(w, r, err, "")
	}
}

func (p *provider) acceptLogin(w http.ResponseWriter, r *http.Request, req *models.LoginRequest, body models.AcceptLoginRequest) {
	decision := fmt.Sprintf("accept %q %t", body.Subject, body.Remember)
	p.finish(w, r, req.Challenge, decision, req.RequestURL, func(ctx context.Context) (*models.CompletedRequest, error) {
		return p.Admin.AcceptLoginRequest(ctx, req.Challenge, body)
	})
}
