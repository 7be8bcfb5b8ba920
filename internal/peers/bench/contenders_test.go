package main

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"testing"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/peers/contest"
	"github.com/hydra-sdk/hydra-admin-go/internal/peers/stock"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

var makers = []contest.Contender{
	{Name: nameFloor, New: contest.Floor},
	{Name: "by hand, again", New: contest.Floor},
	{Name: nameV1118, New: callsOfV1118},
	{Name: "v2.2.1", New: callsOfV221},
	{Name: nameClientGo, New: callsOfClientGo},
	{Name: "stock oapi-codegen", New: callsOfStock},
	{Name: nameSDK, New: callsOfSDK()},
	{Name: "this SDK, 4 in flight", New: callsOfSDK(client.WithPagesInFlight(4))},
}

func BenchmarkCalls(b *testing.B) { contest.RunAll(b, makers) }

func callsOfSDK(opts ...client.Option) func(string, *http.Client) (contest.Calls, error) {
	return func(base string, hc *http.Client) (contest.Calls, error) {
		own := opts
		if hc != nil {
			own = append(slices.Clip(opts), client.WithHTTPClient(hc))
		}
		c, err := client.New(base, own...)
		return contest.Calls{
			AcceptLogin: func(ctx context.Context) (contest.Result, error) {
				l := &contest.Login
				done, err := c.AcceptLoginRequest(ctx, contest.Challenge, models.AcceptLoginRequest{
					Subject: l.Subject, ACR: l.ACR, AMR: l.AMR, Remember: l.Remember, RememberFor: l.RememberFor, Context: contest.LoginContext(),
				})
				if err != nil {
					return contest.Result{}, err
				}
				return contest.Saw(0, done.RedirectTo), nil
			},
			GetConsent: func(ctx context.Context) (contest.Result, error) {
				r, err := c.GetConsentRequest(ctx, contest.Challenge)
				if err != nil {
					return contest.Result{}, err
				}
				return contest.Saw(len(r.RequestedScope), r.Subject, r.Client.ClientName, r.RequestURL), nil
			},
			Introspect: func(ctx context.Context) (contest.Result, error) {
				t, err := c.IntrospectOAuth2Token(ctx, contest.Token, client.IntrospectOAuth2TokenParams{})
				if err != nil {
					return contest.Result{}, err
				}
				return contest.Saw(t.ExpiresAt, strconv.FormatBool(t.Active), t.Subject, t.Scope), nil
			},
			GetLogin: func(ctx context.Context, challenge string) contest.Result {
				_, err := c.GetLoginRequest(ctx, challenge)
				e, _ := errors.AsType[*client.Error](err)
				if handled, ok := errors.AsType[*client.RequestWasHandledError](err); ok {
					return contest.Saw(e.StatusCode, handled.RedirectTo)
				}
				if said, ok := errors.AsType[*client.JSONError](err); ok {
					return contest.Saw(e.StatusCode, said.Description)
				}
				return contest.Result{}
			},
			ListPage: func(ctx context.Context, limit, offset int, visit func(string)) error {
				p, err := c.ListOAuth2Clients(ctx, client.ListOAuth2ClientsParams{Limit: limit, Offset: offset})
				if err != nil {
					return err
				}
				for i := range p.Items {
					visit(p.Items[i].ClientID)
				}
				return nil
			},
			Each: func(ctx context.Context, visit func(string)) error {
				for c, err := range c.AllOAuth2Clients(ctx, client.ListOAuth2ClientsParams{}) {
					if err != nil {
						return err
					}
					visit(c.ClientID)
				}
				return nil
			},
		}, err
	}
}

func callsOfStock(base string, hc *http.Client) (contest.Calls, error) {
	var opts []stock.ClientOption
	if hc != nil {
		opts = append(opts, stock.WithHTTPClient(hc))
	}
	c, err := stock.NewClientWithResponses(base, opts...)
	missing := errors.New("the response has no value")
	return contest.Calls{
		AcceptLogin: func(ctx context.Context) (contest.Result, error) {
			l, free := &contest.Login, contest.LoginContext()
			done, err := c.AcceptLoginRequestWithResponse(ctx, &stock.AcceptLoginRequestParams{Challenge: contest.Challenge}, stock.AcceptLoginRequest{
				Subject: l.Subject, Acr: &l.ACR, Amr: &l.AMR, Remember: &l.Remember, RememberFor: &l.RememberFor, Context: &free,
			})
			if err != nil || done.JSON200 == nil {
				return contest.Result{}, errors.Join(err, missing)
			}
			return contest.Saw(0, done.JSON200.RedirectTo), nil
		},
		GetConsent: func(ctx context.Context) (contest.Result, error) {
			r, err := c.GetConsentRequestWithResponse(ctx, &stock.GetConsentRequestParams{Challenge: contest.Challenge})
			if err != nil || r.JSON200 == nil {
				return contest.Result{}, errors.Join(err, missing)
			}
			v := r.JSON200
			return contest.Saw(len(v.RequestedScope), v.Subject, *v.Client.ClientName, v.RequestUrl), nil
		},
		Introspect: func(ctx context.Context) (contest.Result, error) {
			t, err := c.IntrospectOAuth2TokenWithFormdataBodyWithResponse(ctx, stock.IntrospectOAuth2TokenFormdataRequestBody{Token: contest.Token})
			if err != nil || t.JSON200 == nil {
				return contest.Result{}, errors.Join(err, missing)
			}
			v := t.JSON200
			return contest.Saw(*v.ExpiresAt, strconv.FormatBool(v.Active), *v.Subject, *v.Scope), nil
		},
		GetLogin: func(ctx context.Context, challenge string) contest.Result {
			r, err := c.GetLoginRequestWithResponse(ctx, &stock.GetLoginRequestParams{Challenge: challenge})
			switch {
			case err != nil:
			case r.JSON404 != nil:
				return contest.Saw(r.StatusCode(), *r.JSON404.Description)
			case r.JSON410 != nil:
				return contest.Saw(r.StatusCode(), r.JSON410.RedirectTo)
			}
			return contest.Result{}
		},
		ListPage: func(ctx context.Context, limit, offset int, visit func(string)) error {
			r, err := c.ListOAuth2ClientsWithResponse(ctx, &stock.ListOAuth2ClientsParams{Limit: &limit, Offset: &offset})
			if err != nil || r.JSON200 == nil {
				return errors.Join(err, missing)
			}
			for i := range *r.JSON200 {
				visit(*(*r.JSON200)[i].ClientId)
			}
			return nil
		},
	}, err
}
