package main

import (
	"bytes"
	"errors"
	"fmt"
	"math"

	"github.com/hydra-sdk/hydra-admin-go/internal/peers/contest"
)

// A goal is what this SDK wants to reach, and what was measured.
type goal struct {
	what    string
	limit   float64
	atLeast bool // and not at most
	got     interval
}

// met reports whether the measurement shows that the goal is reached, missed whether it
// shows the contrary. It may be too noisy to show either.
func (g goal) met() bool {
	return g.atLeast && g.got.low >= g.limit || !g.atLeast && g.got.high <= g.limit
}
func (g goal) missed() bool {
	return g.atLeast && g.got.high < g.limit || !g.atLeast && g.got.low > g.limit
}

func exactly(v float64) interval { return interval{v, v, v} }

// callGoals are the goals of the calls: time relative to a client written by hand, how
// many times as fast as v1.11.8, and allocations.
var callGoals = map[string]struct{ time, faster, allocations float64 }{
	"accept login":     {0.75, 2.4, 31},
	"get consent":      {0.45, 2.7, 80},
	"introspect":       {0.75, 2.4, 32},
	"list page of 500": {0.45, 2.4, 14_500},
	"error 404":        {0.80, 2.2, 22},
	"error 410":        {0.80, 2.2, 22},
}

// goals are those of what was measured.
func (r *report) goals() (list []goal) {
	atMost := func(what string, limit float64, got interval) { list = append(list, goal{what, limit, false, got}) }
	atLeast := func(what string, limit float64, got interval) { list = append(list, goal{what, limit, true, got}) }
	for _, op := range contest.Names {
		want := callGoals[op]
		if costs, ok := r.calls[false][op]; ok {
			c := costs[nameSDK]
			atMost(op+" from memory, to by hand", want.time, c.ratio)
			atLeast(op+" from memory, times as fast as v1.11.8", want.faster, c.toV1118)
			atMost(op+", allocations", want.allocations, exactly(math.Round(c.mallocs)))
		}
		if costs, ok := r.calls[true][op]; ok {
			atMost(op+" on loopback, to by hand", 1.02, costs[nameSDK].ratio)
		}
	}
	for _, w := range r.walks {
		one, four := w.results[nameSDK], w.results[nameFour]
		if w.work == 0 {
			limits := map[string][2]float64{"0s": {0.4, 0.4}, "20ms": {0.75, 1. / 3}}[w.wait]
			atMost(w.title+", to v1.11.8", limits[0], one.toV1118)
			atMost(w.title+", 4 in flight, to v1.11.8", limits[1], four.toV1118)
		}
		atMost(w.title+", peak heap in MiB", 16, exactly(mib(one.peak)))
		atMost(w.title+", 4 in flight, peak heap in MiB", 16, exactly(mib(four.peak)))
	}
	if c, ok := r.crowd[nameSDK]; ok {
		atLeast("64 goroutines, calls a second to v1.11.8", 1.4, c.toV1118)
		atMost("64 goroutines, connections", 128, exactly(float64(c.connections)))
	}
	if n, ok := r.connections[nameSDK]; ok {
		atMost("60 calls one after the other, connections", 1, exactly(float64(n)))
	}
	if r.unknown != (interval{}) {
		atMost("decoding clients with unknown members, to the same without them", 1.4, r.unknown)
	}
	for _, s := range r.footprint {
		if s.name == nameSDK {
			atMost("KiB more than a program written by hand", 700, exactly(float64((s.bytes-r.footprint[0].bytes)>>10)))
			atMost("other modules linked", 4, exactly(float64(s.modules)))
		}
	}
	return list
}

func mib(n uint64) float64 { return float64(n) / (1 << 20) }

func (r *report) writeGoals(w *bytes.Buffer) {
	goals := r.goals()
	rows := make([]row, 0, len(goals))
	for _, g := range goals {
		is, limit := "not sure", fmt.Sprintf("at most %.4g", g.limit)
		if g.atLeast {
			limit = fmt.Sprintf("at least %.4g", g.limit)
		}
		switch {
		case g.met():
			is = "yes"
		case g.missed():
			is = "**no**"
		}
		got := g.got.String()
		if g.got.low == g.got.high {
			got = fmt.Sprintf("%.4g", g.got.median)
		}
		rows = append(rows, row{g.what, []string{limit, got, is}})
	}
	fmt.Fprint(w, "\n## Goals\n\nOne is reached if the whole interval is on the right side of it.\n")
	table(w, []string{"goal", "measured", "reached"}, rows)
}

// check fails if a goal is missed for sure: a result that noise may explain does not
// fail it.
func (r *report) check() error {
	var errs []error
	for _, g := range r.goals() {
		if g.missed() {
			errs = append(errs, fmt.Errorf("%s: %s is beyond %g", g.what, g.got, g.limit))
		}
	}
	return errors.Join(errs...)
}
