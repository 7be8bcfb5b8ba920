package main

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	hydra "github.com/ory/hydra-client-go/v2"

	"github.com/hydra-sdk/hydra-admin-go/internal/peers/contest"
)

func callsOfV221(base string, hc *http.Client) (contest.Calls, error) {
	cfg := hydra.NewConfiguration()
	cfg.Servers, cfg.HTTPClient = hydra.ServerConfigurations{{URL: base}}, hc
	c := hydra.NewAPIClient(cfg).OAuth2API
	return contest.Calls{
		AcceptLogin: func(ctx context.Context) (contest.Result, error) {
			l := &contest.Login
			done, _, err := c.AcceptOAuth2LoginRequest(ctx).LoginChallenge(contest.Challenge).AcceptOAuth2LoginRequest(hydra.AcceptOAuth2LoginRequest{
				Subject: l.Subject, Acr: &l.ACR, Amr: l.AMR, Remember: &l.Remember, RememberFor: &l.RememberFor, Context: l.Context,
			}).Execute()
			return contest.Saw(0, done.GetRedirectTo()), err
		},
		GetConsent: func(ctx context.Context) (contest.Result, error) {
			r, _, err := c.GetOAuth2ConsentRequest(ctx).ConsentChallenge(contest.Challenge).Execute()
			if err != nil {
				return contest.Result{}, err
			}
			return contest.Saw(len(r.RequestedScope), r.GetSubject(), r.Client.GetClientName(), r.GetRequestUrl()), nil
		},
		Introspect: func(ctx context.Context) (contest.Result, error) {
			t, _, err := c.IntrospectOAuth2Token(ctx).Token(contest.Token).Execute()
			return contest.Saw(t.GetExp(), strconv.FormatBool(t.GetActive()), t.GetSub(), t.GetScope()), err
		},
		GetLogin: func(ctx context.Context, challenge string) contest.Result {
			_, resp, err := c.GetOAuth2LoginRequest(ctx).LoginChallenge(challenge).Execute()
			if e, ok := errors.AsType[*hydra.GenericOpenAPIError](err); ok {
				switch said := e.Model().(type) {
				case hydra.ErrorOAuth2:
					return contest.Saw(resp.StatusCode, said.GetErrorDescription())
				case hydra.OAuth2RedirectTo:
					return contest.Saw(resp.StatusCode, said.RedirectTo)
				}
			}
			return contest.Result{}
		},
		ListPage: func(ctx context.Context, limit, offset int, visit func(string)) error {
			list, _, err := c.ListOAuth2Clients(ctx).PageSize(int64(limit)).PageToken(strconv.Itoa(offset)).Execute()
			for i := range list {
				visit(list[i].GetClientId())
			}
			return err
		},
	}, nil
}
