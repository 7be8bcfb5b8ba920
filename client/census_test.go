package client_test

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// unorderedSessions is the table of consent sessions of a Hydra on PostgreSQL: it orders rows by
// second, and those of one second in another way for each LIMIT and OFFSET.
type unorderedSessions struct {
	rows    int
	perSec  int                // how many rows have the same second
	expired func(row int) bool // these are removed after the page was cut
	stable  bool               // the order is the same for all pages
	created int                // rows that are created between requests
	noTotal bool               // X-Total-Count is lost on the way

	mu       *sync.Mutex // of rows and requests
	requests int
}

func (s *unorderedSessions) RoundTrip(r *http.Request) (*http.Response, error) {
	q := r.URL.Query()
	limit, _ := strconv.Atoi(cmp.Or(q.Get("limit"), "100"))
	offset, _ := strconv.Atoi(q.Get("offset"))
	s.mu.Lock()
	if s.requests++; s.requests > 1 {
		s.rows += s.created
	}
	rows := s.rows
	s.mu.Unlock()
	order := make([]int, rows) // newest first
	for i := range order {
		order[i] = rows - 1 - i
	}
	seed := fnv.New64()
	if !s.stable {
		fmt.Fprintf(seed, "%d %d %d", limit, offset, rows)
	}
	random := rand.New(rand.NewPCG(seed.Sum64(), 1))
	random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	slices.SortStableFunc(order, func(a, b int) int { return b/s.perSec - a/s.perSec })

	offset = offset / limit * limit // as Hydra rounds it
	var items []string
	for _, row := range order[min(offset, len(order)):min(offset+limit, len(order))] {
		if s.expired == nil || !s.expired(row) {
			items = append(items, fmt.Sprintf(`{"consent_request":{"challenge":"row-%05d","client":{"client_id":"c"}}}`, row))
		}
	}
	resp := httpmock.NewStringResponse(http.StatusOK, "["+strings.Join(items, ",")+"]")
	if len(items) > 0 && !s.noTotal {
		resp.Header.Set("X-Total-Count", strconv.Itoa(rows))
	}
	if len(items) > 0 {
		resp.Header.Set("Link", fmt.Sprintf(`</x?limit=%d&offset=%d>; rel="last"`, limit, rows))
	}
	return resp, nil
}

func (s *unorderedSessions) list(t *testing.T, params client.ListSubjectConsentSessionsParams, opts ...client.Option) ([]string, error) {
	t.Helper()
	s.mu = new(sync.Mutex)
	api, err := client.New("http://hydra", append(opts, client.WithHTTPClient(&http.Client{Transport: s}))...)
	require.NoError(t, err)
	return collect(api.AllSubjectConsentSessions(t.Context(), "alice", params), func(s models.PreviousConsentSession) string { return s.ConsentRequest.Challenge })
}

