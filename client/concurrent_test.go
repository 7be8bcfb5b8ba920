package client_test

import (
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"

	"github.com/hydra-sdk/hydra-admin-go/client"
)

// TestConcurrentUse: goroutines share one AdminAPI, its copies and its iterators, for all
// operations and with options of their own. The race detector watches.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	const callers = 4
	// The response repeats what the call has sent.
	server := transport(func(r *http.Request) (*http.Response, error) {
		if r.Body != nil {
			_, _ = io.Copy(io.Discard, r.Body)
		}
		caller := r.Header.Get("X-Caller")
		r.Header.Set("X-Caller", "of another")
		if r.Header.Get("X-List") != "" {
			offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
			return withHeader(200, rows(offset, offset+2), "X-Total-Count", "10"), nil
		}
		return httpmock.NewStringResponse(http.StatusConflict, caller+" with "+r.Header.Get("Authorization")), nil
	})
	shared := newClient(t, "http://hydra", client.WithHTTPClient(&http.Client{Transport: server}), client.WithBearerToken("a-token-of-all"),
		client.WithHeader("X-Caller", "nobody"), client.WithLogger(slog.New(slog.DiscardHandler)))
	all := shared.AllOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{Limit: 2}, client.WithHeader("X-List", "1"), client.WithPagesInFlight(2))
	operations := specOperations(t)
	var running sync.WaitGroup
	for n := range callers {
		running.Go(func() {
			api := *shared
			ids, err := collect(all, clientID)
			if assert.Len(t, ids, 10) && err != nil {
				t.Error(err)
			}
			for id := range operations {
				_, err := call(t, id, &request{t: t, api: &api, ctx: t.Context()})
				assertSent(t, err, "nobody with Bearer a-token-of-all")
			}
			own := "caller " + strconv.Itoa(n)
			err = api.DeleteOAuth2Client(t.Context(), "c", client.WithHeader("X-Caller", own), client.WithBearerToken("a-token-of-one"))
			assertSent(t, err, own+" with Bearer a-token-of-one")
		})
	}
	running.Wait()
}

func assertSent(t *testing.T, err error, want string) {
	t.Helper()
	var e *client.Error
	if assert.ErrorAs(t, err, &e) {
		assert.Equal(t, want, string(e.Body))
		assert.NotContains(t, err.Error(), "a-token")
	}
}
