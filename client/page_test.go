package client_test

import (
	"encoding/base64"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// recorded returns a client of a server that replays the recorded pages of a version. It
// counts the requests. The choose function picks between recordings of the same URL.
func recorded(t *testing.T, version string, choose func(name string) bool) (api *client.AdminAPI, requests *int) {
	t.Helper()
	pages := make(map[string]*fixture.Exchange)
	for _, e := range load(t, version, "listOAuth2Clients", "listTrustedJwtGrantIssuers", "listSubjectConsentSessions") {
		if choose(e.Case) {
			pages[e.Target] = e
		}
	}
	requests = new(int)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if showStyle(t, version, w, r) {
			return
		}
		*requests++
		if e := pages[r.RequestURI]; e != nil {
			e.Respond(w)
			return
		}
		http.Error(w, "not recorded: "+r.RequestURI, http.StatusNotImplemented)
	}))
	t.Cleanup(server.Close)
	api, err := client.New(server.URL + fixture.Prefix(version))
	require.NoError(t, err)
	return api, requests
}

// showStyle responds to the request that shows the client how a server pages.
func showStyle(t *testing.T, version string, w http.ResponseWriter, r *http.Request) bool {
	t.Helper()
	if r.URL.RawQuery != "limit=1&page_size=1" || r.URL.Path != fixture.Prefix(version)+"/clients" {
		return false
	}
	for _, e := range load(t, version, "listOAuth2Clients") {
		if e.Case == "limit-2-offset-0" {
			e.Respond(w)
		}
	}
	return true
}

// eachVersion runs a test on the recordings of each version that pages by offset.
func eachVersion(t *testing.T, test func(t *testing.T, version string)) {
	t.Helper()
	for _, version := range []string{fixture.V1, fixture.V2} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			test(t, version)
		})
	}
}

// with returns a function that chooses the recordings with these cases.
func with(names ...string) func(string) bool {
	return func(name string) bool { return slices.Contains(names, name) }
}

// collect returns the names of the items of an iterator, up to its error.
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
	byTwo := []string{"limit-2-offset-0", "limit-2-offset-2", "limit-2-offset-4", "limit-2-offset-6"}
	from := func(name string, rest ...string) func(string) bool { return with(append(rest, name)...) }
	tests := map[string]struct {
		choose   func(string) bool
		params   client.ListOAuth2ClientsParams
		want     []string
		requests int
	}{
		"all on one page":              {with("all"), client.ListOAuth2ClientsParams{}, ids(0, 7), 1},
		"a limit above the largest":    {with("all"), client.ListOAuth2ClientsParams{Limit: 2000}, ids(0, 7), 1},
		"four pages":                   {with(byTwo...), client.ListOAuth2ClientsParams{Limit: 2}, ids(0, 7), 4},
		"a page that is just full":     {with("limit-7-offset-0"), client.ListOAuth2ClientsParams{Limit: 7}, ids(0, 7), 1},
		"a page that is not full":      {with("limit-8-offset-0"), client.ListOAuth2ClientsParams{Limit: 8}, ids(0, 7), 1},
		"from the middle":              {from("limit-2-from-4", byTwo[3]), client.ListOAuth2ClientsParams{Limit: 2, Offset: 4}, ids(4, 7), 2},
		"from between pages":           {from("limit-2-from-3", byTwo[2:]...), client.ListOAuth2ClientsParams{Limit: 2, Offset: 3}, ids(3, 7), 3},
		"from the last row":            {with("limit-2-from-6"), client.ListOAuth2ClientsParams{Limit: 2, Offset: 6}, ids(6, 7), 1},
		"from beyond the end":          {with("limit-2-from-100"), client.ListOAuth2ClientsParams{Limit: 2, Offset: 100}, nil, 1},
		"an empty list, always a next": {with("empty"), client.ListOAuth2ClientsParams{}, nil, 1},
		"beyond the end, empty list":   {with("empty-limit-2-from-4"), client.ListOAuth2ClientsParams{Limit: 2, Offset: 4}, nil, 1},
		"a filter, bogus next":         {with("filtered-by-owner-limit-1", "filtered-by-owner-limit-1-offset-1"), client.ListOAuth2ClientsParams{Owner: "team-b", Limit: 1}, ids(3, 4), 2},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachVersion(t, func(t *testing.T, version string) {
				t.Helper()
				api, requests := recorded(t, version, tt.choose)
				all := api.AllOAuth2Clients(t.Context(), tt.params)
				for range 2 { // an iterator can be ranged over again
					*requests = 0
					got, err := collect(all, clientID)
					require.NoError(t, err)
					assert.Equal(t, tt.want, got)
					assert.Equal(t, tt.requests, *requests)
				}
			})
		})
	}
}

