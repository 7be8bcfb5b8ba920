package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"

	hydra1 "github.com/ory/hydra-client-go"
	hydra2 "github.com/ory/hydra-client-go/v2"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/peers/contest"
	"github.com/hydra-sdk/hydra-admin-go/internal/peers/stock"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func thisSDK(opts ...client.Option) contest.Maker {
	return func(base string, hc *http.Client) (contest.Calls, error) {
		own := opts
		if hc != nil {
			own = append(slices.Clip(opts), client.WithHTTPClient(hc))
		}
		c, err := client.New(base, own...)
		return contest.Calls{
			AcceptLogin: func(ctx context.Context, challenge string, l contest.Login) (string, error) {
				free, err := json.Marshal(l.Context)
				if err != nil {
					return "", err
				}
				done, err := c.AcceptLoginRequest(ctx, challenge, models.AcceptLoginRequest{
					Subject: l.Subject, ACR: l.ACR, AMR: l.AMR, Remember: l.Remember, RememberFor: l.RememberFor, Context: free,
				})
				if err != nil {
					return "", err
				}
				return done.RedirectTo, nil
			},
			GetConsent: func(ctx context.Context, challenge string) (contest.Consent, error) {
				r, err := c.GetConsentRequest(ctx, challenge)
				if err != nil {
					return contest.Consent{}, err
				}
				return contest.Consent{Subject: r.Subject, ClientName: r.Client.ClientName, RequestURL: r.RequestURL, Scopes: len(r.RequestedScope)}, nil
			},
			Introspect: func(ctx context.Context, token string) (contest.Token, error) {
				t, err := c.IntrospectOAuth2Token(ctx, token, client.IntrospectOAuth2TokenParams{})
				if err != nil {
					return contest.Token{}, err
				}
				return contest.Token{Active: t.Active, Subject: t.Subject, Scope: t.Scope, ExpiresAt: t.ExpiresAt}, nil
			},
			GetLogin: func(ctx context.Context, challenge string) (int, string) {
				_, err := c.GetLoginRequest(ctx, challenge)
				var (
					e       *client.Error
					said    *client.JSONError
					handled *client.RequestWasHandledError
				)
				switch {
				case errors.As(err, &handled) && errors.As(err, &e):
					return e.StatusCode, handled.RedirectTo
				case errors.As(err, &said) && errors.As(err, &e):
					return e.StatusCode, said.Description
				}
				return 0, ""
			},
			ListPage: func(ctx context.Context, limit, offset int) ([]string, error) {
				p, err := c.ListOAuth2Clients(ctx, client.ListOAuth2ClientsParams{Limit: limit, Offset: offset})
				if err != nil {
					return nil, err
				}
				return idsOf(p.Items, func(c *models.OAuth2Client) string { return c.ClientID }), nil
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

func officialV1(base string, hc *http.Client) (contest.Calls, error) {
	cfg := hydra1.NewConfiguration()
	cfg.Servers, cfg.HTTPClient = hydra1.ServerConfigurations{{URL: base}}, hc
	c := hydra1.NewAPIClient(cfg).AdminApi
	return contest.Calls{
		AcceptLogin: func(ctx context.Context, challenge string, l contest.Login) (string, error) {
			done, resp, err := c.AcceptLoginRequest(ctx).LoginChallenge(challenge).AcceptLoginRequest(hydra1.AcceptLoginRequest{
				Subject: l.Subject, Acr: &l.ACR, Amr: l.AMR, Remember: &l.Remember, RememberFor: &l.RememberFor, Context: l.Context,
			}).Execute()
			closed(resp)
			return done.GetRedirectTo(), err
		},
		GetConsent: func(ctx context.Context, challenge string) (contest.Consent, error) {
			r, resp, err := c.GetConsentRequest(ctx).ConsentChallenge(challenge).Execute()
			closed(resp)
			if err != nil {
				return contest.Consent{}, err
			}
			return contest.Consent{Subject: r.GetSubject(), ClientName: r.Client.GetClientName(), RequestURL: r.GetRequestUrl(), Scopes: len(r.RequestedScope)}, nil
		},
		Introspect: func(ctx context.Context, token string) (contest.Token, error) {
			t, resp, err := c.IntrospectOAuth2Token(ctx).Token(token).Execute()
			closed(resp)
			if err != nil {
				return contest.Token{}, err
			}
			return contest.Token{Active: t.Active, Subject: t.GetSub(), Scope: t.GetScope(), ExpiresAt: t.GetExp()}, nil
		},
		GetLogin: func(ctx context.Context, challenge string) (int, string) {
			_, resp, err := c.GetLoginRequest(ctx).LoginChallenge(challenge).Execute()
			closed(resp)
			var e *hydra1.GenericOpenAPIError
			if errors.As(err, &e) {
				switch said := e.Model().(type) {
				case hydra1.JsonError:
					return resp.StatusCode, said.GetErrorDescription()
				case hydra1.RequestWasHandledResponse:
					return resp.StatusCode, said.RedirectTo
				}
			}
			return 0, ""
		},
		ListPage: func(ctx context.Context, limit, offset int) ([]string, error) {
			list, resp, err := c.ListOAuth2Clients(ctx).Limit(int64(limit)).Offset(int64(offset)).Execute()
			closed(resp)
			return idsOf(list, (*hydra1.OAuth2Client).GetClientId), err
		},
	}, nil
}

func officialV2(base string, hc *http.Client) (contest.Calls, error) {
	cfg := hydra2.NewConfiguration()
	cfg.Servers, cfg.HTTPClient = hydra2.ServerConfigurations{{URL: base}}, hc
	c := hydra2.NewAPIClient(cfg).OAuth2API
	return contest.Calls{
		AcceptLogin: func(ctx context.Context, challenge string, l contest.Login) (string, error) {
			done, resp, err := c.AcceptOAuth2LoginRequest(ctx).LoginChallenge(challenge).AcceptOAuth2LoginRequest(hydra2.AcceptOAuth2LoginRequest{
				Subject: l.Subject, Acr: &l.ACR, Amr: l.AMR, Remember: &l.Remember, RememberFor: &l.RememberFor, Context: l.Context,
			}).Execute()
			closed(resp)
			return done.GetRedirectTo(), err
		},
		GetConsent: func(ctx context.Context, challenge string) (contest.Consent, error) {
			r, resp, err := c.GetOAuth2ConsentRequest(ctx).ConsentChallenge(challenge).Execute()
			closed(resp)
			if err != nil {
				return contest.Consent{}, err
			}
			return contest.Consent{Subject: r.GetSubject(), ClientName: r.Client.GetClientName(), RequestURL: r.GetRequestUrl(), Scopes: len(r.RequestedScope)}, nil
		},
		Introspect: func(ctx context.Context, token string) (contest.Token, error) {
			t, resp, err := c.IntrospectOAuth2Token(ctx).Token(token).Execute()
			closed(resp)
			if err != nil {
				return contest.Token{}, err
			}
			return contest.Token{Active: t.Active, Subject: t.GetSub(), Scope: t.GetScope(), ExpiresAt: t.GetExp()}, nil
		},
		GetLogin: func(ctx context.Context, challenge string) (int, string) {
			_, resp, err := c.GetOAuth2LoginRequest(ctx).LoginChallenge(challenge).Execute()
			closed(resp)
			var e *hydra2.GenericOpenAPIError
			if errors.As(err, &e) {
				switch said := e.Model().(type) {
				case hydra2.ErrorOAuth2:
					return resp.StatusCode, said.GetErrorDescription()
				case hydra2.OAuth2RedirectTo:
					return resp.StatusCode, said.RedirectTo
				}
			}
			return 0, ""
		},
		ListPage: func(ctx context.Context, limit, offset int) ([]string, error) {
			list, resp, err := c.ListOAuth2Clients(ctx).PageSize(int64(limit)).PageToken(strconv.Itoa(offset)).Execute()
			closed(resp)
			return idsOf(list, (*hydra2.OAuth2Client).GetClientId), err
		},
	}, nil
}

func closed(resp *http.Response) {
	if resp != nil {
		_ = resp.Body.Close()
	}
}

func stockOutput(base string, hc *http.Client) (contest.Calls, error) {
	var opts []stock.ClientOption
	if hc != nil {
		opts = append(opts, stock.WithHTTPClient(hc))
	}
	c, err := stock.NewClientWithResponses(base, opts...)
	missing := errors.New("the answer has no value")
	return contest.Calls{
		AcceptLogin: func(ctx context.Context, challenge string, l contest.Login) (string, error) {
			free, err := json.Marshal(l.Context)
			if err != nil {
				return "", err
			}
			done, err := c.AcceptLoginRequestWithResponse(ctx, &stock.AcceptLoginRequestParams{Challenge: challenge}, stock.AcceptLoginRequest{
				Subject: l.Subject, Acr: &l.ACR, Amr: &l.AMR, Remember: &l.Remember, RememberFor: &l.RememberFor, Context: (*json.RawMessage)(&free),
			})
			if err != nil || done.JSON200 == nil {
				return "", errors.Join(err, missing)
			}
			return done.JSON200.RedirectTo, nil
		},
		GetConsent: func(ctx context.Context, challenge string) (contest.Consent, error) {
			r, err := c.GetConsentRequestWithResponse(ctx, &stock.GetConsentRequestParams{Challenge: challenge})
			if err != nil || r.JSON200 == nil {
				return contest.Consent{}, errors.Join(err, missing)
			}
			v := r.JSON200
			return contest.Consent{Subject: v.Subject, ClientName: text(v.Client.ClientName), RequestURL: v.RequestUrl, Scopes: len(v.RequestedScope)}, nil
		},
		Introspect: func(ctx context.Context, token string) (contest.Token, error) {
			t, err := c.IntrospectOAuth2TokenWithFormdataBodyWithResponse(ctx, stock.IntrospectOAuth2TokenFormdataRequestBody{Token: token})
			if err != nil || t.JSON200 == nil || t.JSON200.ExpiresAt == nil {
				return contest.Token{}, errors.Join(err, missing)
			}
			v := t.JSON200
			return contest.Token{Active: v.Active, Subject: text(v.Subject), Scope: text(v.Scope), ExpiresAt: *v.ExpiresAt}, nil
		},
		GetLogin: func(ctx context.Context, challenge string) (int, string) {
			r, err := c.GetLoginRequestWithResponse(ctx, &stock.GetLoginRequestParams{Challenge: challenge})
			switch {
			case err != nil:
			case r.JSON404 != nil:
				return r.StatusCode(), text(r.JSON404.Description)
			case r.JSON410 != nil:
				return r.StatusCode(), r.JSON410.RedirectTo
			}
			return 0, ""
		},
		ListPage: func(ctx context.Context, limit, offset int) ([]string, error) {
			r, err := c.ListOAuth2ClientsWithResponse(ctx, &stock.ListOAuth2ClientsParams{Limit: &limit, Offset: &offset})
			if err != nil || r.JSON200 == nil {
				return nil, errors.Join(err, missing)
			}
			return idsOf(*r.JSON200, func(c *stock.OAuth2Client) string { return text(c.ClientId) }), nil
		},
	}, err
}

func text(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

func idsOf[T any](list []T, id func(*T) string) []string {
	ids := make([]string, len(list))
	for i := range list {
		ids[i] = id(&list[i])
	}
	return ids
}
