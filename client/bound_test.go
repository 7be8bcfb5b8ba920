package client_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// TestCallsOfSeveralRequests: the timeout of a call, or of a page of an iterator, bounds all
// requests that it takes together.
func TestCallsOfSeveralRequests(t *testing.T) {
	t.Parallel()
	const timeout, takes = 10 * time.Second, 6 * time.Second
	sessions := func(ctx context.Context, a *client.AdminAPI) error {
		_, err := a.ListSubjectConsentSessions(ctx, "alice", client.ListSubjectConsentSessionsParams{})
		return err
	}
	allSessions := func(ctx context.Context, a *client.AdminAPI) error {
		return firstError(a.AllSubjectConsentSessions(ctx, "alice", client.ListSubjectConsentSessionsParams{}))
	}
	clients := func(offset int) func(context.Context, *client.AdminAPI) error {
		return func(ctx context.Context, a *client.AdminAPI) error {
			_, err := a.ListOAuth2Clients(ctx, client.ListOAuth2ClientsParams{Offset: offset})
			return err
		}
	}
	allClients := func(offset int) func(context.Context, *client.AdminAPI) error {
		return func(ctx context.Context, a *client.AdminAPI) error {
			return firstError(a.AllOAuth2Clients(ctx, client.ListOAuth2ClientsParams{Offset: offset}))
		}
	}
	unknown := unknownPaths(t)[0]
	oneClient := func(header ...string) *http.Response { return withHeader(200, `[{"client_id":"c"}]`, header...) }
	tests := map[string]struct {
		call     func(context.Context, *client.AdminAPI) error
		response func() *http.Response
		want     error
	}{
		"an offset, of a server that may not take one": {clients(500), func() *http.Response { return oneClient("Link", `</clients?limit=1&offset=1>; rel="next"`) }, context.DeadlineExceeded},
		"an iterator from an offset on":                {allClients(500), func() *http.Response { return oneClient("Link", `</clients?limit=1&offset=1>; rel="next"`) }, context.DeadlineExceeded},
		"more items than the total":                    {clients(0), func() *http.Response { return oneClient("X-Total-Count", "0") }, context.DeadlineExceeded},
		"an iterator over more items than the total":   {allClients(0), func() *http.Response { return oneClient("X-Total-Count", "0") }, context.DeadlineExceeded},
		"an empty page of sessions":                    {sessions, func() *http.Response { return withHeader(200, `[]`) }, context.DeadlineExceeded},
		"an iterator over no sessions":                 {allSessions, func() *http.Response { return withHeader(200, `[]`) }, context.DeadlineExceeded},
		"a client that is read and written": {func(ctx context.Context, a *client.AdminAPI) error {
			_, err := a.ModifyOAuth2Client(ctx, "c", func(*models.OAuth2Client) error { return nil })
			return err
		}, func() *http.Response { return withHeader(200, `{"client_id":"c"}`) }, context.DeadlineExceeded},
		"a status that has two meanings": {func(ctx context.Context, a *client.AdminAPI) error {
			_, err := a.UpdateOAuth2ClientLifespans(ctx, "c", models.UpdateOAuth2ClientLifespans{})
			return err
		}, func() *http.Response { return withHeader(404, unknown) }, client.ErrNotFound},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				slow := transport(func(r *http.Request) (*http.Response, error) {
					select {
					case <-time.After(takes):
						return tt.response(), nil
					case <-r.Context().Done():
						return nil, r.Context().Err()
					}
				})
				api := newClient(t, "http://hydra", client.WithTimeout(timeout), client.WithRetries(0), client.WithHTTPClient(&http.Client{Transport: slow}))
				start := time.Now()
				require.ErrorIs(t, tt.call(t.Context(), api), tt.want)
				assert.Equal(t, timeout, time.Since(start), "a second request was made, in the time that was left")
			})
		})
	}
}

// TestPagesThatWait: further requests for a page that was prefetched have the time that was
// left when it came, however long the loop's body took.
func TestPagesThatWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		requests := 0
		server := transport(func(r *http.Request) (*http.Response, error) {
			requests++
			select {
			case <-time.After(time.Second):
			case <-r.Context().Done():
				return nil, r.Context().Err()
			}
			total := "4"
			if requests == 2 {
				total = "3" // an item was created while Hydra counted
			}
			body := `[{"client_id":"1"},{"client_id":"2"}]`
			if r.URL.Query().Get("offset") != "" {
				body = `[{"client_id":"3"},{"client_id":"4"}]`
			}
			return withHeader(200, body, "X-Total-Count", total, "Link", `</clients?limit=2&offset=2>; rel="next"`), nil
		})
		api := newClient(t, "http://hydra", client.WithTimeout(10*time.Second), client.WithRetries(0), client.WithHTTPClient(&http.Client{Transport: server}))
		items := 0
		for _, err := range api.AllOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{Limit: 2}) {
			require.NoError(t, err)
			items++
			after(time.Minute)
		}
		assert.Equal(t, 4, items)
		assert.Equal(t, 3, requests, "the second page twice")
	})
}

// TestCallsWithoutABound: without a timeout, further requests have all the time that they need.
func TestCallsWithoutABound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow := transport(func(*http.Request) (*http.Response, error) {
			after(time.Hour)
			return withHeader(200, `[]`), nil
		})
		api := newClient(t, "http://hydra", client.WithTimeout(0), client.WithHTTPClient(&http.Client{Transport: slow}))
		start := time.Now()
		_, err := api.ListSubjectConsentSessions(t.Context(), "alice", client.ListSubjectConsentSessionsParams{})
		require.NoError(t, err)
		assert.Greater(t, time.Since(start), time.Hour)
	})
}

// firstError returns the first error of an iterator, or nil.
func firstError[T any](all func(func(T, error) bool)) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}

// withHeader returns a response with pairs of header fields.
func withHeader(status int, body string, header ...string) *http.Response {
	resp := httpmock.NewStringResponse(status, body)
	for i := 0; i < len(header); i += 2 {
		resp.Header.Set(header[i], header[i+1])
	}
	return resp
}
