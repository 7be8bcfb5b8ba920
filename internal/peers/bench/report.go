package main

import (
	"fmt"
	"math"
	"runtime"
	"strings"

	"golang.org/x/perf/benchmath"
	"golang.org/x/perf/benchunit"

	"github.com/hydra-sdk/hydra-admin-go/internal/peers/contest"
)

// sections are what the report says of each part, by the unit that it was measured in.
var sections = []struct {
	part, title string
	units       []string
}{
	{"Memory", "Calls, answered from memory", []string{"sec/op", "cpu-sec/op", "allocs/op", "B/op"}},
	{"Loopback", "Calls, on loopback", []string{"sec/op", "cpu-sec/op"}},
	{"Walk", "All of a list", []string{"sec/op", "cpu-sec/op", "peak-B", "B/op", "allocs/op", "requests/op"}},
	{"Far walk", "All of a long list", []string{"sec/op", "cpu-sec/op", "peak-B", "B/op", "allocs/op", "requests/op"}},
	{"Crowd", "64 goroutines accept 20,000 logins, a server that takes 1 ms, each client as it comes", []string{"sec/op", "cpu-sec/op", "connections"}},
	{"Sequence", "60 calls one after the other, errors and pages among them", []string{"connections"}},
	{"Unknown", "A page with members that the models do not know, and keep, relative to one without", []string{"times"}},
	{"Footprint", "A stripped program that accepts a login", []string{"count"}},
}

var captions = map[string]string{
	"sec/op":      "Time",
	"cpu-sec/op":  "Processor time",
	"allocs/op":   "Allocations, those of the transport of the test and of the check of the result among them",
	"B/op":        "Bytes allocated",
	"peak-B":      "The largest heap of all rounds",
	"requests/op": "Requests",
	"connections": "New connections",
	"times":       "Time",
	"count":       "Size, and what is linked",
}

func (r *results) report() string {
	w := &strings.Builder{}
	fmt.Fprintf(w, "# Results\n\nMeasured by `cd internal/peers/bench && go run . -update` with %s on %s/%s, %d CPUs. Versions of hydra-client-go are named by their number. Where three numbers are given, the one in front is the median of the rounds, and the others hold it with 95 %% confidence.\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	for _, s := range sections {
		ops := operations(s.part)
		if r.values[key{s.part, ops[0], nameSDK, s.units[0]}] == nil {
			continue
		}
		fmt.Fprintf(w, "\n## %s\n", s.title)
		if s.units[0] == "sec/op" {
			for _, other := range []string{nameFloor, nameV1118, nameV221} {
				if r.values[key{s.part, ops[0], other, "sec/op"}] != nil {
					r.table(w, captions["sec/op"]+" relative to "+other, s.part, "sec/op", ops, func(k key) string { return text(r.ratio(k, other)) })
				}
			}
		}
		for _, unit := range s.units {
			r.table(w, captions[unit], s.part, unit, ops, func(k key) string {
				if unit == "times" {
					return text(summary(r.values[k]))
				}
				return scale(r.one(k), unit)
			})
		}
	}
	r.writeGoals(w)
	return w.String()
}

// operations are those of a part.
func operations(part string) (ops []string) {
	if part == "Footprint" {
		return []string{"KiB", "KiB more than by hand", "other modules"}
	}
	for _, b := range contest.Benchmarks {
		if b.Part == part {
			ops = append(ops, b.Operation)
		}
	}
	return ops
}

func (r *results) table(w *strings.Builder, caption, part, unit string, ops []string, cell func(key) string) {
	fmt.Fprintf(w, "\n%s.\n\n| | %s |\n|---|%s\n", caption, strings.Join(ops, " | "), strings.Repeat("---|", len(ops)))
	for _, c := range contenders {
		if r.values[key{part, ops[0], c.name, unit}] == nil {
			continue
		}
		fmt.Fprintf(w, "| %s |", c.name)
		for _, op := range ops {
			fmt.Fprintf(w, " %s |", cell(key{part, op, c.name, unit}))
		}
		fmt.Fprintln(w)
	}
}

func scale(v float64, unit string) string {
	switch unit {
	case "sec/op", "cpu-sec/op":
		return benchunit.Scale(v, benchunit.Decimal) + "s"
	case "B/op", "peak-B":
		return benchunit.Scale(v, benchunit.Binary) + "B"
	}
	return fmt.Sprintf("%.0f", v)
}

func text(s benchmath.Summary) string {
	if math.IsInf(s.Lo, 0) {
		return fmt.Sprintf("%.2f (too few rounds)", s.Center)
	}
	return fmt.Sprintf("%.2f (%.2f to %.2f)", s.Center, s.Lo, s.Hi)
}
