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

// TestGoals keeps what does not depend on the machine where it is. The transport of the
// test has its part in allocations.
func TestGoals(t *testing.T) { // not parallel: others would allocate
	require.NoError(t, flag.Set("test.benchtime", "100ms"))
	attempts := map[string]int{"allocs/op": 10, "B/op": 10, "requests/op": 1, "connections": 1} // the runtime allocates now and then
	for _, g := range goals() {
		least := math.Inf(1)
		for i := 0; i < attempts[g.unit] && least > g.most; i++ {
			least = min(least, measure(t, g.key))
		}
		if attempts[g.unit] > 0 {
			assert.LessOrEqual(t, least, g.most, "%v", g.key)
		}
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

// TestContenders: all contenders do the same, and so does what is compared with itself.
func TestContenders(t *testing.T) {
	t.Parallel()
	s := contest.Serve()
	t.Cleanup(s.Close)
	for _, c := range makers {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			memory, err := c.Connect(t.Context(), contest.MemoryURL, contest.Memory())
			require.NoError(t, err)
			loopback, err := c.Connect(t.Context(), s.URL+"/0s/1003", nil)
			require.NoError(t, err)
			for _, operation := range slices.Concat(contest.Operations, contest.Operations) {
				require.NoError(t, memory.Run(t.Context(), operation))
				require.NoError(t, loopback.Run(t.Context(), operation))
			}
			require.NoError(t, loopback.Walk(t.Context(), 1003))
			require.Error(t, loopback.Walk(t.Context(), 1004))
		})
	}
}

// TestWrongResultsAreFound: no client is fast by not reading the response.
func TestWrongResultsAreFound(t *testing.T) {
	t.Parallel()
	lazy := contest.Contender{New: func(base string, hc *http.Client) (contest.Calls, error) {
		calls, err := callsOfSDK()(base, hc)
		calls.GetLogin = func(context.Context, string) contest.Result { return contest.Saw(http.StatusNotFound, "") }
		return calls, err
	}}
	client, err := lazy.Connect(t.Context(), contest.MemoryURL, contest.Memory())
	require.NoError(t, err)
	require.ErrorContains(t, client.Run(t.Context(), "error 404"), "a wrong result")
}

// TestTogether: each call counts as much as the others, however long it takes.
func TestTogether(t *testing.T) {
	t.Parallel()
	r := results{}
	for i, op := range contest.Small {
		for _, client := range []string{nameFloor, nameSDK} {
			k := key{"Loopback", op, client, "sec/op"}
			r.add(k, float64(1+i)*1000)
			r.add(k, 1)
		}
		r[key{"Loopback", op, nameSDK, "sec/op"}][0] /= 2
	}
	r.measureTogether()
	assert.InDelta(t, 0.5, r[key{"Loopback", together, nameSDK, "sec/op"}][0]/r[key{"Loopback", together, nameFloor, "sec/op"}][0], 1e-9)
	assert.InDelta(t, 1, r[key{"Loopback", together, nameSDK, "sec/op"}][1], 1e-9)
	assert.Empty(t, r[key{"Memory", together, nameSDK, "sec/op"}])
}
