package provider

import (
	"context"
	"fmt"
	"net/http"

	"github.com/hydra-sdk/hydra-admin-go/models"
)

type consentPage struct {
	Challenge, App, User string
	PolicyURI, TermsURI  string
	Scopes               []scope
	Audiences            []string
}

// A scope has a text that says what the app may do. Value is what the form sends, and Name
// the same to read.
type scope struct{ Value, Name, Text string }

var scopeTexts = map[string]string{
	"openid":  "Know who you are",
	"offline": "Stay signed in while you are away", "offline_access": "Stay signed in while you are away",
	"profile": "See your name",
	"email":   "See your e-mail address",
}

func (p *provider) showConsent(w http.ResponseWriter, r *http.Request) {
	req, err := p.Admin.GetConsentRequest(r.Context(), r.URL.Query().Get("consent_challenge"))
	if err != nil {
		p.fail(w, r, err, "")
		return
	}
	if err := p.once.Decided(req.Challenge); err != nil { // the user went back from the app
		p.fail(w, r, err, req.RequestURL)
		return
	}
	// Skip: the user granted the same before. SkipConsent: the app is one of our own.
	if req.Skip || req.Client.SkipConsent {
		p.grant(w, r, req, req.RequestedScope, false)
		return
	}
	page := consentPage{
		Challenge: req.Challenge, App: appName(req.Client), User: p.name(r.Context(), req.Subject),
		PolicyURI: req.Client.PolicyURI, TermsURI: req.Client.TermsOfServiceURI, Audiences: plainAll(req.RequestedAccessTokenAudience),
	}
	for _, name := range req.RequestedScope {
		page.Scopes = append(page.Scopes, scope{Value: name, Name: plain(name, 80), Text: scopeTexts[name]})
	}
	p.render(w, r, http.StatusOK, "consent", page)
}

func (p *provider) consent(w http.ResponseWriter, r *http.Request) {
	req, err := p.Admin.GetConsentRequest(r.Context(), r.PostFormValue("challenge"))
	if err != nil {
		p.fail(w, r, err, "")
		return
	}
	if r.PostFormValue("decision") != "allow" {
		p.finish(w, r, req.Challenge, "deny", req.RequestURL, func(ctx context.Context) (*models.CompletedRequest, error) {
			return p.Admin.RejectConsentRequest(ctx, req.Challenge, denied)
		})
		return
	}
	p.grant(w, r, req, r.PostForm["scope"], r.PostFormValue("remember") != "")
}

// grant grants those of the wanted scopes that the app asked for.
func (p *provider) grant(w http.ResponseWriter, r *http.Request, req *models.ConsentRequest, wanted []string, remember bool) {
	body := req.Grant(wanted...)
	if remember {
		body.Remember, body.RememberFor = true, int64(rememberConsent.Seconds())
	}
	decision := fmt.Sprintf("allow %q %t", body.GrantScope, remember)
	p.finish(w, r, req.Challenge, decision, req.RequestURL, func(ctx context.Context) (*models.CompletedRequest, error) {
		user, err := p.Users.ByID(ctx, req.Subject)
		if err != nil {
			return nil, fmt.Errorf("the user of the consent: %w", err)
		}
		body.Session.IDToken = user.claims(body.GrantScope)
		return p.Admin.AcceptConsentRequest(ctx, req.Challenge, body)
	})
}

// name returns the name of a subject to show on a page.
func (p *provider) name(ctx context.Context, subject string) string {
	user, err := p.Users.ByID(ctx, subject)
	if err != nil || user.Name == "" {
		return subject
	}
	return user.Name
}
