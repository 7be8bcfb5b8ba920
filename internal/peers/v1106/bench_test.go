package v1106

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"testing"

	"github.com/ory/hydra-client-go/client/admin"
	"github.com/ory/hydra-client-go/models"

	"github.com/hydra-sdk/hydra-admin-go/internal/peers/contest"
)

func BenchmarkCalls(b *testing.B) {
	contest.RunAll(b, []contest.Contender{{Name: "v1.10.6", New: newCalls}})
}

func newCalls(base string, hc *http.Client) (contest.Calls, error) {
	api, err := newClientV1106(base)
	if err != nil {
		return contest.Calls{}, err
	}
	c := api.Admin
	return contest.Calls{
		AcceptLogin: func(ctx context.Context) (contest.Result, error) {
			l := &contest.Login // it cannot send the methods of authentication
			ok, err := c.AcceptLoginRequest(admin.NewAcceptLoginRequestParamsWithContext(ctx).WithHTTPClient(hc).WithLoginChallenge(contest.Challenge).WithBody(&models.AcceptLoginRequest{
				Subject: &l.Subject, Acr: l.ACR, Remember: l.Remember, RememberFor: l.RememberFor, Context: l.Context,
			}))
			if err != nil {
				return contest.Result{}, err
			}
			return contest.Saw(0, *ok.Payload.RedirectTo), nil
		},
		GetConsent: func(ctx context.Context) (contest.Result, error) {
			ok, err := c.GetConsentRequest(admin.NewGetConsentRequestParamsWithContext(ctx).WithHTTPClient(hc).WithConsentChallenge(contest.Challenge))
			if err != nil {
				return contest.Result{}, err
			}
			r := ok.Payload
			return contest.Saw(len(r.RequestedScope), r.Subject, r.Client.ClientName, r.RequestURL), nil
		},
		Introspect: func(ctx context.Context) (contest.Result, error) {
			ok, err := c.IntrospectOAuth2Token(admin.NewIntrospectOAuth2TokenParamsWithContext(ctx).WithHTTPClient(hc).WithToken(contest.Token))
			if err != nil {
				return contest.Result{}, err
			}
			t := ok.Payload
			return contest.Saw(t.Exp, strconv.FormatBool(*t.Active), t.Sub, t.Scope), nil
		},
		GetLogin: func(ctx context.Context, challenge string) contest.Result {
			_, err := c.GetLoginRequest(admin.NewGetLoginRequestParamsWithContext(ctx).WithHTTPClient(hc).WithLoginChallenge(challenge))
			if missing, ok := errors.AsType[*admin.GetLoginRequestNotFound](err); ok {
				return contest.Saw(http.StatusNotFound, missing.Payload.ErrorDescription)
			}
			if gone, ok := errors.AsType[*admin.GetLoginRequestGone](err); ok {
				return contest.Saw(http.StatusGone, *gone.Payload.RedirectTo)
			}
			return contest.Result{}
		},
		ListPage: func(ctx context.Context, limit, offset int, visit func(string)) error {
			l, o := int64(limit), int64(offset)
			ok, err := c.ListOAuth2Clients(admin.NewListOAuth2ClientsParamsWithContext(ctx).WithHTTPClient(hc).WithLimit(&l).WithOffset(&o))
			if err != nil {
				return err
			}
			for _, c := range ok.Payload {
				visit(c.ClientID)
			}
			return nil
		},
	}, nil
}
