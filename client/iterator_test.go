package client_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

const pageTime = 20 * time.Millisecond

// A slowList is a transport in place of a Hydra v1 with clients. A page takes pageTime. The
// before function may return another response.
type slowList struct {
	total  int
	hidden int // clients that a filter leaves out, but the total counts
	before func(r *http.Request, offset int) (*http.Response, error)

	mu                 sync.Mutex
	inFlight, most     int
	offsets, cancelled []int
}

func (l *slowList) RoundTrip(r *http.Request) (*http.Response, error) {
	q := r.URL.Query()
	limit, _ := strconv.Atoi(q.Get("limit"))
	offset, _ := strconv.Atoi(q.Get("offset"))
	l.mu.Lock()
	l.offsets = append(l.offsets, offset)
	l.inFlight++
	l.most = max(l.most, l.inFlight)
	total := l.total
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.inFlight--
	}()
	select {
	case <-time.After(pageTime):
	case <-r.Context().Done():
		l.mu.Lock()
		defer l.mu.Unlock()
		l.cancelled = append(l.cancelled, offset)
		return nil, r.Context().Err()
	}
	if l.before != nil {
		if resp, err := l.before(r, offset); resp != nil || err != nil {
			return resp, err
		}
	}
	rows := make([]models.OAuth2Client, max(0, min(limit, total-offset)))
	for i := range rows {
		rows[i].ClientID = fmt.Sprintf("client-%d", offset+i)
	}
	resp, err := httpmock.NewJsonResponse(http.StatusOK, rows)
	if err != nil {
		return nil, err
	}
	resp.Header.Set("X-Total-Count", strconv.Itoa(total+l.hidden))
	resp.Header.Set("Link", fmt.Sprintf(`</clients?limit=%d&offset=%d>; rel="next"`, limit, offset+limit))
	return resp, nil
}

// iterate iterates over the list with a limit of two, until each returns false. It fails if a
// request is in flight after the loop.
func (l *slowList) iterate(t *testing.T, each func(id string) bool, opts ...client.Option) (got []string, took time.Duration, err error) {
	t.Helper()
	api, err := client.New("http://hydra.invalid", append(opts, client.WithHTTPClient(&http.Client{Transport: l}), client.WithRetries(0))...)
	require.NoError(t, err)
	params := client.ListOAuth2ClientsParams{Limit: 2}
	if l.hidden > 0 {
		params.Owner = "team-a"
	}
	start := time.Now()
	for c, err := range api.AllOAuth2Clients(t.Context(), params) {
		if err != nil {
			return got, time.Since(start), err
		}
		got = append(got, c.ClientID)
		if each != nil && !each(c.ClientID) {
			break
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	assert.Zero(t, l.inFlight, "requests in flight after the loop")
	return got, time.Since(start), nil
}

// bubble runs a test with a clock of its own, which advances when all goroutines wait.
func bubble(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, test)
}

func TestNextPageIsPrefetched(t *testing.T) {
	bubble(t, func(t *testing.T) {
		t.Helper()
		l := &slowList{total: 8}
		work := func(string) bool { time.Sleep(pageTime); return true }
		got, took, err := l.iterate(t, work)
		require.NoError(t, err)
		assert.Equal(t, ids(0, 8), got)
		assert.Equal(t, []int{0, 2, 4, 6}, l.offsets)
		assert.Equal(t, 1, l.most)
		assert.Equal(t, pageTime+8*pageTime, took, "the first page and the work: the other pages take no time")
	})
}

// TestNoPrefetch: with no pages in flight, no request runs while the loop works.
func TestNoPrefetch(t *testing.T) {
	bubble(t, func(t *testing.T) {
		t.Helper()
		l := &slowList{total: 8}
		got, took, err := l.iterate(t, func(string) bool {
			synctest.Wait()
			assert.Zero(t, l.inFlight)
			time.Sleep(pageTime)
			return true
		}, client.WithPagesInFlight(0))
		require.NoError(t, err)
		assert.Equal(t, ids(0, 8), got)
		assert.Equal(t, 4*pageTime+8*pageTime, took, "the pages and the work")
	})
}

// TestPagesInMemory: an iterator never asks for more pages than it may hold, however slow
// its caller is.
func TestPagesInMemory(t *testing.T) {
	t.Parallel()
	for _, inFlight := range []int{0, 1, 3} {
		t.Run(strconv.Itoa(inFlight), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				t.Helper()
				l, items := &slowList{total: 40}, 0
				_, _, err := l.iterate(t, func(string) bool {
					items++
					time.Sleep(10 * pageTime)
					l.mu.Lock()
					defer l.mu.Unlock()
					assert.LessOrEqual(t, len(l.offsets), (items+1)/2+inFlight)
					return true
				}, client.WithPagesInFlight(inFlight))
				require.NoError(t, err)
				assert.Equal(t, 40, items)
			})
		})
	}
}

