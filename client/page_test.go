package client_test

import (
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func loadFixtures(groups ...string) ([]*fixture.Exchange, error) {
	return fixture.Load(recordedVersion, groups...)
}

// recorded returns a client of a server that has the recorded pages of a list, and
// counts the requests. The choose function picks between recordings of one URL.
func recorded(t *testing.T, choose func(name string) bool) (api *client.AdminAPI, requests *int) {
	t.Helper()
	pages := make(map[string]*fixture.Exchange)
	for _, e := range load(t, "listOAuth2Clients", "listTrustedJwtGrantIssuers", "listSubjectConsentSessions") {
		if choose(e.Case) {
			pages[e.Target] = e
		}
	}
	requests = new(int)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*requests++
		if e := pages[r.RequestURI]; e != nil {
			answer(w, e)
			return
		}
		http.Error(w, "not recorded: "+r.RequestURI, http.StatusNotImplemented)
	}))
	t.Cleanup(server.Close)
	api, err := client.New(server.URL)
	require.NoError(t, err)
	return api, requests
}

// with chooses the recordings whose case is one of names.
func with(names ...string) func(string) bool {
	return func(name string) bool { return slices.Contains(names, name) }
}

// collect returns what an iterator yields up to its error.
func collect[T any](seq iter.Seq2[T, error], name func(T) string) (names []string, err error) {
	for v, err := range seq {
		if err != nil {
			return names, err
		}
		names = append(names, name(v))
	}
	return names, nil
}

func clientID(c models.OAuth2Client) string { return c.ClientID }

func ids(from, to int) (names []string) {
	for i := from; i < to; i++ {
		names = append(names, fmt.Sprintf("client-%d", i))
	}
	return names
}

func TestAllOAuth2Clients(t *testing.T) {
	t.Parallel()
	byTwo := with("limit-2-offset-0", "limit-2-offset-2", "limit-2-offset-4", "limit-2-offset-6")
	tests := map[string]struct {
		choose   func(string) bool
		params   client.ListOAuth2ClientsParams
		want     []string
		requests int
	}{
		"all on one page":              {with("limit-500-offset-0"), client.ListOAuth2ClientsParams{}, ids(0, 7), 1},
		"more than a page may hold":    {with("limit-500-offset-0"), client.ListOAuth2ClientsParams{Limit: 1000}, ids(0, 7), 1},
		"four pages":                   {byTwo, client.ListOAuth2ClientsParams{Limit: 2}, ids(0, 7), 4},
		"a page that is just full":     {with("limit-7-offset-0"), client.ListOAuth2ClientsParams{Limit: 7}, ids(0, 7), 1},
		"from the middle":              {byTwo, client.ListOAuth2ClientsParams{Limit: 2, Offset: 4}, ids(4, 7), 2},
		"from between pages":           {byTwo, client.ListOAuth2ClientsParams{Limit: 2, Offset: 3}, ids(3, 7), 3},
		"from the last row":            {byTwo, client.ListOAuth2ClientsParams{Limit: 2, Offset: 6}, ids(6, 7), 1},
		"from beyond the end":          {with("limit-2-offset-100"), client.ListOAuth2ClientsParams{Limit: 2, Offset: 101}, nil, 1},
		"an empty list, next for ever": {with("empty-limit-500"), client.ListOAuth2ClientsParams{}, nil, 1},
		"a filter, bogus next":         {with("filtered-by-owner-limit-2", "filtered-by-owner-limit-2-offset-2"), client.ListOAuth2ClientsParams{Owner: "team-b", Limit: 2}, ids(3, 4), 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api, requests := recorded(t, tt.choose)
			all := api.AllOAuth2Clients(t.Context(), tt.params)
			for range 2 { // an iterator can be ranged over again
				*requests = 0
				got, err := collect(all, clientID)
				require.NoError(t, err)
				assert.Equal(t, tt.want, got)
				assert.Equal(t, tt.requests, *requests)
			}
		})
	}
}

// TestMoreThanTheLargestPage walks 603 clients: pages of 500 and 103.
func TestMoreThanTheLargestPage(t *testing.T) {
	t.Parallel()
	pages := map[string]*fixture.Exchange{}
	for _, e := range load(t, "listOAuth2Clients") {
		switch e.Case {
		case "limit-1000-of-more": // Hydra makes 500 of the limit
			pages["/clients?limit=500"] = e
		case "limit-500-offset-500-of-more":
			pages["/clients?limit=500&offset=500"] = e
		}
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if assert.Contains(t, pages, r.RequestURI) {
			answer(w, pages[r.RequestURI])
		}
	}))
	defer server.Close()
	api, err := client.New(server.URL)
	require.NoError(t, err)
	got, err := collect(api.AllOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{Limit: 1000}), clientID)
	require.NoError(t, err)
	assert.Len(t, got, 603)
	assert.IsIncreasing(t, got, "each once, in Hydra's order")
}

