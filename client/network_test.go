package client_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// network imitates Ory Network by its public documentation: it wants an API key, limits
// the rate of requests, and pages by opaque tokens that differ each time.
type network struct {
	clients  int
	rate     int // requests in a second
	window   time.Time
	left     int
	issued   map[string]int // offsets by token
	refused  int
	requests int
}

const (
	networkURL = "https://example-slug.projects.oryapis.com/admin"
	networkKey = "ory_pat_throw-away-key"
)

func (n *network) RoundTrip(r *http.Request) (*http.Response, error) {
	n.requests++
	if r.Header.Get("Authorization") != "Bearer "+networkKey {
		return httpmock.NewStringResponse(http.StatusUnauthorized, `{"error":"request_unauthorized","error_description":"Access credentials are not valid"}`), nil
	}
	if now := time.Now(); !now.Before(n.window.Add(time.Second)) {
		n.window, n.left = now, n.rate
	}
	reset := strconv.Itoa(int(time.Until(n.window.Add(time.Second)).Round(time.Second) / time.Second))
	if n.left == 0 {
		n.refused++
		resp := httpmock.NewStringResponse(http.StatusTooManyRequests, `{"error":{"code":429,"status":"Too Many Requests","message":"Rate limit exceeded"}}`)
		resp.Header.Set("X-Ratelimit-Limit", strconv.Itoa(n.rate))
		resp.Header.Set("X-Ratelimit-Remaining", "0")
		resp.Header.Set("X-Ratelimit-Reset", max(reset, "1"))
		return resp, nil
	}
	n.left--
	q := r.URL.Query()
	offset := 0
	if token := q.Get("page_token"); token != "" {
		var known bool
		if offset, known = n.issued[token]; !known {
			return httpmock.NewStringResponse(http.StatusBadRequest, `{"error":"The request was malformed or contained invalid parameters","error_description":"Unable to parse pagination parameters"}`), nil
		}
	}
	size, err := strconv.Atoi(q.Get("page_size"))
	if err != nil {
		return nil, err
	}
	end := min(offset+size, n.clients)
	resp := httpmock.NewStringResponse(http.StatusOK, rows(offset, end))
	if strings.HasSuffix(r.URL.Path, "/sessions/consent") && end == 0 {
		return resp, nil // without links
	}
	link := fmt.Sprintf(`<%s?page_token=%s>; rel="first"`, r.URL.Path, n.issue(0))
	if end < n.clients {
		link += fmt.Sprintf(`,<%s?page_token=%s>; rel="next"`, r.URL.Path, n.issue(end))
	}
	resp.Header.Set("Link", link)
	return resp, nil
}

func (n *network) issue(offset int) string {
	token := base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "sealed-%d-%d", len(n.issued), offset))
	n.issued[token] = offset
	return token
}

func newNetwork(t *testing.T, clients int, opts ...client.Option) (*network, *client.AdminAPI) {
	t.Helper()
	n := &network{clients: clients, rate: 10, issued: map[string]int{}}
	opts = append([]client.Option{client.WithBearerToken(networkKey), client.WithHTTPClient(&http.Client{Transport: n})}, opts...)
	api, err := client.New(networkURL, opts...)
	require.NoError(t, err)
	return n, api
}

// TestNetworkLimitsTheRate: an iterator waits as long as the network asks for, and goes on.
func TestNetworkLimitsTheRate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n, api := newNetwork(t, 41)
		start := time.Now()
		got, err := collect(api.AllOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{Limit: 1}), clientID)
		require.NoError(t, err)
		assert.Len(t, got, 41)
		assert.Equal(t, 4, n.refused, "one for each second but the last")
		assert.Equal(t, 41+n.refused, n.requests)
		assert.GreaterOrEqual(t, time.Since(start), 4*time.Second)
	})
}

// TestNetworkTokens: nothing of the client's own making is sent in place of a token.
func TestNetworkTokens(t *testing.T) {
	t.Parallel()
	n, api := newNetwork(t, 5)
	p, err := api.ListOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{Limit: 2})
	require.NoError(t, err)
	assert.Equal(t, -1, p.Total)
	assert.Equal(t, client.PageLinks{}, p.Links)
	got, err := collect(api.AllOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{Cursor: p.Next}, client.WithPagesInFlight(4)), clientID)
	require.NoError(t, err)
	assert.Equal(t, []string{"2", "3", "4"}, got)

	clear(n.issued) // an hour later
	_, err = api.ListOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{Cursor: p.Next})
	require.ErrorIs(t, err, client.ErrCursorExpired)
	require.ErrorIs(t, err, client.ErrBadRequest)
	require.ErrorContains(t, err, "start the list again")

	before := n.requests
	for _, list := range []func() error{
		func() error {
			_, err := api.ListOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{Offset: 2})
			return err
		},
		func() error {
			_, err := collect(api.AllSubjectConsentSessions(t.Context(), "s", client.ListSubjectConsentSessionsParams{Offset: 2}), func(models.PreviousConsentSession) string { return "" })
			return err
		},
	} {
		err := list()
		require.ErrorIs(t, err, client.ErrNotSupported)
		require.ErrorContains(t, err, "keep Next of a page")
	}
	assert.Equal(t, before, n.requests, "the server is known")

	n, api = newNetwork(t, 0)
	got, err = collect(api.AllSubjectConsentSessions(t.Context(), "s", client.ListSubjectConsentSessionsParams{}), func(models.PreviousConsentSession) string { return "" })
	require.NoError(t, err)
	assert.Empty(t, got)
	assert.Equal(t, 2, n.requests, "the page, and a look at how the server pages")
	_, err = collect(api.AllSubjectConsentSessions(t.Context(), "s", client.ListSubjectConsentSessionsParams{}), func(models.PreviousConsentSession) string { return "" })
	require.NoError(t, err)
	assert.Equal(t, 3, n.requests, "from then on, an empty page without links is the end")
}

// TestNetworkRefusesKeys: a bad key is not an expired challenge.
func TestNetworkRefusesKeys(t *testing.T) {
	t.Parallel()
	_, api := newNetwork(t, 0, client.WithBearerToken("ory_pat_another"))
	_, err := api.GetLoginRequest(t.Context(), strings.Repeat("c", 32))
	require.ErrorIs(t, err, client.ErrUnauthorized)
	require.NotErrorIs(t, err, client.ErrChallengeExpired)
	require.ErrorContains(t, err, "Access credentials are not valid")
}
