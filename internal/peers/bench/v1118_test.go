// Code generated from v221_test.go by go test . -update in internal/peers. DO NOT EDIT.

package main

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	hydra "github.com/ory/hydra-client-go"

	"github.com/hydra-sdk/hydra-admin-go/internal/peers/contest"
)

func callsOfV1118(base string, hc *http.Client) (contest.Calls, error) {
	cfg := hydra.NewConfiguration()
	cfg.Servers, cfg.HTTPClient = hydra.ServerConfigurations{{URL: base}}, hc
	c := hydra.NewAPIClient(cfg).AdminApi
	return contest.Calls{
		AcceptLogin: func(ctx context.Context) (contest.Result, error) {
			l := &contest.Login
			done, _, err := c.AcceptLoginRequest(ctx).LoginChallenge(contest.Challenge).AcceptLoginRequest(hydra.AcceptLoginRequest{
				Subject: l.Subject, Acr: &l.ACR, Amr: l.AMR, Remember: &l.Remember, RememberFor: &l.RememberFor, Context: l.Context,
			}).Execute()
			return contest.Saw(0, done.GetRedirectTo()), err
		},
		GetConsent: func(ctx context.Context) (contest.Result, error) {
			r, _, err := c.GetConsentRequest(ctx).ConsentChallenge(contest.Challenge).Execute()
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
			_, resp, err := c.GetLoginRequest(ctx).LoginChallenge(challenge).Execute()
			if e, ok := errors.AsType[*hydra.GenericOpenAPIError](err); ok {
				switch said := e.Model().(type) {
				case hydra.JsonError:
					return contest.Saw(resp.StatusCode, said.GetErrorDescription())
				case hydra.RequestWasHandledResponse:
					return contest.Saw(resp.StatusCode, said.RedirectTo)
				}
			}
			return contest.Result{}
		},
		ListPage: func(ctx context.Context, limit, offset int, visit func(string)) error {
			list, _, err := c.ListOAuth2Clients(ctx).Limit(int64(limit)).Offset(int64(offset)).Execute()
			for i := range list {
				visit(list[i].GetClientId())
			}
			return err
		},
	}, nil
}
