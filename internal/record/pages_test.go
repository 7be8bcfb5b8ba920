//go:build live

package record

import (
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

var (
	longAgo = time.Date(2020, time.January, 1, 0, 0, 0, 0, time.UTC)
	farOff  = time.Date(2040, time.January, 1, 0, 0, 0, 0, time.UTC)
)

// pages records the paging of lists that are empty, have seven items, and have
// one more than fits on a page.
func pages(r *recorder) {
	ctx := r.Context()
	listClients := func(name string, params client.ListOAuth2ClientsParams) {
		_, err := r.as(name).ListOAuth2Clients(ctx, params)
		require.NoError(r, err)
	}
	listIssuers := func(name string, params client.ListTrustedJWTGrantIssuersParams) {
		_, err := r.as(name).ListTrustedJWTGrantIssuers(ctx, params)
		require.NoError(r, err)
	}
	listClients("empty", client.ListOAuth2ClientsParams{})
	listClients("empty-limit-2-offset-4", client.ListOAuth2ClientsParams{Limit: 2, Offset: 4})
	listClients("empty-limit-500", client.ListOAuth2ClientsParams{Limit: 500})
	listIssuers("empty", client.ListTrustedJWTGrantIssuersParams{})
	listIssuers("empty-limit-500", client.ListTrustedJWTGrantIssuersParams{Limit: 500})

	const items = 7
	for i := range items {
		owner := "team-a"
		if i == 3 {
			owner = "team-b"
		}
		r.created(models.OAuth2Client{ClientID: fmt.Sprintf("client-%d", i), ClientSecret: secret, ClientName: "A client", Owner: owner})
		// Hydra orders issuers by an ID that it makes up: their subjects are
		// replaced in the order in which they show up.
		_, err := r.client.TrustJWTGrantIssuer(ctx, models.TrustJWTGrantIssuerBody{Issuer: "https://idp.example.com", Subject: uuid.NewString(), JWK: publicKey(r, "key"), ExpiresAt: farOff})
		require.NoError(r, err)
	}
	listClients("all", client.ListOAuth2ClientsParams{})
	listIssuers("all", client.ListTrustedJWTGrantIssuersParams{})
	for _, p := range []struct{ limit, offset int }{{2, 0}, {2, 2}, {2, 4}, {2, 6}, {2, 100}, {2, 1}, {2, 3}, {7, 0}, {8, 0}, {500, 0}, {1000, 0}} {
		name := fmt.Sprintf("limit-%d-offset-%d", p.limit, p.offset)
		listClients(name, client.ListOAuth2ClientsParams{Limit: p.limit, Offset: p.offset})
		listIssuers(name, client.ListTrustedJWTGrantIssuersParams{Limit: p.limit, Offset: p.offset})
	}
	r.raw(200, "", "limit-abc", http.MethodGet, "/clients?limit=abc", "")
	r.raw(200, "", "offset-negative", http.MethodGet, "/clients?limit=2&offset=-3", "")
	listClients("filtered-by-owner", client.ListOAuth2ClientsParams{Owner: "team-b"})
	listClients("filtered-by-owner-limit-2", client.ListOAuth2ClientsParams{Owner: "team-b", Limit: 2})
	listClients("filtered-by-owner-limit-2-offset-2", client.ListOAuth2ClientsParams{Owner: "team-b", Limit: 2, Offset: 2})
	listClients("filtered-by-name-and-owner", client.ListOAuth2ClientsParams{ClientName: "A client", Owner: "team-a", Limit: 5})
	listClients("filtered-nothing", client.ListOAuth2ClientsParams{ClientName: "no such name"})
	listIssuers("filtered-nothing", client.ListTrustedJWTGrantIssuersParams{Issuer: "https://nobody.example.com"})

	consentPages(r)

	for i := items; i < 600; i++ {
		r.created(models.OAuth2Client{ClientID: fmt.Sprintf("client-%03d", i), ClientSecret: secret})
	}
	listClients("limit-1000-of-more", client.ListOAuth2ClientsParams{Limit: 1000})
	listClients("limit-500-offset-500-of-more", client.ListOAuth2ClientsParams{Limit: 500, Offset: 500})
}

// consentPages records a list whose newest rows have expired: Hydra removes them
// after it has cut the page.
func consentPages(r *recorder) {
	ctx := r.Context()
	list := func(name string, limit, offset int) *client.Page[models.PreviousConsentSession] {
		p, err := r.as(name).ListSubjectConsentSessions(ctx, "frank", client.ListSubjectConsentSessionsParams{Limit: limit, Offset: offset})
		require.NoError(r, err)
		return p
	}
	apps := []hydra.App{r.app("client-0-sessions"), r.app("client-1-sessions"), r.app("client-2-sessions")}
	grant := func(n int, consent models.AcceptConsentRequest) {
		for _, app := range apps[:n] { // a remembered one is skipped when the app asks again
			nextSecond(r) // rows are ordered by a time in whole seconds
			r.granted(hydra.NewBrowser(), app, models.AcceptLoginRequest{Subject: "frank"}, consent)
		}
	}
	brief := granted
	brief.Remember, brief.RememberFor = true, 1
	grant(3, granted)
	list("three", 0, 0)
	list("limit-2-offset-0", 2, 0)
	list("limit-2-offset-2", 2, 2)
	list("limit-2-offset-4", 2, 4)
	list("limit-500-offset-0", 500, 0)

	grant(2, brief)
	require.Eventually(r, func() bool {
		p, err := r.client.ListSubjectConsentSessions(ctx, "frank", client.ListSubjectConsentSessionsParams{})
		return err == nil && len(p.Items) == 3
	}, time.Minute, 50*time.Millisecond, "sessions do not expire")
	require.Empty(r, list("expired-limit-2-offset-0", 2, 0).Items)
	require.Len(r, list("expired-limit-2-offset-2", 2, 2).Items, 2)
	list("expired-limit-2-offset-4", 2, 4)
	require.Len(r, list("expired-limit-500-offset-0", 500, 0).Items, 3)
}

// nextSecond returns in another second of the clock than it was called in.
func nextSecond(r *recorder) {
	now := time.Now()
	select {
	case <-time.After(now.Truncate(time.Second).Add(time.Second).Sub(now)):
	case <-r.Context().Done():
		require.NoError(r, r.Context().Err())
	}
}
