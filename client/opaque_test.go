package client_test

import (
	"cmp"
	"fmt"
	"net/http"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// TestOpaqueTokens: tokens in another form than those of v2.3.0 are sent back unchanged.
func TestOpaqueTokens(t *testing.T) {
	t.Parallel()
	next := map[string]string{"": "b", "b": "c", "c": "d"} // the page "d" is empty, and links to itself
	first := map[string]int{"": 0, "b": 2, "c": 4}
	for operation, list := range lists {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			requests := 0
			api := faulty(t, func(r *http.Request) (*http.Response, error) {
				requests++
				q := r.URL.Query()
				token := q.Get("page_token")
				assert.Equal(t, token == "", q.Has("limit"), "once the style is known, only its parameters are sent")
				assert.Equal(t, "3", q.Get("page_size"), "short pages do not change what is asked for")
				resp := httpmock.NewStringResponse(200, rows(first[token], first[token]+2))
				if token == "d" {
					resp = httpmock.NewStringResponse(200, "[]")
				}
				resp.Header.Set("Link", fmt.Sprintf(`</admin/x?page_size=3&page_token=%s>; rel="next"`, cmp.Or(next[token], "d")))
				return resp, nil
			})
			got, err := list(t, api, 3)
			require.NoError(t, err)
			assert.Equal(t, []string{"0", "1", "2", "3", "4", "5"}, got)
			assert.Equal(t, 4, requests)
		})
	}
}

// TestRecordedOpaqueTokens: each page is requested once, with the token that the server
// sent, and an empty page needs no other request.
func TestRecordedOpaqueTokens(t *testing.T) {
	t.Parallel()
	byTwo := with("limit-2-offset-0", "limit-2-offset-2", "limit-2-offset-4", "limit-2-offset-6")
	clients := func(params client.ListOAuth2ClientsParams) func(*testing.T, *client.AdminAPI) ([]string, error) {
		return func(t *testing.T, api *client.AdminAPI) ([]string, error) {
			t.Helper()
			return collect(api.AllOAuth2Clients(t.Context(), params), clientID)
		}
	}
	issuers := func(params client.ListTrustedJWTGrantIssuersParams) func(*testing.T, *client.AdminAPI) ([]string, error) {
		return func(t *testing.T, api *client.AdminAPI) ([]string, error) {
			t.Helper()
			return collect(api.AllTrustedJWTGrantIssuers(t.Context(), params), func(i models.TrustedJWTGrantIssuer) string { return i.ID })
		}
	}
	sessions := func(subject string, params client.ListSubjectConsentSessionsParams) func(*testing.T, *client.AdminAPI) ([]string, error) {
		return func(t *testing.T, api *client.AdminAPI) ([]string, error) {
			t.Helper()
			return collect(api.AllSubjectConsentSessions(t.Context(), subject, params), func(s models.PreviousConsentSession) string { return s.ConsentRequestID })
		}
	}
	tests := map[string]struct {
		choose   func(string) bool
		list     func(*testing.T, *client.AdminAPI) ([]string, error)
		want     int
		requests int
	}{
		"clients on one page":              {with("all"), clients(client.ListOAuth2ClientsParams{}), 7, 1},
		"clients, two a page":              {byTwo, clients(client.ListOAuth2ClientsParams{Limit: 2}), 7, 4},
		"clients on a page that is full":   {with("limit-7-offset-0"), clients(client.ListOAuth2ClientsParams{Limit: 7}), 7, 1},
		"clients on a page that is not":    {with("limit-8-offset-0"), clients(client.ListOAuth2ClientsParams{Limit: 8}), 7, 1},
		"no clients":                       {with("empty"), clients(client.ListOAuth2ClientsParams{}), 0, 1},
		"603 clients":                      {with("limit-1000-of-more", "limit-500-offset-500-of-more"), clients(client.ListOAuth2ClientsParams{}), 603, 2},
		"clients of an owner, one a page":  {with("filtered-by-owner-limit-1"), clients(client.ListOAuth2ClientsParams{Owner: "team-b", Limit: 1}), 1, 1},
		"clients of no such name":          {with("filtered-nothing"), clients(client.ListOAuth2ClientsParams{ClientName: "no such name"}), 0, 1},
		"issuers, two a page":              {byTwo, issuers(client.ListTrustedJWTGrantIssuersParams{Limit: 2}), 7, 4},
		"no issuers":                       {with("empty"), issuers(client.ListTrustedJWTGrantIssuersParams{}), 0, 1},
		"sessions on one page":             {with("three"), sessions("frank", client.ListSubjectConsentSessionsParams{}), 3, 1},
		"sessions, two a page":             {with("limit-2-offset-0", "limit-2-offset-2"), sessions("frank", client.ListSubjectConsentSessionsParams{Limit: 2}), 3, 2},
		"sessions without those expired":   {with("expired-limit-2-offset-0", "expired-limit-2-offset-2"), sessions("frank", client.ListSubjectConsentSessionsParams{Limit: 2}), 3, 2},
		"no sessions, and no links either": {with("none"), sessions("nobody", client.ListSubjectConsentSessionsParams{}), 0, 1},
		"sessions of a login session": {with("login-session"), sessions("gina", client.ListSubjectConsentSessionsParams{
			LoginSessionID: "093a12fb-f3f0-4378-a47f-6c1f4c7de7d2",
		}), 1, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api, requests := recorded(t, fixture.V26, tt.choose)
			got, err := tt.list(t, api)
			require.NoError(t, err)
			assert.Len(t, got, tt.want)
			seen := make(map[string]bool)
			for _, id := range got {
				assert.NotEmpty(t, id)
				assert.False(t, seen[id], "%s comes twice", id)
				seen[id] = true
			}
			assert.Equal(t, tt.requests, *requests)
		})
	}
}

