package client_test

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// rows returns a page with a row for each number.
func rows(from, to int) string {
	page := "["
	for n := from; n < to; n++ {
		if n > from {
			page += ","
		}
		page += fmt.Sprintf(`{"id":"%[1]d","client_id":"%[1]d","remember_for":%[1]d,"consent_request":{"client":{"client_id":"c"}}}`, n)
	}
	return page + "]"
}

// lists holds a function for each list. It iterates and returns the IDs of the items.
var lists = map[string]func(t *testing.T, api *client.AdminAPI, limit int) ([]string, error){
	"listOAuth2Clients": func(t *testing.T, api *client.AdminAPI, limit int) ([]string, error) {
		t.Helper()
		return collect(api.AllOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{Limit: limit}), clientID)
	},
	"listTrustedJwtGrantIssuers": func(t *testing.T, api *client.AdminAPI, limit int) ([]string, error) {
		t.Helper()
		return collect(api.AllTrustedJWTGrantIssuers(t.Context(), client.ListTrustedJWTGrantIssuersParams{Limit: limit}), func(i models.TrustedJWTGrantIssuer) string { return i.ID })
	},
	"listSubjectConsentSessions": func(t *testing.T, api *client.AdminAPI, limit int) ([]string, error) {
		t.Helper()
		return collect(api.AllSubjectConsentSessions(t.Context(), "s", client.ListSubjectConsentSessionsParams{Limit: limit}), func(s models.PreviousConsentSession) string { return strconv.FormatInt(s.RememberFor, 10) })
	},
}

// TestServersThatDoNotPage: an iterator ends with an error. It yields no item twice.
func TestServersThatDoNotPage(t *testing.T) {
	t.Parallel()
	const limit = 2
	next := func(token string) string { return fmt.Sprintf(`</x?page_token=%s>; rel="next"`, token) }
	tests := map[string]struct {
		respond  func(n int, token string) (page, total, link string) // to the n-th request
		want     int                                                  // how many items are yielded
		problem  string
		requests int
	}{
		"the offset is ignored":                  {func(int, string) (string, string, string) { return rows(0, 2), "1200", "" }, 2, "repeats an earlier one", 2},
		"the offset is ignored, without a total": {func(int, string) (string, string, string) { return rows(0, 2), "", "" }, 2, "repeats an earlier one", 2},
		"the next token is always the same": {
			func(n int, _ string) (string, string, string) { return rows(2*n, 2*n+2), "", next("same") }, 2, "was used before", 2,
		},
		"tokens form a cycle": {
			func(n int, _ string) (string, string, string) {
				return rows(2*n, 2*n+2), "", next([]string{"a", "b", "c"}[n%3])
			}, 6, "was used before", 4,
		},
		"pages form a cycle, and tokens do not": {
			func(n int, _ string) (string, string, string) {
				return rows(2*(n%3), 2*(n%3)+2), "", next("t" + strconv.Itoa(n))
			}, 6, "repeats an earlier one", 4,
		},
		"the page is longer than the limit": {func(int, string) (string, string, string) { return rows(0, 3), "", "" }, 0, "longer than what was asked for", 1},
		"the list is longer than its total": {func(n int, _ string) (string, string, string) { return rows(2*n, 2*n+2), "1", "" }, 0, "more items than its X-Total-Count", 2},
		"all items are on the first page":   {func(int, string) (string, string, string) { return rows(0, 9), "9", "" }, 9, "", 1},
		"an item was deleted while the server counted": {
			func(n int, _ string) (string, string, string) { return rows(0, 2-n), "1", "" }, 1, "", 2,
		},
	}
	for name, tt := range tests {
		for operation, list := range lists {
			t.Run(name+"/"+operation, func(t *testing.T) {
				t.Parallel()
				requests := 0
				api := faulty(t, func(r *http.Request) (*http.Response, error) {
					page, total, link := tt.respond(requests, r.URL.Query().Get("page_token"))
					requests++
					if requests > 100 {
						return nil, assert.AnError
					}
					resp := httpmock.NewStringResponse(200, page)
					resp.Header.Set("X-Total-Count", total)
					resp.Header.Set("Link", link)
					return resp, nil
				})
				got, err := list(t, api, limit)
				assert.Len(t, got, tt.want)
				assert.Equal(t, tt.requests, requests)
				if tt.problem == "" {
					require.NoError(t, err)
					return
				}
				require.ErrorIs(t, err, client.ErrInvalidResponse)
				require.ErrorContains(t, err, tt.problem)
				require.ErrorContains(t, err, "hydra: "+operation+": ")
			})
		}
	}
}

// TestShortListWithoutPaging: if a server always sends the same list, and it is shorter than
// the limit, the iterator ends without an error.
func TestShortListWithoutPaging(t *testing.T) {
	t.Parallel()
	for operation, list := range lists {
		got, err := list(t, faulty(t, httpmock.NewStringResponder(200, rows(0, 2))), 0)
		require.NoError(t, err, operation)
		assert.Equal(t, []string{"0", "1"}, got, operation)
	}
}

// TestCursorsDetectRepeatedPages: cursors carry what the guard needs, so that a loop over
// pages detects a repeated page too, even in another process.
func TestCursorsDetectRepeatedPages(t *testing.T) {
	t.Parallel()
	for name, link := range map[string]string{"the page repeats": "", "the token repeats": `</x?page_token=same>; rel="next"`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requests := 0
			respond := func(*http.Request) (*http.Response, error) {
				resp := httpmock.NewStringResponse(200, rows(0, 2))
				if requests++; link != "" {
					resp = httpmock.NewStringResponse(200, rows(2*requests, 2*requests+2))
				}
				resp.Header.Set("Link", link)
				return resp, nil
			}
			params := client.ListOAuth2ClientsParams{Limit: 2}
			p, err := faulty(t, respond).ListOAuth2Clients(t.Context(), params)
			require.NoError(t, err)
			require.NotEmpty(t, p.Next)
			_, err = faulty(t, respond).ListOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{Cursor: p.Next})
			require.ErrorIs(t, err, client.ErrInvalidResponse)
		})
	}
}