// TestTimeoutOfEachPage: it bounds each page, and not the iterator.
func TestTimeoutOfEachPage(t *testing.T) {
	t.Parallel()
	for takes, want := range map[time.Duration]error{29 * time.Second: nil, 31 * time.Second: context.DeadlineExceeded} {
		t.Run(takes.String(), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				t.Helper()
				l := &slowList{total: 8, before: func(r *http.Request, _ int) (*http.Response, error) {
					select {
					case <-time.After(takes - pageTime):
						return nil, nil //nolint:nilnil // send the page
					case <-r.Context().Done():
						return nil, r.Context().Err()
					}
				}}
				got, took, err := l.iterate(t, nil)
				if want != nil {
					require.ErrorIs(t, err, want)
					assert.Equal(t, 30*time.Second, took)
					return
				}
				require.NoError(t, err)
				assert.Equal(t, ids(0, 8), got)
				assert.Equal(t, 4*takes, took)
			})
		})
	}
}

func TestPagesInFlight(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		total, inFlight int
		most            int
		took            time.Duration
	}{
		"one, which is the default": {20, 1, 1, 10 * pageTime},
		"four":                      {20, 4, 4, 4 * pageTime}, // 1 + 4 + 4 + 1
		"four, the last page short": {19, 4, 4, 4 * pageTime},
		"more than there are":       {20, 100, 9, 2 * pageTime},
		"one page":                  {2, 4, 1, pageTime},
		"nothing":                   {0, 4, 1, pageTime},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				t.Helper()
				l := &slowList{total: tt.total}
				got, took, err := l.iterate(t, nil, client.WithPagesInFlight(tt.inFlight))
				require.NoError(t, err)
				assert.Equal(t, ids(0, tt.total), got)
				assert.Equal(t, tt.most, l.most)
				assert.Equal(t, tt.took, took)
				assert.Len(t, l.offsets, max(1, (tt.total+1)/2), "each page is fetched once")
			})
		})
	}
	assert.ErrorContains(t, errOf(client.New("http://hydra.invalid", client.WithPagesInFlight(-1))), "n of WithPagesInFlight is negative")
}

func errOf(_ *client.AdminAPI, err error) error { return err }

// TestFilteredPagesInFlight: with a filter the total does not say where the list ends, so
// that pages after the end are fetched in vain.
func TestFilteredPagesInFlight(t *testing.T) {
	t.Parallel()
	for inFlight, vain := range map[int]int{1: 0, 4: 4} {
		t.Run(strconv.Itoa(inFlight), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				t.Helper()
				l := &slowList{total: 9, hidden: 100}
				got, _, err := l.iterate(t, nil, client.WithPagesInFlight(inFlight))
				require.NoError(t, err)
				assert.Equal(t, ids(0, 9), got)
				assert.Len(t, l.offsets, 5+vain)
			})
		})
	}
}

// TestPagesArriveInAnyOrder: later pages arrive sooner.
func TestPagesArriveInAnyOrder(t *testing.T) {
	bubble(t, func(t *testing.T) {
		t.Helper()
		l := &slowList{total: 40, before: func(_ *http.Request, offset int) (*http.Response, error) {
			time.Sleep(time.Duration(40-offset) * time.Millisecond)
			return nil, nil //nolint:nilnil // send the page
		}}
		got, _, err := l.iterate(t, nil, client.WithPagesInFlight(7))
		require.NoError(t, err)
		assert.Equal(t, ids(0, 40), got)
	})
}

func TestErrorOfALaterPage(t *testing.T) {
	bubble(t, func(t *testing.T) {
		t.Helper()
		l := &slowList{total: 40, before: func(_ *http.Request, offset int) (*http.Response, error) {
			if offset != 6 {
				return nil, nil //nolint:nilnil // send the page
			}
			return httpmock.NewStringResponse(http.StatusNotFound, "{}"), nil
		}}
		got, _, err := l.iterate(t, nil, client.WithPagesInFlight(4))
		require.ErrorIs(t, err, client.ErrNotFound)
		assert.Equal(t, ids(0, 6), got, "the items before the error")
		assert.Zero(t, l.inFlight)
	})
}

func TestBreakCancelsFetches(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		last               string
		offsets, cancelled []int
	}{
		"at the first item, no other page is fetched": {"client-0", []int{0}, nil},
		"at the second, fetches are cancelled":        {"client-1", []int{0, 2, 4, 6}, []int{2, 4, 6}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				t.Helper()
				l := &slowList{total: 40}
				_, took, err := l.iterate(t, func(id string) bool { synctest.Wait(); return id != tt.last }, client.WithPagesInFlight(3))
				require.NoError(t, err)
				assert.Equal(t, pageTime, took)
				assert.ElementsMatch(t, tt.offsets, l.offsets)
				assert.ElementsMatch(t, tt.cancelled, l.cancelled)
			})
		})
	}
}

