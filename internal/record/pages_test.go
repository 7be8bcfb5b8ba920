//go:build live

package record

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// pages records the paging of lists that are empty, have seven items, and have
// one more than fits on a page.
func pages(r *recorder) {
	ctx := r.Context()
	listClients := func(name string, params client.ListOAuth2ClientsParams) *client.Page[models.OAuth2Client] {
		p, err := r.as(name).ListOAuth2Clients(ctx, params)
		require.NoError(r, err)
		return p
	}
	listIssuers := func(name string, params client.ListTrustedJWTGrantIssuersParams) *client.Page[models.TrustedJWTGrantIssuer] {
		p, err := r.as(name).ListTrustedJWTGrantIssuers(ctx, params)
		require.NoError(r, err)
		return p
	}
	listClients("empty", client.ListOAuth2ClientsParams{})
	if !r.afterV2() { // those have no offset
		listClients("empty-limit-2-from-4", client.ListOAuth2ClientsParams{Limit: 2, Offset: 4})
	}
	listIssuers("empty", client.ListTrustedJWTGrantIssuersParams{})

	const items = 7
	for i := range items {
		owner := "team-a"
		if i == 3 {
			owner = "team-b"
		}
		r.created(models.OAuth2Client{ClientID: fmt.Sprintf("client-%d", i), ClientSecret: secret, ClientName: "A client", Owner: owner})
		// Hydra orders issuers by a random ID. As UUIDs, their subjects are replaced in
		// the order of the responses.
		_, err := r.client.TrustJWTGrantIssuer(ctx, models.TrustJWTGrantIssuerBody{Issuer: "https://idp.example.com", Subject: uuid.NewString(), JWK: publicKey(r, "key"), ExpiresAt: farOff})
		require.NoError(r, err)
	}
	listClients("all", client.ListOAuth2ClientsParams{})
	listIssuers("all", client.ListTrustedJWTGrantIssuersParams{})
	for _, limit := range []int{2, 7, 8} {
		params := client.ListOAuth2ClientsParams{Limit: limit}
		for offset := 0; offset == 0 || params.Cursor != ""; offset += limit {
			params.Cursor = listClients(fmt.Sprintf("limit-%d-offset-%d", limit, offset), params).Next
		}
		issuers := client.ListTrustedJWTGrantIssuersParams{Limit: limit}
		for offset := 0; offset == 0 || issuers.Cursor != ""; offset += limit {
			issuers.Cursor = listIssuers(fmt.Sprintf("limit-%d-offset-%d", limit, offset), issuers).Next
		}
	}
	if !r.afterV2() {
		for _, offset := range []int{2, 3, 4, 6, 100} {
			listClients(fmt.Sprintf("limit-2-from-%d", offset), client.ListOAuth2ClientsParams{Limit: 2, Offset: offset})
		}
	}
	listClients("filtered-by-owner", client.ListOAuth2ClientsParams{Owner: "team-b"})
	filtered := listClients("filtered-by-owner-limit-1", client.ListOAuth2ClientsParams{Owner: "team-b", Limit: 1})
	if filtered.Next != "" {
		listClients("filtered-by-owner-limit-1-offset-1", client.ListOAuth2ClientsParams{Owner: "team-b", Cursor: filtered.Next})
	}
	listClients("filtered-by-name-and-owner", client.ListOAuth2ClientsParams{ClientName: "A client", Owner: "team-a", Limit: 5})
	listClients("filtered-nothing", client.ListOAuth2ClientsParams{ClientName: "no such name"})
	listIssuers("filtered-nothing", client.ListTrustedJWTGrantIssuersParams{Issuer: "https://nobody.example.com"})
	rounding(r)

	consentPages(r)

	for i := items; i < 600; i++ {
		r.created(models.OAuth2Client{ClientID: fmt.Sprintf("client-%03d", i), ClientSecret: secret})
	}
	if p := listClients("limit-1000-of-more", client.ListOAuth2ClientsParams{Limit: 1000}); p.Next != "" {
		listClients("limit-500-offset-500-of-more", client.ListOAuth2ClientsParams{Cursor: p.Next})
	}
}

// learnStyle shows the client how the server pages, so that the next call is not
// preceded by a request of its own for that.
func (r *recorder) learnStyle() {
	_, err := r.client.ListOAuth2Clients(r.Context(), client.ListOAuth2ClientsParams{Limit: 1})
	require.NoError(r, err)
}

// rounding records lists with parameters that the client does not send.
func rounding(r *recorder) {
	if r.afterV2() {
		pageTokens(r)
		return
	}
	queries := map[string]string{
		"no-parameters":   "",
		"limit-abc":       "?limit=abc",
		"offset-negative": "?limit=2&offset=-3",
		"offset-1":        "?limit=2&offset=1",
		"offset-3":        "?limit=2&offset=3",
	}
	if r.afterV1() {
		queries = map[string]string{
			"no-parameters":     "",
			"page-size-0":       "?page_size=0",
			"page-token-no-one": "?page_size=2&page_token=garbage",
			"page-token-3":      "?page_size=2&page_token=eyJvZmZzZXQiOiIzIiwidiI6Mn0",
			"limit-2-offset-2":  "?limit=2&offset=2",
		}
	}
	for name, query := range queries {
		r.raw(200, "", name, http.MethodGet, "/clients"+query, "")
	}
}