// TestMoreThanTheLargestPage iterates over 603 clients: pages of 500 and 103.
func TestMoreThanTheLargestPage(t *testing.T) {
	t.Parallel()
	for _, version := range []string{fixture.V1, fixture.V2} {
		api, requests := recorded(t, version, with("limit-1000-of-more", "limit-500-offset-500-of-more"))
		for _, limit := range []int{0, 1000} {
			*requests = 0
			got, err := collect(api.AllOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{Limit: limit}), clientID)
			require.NoError(t, err)
			assert.Len(t, got, 603)
			assert.IsIncreasing(t, got, "each once, in Hydra's order")
			assert.Equal(t, 2, *requests)
		}
	}
}

func TestAllTrustedJWTGrantIssuers(t *testing.T) {
	t.Parallel()
	eachVersion(t, func(t *testing.T, version string) {
		t.Helper()
		id := func(i models.TrustedJWTGrantIssuer) string { return i.ID }
		api, requests := recorded(t, version, with("limit-2-offset-0", "limit-2-offset-2", "limit-2-offset-4", "limit-2-offset-6"))
		got, err := collect(api.AllTrustedJWTGrantIssuers(t.Context(), client.ListTrustedJWTGrantIssuersParams{Limit: 2}), id)
		require.NoError(t, err)
		assert.Len(t, got, 7)
		assert.Equal(t, 4, *requests)

		api, _ = recorded(t, version, with("empty"))
		got, err = collect(api.AllTrustedJWTGrantIssuers(t.Context(), client.ListTrustedJWTGrantIssuersParams{}), id)
		require.NoError(t, err)
		assert.Empty(t, got)
	})
}

// TestAllSubjectConsentSessions: pages before the last may be short or empty.
func TestAllSubjectConsentSessions(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		choose   func(string) bool
		subject  string
		params   client.ListSubjectConsentSessionsParams
		want     int
		requests int
	}{
		"on one page":                    {with("three"), "frank", client.ListSubjectConsentSessionsParams{}, 3, 1},
		"a small page, then all":         {with("limit-2-offset-0", "limit-500"), "frank", client.ListSubjectConsentSessionsParams{Limit: 2}, 3, 2},
		"a short page, some expired":     {with("expired"), "frank", client.ListSubjectConsentSessionsParams{}, 3, 1},
		"a first page, all expired":      {with("expired-limit-2-offset-0", "expired", "expired-limit-500"), "frank", client.ListSubjectConsentSessionsParams{Limit: 2}, 3, 3},
		"none, which takes two requests": {with("none", "none-from-500"), "nobody", client.ListSubjectConsentSessionsParams{}, 0, 2},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachVersion(t, func(t *testing.T, version string) {
				t.Helper()
				api, requests := recorded(t, version, tt.choose)
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
		})
	}
}

// TestResume continues with nothing but the cursor, as another process does.
func TestResume(t *testing.T) {
	t.Parallel()
	eachVersion(t, func(t *testing.T, version string) {
		t.Helper()
		api, _ := recorded(t, version, with("limit-2-offset-0", "limit-2-offset-2", "limit-2-offset-4", "limit-2-offset-6"))
		var got []string
		params := client.ListOAuth2ClientsParams{Limit: 2}
		for params.Cursor = ""; ; {
			p, err := api.ListOAuth2Clients(t.Context(), params)
			require.NoError(t, err)
			assert.Equal(t, 7, p.Total)
			for _, c := range p.Items {
				got = append(got, c.ClientID)
			}
			if p.Next == "" {
				break
			}
			params = client.ListOAuth2ClientsParams{Cursor: p.Next}
			rest, err := collect(api.AllOAuth2Clients(t.Context(), params), clientID)
			require.NoError(t, err)
			assert.Equal(t, ids(len(got), 7), rest, "an iterator continues at the cursor")
		}
		assert.Equal(t, ids(0, 7), got)
	})
}

