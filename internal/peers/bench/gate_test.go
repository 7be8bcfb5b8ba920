package main

import (
	"context"
	"flag"
	"maps"
	"math"
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/internal/peers/contest"
)

// TestAllocations keeps what does not depend on the machine where it is. The transport
// of the test has its part in it.
func TestAllocations(t *testing.T) { // not parallel: others would allocate
	testGoals(t, 10, "allocs/op", "B/op") // the runtime allocates now and then
}

func TestRequestsAndConnections(t *testing.T) {
	testGoals(t, 1, "requests/op", "connections")
}

func testGoals(t *testing.T, attempts int, units ...string) {
	t.Helper()
	require.NoError(t, flag.Set("test.benchtime", "100ms"))
	for _, g := range goals {
		if !slices.Contains(units, g.unit) {
			continue
		}
		least := math.Inf(1)
		for i := 0; i < attempts && least > g.most; i++ {
			least = min(least, measure(t, g.key))
		}
		assert.LessOrEqual(t, least, g.most, "%v", g.key)
	}
}

func measure(t *testing.T, k key) float64 {
	t.Helper()
	i := slices.IndexFunc(contest.Benchmarks, func(b contest.Benchmark) bool { return b.Part == k.part && b.Operation == k.op })
	j := slices.IndexFunc(makers, func(c contest.Contender) bool { return c.Name == k.client })
	result := testing.Benchmark(func(b *testing.B) { contest.Benchmarks[i].Run(b, makers[j]) }) //nolint:thelper // the benchmark itself
	require.NotZero(t, result.N, "%v: see what -bench says", k)
	got := map[string]float64{"allocs/op": float64(result.AllocsPerOp()), "B/op": float64(result.AllocedBytesPerOp())}
	maps.Copy(got, result.Extra)
	require.Contains(t, got, k.unit)
	return got[k.unit]
}

// TestContenders: what is compared does the same.
func TestContenders(t *testing.T) {
	t.Parallel()
	s := contest.Serve()
	t.Cleanup(s.Close)
	for _, c := range makers {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			client, err := c.Connect(t.Context(), contest.MemoryURL, contest.Memory())
			require.NoError(t, err)
			runTwice(t, client)
			client, err = c.Connect(t.Context(), s.URL+"/0s/1003", nil)
			require.NoError(t, err)
			runTwice(t, client)
			require.NoError(t, client.Walk(t.Context(), 1003, 0))
			require.Error(t, client.Walk(t.Context(), 1004, 0))
		})
	}
}

func runTwice(t *testing.T, client *contest.Client) {
	t.Helper()
	for _, operation := range slices.Concat(contest.Operations, contest.Operations) {
		require.NoError(t, client.Run(t.Context(), operation))
	}
}

// TestWrongResultsAreFound: no client is fast by not reading the response.
func TestWrongResultsAreFound(t *testing.T) {
	t.Parallel()
	s := contest.Serve()
	t.Cleanup(s.Close)
	lazy := contest.Contender{New: func(base string, hc *http.Client) (contest.Calls, error) {
		calls, err := thisSDK()(base, hc)
		calls.GetLogin = func(context.Context, string) contest.Result { return contest.Saw(http.StatusNotFound, "") }
		return calls, err
	}}
	client, err := lazy.Connect(t.Context(), s.URL+"/0s/0", nil)
	require.NoError(t, err)
	require.ErrorContains(t, client.Run(t.Context(), "error 404"), "a wrong result")
}
