// Command v1106 is hydra-client-go v1.10.6 as a contender of internal/peers/bench.
package main

import (
	"context"
	"errors"
	"log"
	"net/http"
	"net/url"

	"github.com/go-openapi/strfmt"
	hydra "github.com/ory/hydra-client-go/client"
	"github.com/ory/hydra-client-go/client/admin"
	"github.com/ory/hydra-client-go/models"

	"github.com/hydra-sdk/hydra-admin-go/internal/peers/contest"
)

func main() {
	if err := contest.Work(newCalls); err != nil {
		log.Fatal(err)
	}
}

func newCalls(base string, hc *http.Client) (contest.Calls, error) {
	u, err := url.Parse(base)
	if err != nil {
		return contest.Calls{}, err
	}
	path := u.Path
	if path == "" {
		path = "/"
	}
	c := hydra.NewHTTPClientWithConfig(strfmt.Default, &hydra.TransportConfig{Schemes: []string{u.Scheme}, Host: u.Host, BasePath: path}).Admin
	return contest.Calls{
		AcceptLogin: func(ctx context.Context, challenge string, l contest.Login) (string, error) {
			// It cannot send the methods of authentication.
			ok, err := c.AcceptLoginRequest(admin.NewAcceptLoginRequestParamsWithContext(ctx).WithHTTPClient(hc).WithLoginChallenge(challenge).WithBody(&models.AcceptLoginRequest{
				Subject: &l.Subject, Acr: l.ACR, Remember: l.Remember, RememberFor: l.RememberFor, Context: l.Context,
			}))
			if err != nil {
				return "", err
			}
			return *ok.Payload.RedirectTo, nil
		},
		GetConsent: func(ctx context.Context, challenge string) (contest.Consent, error) {
			ok, err := c.GetConsentRequest(admin.NewGetConsentRequestParamsWithContext(ctx).WithHTTPClient(hc).WithConsentChallenge(challenge))
			if err != nil {
				return contest.Consent{}, err
			}
			r := ok.Payload
			return contest.Consent{Subject: r.Subject, ClientName: r.Client.ClientName, RequestURL: r.RequestURL, Scopes: len(r.RequestedScope)}, nil
		},
		Introspect: func(ctx context.Context, token string) (contest.Token, error) {
			ok, err := c.IntrospectOAuth2Token(admin.NewIntrospectOAuth2TokenParamsWithContext(ctx).WithHTTPClient(hc).WithToken(token))
			if err != nil {
				return contest.Token{}, err
			}
			t := ok.Payload
			return contest.Token{Active: *t.Active, Subject: t.Sub, Scope: t.Scope, ExpiresAt: t.Exp}, nil
		},
		GetLogin: func(ctx context.Context, challenge string) (int, string) {
			_, err := c.GetLoginRequest(admin.NewGetLoginRequestParamsWithContext(ctx).WithHTTPClient(hc).WithLoginChallenge(challenge))
			var (
				missing *admin.GetLoginRequestNotFound
				gone    *admin.GetLoginRequestGone
			)
			switch {
			case errors.As(err, &missing):
				return http.StatusNotFound, missing.Payload.ErrorDescription
			case errors.As(err, &gone):
				return http.StatusGone, *gone.Payload.RedirectTo
			}
			return 0, ""
		},
		ListPage: func(ctx context.Context, limit, offset int) ([]string, error) {
			l, o := int64(limit), int64(offset)
			ok, err := c.ListOAuth2Clients(admin.NewListOAuth2ClientsParamsWithContext(ctx).WithHTTPClient(hc).WithLimit(&l).WithOffset(&o))
			if err != nil {
				return nil, err
			}
			ids := make([]string, len(ok.Payload))
			for i, c := range ok.Payload {
				ids[i] = c.ClientID
			}
			return ids, nil
		},
	}, nil
}
