//go:build live

package client_test

import (
	"cmp"
	"fmt"
	"iter"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// liveTable is a list of a real Hydra. If it has a filter, that matches every other row.
type liveTable struct {
	operation string
	insert    func(n int) // inserts the n-th row
	all       func(limit int, filtered bool, opts ...client.Option) iter.Seq2[string, error]
	expired   func(n int) bool // reports whether the n-th row has expired, and is not listed
	filters   bool
}

// listed returns the rows of the first size that an iterator yields.
func (l liveTable) listed(size int, filtered bool) (rows []string) {
	for n := range size {
		if !l.expired(n) && (!filtered || n%2 == 1) {
			rows = append(rows, rowName(n))
		}
	}
	return rows
}

var (
	liveSizes  = []int{0, 1, 249, 250, 251, 499, 500, 501, 1000, 1001, 2500}
	liveLimits = []int{1, 7, 100, 500, 0}
)

// TestLiveIterators compares the rows of iterators with the inserted ones, and the number
// of requests with the lowest possible.
func TestLiveIterators(t *testing.T) {
	t.Parallel()
	hydra.EachVersion(t, func(t *testing.T, version hydra.Version) {
		t.Helper()
		for name, table := range map[string]func(*testing.T, *client.AdminAPI, *hydra.Server) liveTable{
			"clients": clientTable, "issuers": issuerTable, "consent sessions": sessionTable,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				api, server, count := live(t, version)
				checkIterators(t, version, table(t, api, server), count)
			})
		}
	})
}

// rowName returns the name of the n-th row. Names sort like their numbers.
func rowName(n int) string { return fmt.Sprintf("row-%05d", n) }

// checkIterators grows a table, and checks its iterators at each size.
func checkIterators(t *testing.T, version hydra.Version, table liveTable, count *counter) {
	t.Helper()
	inserted := 0
	for _, size := range liveSizes {
		for ; inserted < size; inserted++ {
			table.insert(inserted)
		}
		require.Eventually(t, func() bool {
			got, err := collect(table.all(0, false), itself)
			return err == nil && len(got) == len(table.listed(size, false))
		}, time.Minute, 100*time.Millisecond, "expired rows are listed, or other rows are not")
		for _, limit := range liveLimits {
			checkIterator(t, version, table, count, size, limit, false)
			if table.filters {
				checkIterator(t, version, table, count, size, limit, true)
			}
		}
	}
}

// checkIterator checks an iterator without prefetching and, unless the pages are small,
// with it.
func checkIterator(t *testing.T, version hydra.Version, table liveTable, count *counter, size, limit int, filtered bool) {
	t.Helper()
	cell := fmt.Sprintf("%d rows, limit %d, filtered: %t", size, limit, filtered)
	want := table.listed(size, filtered)
	iterate := func(opts ...client.Option) (requests int) {
		count.successes = map[string]int{}
		got, err := collect(table.all(limit, filtered, opts...), itself)
		require.NoError(t, err)
		slices.Sort(got)
		require.Equal(t, want, got, cell)
		return count.successes[table.operation]
	}
	fewest := fewestRequests(version, table, size, len(want), limit, filtered)
	if os.Getenv("HYDRA_DSN") == "" {
		assert.Equal(t, fewest, iterate(), "requests for %s", cell)
	} else { // the order of sessions may take more passes
		fewest = iterate() * 2
	}
	if limit == 1 || limit == 7 {
		return
	}
	const inFlight = 4
	if filtered { // the length of the list is not known before its end
		fewest += inFlight
	}
	assert.LessOrEqual(t, iterate(client.WithPagesInFlight(inFlight)), fewest, "requests for %s, pages in flight", cell)
}

// fewestRequests returns the lowest possible number of requests of an iterator. Without
// a filter the server reports the number of rows. With one, only a page that is not full
// is known to be the last. An empty list of consent sessions has no total: it takes a
// request for the largest page and one for the page after it. A server with opaque
// tokens filters before it cuts a page, and says whether there is another.
func fewestRequests(version hydra.Version, table liveTable, size, matching, limit int, filtered bool) int {
	const largest = 500
	page := cmp.Or(limit, largest)
	switch pages := max(1, (size+page-1)/page); {
	case version.HasDeviceFlow():
		return max(1, (matching+page-1)/page)
	case size == 0 && !table.filters && page < largest:
		return 3
	case size == 0 && !table.filters:
		return 2
	case !table.filters:
		return fewestOfSessions(size, matching, page, largest)
	case filtered:
		return min(pages, matching/page+1)
	default:
		return pages
	}
}