// pageTokens records lists with parameters and tokens that the client does not send.
func pageTokens(r *recorder) {
	const issuers, sessions = "/trust/grants/jwt-bearer/issuers", "/oauth2/auth/sessions/consent?subject=frank"
	r.raw(200, "", "no-parameters", http.MethodGet, "/clients", "")
	r.raw(200, "", "page-size-0", http.MethodGet, "/clients?page_size=0", "")
	r.raw(200, "", "limit-2-offset-2", http.MethodGet, "/clients?limit=2&offset=2", "")
	r.raw(400, "", "page-size-abc", http.MethodGet, "/clients?page_size=abc", "")
	r.raw(400, "", "page-token-no-one", http.MethodGet, "/clients?page_size=2&page_token=garbage", "")
	r.raw(400, "", "page-token-no-one", http.MethodGet, issuers+"?page_size=2&page_token=garbage", "")
	r.raw(400, "", "page-token-no-one", http.MethodGet, sessions+"&page_size=2&page_token=garbage", "")
	r.raw(400, "", "page-token-3", http.MethodGet, "/clients?page_size=2&page_token=eyJvZmZzZXQiOiIzIiwidiI6Mn0", "")

	// A token of another server, which the response does not tell from one that has expired.
	token := base64.URLEncoding.EncodeToString(bytes.Repeat([]byte("throw-away"), 11))
	cursor := func(operation string) string {
		return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `{"o":%q,"l":2,"t":-1,"d":3,"k":%q}`, operation, token))
	}
	ctx := r.Context()
	_, err := r.as("foreign-page-token").ListOAuth2Clients(ctx, client.ListOAuth2ClientsParams{Cursor: cursor("listOAuth2Clients")})
	require.ErrorIs(r, err, client.ErrCursorExpired)
	_, err = r.as("foreign-page-token").ListTrustedJWTGrantIssuers(ctx, client.ListTrustedJWTGrantIssuersParams{Cursor: cursor("listTrustedJwtGrantIssuers")})
	require.ErrorIs(r, err, client.ErrCursorExpired)
	_, err = r.as("foreign-page-token").ListSubjectConsentSessions(ctx, "frank", client.ListSubjectConsentSessionsParams{Cursor: cursor("listSubjectConsentSessions")})
	require.ErrorIs(r, err, client.ErrCursorExpired)
}

// consentPages records a list whose newest rows have expired: Hydra up to v2.3 removes
// them from the page after the query.
func consentPages(r *recorder) {
	ctx := r.Context()
	list := func(name string, params client.ListSubjectConsentSessionsParams) *client.Page[models.PreviousConsentSession] {
		p, err := r.as(name).ListSubjectConsentSessions(ctx, "frank", params)
		require.NoError(r, err)
		return p
	}
	apps := []hydra.App{r.app("client-0-sessions"), r.app("client-1-sessions"), r.app("client-2-sessions")}
	grant := func(n int, consent models.AcceptConsentRequest) {
		for _, app := range apps[:n] { // several apps, since a remembered consent is skipped for the same app
			if r.afterV2() && !consent.Remember {
				app = apps[0] // these order rows by chance, so they must look alike
			}
			nextSecond(r) // rows are ordered by a time in whole seconds
			r.granted(hydra.NewBrowser(), app, models.AcceptLoginRequest{Subject: "frank"}, consent)
		}
	}
	brief := granted
	brief.Remember, brief.RememberFor = true, 1
	grant(3, granted)
	list("three", client.ListSubjectConsentSessionsParams{})
	p := list("limit-2-offset-0", client.ListSubjectConsentSessionsParams{Limit: 2})
	list("limit-2-offset-2", client.ListSubjectConsentSessionsParams{Cursor: p.Next})
	// An iterator whose first page was small asks for the largest, in the style of the server.
	largest := fmt.Appendf(nil, `{"o":"listSubjectConsentSessions","t":-1,"d":%d}`, byVersion(r, 1, 2, 3))
	inStyle := client.ListSubjectConsentSessionsParams{Cursor: base64.RawURLEncoding.EncodeToString(largest)}
	if !r.afterV2() {
		list("limit-2-from-4", client.ListSubjectConsentSessionsParams{Limit: 2, Offset: 4})
		list("limit-500", inStyle)
	}

	grant(2, brief)
	require.Eventually(r, func() bool {
		p, err := r.client.ListSubjectConsentSessions(ctx, "frank", client.ListSubjectConsentSessionsParams{})
		return err == nil && len(p.Items) == 3
	}, time.Minute, 50*time.Millisecond, "sessions do not expire")
	p = list("expired-limit-2-offset-0", client.ListSubjectConsentSessionsParams{Limit: 2})
	require.Len(r, p.Items, byVersion(r, 0, 0, 2))
	p = list("expired-limit-2-offset-2", client.ListSubjectConsentSessionsParams{Cursor: p.Next})
	require.Len(r, p.Items, byVersion(r, 2, 2, 1))
	if !r.afterV2() {
		list("expired-limit-2-offset-4", client.ListSubjectConsentSessionsParams{Cursor: p.Next})
		list("expired-limit-500", inStyle)
	}
	require.Len(r, list("expired", client.ListSubjectConsentSessionsParams{}).Items, 3)
}

// nextSecond waits for the next second of the clock.
func nextSecond(r *recorder) {
	now := time.Now()
	select {
	case <-time.After(now.Truncate(time.Second).Add(time.Second).Sub(now)):
	case <-r.Context().Done():
		require.NoError(r, r.Context().Err())
	}
}