func TestCursorIsRefused(t *testing.T) {
	t.Parallel()
	api, _ := recorded(t, fixture.V1, with("limit-2-offset-0"))
	p, err := api.ListOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{Limit: 2})
	require.NoError(t, err)
	encoded := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	for name, params := range map[string]client.ListOAuth2ClientsParams{
		"not base64":       {Cursor: "not a cursor"},
		"not JSON":         {Cursor: encoded("nor is this")},
		"a negative limit": {Cursor: encoded(`{"o":"listOAuth2Clients","l":-1,"t":-1}`)},
		"unknown style":    {Cursor: encoded(`{"o":"listOAuth2Clients","t":-1,"d":4}`)},
		"unexpected token": {Cursor: encoded(`{"o":"listOAuth2Clients","t":-1,"d":2,"k":"token"}`)},
		"a missing token":  {Cursor: encoded(`{"o":"listOAuth2Clients","t":-1,"d":3}`)},
		"another limit":    {Cursor: p.Next, Limit: 3},
	} {
		_, err := silent(t).ListOAuth2Clients(t.Context(), params)
		require.ErrorIs(t, err, client.ErrInvalidArgument, name)
	}
	_, err = silent(t).ListTrustedJWTGrantIssuers(t.Context(), client.ListTrustedJWTGrantIssuersParams{Cursor: p.Next})
	require.ErrorIs(t, err, client.ErrInvalidArgument)
	assert.Contains(t, err.Error(), "another list")
}

// FuzzCursor checks that any cursor is either refused or fetches one page.
func FuzzCursor(f *testing.F) {
	f.Add(`{"o":"listSubjectConsentSessions","l":2,"n":4,"t":7,"d":1}`, "")
	f.Add(`{"o":"listSubjectConsentSessions","n":9223372036854775807,"t":-1,"d":2}`, "")
	f.Add(`{"o":"listSubjectConsentSessions","t":-1,"d":3,"k":"token"}`, "eyJvIjoi")
	f.Fuzz(func(t *testing.T, fields, cursor string) {
		if fields != "" {
			cursor = base64.RawURLEncoding.EncodeToString([]byte(fields))
		}
		requests := 0
		api := faulty(t, func(r *http.Request) (*http.Response, error) {
			if requests++; requests > 3 {
				t.Errorf("more than two requests after the page: %s", r.URL)
			}
			return httpmock.NewStringResponse(200, "[]"), nil
		})
		_, err := api.ListSubjectConsentSessions(t.Context(), "s", client.ListSubjectConsentSessionsParams{Cursor: cursor})
		if err != nil {
			require.ErrorIs(t, err, client.ErrInvalidArgument)
			assert.Zero(t, requests)
		}
	})
}

// TestIteratorEnds: an iterator ends after an error, and a break ends the requests.
func TestIteratorEnds(t *testing.T) {
	t.Parallel()
	api, requests := recorded(t, fixture.V1, with("limit-2-offset-0"))
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

	for _, params := range []client.ListOAuth2ClientsParams{{Limit: -1}, {Offset: -1}, {Limit: -1, Offset: 3}, {Offset: 1<<30 + 1}} {
		_, err = collect(silent(t).AllOAuth2Clients(t.Context(), params), clientID)
		require.ErrorIs(t, err, client.ErrInvalidArgument)
	}
	_, err = collect(silent(t).AllOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{}, client.WithTimeout(-1)), clientID)
	require.ErrorContains(t, err, "hydra: listOAuth2Clients: invalid argument: d of WithTimeout is negative")
}