func TestAllTrustedJWTGrantIssuers(t *testing.T) {
	t.Parallel()
	api, requests := recorded(t, with("limit-2-offset-0", "limit-2-offset-2", "limit-2-offset-4", "limit-2-offset-6"))
	got, err := collect(api.AllTrustedJWTGrantIssuers(t.Context(), client.ListTrustedJWTGrantIssuersParams{Limit: 2}), func(i models.TrustedJWTGrantIssuer) string { return i.ID })
	require.NoError(t, err)
	assert.Len(t, got, 7)
	assert.Equal(t, 4, *requests)

	api, _ = recorded(t, with("empty-limit-500"))
	got, err = collect(api.AllTrustedJWTGrantIssuers(t.Context(), client.ListTrustedJWTGrantIssuersParams{}), func(i models.TrustedJWTGrantIssuer) string { return i.ID })
	require.NoError(t, err)
	assert.Empty(t, got)
}

// TestAllSubjectConsentSessions: pages may be short or empty before the last.
func TestAllSubjectConsentSessions(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		choose   func(string) bool
		subject  string
		params   client.ListSubjectConsentSessionsParams
		want     int
		requests int
	}{
		"pages of two":                       {with("limit-2-offset-0", "limit-2-offset-2"), "frank", client.ListSubjectConsentSessionsParams{Limit: 2}, 3, 2},
		"expired ones, on a short page":      {with("expired-limit-500-offset-0"), "frank", client.ListSubjectConsentSessionsParams{}, 3, 1},
		"a first page of expired ones":       {with("expired-limit-2-offset-0", "expired-limit-500-offset-0"), "frank", client.ListSubjectConsentSessionsParams{Limit: 2}, 3, 2},
		"none, which takes two looks":        {with("none-limit-500-offset-0", "none-limit-500-offset-500"), "nobody", client.ListSubjectConsentSessionsParams{}, 0, 2},
		"from behind a page of expired ones": {with("expired-limit-2-offset-2", "expired-limit-2-offset-4"), "frank", client.ListSubjectConsentSessionsParams{Limit: 2, Offset: 2}, 3, 2},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api, requests := recorded(t, tt.choose)
			got, err := collect(api.AllSubjectConsentSessions(t.Context(), tt.subject, tt.params), func(s models.PreviousConsentSession) string { return s.ConsentRequest.Challenge })
			require.NoError(t, err)
			assert.Len(t, got, tt.want)
			assert.Equal(t, tt.requests, *requests)
			seen := map[string]bool{}
			for _, challenge := range got {
				assert.False(t, seen[challenge], "twice")
				seen[challenge] = true
			}
		})
	}
}

// TestIteratorEnds: an error is the last thing, and a break ends the requests.
func TestIteratorEnds(t *testing.T) {
	t.Parallel()
	api, requests := recorded(t, with("limit-2-offset-0"))
	got, err := collect(api.AllOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{Limit: 2}), clientID)
	var ce *client.Error
	require.ErrorAs(t, err, &ce)
	assert.Equal(t, http.StatusNotImplemented, ce.StatusCode)
	assert.Equal(t, ids(0, 2), got)

	*requests = 0
	for range api.AllOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{Limit: 2}) {
		break
	}
	assert.Equal(t, 1, *requests)

	for _, params := range []client.ListOAuth2ClientsParams{{Limit: -1}, {Offset: -1}, {Limit: -1, Offset: 3}} {
		_, err = collect(silent(t).AllOAuth2Clients(t.Context(), params), clientID)
		require.ErrorIs(t, err, client.ErrInvalidArgument)
	}
}

// TestPagesWithoutTotal: a proxy may take the header away.
func TestPagesWithoutTotal(t *testing.T) {
	t.Parallel()
	pages := map[string]string{"": `[{"remember_for":0},{"remember_for":1}]`, "2": `[{"remember_for":2}]`, "4": `[{"remember_for":3}]`}
	api := faulty(t, func(r *http.Request) (*http.Response, error) {
		body, ok := pages[r.URL.Query().Get("offset")]
		if !ok {
			body = "[]"
		}
		return httpmock.NewStringResponse(200, body), nil
	})
	got, err := collect(api.AllSubjectConsentSessions(t.Context(), "s", client.ListSubjectConsentSessionsParams{Limit: 2}), func(s models.PreviousConsentSession) string { return fmt.Sprint(s.RememberFor) })
	require.NoError(t, err)
	assert.Equal(t, []string{"0", "1", "2", "3"}, got)
}

