package client_test

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
)

// outage is a server that is away for five seconds. A request takes a tenth of a second.
type outage struct {
	failing  func() (*http.Response, error)
	start    time.Time
	during   atomic.Int64 // requests in the outage
	refusals atomic.Int64 // of retries
}

func (o *outage) RoundTrip(*http.Request) (*http.Response, error) {
	after(100 * time.Millisecond)
	if time.Since(o.start) < 5*time.Second {
		o.during.Add(1)
		return o.failing()
	}
	return httpmock.NewStringResponse(http.StatusOK, `{"client_id":"c"}`), nil
}

func (o *outage) RetryRefused(context.Context, client.Operation) { o.refusals.Add(1) }

// callFrom makes calls from 64 goroutines until the outage is over.
func (o *outage) callFrom64(t *testing.T, api *client.AdminAPI) (calls, failed int64) {
	t.Helper()
	var made, lost atomic.Int64
	var callers sync.WaitGroup
	for range 64 {
		callers.Go(func() {
			for time.Since(o.start) < 5*time.Second {
				made.Add(1)
				if _, err := api.GetOAuth2Client(t.Context(), "c"); err != nil {
					lost.Add(1)
				}
			}
		})
	}
	callers.Wait()
	return made.Load(), lost.Load()
}

// TestOutage: an outage costs little more requests than there are calls, and a server that
// only restarts costs no call.
func TestOutage(t *testing.T) {
	t.Parallel()
	for name, failing := range map[string]func() (*http.Response, error){
		"a gateway without a server": func() (*http.Response, error) {
			return httpmock.NewStringResponse(http.StatusServiceUnavailable, ""), nil
		},
		"connections that break": func() (*http.Response, error) { return nil, syscall.ECONNRESET },
		"a server without a database": func() (*http.Response, error) {
			return httpmock.NewStringResponse(http.StatusInternalServerError, ""), nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				o := &outage{failing: failing, start: time.Now()}
				api := newClient(t, "http://hydra", client.WithHTTPClient(&http.Client{Transport: o}))
				calls, failed := o.callFrom64(t, api)
				perCall := float64(o.during.Load()) / float64(calls)
				assert.LessOrEqual(t, perCall, 1.2)
				assert.Positive(t, o.refusals.Load())
				t.Logf("%d calls, %d failed, %.3f requests per call", calls, failed, perCall)
			})
		})
	}
	for name, tt := range map[string]struct {
		failing func() (*http.Response, error)
		perCall float64 // at most
		probes  bool    // no connection can be made
	}{
		"nobody listens": {func() (*http.Response, error) {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
		}, 1.2, true},
		"too many requests": {func() (*http.Response, error) { return httpmock.NewStringResponse(http.StatusTooManyRequests, ""), nil }, 8, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				o := &outage{failing: tt.failing, start: time.Now()}
				api := newClient(t, "http://hydra", client.WithHTTPClient(&http.Client{Transport: o}))
				calls, failed := o.callFrom64(t, api)
				assert.Zero(t, failed)
				assert.Zero(t, o.refusals.Load())
				perCall := float64(o.during.Load()) / float64(calls)
				assert.LessOrEqual(t, perCall, tt.perCall)
				t.Logf("%d calls, %.3f requests per call, %v", calls, perCall, time.Since(o.start))
				assert.Less(t, time.Since(o.start), 14*time.Second, "the longest pause after the outage, and a request")
				if tt.probes {
					assert.InDelta(t, 64+9, o.during.Load(), 1, "the first attempts, five retries, and one for each of five seconds but the last")
				}
			})
		})
	}
}

// retriesLeft empties the budget of api, whose transport always fails, and returns how many
// retries it had.
func retriesLeft(t *testing.T, api *client.AdminAPI, attempts *int, opts ...client.Option) int {
	t.Helper()
	for retries := 0; ; retries++ {
		before := *attempts
		_, err := api.GetOAuth2Client(t.Context(), "c", append(opts, client.WithRetries(1))...)
		require.ErrorIs(t, err, client.ErrServiceUnavailable)
		if *attempts == before+1 {
			return retries
		}
	}
}

// TestBudget: the budget belongs to an AdminAPI and its copies, whatever the options of a
// call are, and comes back by time and success.
func TestBudget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		attempts, status := 0, http.StatusServiceUnavailable
		mock := roundTripper(func(*http.Request) (*http.Response, error) {
			attempts++
			return httpmock.NewStringResponse(status, `{"client_id":"c"}`), nil
		})
		api := newClient(t, "http://hydra", client.WithHTTPClient(&http.Client{Transport: mock}))
		first := retriesLeft(t, api, &attempts)
		assert.InDelta(t, 53, first, 4, "50, and one for each second that the retries took")

		same := *api
		assert.Zero(t, retriesLeft(t, &same, &attempts), "a copy")
		assert.Zero(t, retriesLeft(t, api, &attempts, client.WithHTTPClient(&http.Client{Transport: mock}), client.WithTimeout(time.Minute)))
		after(5 * time.Second)
		assert.InDelta(t, 5, retriesLeft(t, api, &attempts), 1, "one a second")

		for _, healthy := range []int{http.StatusOK, http.StatusNotFound} {
			status = healthy
			for range 100 {
				_, _ = api.GetOAuth2Client(t.Context(), "c")
			}
			status = http.StatusServiceUnavailable
			assert.InDelta(t, 10, retriesLeft(t, api, &attempts), 2, "one for ten calls that get a response")
		}
		for _, unhealthy := range []int{http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable} {
			status = unhealthy
			for range 100 {
				_, _ = api.GetOAuth2Client(t.Context(), "c", client.WithRetries(0))
			}
			status = http.StatusServiceUnavailable
			assert.Zero(t, retriesLeft(t, api, &attempts), "status %d gives nothing back", unhealthy)
		}
		other := newClient(t, "http://hydra", client.WithHTTPClient(&http.Client{Transport: mock}))
		assert.InDelta(t, first, retriesLeft(t, other, &attempts), 4, "another AdminAPI has its own")

		after(time.Hour)
		assert.InDelta(t, first, retriesLeft(t, api, &attempts), 4, "never more than the first time")
	})
}

// TestEmptyBudgetIsLogged: the line of a call that had no retry says so.
func TestEmptyBudgetIsLogged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		attempts := 0
		api := newClient(t, "http://hydra", client.WithLogger(slog.New(slog.NewTextHandler(&out, nil))), client.WithHTTPClient(&http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
			attempts++
			return httpmock.NewStringResponse(http.StatusServiceUnavailable, ""), nil
		})}))
		retriesLeft(t, api, &attempts)
		lines := bytes.Split(bytes.TrimSpace(out.Bytes()), []byte("\n"))
		for i, line := range lines {
			assert.Equal(t, i == len(lines)-1, bytes.Contains(line, []byte("retry_budget_empty=true")), string(line))
		}
	})
}