// TestPagesWithoutTotal: a proxy may remove X-Total-Count.
func TestPagesWithoutTotal(t *testing.T) {
	t.Parallel()
	pages := map[string]string{"": rows(0, 2), "2": rows(2, 3), "4": rows(3, 4)}
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

// TestErrorOfAPage: if one of the requests for a page fails, the call and the iterator fail.
func TestErrorOfAPage(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		page    string
		failing int
	}{
		"the page":                            {"", 1},
		"the request for the total of a list": {"[]", 3}, // the second one asks how the server pages
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requests := 0
			api := faulty(t, func(*http.Request) (*http.Response, error) {
				if requests++; requests == tt.failing {
					return httpmock.NewStringResponse(http.StatusServiceUnavailable, ""), nil
				}
				return httpmock.NewStringResponse(200, tt.page), nil
			})
			_, err := api.ListSubjectConsentSessions(t.Context(), "s", client.ListSubjectConsentSessionsParams{})
			require.ErrorIs(t, err, client.ErrServiceUnavailable)
			requests = 0
			_, err = collect(api.AllSubjectConsentSessions(t.Context(), "s", client.ListSubjectConsentSessionsParams{}), func(models.PreviousConsentSession) string { return "" })
			require.ErrorIs(t, err, client.ErrServiceUnavailable)
		})
	}
}

// TestCursorOfAnotherServer: continuing would repeat or lose items.
func TestCursorOfAnotherServer(t *testing.T) {
	t.Parallel()
	respond := func(link, body string) httpmock.Responder {
		return func(*http.Request) (*http.Response, error) {
			resp := httpmock.NewStringResponse(200, body)
			resp.Header.Set("Link", link)
			return resp, nil
		}
	}
	api, _ := recorded(t, fixture.V1, with("limit-2-offset-0"))
	p, err := api.ListOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{Limit: 2})
	require.NoError(t, err)
	v2 := respond(`</admin/clients?page_size=2&page_token=eyJvZmZzZXQiOiIyIiwidiI6Mn0>; rel="next"`, `[{},{}]`)
	_, err = faulty(t, v2).ListOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{Cursor: p.Next})
	require.ErrorIs(t, err, client.ErrInvalidResponse, "a cursor of v1, given to v2")
}

// TestConsentSessionsWithoutLinks: without links the style stays unknown, and all pages are
// requested in the styles of both versions.
func TestConsentSessionsWithoutLinks(t *testing.T) {
	t.Parallel()
	for name, paging := range map[string][3]string{"v1": {"limit", "offset", ""}, "v2": {"page_size", "", "page_token"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const rows = 1700
			api := faulty(t, func(r *http.Request) (*http.Response, error) {
				q := r.URL.Query()
				size, err := strconv.Atoi(q.Get(paging[0]))
				require.NoError(t, err)
				offset, _ := strconv.Atoi(q.Get(paging[1]))
				if token, err := base64.RawURLEncoding.DecodeString(q.Get(paging[2])); err == nil && len(token) > 0 {
					_, err = fmt.Sscanf(string(token), `{"offset":"%d"`, &offset)
					require.NoError(t, err)
				}
				var left []models.PreviousConsentSession
				for row := offset; row < min(offset+size, rows); row++ {
					if row%3 > 0 { // the others have expired
						session := models.PreviousConsentSession{RememberFor: int64(row)}
						session.ConsentRequest.Client.ClientID = "c"
						left = append(left, session)
					}
				}
				resp, err := httpmock.NewJsonResponse(200, left)
				resp.Header.Set("X-Total-Count", strconv.Itoa(rows))
				return resp, err
			})
			for _, limit := range []int{0, 7, 500, 700, 1000} {
				got, err := collect(api.AllSubjectConsentSessions(t.Context(), "s", client.ListSubjectConsentSessionsParams{Limit: limit}), func(s models.PreviousConsentSession) string { return fmt.Sprintf("%04d", s.RememberFor) })
				require.NoError(t, err, limit)
				assert.Len(t, got, rows*2/3, limit)
				assert.IsIncreasing(t, got, limit)
			}
		})
	}
}