// TestServerThatPagesByToken: Hydra v2 ignores limit and offset. To walk its lists
// with them would repeat or lose items.
func TestServerThatPagesByToken(t *testing.T) {
	t.Parallel()
	responder := func(header http.Header, body string) httpmock.Responder {
		return httpmock.ResponderFromResponse(&http.Response{StatusCode: 200, Header: header, Body: httpmock.NewRespBodyFromString(body)})
	}
	link := `</admin/clients?page_size=250&page_token=eyJvZmZzZXQiOiIyIiwidiI6Mn0>; rel="next"`
	for name, header := range map[string]http.Header{
		"short page":      {"Link": {link}, "X-Total-Count": {"600"}},
		"last short page": {"Link": {link}, "X-Total-Count": {"300"}},
		"no total":        {"Link": {link}},
	} {
		_, err := collect(faulty(t, responder(header, `[{},{}]`)).AllOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{}), clientID)
		require.Error(t, err, name)
		assert.Contains(t, err.Error(), "pages by token", name)
	}
	complete := http.Header{"Link": {`</admin/clients?page_size=250&page_token=x>; rel="first"`}, "X-Total-Count": {"2"}}
	for _, limit := range []int{0, 1} {
		got, err := collect(faulty(t, responder(complete, `[{},{}]`)).AllOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{Limit: limit}), clientID)
		require.NoError(t, err)
		assert.Len(t, got, 2, "all that there is")
	}
	_, err := collect(faulty(t, responder(nil, `[{},{},{}]`)).AllOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{Limit: 2}), clientID)
	require.Error(t, err, "more than was asked for")
}

func TestPage(t *testing.T) {
	t.Parallel()
	at := func(limit, offset int) *client.PageLink { return &client.PageLink{Limit: limit, Offset: offset} }
	tests := map[string]struct {
		params client.ListOAuth2ClientsParams
		items  int
		total  int
		links  client.PageLinks
	}{
		"limit-2-offset-0":       {client.ListOAuth2ClientsParams{Limit: 2}, 2, 7, client.PageLinks{Next: at(2, 2), Last: at(2, 6)}},
		"limit-2-offset-2":       {client.ListOAuth2ClientsParams{Limit: 2, Offset: 2}, 2, 7, client.PageLinks{First: at(2, 0), Next: at(2, 4), Previous: at(2, 0), Last: at(2, 6)}},
		"limit-2-offset-6":       {client.ListOAuth2ClientsParams{Limit: 2, Offset: 6}, 1, 7, client.PageLinks{First: at(2, 0), Previous: at(2, 4)}},
		"limit-7-offset-0":       {client.ListOAuth2ClientsParams{Limit: 7}, 7, 7, client.PageLinks{First: at(7, 0)}},
		"limit-8-offset-0":       {client.ListOAuth2ClientsParams{Limit: 8}, 7, 7, client.PageLinks{First: at(7, 0)}},
		"empty":                  {client.ListOAuth2ClientsParams{}, 0, 0, client.PageLinks{First: at(100, 0)}},
		"empty-limit-2-offset-4": {client.ListOAuth2ClientsParams{Limit: 2, Offset: 4}, 0, 0, client.PageLinks{First: at(2, 0), Previous: at(2, 2)}},
		"filtered-by-owner":      {client.ListOAuth2ClientsParams{Owner: "team-b"}, 1, 7, client.PageLinks{First: at(7, 0)}},
		"limit-1000-of-more":     {client.ListOAuth2ClientsParams{Limit: 1000}, 500, 603, client.PageLinks{Next: at(500, 500), Last: at(500, 500)}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api, _ := recorded(t, with(name))
			p, err := api.ListOAuth2Clients(t.Context(), tt.params)
			require.NoError(t, err)
			assert.Len(t, p.Items, tt.items)
			assert.Equal(t, tt.total, p.Total)
			assert.Equal(t, tt.links, p.Links)
		})
	}
	t.Run("nothing said", func(t *testing.T) {
		t.Parallel()
		api, _ := recorded(t, with("none"))
		p, err := api.ListSubjectConsentSessions(t.Context(), "nobody", client.ListSubjectConsentSessionsParams{})
		require.NoError(t, err)
		assert.Equal(t, client.Page[models.PreviousConsentSession]{Items: []models.PreviousConsentSession{}, Total: -1}, *p)
	})
	t.Run("documented form", func(t *testing.T) {
		t.Parallel()
		header := http.Header{"Link": {`<https://hydra/admin/clients?limit=5&offset=0>; rel="previous", <https://hydra/admin/clients?limit=5&offset=10>; rel="next"`}}
		p, err := faulty(t, httpmock.ResponderFromResponse(&http.Response{StatusCode: 200, Header: header, Body: httpmock.NewRespBodyFromString("[{}]")})).ListOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{})
		require.NoError(t, err)
		assert.Equal(t, client.PageLinks{Previous: at(5, 0), Next: at(5, 10)}, p.Links)
	})
}