// TestPanicReachesTheCaller: a panic of the transport in a fetch is raised again on the
// goroutine of the caller, which can recover from it.
func TestPanicReachesTheCaller(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fail func()
		want any
	}{
		"a panic":            {func() { panic("no hope") }, "no hope"},
		"an ended goroutine": {runtime.Goexit, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				t.Helper()
				l := &slowList{total: 40, before: func(_ *http.Request, offset int) (*http.Response, error) {
					if offset == 4 {
						tt.fail()
					}
					return nil, nil //nolint:nilnil // send the page
				}}
				var got []string
				var err error
				iterate := func() { got, _, err = l.iterate(t, nil, client.WithPagesInFlight(3)) }
				if tt.want != nil {
					assert.PanicsWithValue(t, tt.want, iterate)
					return
				}
				iterate()
				require.ErrorContains(t, err, "the transport ended the goroutine")
				assert.Equal(t, ids(0, 4), got)
			})
		})
	}
}

// TestListChangesDuringIteration: pages that were prefetched by an outdated total are
// dropped.
func TestListChangesDuringIteration(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		total, later int
	}{
		"it grows":             {20, 31},
		"it shrinks":           {20, 9},
		"it shrinks to a page": {20, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				t.Helper()
				l := &slowList{total: tt.total}
				got, _, err := l.iterate(t, func(string) bool {
					l.mu.Lock()
					defer l.mu.Unlock()
					l.total = tt.later
					return true
				}, client.WithPagesInFlight(3))
				require.NoError(t, err)
				assert.Equal(t, ids(0, max(2, tt.later)), got)
			})
		})
	}
}

// TestNoPrefetchOfUnknownCursors: if the cursor of a page is known only from the page before
// it, pages are fetched one at a time.
func TestNoPrefetchOfUnknownCursors(t *testing.T) {
	t.Parallel()
	foreign := func(offset int, h http.Header) {
		h.Set("Link", fmt.Sprintf(`</clients?page_size=2&page_token=from.%d>; rel="next"`, offset+2))
	}
	tests := map[string]struct {
		change func(offset int, h http.Header)
		most   int
	}{
		"no total":       {func(_ int, h http.Header) { h.Del("X-Total-Count") }, 1},
		"no links":       {func(_ int, h http.Header) { h.Del("Link") }, 1},
		"foreign tokens": {foreign, 1},
		"foreign tokens from the third page on, so that prefetched pages are dropped": {func(offset int, h http.Header) {
			if foreign(offset, h); offset < 4 {
				token := base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `{"offset":"%d","v":2}`, offset+2))
				h.Set("Link", fmt.Sprintf(`</clients?page_size=2&page_token=%s>; rel="next"`, token))
			}
		}, 4},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				t.Helper()
				l := &slowList{total: 12}
				api, err := client.New("http://hydra.invalid", client.WithPagesInFlight(4), client.WithHTTPClient(&http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
					q := r.URL.Query()
					if token := q.Get("page_token"); token != "" {
						if own, err := base64.RawURLEncoding.DecodeString(token); err == nil {
							token = string(own)
						}
						offset := regexp.MustCompile(`\d+`).FindString(token)
						if token == `{"offset":"6","v":2}` && !q.Has("limit") { // from here on another server responds
							offset = "0"
						}
						q.Set("offset", offset)
						q.Set("limit", "2")
						r = r.Clone(r.Context())
						r.URL.RawQuery = q.Encode()
					}
					offset, _ := strconv.Atoi(q.Get("offset"))
					resp, err := l.RoundTrip(r)
					if err == nil {
						tt.change(offset, resp.Header)
					}
					return resp, err
				})}))
				require.NoError(t, err)
				got, err := collect(api.AllOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{Limit: 2}), clientID)
				require.NoError(t, err)
				assert.Equal(t, ids(0, 12), got)
				assert.Equal(t, tt.most, l.most)
			})
		})
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestIterationEndsWithItsContext: prefetched pages are not yielded any more.
func TestIterationEndsWithItsContext(t *testing.T) {
	bubble(t, func(t *testing.T) {
		t.Helper()
		l := &slowList{total: 40}
		api, err := client.New("http://hydra.invalid", client.WithPagesInFlight(3), client.WithHTTPClient(&http.Client{Transport: l}))
		require.NoError(t, err)
		ctx, cancel := context.WithCancelCause(t.Context())
		defer cancel(nil)
		var got []string
		for c, err := range api.AllOAuth2Clients(ctx, client.ListOAuth2ClientsParams{Limit: 2}) {
			if err != nil {
				require.ErrorIs(t, err, context.Canceled)
				got = append(got, "error")
				continue
			}
			if got = append(got, c.ClientID); c.ClientID == "client-3" {
				cancel(errors.New("enough"))
			}
		}
		assert.Equal(t, slices.Concat(ids(0, 4), []string{"error"}), got)
		assert.Zero(t, l.inFlight)
	})
}