// TestTotalsThatAreNone: a page says -1 where the server does not say how long the list is.
func TestTotalsThatAreNone(t *testing.T) {
	t.Parallel()
	for _, total := range []string{"", "-1", "-5", "many", "1.5", "99999999999999999999"} {
		api := faulty(t, func(*http.Request) (*http.Response, error) {
			resp := httpmock.NewStringResponse(200, rows(0, 3))
			resp.Header.Set("X-Total-Count", total)
			return resp, nil
		})
		p, err := api.ListOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{})
		require.NoError(t, err, total)
		assert.Equal(t, -1, p.Total, total)
		assert.Len(t, p.Items, 3)
		assert.Empty(t, p.Next)
	}
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
		"limit-2-offset-0":     {client.ListOAuth2ClientsParams{Limit: 2}, 2, 7, client.PageLinks{Next: at(2, 2), Last: at(2, 6)}},
		"limit-2-from-2":       {client.ListOAuth2ClientsParams{Limit: 2, Offset: 2}, 2, 7, client.PageLinks{First: at(2, 0), Next: at(2, 4), Previous: at(2, 0), Last: at(2, 6)}},
		"limit-2-from-6":       {client.ListOAuth2ClientsParams{Limit: 2, Offset: 6}, 1, 7, client.PageLinks{First: at(2, 0), Previous: at(2, 4)}},
		"limit-7-offset-0":     {client.ListOAuth2ClientsParams{Limit: 7}, 7, 7, client.PageLinks{First: at(7, 0)}},
		"limit-8-offset-0":     {client.ListOAuth2ClientsParams{Limit: 8}, 7, 7, client.PageLinks{First: at(7, 0)}},
		"empty-limit-2-from-4": {client.ListOAuth2ClientsParams{Limit: 2, Offset: 4}, 0, 0, client.PageLinks{First: at(2, 0), Previous: at(2, 2)}},
		"filtered-by-owner":    {client.ListOAuth2ClientsParams{Owner: "team-b"}, 1, 7, client.PageLinks{First: at(7, 0)}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachVersion(t, func(t *testing.T, version string) {
				t.Helper()
				api, _ := recorded(t, version, with(name))
				p, err := api.ListOAuth2Clients(t.Context(), tt.params)
				require.NoError(t, err)
				assert.Len(t, p.Items, tt.items)
				assert.Equal(t, tt.total, p.Total)
				assert.Equal(t, tt.links, p.Links)
			})
		})
	}
	t.Run("the wrong links of v2", func(t *testing.T) {
		t.Parallel()
		api, _ := recorded(t, fixture.V2, with("limit-2-offset-0", "limit-2-offset-2"))
		p, err := api.ListSubjectConsentSessions(t.Context(), "frank", client.ListSubjectConsentSessionsParams{Limit: 2})
		require.NoError(t, err)
		assert.NotEqual(t, at(2, 2), p.Links.Next)
		p, err = api.ListSubjectConsentSessions(t.Context(), "frank", client.ListSubjectConsentSessionsParams{Cursor: p.Next})
		require.NoError(t, err)
		assert.Len(t, p.Items, 1)
		assert.Empty(t, p.Next)
	})
	t.Run("no total and no links", func(t *testing.T) {
		t.Parallel()
		eachVersion(t, func(t *testing.T, version string) {
			t.Helper()
			api, _ := recorded(t, version, with("none", "none-from-500"))
			p, err := api.ListSubjectConsentSessions(t.Context(), "nobody", client.ListSubjectConsentSessionsParams{})
			require.NoError(t, err)
			assert.Equal(t, client.Page[models.PreviousConsentSession]{Items: []models.PreviousConsentSession{}, Total: -1}, *p)
		})
	})
	t.Run("the total of a page of expired sessions", func(t *testing.T) {
		t.Parallel()
		eachVersion(t, func(t *testing.T, version string) {
			t.Helper()
			api, _ := recorded(t, version, with("expired-limit-2-offset-0", "expired"))
			p, err := api.ListSubjectConsentSessions(t.Context(), "frank", client.ListSubjectConsentSessionsParams{Limit: 2})
			require.NoError(t, err)
			assert.Empty(t, p.Items)
			assert.Equal(t, 5, p.Total)
			assert.NotEmpty(t, p.Next)
		})
	})
	t.Run("an empty page, and no more", func(t *testing.T) {
		t.Parallel()
		eachVersion(t, func(t *testing.T, version string) {
			t.Helper()
			for subject, found := range map[string]string{"frank": "expired-limit-2-offset-0", "nobody": "none"} {
				api, _ := recorded(t, version, with(found))
				_, err := api.ListSubjectConsentSessions(t.Context(), subject, client.ListSubjectConsentSessionsParams{Limit: map[string]int{"frank": 2}[subject]})
				require.ErrorContains(t, err, "501", "where the list ends stays unknown")
			}
		})
	})
	for _, status := range []int{401, 403, 404} {
		t.Run(fmt.Sprintf("an empty page, and %d for the clients", status), func(t *testing.T) {
			t.Parallel()
			api := faulty(t, func(r *http.Request) (*http.Response, error) {
				if r.URL.Path == "/clients" {
					return httpmock.NewStringResponse(status, ""), nil
				}
				return httpmock.NewStringResponse(200, "[]"), nil
			})
			p, err := api.ListSubjectConsentSessions(t.Context(), "nobody", client.ListSubjectConsentSessionsParams{})
			require.NoError(t, err)
			assert.Empty(t, p.Next)
		})
	}
	t.Run("documented form", func(t *testing.T) {
		t.Parallel()
		header := http.Header{"Link": {`<https://hydra/admin/clients?limit=5&offset=0>; rel="previous", <https://hydra/admin/clients?limit=5&offset=10>; rel="next"`}}
		p, err := faulty(t, httpmock.ResponderFromResponse(&http.Response{StatusCode: 200, Header: header, Body: httpmock.NewRespBodyFromString(rows(0, 1))})).ListOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{})
		require.NoError(t, err)
		assert.Equal(t, client.PageLinks{Previous: at(5, 0), Next: at(5, 10)}, p.Links)
	})
}