// fewestOfSessions is fewestRequests for consent sessions. After a first page of the
// caller's size the list is read with the largest pages. If it is longer than one of them
// and some of it has expired, it is read again with smaller ones, and twice if it is long.
func fewestOfSessions(size, left, page, largest int) int {
	requests := (size + largest - 1) / largest
	if page < largest {
		if size <= page {
			return 1
		}
		requests++
	}
	if size > largest && left < size {
		requests += (size + 399) / 400
		if size > 2000 {
			requests += (size + 299) / 300
		}
	}
	return requests
}

func itself(name string) string { return name }

func never(int) bool { return false }

// names maps an iterator to the names of its items.
func names[T any](all iter.Seq2[T, error], name func(T) string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for v, err := range all {
			if err != nil {
				yield("", err)
				return
			}
			if !yield(name(v), nil) {
				return
			}
		}
	}
}

func clientTable(t *testing.T, api *client.AdminAPI, _ *hydra.Server) liveTable {
	t.Helper()
	return liveTable{
		operation: "listOAuth2Clients", filters: true, expired: never,
		insert: func(n int) {
			_, err := api.CreateOAuth2Client(t.Context(), models.OAuth2Client{ClientID: rowName(n), ClientSecret: "throw-away", Owner: fmt.Sprint("team-", n%2)})
			require.NoError(t, err)
		},
		all: func(limit int, filtered bool, opts ...client.Option) iter.Seq2[string, error] {
			params := client.ListOAuth2ClientsParams{Limit: limit}
			if filtered {
				params.Owner = "team-1"
			}
			return names(api.AllOAuth2Clients(t.Context(), params, opts...), clientID)
		},
	}
}

func issuerTable(t *testing.T, api *client.AdminAPI, _ *hydra.Server) liveTable {
	t.Helper()
	key := publicKey(t, "key")
	issuer := func(n int) string { return fmt.Sprintf("https://idp-%d.example.com", n%2) }
	return liveTable{
		operation: "listTrustedJwtGrantIssuers", filters: true, expired: never,
		insert: func(n int) {
			_, err := api.TrustJWTGrantIssuer(t.Context(), models.TrustJWTGrantIssuerBody{Issuer: issuer(n), Subject: rowName(n), JWK: key, ExpiresAt: time.Now().Add(time.Hour)})
			require.NoError(t, err)
		},
		all: func(limit int, filtered bool, opts ...client.Option) iter.Seq2[string, error] {
			params := client.ListTrustedJWTGrantIssuersParams{Limit: limit}
			if filtered {
				params.Issuer = issuer(1)
			}
			return names(api.AllTrustedJWTGrantIssuers(t.Context(), params, opts...), func(i models.TrustedJWTGrantIssuer) string { return i.Subject })
		},
	}
}

// sessionTable is the list of the consent sessions of a subject. Rows in the middle of it
// expire: several pages of the largest list have no session that is left.
func sessionTable(t *testing.T, api *client.AdminAPI, server *hydra.Server) liveTable {
	t.Helper()
	ctx := t.Context()
	const redirectURI = "http://127.0.0.1:5555/callback"
	expired := func(n int) bool { return n >= 20 && n < 40 || n >= 1150 && n < 1650 }
	register := func(id string) hydra.App {
		_, err := api.CreateOAuth2Client(ctx, models.OAuth2Client{ClientID: id, ClientSecret: "throw-away", RedirectURIs: []string{redirectURI}, Scope: "read"})
		require.NoError(t, err)
		return hydra.App{PublicURL: server.PublicURL, ID: id, RedirectURI: redirectURI}
	}
	app := register("app")
	return liveTable{
		operation: "listSubjectConsentSessions", expired: expired,
		insert: func(n int) {
			app, consent := app, models.AcceptConsentRequest{GrantScope: []string{"read"}, Session: models.ConsentRequestSession{AccessToken: map[string]any{"row": rowName(n)}}}
			if expired(n) {
				// Each has its own app: a remembered grant is listed once per app.
				app, consent.Remember, consent.RememberFor = register(rowName(n)), true, 1
			}
			require.NoError(t, grant(ctx, api, app, "alice", "read", consent))
		},
		all: func(limit int, _ bool, opts ...client.Option) iter.Seq2[string, error] {
			return names(api.AllSubjectConsentSessions(ctx, "alice", client.ListSubjectConsentSessionsParams{Limit: limit}, opts...), func(s models.PreviousConsentSession) string {
				return fmt.Sprint(s.Session.AccessToken["row"])
			})
		},
	}
}
