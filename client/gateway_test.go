package client_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// TestListsWithoutClients: a gateway lets a program see sessions and issuers, and not the
// clients, which the client would look at to see how the server pages.
func TestListsWithoutClients(t *testing.T) {
	t.Parallel()
	exchanges, err := fixture.Load(fixture.V26, "listSubjectConsentSessions")
	require.NoError(t, err)
	var refusal string
	for _, e := range exchanges {
		if e.Case == "foreign-page-token" {
			refusal = string(e.Response.Body)
		}
	}
	require.NotEmpty(t, refusal)
	for name, tt := range map[string]struct {
		offset string // the parameter that the server knows
		want   error  // of an offset
	}{"v1": {"offset", nil}, "v2": {"page_token", nil}, "v26": {"", client.ErrNotSupported}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gateway := func(status int, check func(url.Values)) *client.AdminAPI { // a new one has not seen how the server pages
				return faulty(t, func(r *http.Request) (*http.Response, error) {
					switch {
					case strings.HasSuffix(r.URL.Path, "/clients") && status == 0:
						return nil, context.DeadlineExceeded
					case strings.HasSuffix(r.URL.Path, "/clients"):
						return httpmock.NewStringResponse(status, "forbidden"), nil
					case tt.offset == "" && r.URL.Query().Has("page_token"):
						return httpmock.NewStringResponse(400, refusal), nil
					}
					check(r.URL.Query())
					return httpmock.NewStringResponse(200, "[]"), nil
				})
			}
			for _, status := range []int{401, 403, 404, 500, 502, 503, 0} {
				api := gateway(status, func(url.Values) {})
				ctx := t.Context()
				for _, limit := range []int{0, 2, 500} {
					page, err := api.ListSubjectConsentSessions(ctx, "nobody", client.ListSubjectConsentSessionsParams{Limit: limit})
					require.NoError(t, err, status)
					assert.Empty(t, page.Items)
					assert.Empty(t, page.Next)
					_, err = collect(api.AllSubjectConsentSessions(ctx, "nobody", client.ListSubjectConsentSessionsParams{Limit: limit}), func(models.PreviousConsentSession) string { return "" })
					require.NoError(t, err, status)
				}
			}
			for _, status := range []int{403, 502} {
				api := func() *client.AdminAPI {
					return gateway(status, func(q url.Values) { assert.True(t, q.Has(tt.offset)) })
				}
				_, err := api().ListTrustedJWTGrantIssuers(t.Context(), client.ListTrustedJWTGrantIssuersParams{Offset: 5})
				require.ErrorIs(t, err, tt.want, status)
				_, err = api().ListSubjectConsentSessions(t.Context(), "nobody", client.ListSubjectConsentSessionsParams{Offset: 5})
				require.ErrorIs(t, err, tt.want, status)
				if tt.want != nil {
					require.NotErrorIs(t, err, client.ErrCursorExpired)
					require.ErrorContains(t, err, "hydra: listSubjectConsentSessions: ")
				}
			}
		})
	}
}