// TestLoginSessionThatIsIgnored: Hydra v1 lists the sessions of all logins. A list or iterator
// for one login never returns those of another.
func TestLoginSessionThatIsIgnored(t *testing.T) {
	t.Parallel()
	session := func(id string) string {
		return `{"consent_request":{"login_session_id":"` + id + `","client":{"client_id":"c"}}}`
	}
	for page, ignored := range map[string]bool{
		"":                                false,
		session("a"):                      false,
		session("a") + "," + session("a"): false,
		session("b"):                      true,
		session(""):                       true,
		session("a") + "," + session("b"): true,
		session("b") + "," + session("a"): true,
	} {
		api := faulty(t, withTotal("["+page+"]", 2))
		filtered := client.ListSubjectConsentSessionsParams{LoginSessionID: "a"}
		_, err := api.ListSubjectConsentSessions(t.Context(), "alice", filtered)
		items, errOfAll := collect(api.AllSubjectConsentSessions(t.Context(), "alice", filtered), func(s models.PreviousConsentSession) string { return s.ConsentRequest.LoginSessionID })
		if !ignored {
			require.NoError(t, err, page)
			require.NoError(t, errOfAll, page)
			continue
		}
		assert.Empty(t, items)
		for _, err := range []error{err, errOfAll} {
			require.ErrorIs(t, err, client.ErrNotSupported, page)
			require.ErrorContains(t, err, "hydra: listSubjectConsentSessions: Hydra has LoginSessionID since v2, and lists the sessions of all logins")
		}
		_, err = api.ListSubjectConsentSessions(t.Context(), "alice", client.ListSubjectConsentSessionsParams{})
		require.NoError(t, err, "without the filter")
	}
}

// withTotal responds with a page of a list of this length.
func withTotal(page string, total int) httpmock.Responder {
	return func(*http.Request) (*http.Response, error) {
		return withHeader(200, page, "X-Total-Count", strconv.Itoa(total)), nil
	}
}