// TestResumeAtAnOpaqueToken continues with nothing but the cursor, as another process
// does, until the server does not take its token any more.
func TestResumeAtAnOpaqueToken(t *testing.T) {
	t.Parallel()
	api, _ := recorded(t, fixture.V26, with("limit-2-offset-0", "limit-2-offset-2", "limit-2-offset-4", "limit-2-offset-6"))
	page, err := api.ListOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{Limit: 2})
	require.NoError(t, err)
	assert.Equal(t, -1, page.Total, "the server does not say it")
	another, _ := recorded(t, fixture.V26, with("limit-2-offset-2", "limit-2-offset-4", "limit-2-offset-6"))
	rest, err := collect(another.AllOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{Cursor: page.Next}), clientID)
	require.NoError(t, err)
	assert.Equal(t, ids(2, 7), rest)

	for _, refusal := range []string{
		`{"error":"The request was malformed or contained invalid parameters","error_description":"Unable to parse pagination parameters: decrypt token: %!w(<nil>)"}`,
		`{"error":"invalid pagination token","error_description":""}`, // of consent sessions after v26.2
	} {
		expired := faulty(t, httpmock.NewStringResponder(400, refusal))
		_, err = expired.ListOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{Cursor: page.Next})
		require.ErrorIs(t, err, client.ErrCursorExpired)
		require.ErrorIs(t, err, client.ErrBadRequest)
		_, err = expired.ListOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{})
		require.NotErrorIs(t, err, client.ErrCursorExpired, "there was none")
		require.ErrorIs(t, err, client.ErrBadRequest)
	}
}

// TestOffsetWithOpaqueTokens: a server of today ignores an offset, so that the first page
// would come.
func TestOffsetWithOpaqueTokens(t *testing.T) {
	t.Parallel()
	api, requests := recorded(t, fixture.V26, with("limit-2-offset-0"))
	_, err := api.ListOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{Limit: 2, Offset: 2})
	require.ErrorIs(t, err, client.ErrNotSupported)
	require.ErrorContains(t, err, "keep Next of a page")
	assert.Zero(t, *requests, "but for the one that shows how the server pages")

	_, err = faulty(t, httpmock.NewStringResponder(503, "")).ListOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{Offset: 2})
	require.ErrorIs(t, err, client.ErrServiceUnavailable, "how the server pages stays unknown")
}