// TestEachSessionOnce: an iterator yields each session once, whatever order the database
// has for each page.
func TestEachSessionOnce(t *testing.T) {
	t.Parallel()
	every := func(n int) func(int) bool { return func(row int) bool { return row%n == 0 } }
	tests := map[string]struct {
		table    unorderedSessions
		requests int // at most, of an iterator with the largest pages
	}{
		"no row":                                         {unorderedSessions{rows: 0, perSec: 1}, 3},
		"one page, of one second":                        {unorderedSessions{rows: 200, perSec: 200}, 1},
		"a full page, of one second":                     {unorderedSessions{rows: 500, perSec: 500}, 1},
		"a page, some expired":                           {unorderedSessions{rows: 200, perSec: 200, expired: every(3)}, 1},
		"a row more than a page, of one second":          {unorderedSessions{rows: 501, perSec: 501}, 20},
		"three pages, of one second":                     {unorderedSessions{rows: 1200, perSec: 1200}, 40},
		"three pages, a second a row":                    {unorderedSessions{rows: 1200, perSec: 1}, 3},
		"three pages, two rows a second":                 {unorderedSessions{rows: 1200, perSec: 2}, 3},
		"three pages, borders inside of a second":        {unorderedSessions{rows: 1200, perSec: 7}, 40},
		"three pages, a second a row, some expired":      {unorderedSessions{rows: 1200, perSec: 1, expired: every(3)}, 7},
		"three pages, two rows a second, some expired":   {unorderedSessions{rows: 1200, perSec: 2, expired: every(9)}, 10},
		"three pages, 40 rows a second, some expired":    {unorderedSessions{rows: 1200, perSec: 40, expired: every(9)}, 20},
		"three thousand rows, 40 a second, some expired": {unorderedSessions{rows: 3000, perSec: 40, expired: every(9)}, 100},
		"three pages, a second a row, without a total":   {unorderedSessions{rows: 1200, perSec: 1, noTotal: true}, 5},
		"a stable order, some expired":                   {unorderedSessions{rows: 1200, perSec: 1200, stable: true, expired: every(3)}, 7},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var want []string
			for row := range tt.table.rows {
				if tt.table.expired == nil || !tt.table.expired(row) {
					want = append(want, fmt.Sprintf("row-%05d", row))
				}
			}
			for _, limit := range []int{1, 50, 499, 0, 2000} {
				for _, inFlight := range []int{0, 4} {
					table := tt.table
					got, err := table.list(t, client.ListSubjectConsentSessionsParams{Limit: limit}, client.WithPagesInFlight(inFlight))
					require.NoError(t, err, limit)
					slices.Sort(got)
					require.Equal(t, want, got, "limit %d, %d pages in flight", limit, inFlight)
					if inFlight == 0 {
						most := tt.requests
						if limit > 0 && limit < 500 {
							most += 3 // the first page is of the caller's size, and may be empty
						}
						assert.LessOrEqual(t, table.requests, most, "requests, limit %d", limit)
					}
				}
			}
		})
	}
}

// TestIncompleteSessions: where sessions may be missing, the iterator ends with an error.
func TestIncompleteSessions(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		table  unorderedSessions
		params client.ListSubjectConsentSessionsParams
	}{
		"one second, some expired, so that counting proves nothing": {unorderedSessions{rows: 1200, perSec: 1200, expired: func(row int) bool { return row%3 == 0 }}, client.ListSubjectConsentSessionsParams{}},
		"from an offset, so that the start is not known":            {unorderedSessions{rows: 200, perSec: 200}, client.ListSubjectConsentSessionsParams{Limit: 20, Offset: 100}},
		"one second, without a total, and some come twice":          {unorderedSessions{rows: 1200, perSec: 1200, noTotal: true}, client.ListSubjectConsentSessionsParams{}},
		"the list grows all the time":                               {unorderedSessions{rows: 1200, perSec: 1200, created: 3}, client.ListSubjectConsentSessionsParams{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := tt.table.list(t, tt.params)
			require.ErrorIs(t, err, client.ErrListIncomplete)
			require.ErrorContains(t, err, "hydra: listSubjectConsentSessions: ")
			slices.Sort(got)
			assert.Equal(t, slices.Compact(slices.Clone(got)), got, "none twice")
			assert.Less(t, tt.table.requests, 70)
		})
	}
}

// TestFewSessionsOfMany: a caller that breaks off after the first sessions costs one request
// of the size that it asked for.
func TestFewSessionsOfMany(t *testing.T) {
	t.Parallel()
	table := &unorderedSessions{rows: 1200, perSec: 1, mu: new(sync.Mutex)}
	api, err := client.New("http://hydra", client.WithHTTPClient(&http.Client{Transport: table}), client.WithPagesInFlight(0))
	require.NoError(t, err)
	n := 0
	for _, err := range api.AllSubjectConsentSessions(t.Context(), "alice", client.ListSubjectConsentSessionsParams{Limit: 10}) {
		require.NoError(t, err)
		if n++; n == 10 {
			break
		}
	}
	assert.Equal(t, 1, table.requests)
}
