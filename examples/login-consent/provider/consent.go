package provider

import (
	"net/http"
	"slices"

	"github.com/hydra-sdk/hydra-admin-go/models"
)

type consentPage struct {
	Challenge, App, User string
	PolicyURI, TermsURI  string
	Scopes               []scope
	Audiences            []string
}

// A scope has a text that says what the app may do.
type scope struct{ Name, Text string }

var scopeTexts = map[string]string{
	"openid":  "Know who you are",
	"offline": "Stay signed in while you are away", "offline_access": "Stay signed in while you are away",
	"profile": "See your name",
	"email":   "See your e-mail address",
}

func (p *provider) showConsent(w http.ResponseWriter, r *http.Request) {
	req, err := p.Admin.GetConsentRequest(r.Context(), r.URL.Query().Get("consent_challenge"))
	if err != nil {
		p.fail(w, r, err)
		return
	}
	// Skip: the user granted the same before. SkipConsent: the app is one of our own.
	if req.Skip || req.Client.SkipConsent {
		p.grant(w, r, req, req.RequestedScope, false)
		return
	}
	page := consentPage{
		Challenge: req.Challenge, App: appName(req.Client), User: p.Users.Name(req.Subject),
		PolicyURI: req.Client.PolicyURI, TermsURI: req.Client.TermsOfServiceURI, Audiences: req.RequestedAccessTokenAudience,
	}
	for _, name := range req.RequestedScope {
		page.Scopes = append(page.Scopes, scope{Name: name, Text: scopeTexts[name]})
	}
	p.render(w, r, http.StatusOK, "consent", page)
}

func (p *provider) consent(w http.ResponseWriter, r *http.Request) {
	req, err := p.Admin.GetConsentRequest(r.Context(), r.PostFormValue("challenge"))
	if err != nil {
		p.fail(w, r, err)
		return
	}
	if r.PostFormValue("decision") != "allow" {
		done, err := p.Admin.RejectConsentRequest(r.Context(), req.Challenge, denied)
		p.goOn(w, r, done, err)
		return
	}
	p.grant(w, r, req, r.PostForm["scope"], r.PostFormValue("remember") != "")
}

// grant grants the wanted scopes. It leaves out those that the app did not request: Hydra
// does not check that.
func (p *provider) grant(w http.ResponseWriter, r *http.Request, req *models.ConsentRequest, wanted []string, remember bool) {
	granted := slices.DeleteFunc(slices.Clone(req.RequestedScope), func(s string) bool { return !slices.Contains(wanted, s) })
	body := models.AcceptConsentRequest{
		GrantScope: granted, GrantAccessTokenAudience: req.RequestedAccessTokenAudience, Remember: remember,
		Session: models.ConsentRequestSession{IDToken: p.Users.Claims(req.Subject, granted)},
	}
	if remember {
		body.RememberFor = int64(rememberConsent.Seconds())
	}
	done, err := p.Admin.AcceptConsentRequest(r.Context(), req.Challenge, body)
	p.goOn(w, r, done, err)
}
