package main

import (
	"context"
	"math"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/internal/peers/contest"
)

// TestAllocations keeps what does not depend on the machine where it is. The transport
// of the test has its part in it.
func TestAllocations(t *testing.T) { // not parallel: others would allocate
	most := map[string]struct{ mallocs, bytes float64 }{
		"accept login":     {30, 3_000},
		"get consent":      {37, 3_800},
		"introspect":       {24, 2_200},
		"list page of 500": {1_100, 480_000},
		"error 404":        {22, 2_000},
		"error 410":        {21, 3_150},
	}
	calls, err := thisSDK().Calls("")
	require.NoError(t, err)
	for _, name := range contest.Names {
		least := contest.Result{Mallocs: math.MaxUint64, Bytes: math.MaxUint64}
		const n = 100
		for range 10 { // the runtime allocates now and then
			result, err := calls.Do(contest.Job{Kind: "calls", Operation: name, Count: n})
			require.NoError(t, err)
			least.Mallocs, least.Bytes = min(least.Mallocs, result.Mallocs), min(least.Bytes, result.Bytes)
		}
		t.Logf("%s: %d allocations, %d bytes", name, least.Mallocs/n, least.Bytes/n)
		assert.LessOrEqual(t, math.Round(float64(least.Mallocs)/n), most[name].mallocs, "%s, allocations", name)
		assert.LessOrEqual(t, float64(least.Bytes)/n, most[name].bytes, "%s, bytes", name)
		assert.LessOrEqual(t, most[name].mallocs, callGoals[name].allocations, "%s: the gate is not above the goal", name)
	}
}

func TestRequestsAndConnections(t *testing.T) {
	tests := map[string]struct {
		maker                 contest.Maker
		job                   contest.Job
		requests, connections int64
	}{
		"all clients, page by page":   {thisSDK(), contest.Job{Kind: "walk", Count: 20_000}, 40, 1},
		"all clients, four in flight": {makers[nameFour], contest.Job{Kind: "walk", Count: 20_000}, 40, 4},
		"one after the other":         {thisSDK(), contest.Job{Kind: "calls", Operation: "accept login", Count: 50}, 50, 1},
		"errors":                      {thisSDK(), contest.Job{Kind: "calls", Operation: "error 410", Count: 50}, 50, 1},
		"pages":                       {thisSDK(), contest.Job{Kind: "calls", Operation: "list page of 500", Count: 5}, 5, 1},
		"a crowd":                     {thisSDK(), contest.Job{Kind: "crowd", Count: 64, Time: 200 * time.Millisecond}, 0, 128},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s, err := contest.Serve()
			require.NoError(t, err)
			defer s.Close()
			calls, err := tt.maker.Calls(s.URL + "/1ms/20000")
			require.NoError(t, err)
			result, err := calls.Do(tt.job)
			require.NoError(t, err)
			if tt.requests > 0 {
				assert.Equal(t, tt.requests, s.Requests.Load(), "requests")
			} else {
				assert.EqualValues(t, result.Calls, s.Requests.Load(), "requests")
			}
			assert.LessOrEqual(t, s.Connections.Load(), tt.connections, "connections")
		})
	}
}

// TestContenders: what is compared does the same.
func TestContenders(t *testing.T) {
	s, err := contest.Serve()
	require.NoError(t, err)
	defer s.Close()
	for name, maker := range makers {
		for _, base := range []string{"", s.URL + "/0s/1003"} {
			calls, err := maker.Calls(base)
			require.NoError(t, err)
			for _, op := range contest.Names {
				_, err := calls.Do(contest.Job{Kind: "calls", Operation: op, Count: 2})
				require.NoError(t, err, name)
			}
			if base != "" {
				_, err = calls.Do(contest.Job{Kind: "walk", Count: 1003})
				require.NoError(t, err, name)
			}
		}
	}
}

// TestWrongResultsAreFound: nobody is fast by not reading the answer.
func TestWrongResultsAreFound(t *testing.T) {
	t.Parallel()
	var lazy contest.Maker = func(base string, hc *http.Client) (contest.Calls, error) {
		calls, err := thisSDK()(base, hc)
		calls.GetLogin = func(context.Context, string) (int, string) { return http.StatusNotFound, "" }
		return calls, err
	}
	calls, err := lazy.Calls("")
	require.NoError(t, err)
	_, err = calls.Do(contest.Job{Kind: "calls", Operation: "error 404", Count: 1})
	require.ErrorContains(t, err, "a wrong result")
}
