package main

import (
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"os"
	"runtime"
	"strconv"
	"strings"

	"github.com/go-analyze/charts"
	"golang.org/x/perf/benchmath"
	"golang.org/x/perf/benchunit"

	"github.com/hydra-sdk/hydra-admin-go/internal/peers/contest"
)

// sections are the parts of the report, and the units that they show.
var sections = []struct{ part, title, units string }{
	{"Memory", "Calls, with responses from memory", "sec/op,allocs/op,B/op"},
	{"Loopback", "Calls, on loopback", "sec/op"},
	{"Walk", "All of a list", "sec/op,peak-B,B/op,allocs/op,requests/op"},
	{"Far walk", "All of a long list", "sec/op,peak-B,B/op,allocs/op,requests/op"},
	{"Crowd", "64 goroutines accept 20,000 logins, a server that takes 1 ms, each client as it comes", "sec/op,connections"},
	{"Sequence", "60 calls one after the other, errors and pages among them", "connections"},
	{"Footprint", "A stripped program that accepts a login", "count"},
}

const intro = `# Results

Measured by ^cd internal/peers/bench && go run . -update^ with %s on %s/%s, %d CPUs. Versions of hydra-client-go are named by their number, and client-go is v1.22.92. The time, sec/op, is the median of the rounds; where three numbers are given, the two in brackets hold it with 95 %% confidence. Allocations include those of the transport of the test and of the check of the result. peak-B is the largest heap of all rounds, and connections are new ones.
`

// report returns the report, and an error if a goal is missed for sure.
func (r results) report() (string, error) {
	w := &strings.Builder{}
	fmt.Fprintf(w, strings.ReplaceAll(intro, "^", "`"), runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	for _, s := range sections {
		ops := operations(s.part)
		title := "\n## " + s.title + "\n"
		for unit := range strings.SplitSeq(s.units, ",") {
			ops := ops
			if unit == "sec/op" && r[key{s.part, together, nameSDK, unit}] != nil {
				ops = append(ops, together)
			}
			if r[key{s.part, ops[0], nameSDK, unit}] == nil {
				continue
			}
			fmt.Fprint(w, title)
			title = ""
			for _, other := range []string{nameFloor, nameV1118, nameClientGo} {
				if unit == "sec/op" && r[key{s.part, ops[0], other, unit}] != nil {
					r.table(w, "Time relative to "+other, s.part, unit, ops, func(k key) string { return text(r.ratio(k, other)) })
				}
			}
			r.table(w, unit, s.part, unit, ops, func(k key) string { return scale(r.one(k), unit) })
		}
	}
	missed := r.reportGoals(w)
	return w.String(), missed
}

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

func (r results) table(w *strings.Builder, caption, part, unit string, ops []string, cell func(key) string) {
	fmt.Fprintf(w, "\n%s.\n\n| | %s |\n|---|%s\n", caption, strings.Join(ops, " | "), strings.Repeat("---|", len(ops)))
	for _, c := range contenders {
		if r[key{part, ops[0], c.name, unit}] == nil {
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
	case "sec/op":
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

// A goal is the most that a measurement may be, relative to another client if that is
// named. The goals for allocations, bytes, requests and connections are what is, with
// little room, and so keep it. There are none for what a run cannot tell: the time of a 404
// to by hand, and on loopback those of calls that are mostly the connection, but for all of
// them together, and that of 64 goroutines.
type goal struct {
	key
	other string
	most  float64
}

//go:embed goals.csv
var goalsCSV string

func goals() (list []goal) {
	rows, err := csv.NewReader(strings.NewReader(goalsCSV)).ReadAll()
	for _, row := range rows[min(1, len(rows)):] {
		most, numError := strconv.ParseFloat(row[5], 64)
		err = errors.Join(err, numError)
		list = append(list, goal{key{row[0], row[1], row[2], row[3]}, row[4], most})
	}
	if err != nil {
		panic(err)
	}
	return list
}

// reportGoals returns an error if a goal is missed for sure: a result that noise may
// explain is none.
func (r results) reportGoals(w *strings.Builder) (err error) {
	fmt.Fprint(w, "\n## Goals\n\nOne is reached if the whole interval is below it.\n\n| | | | at most | measured | reached |\n|---|---|---|---|---|---|\n")
	for _, g := range goals() {
		if r[g.key] == nil {
			continue
		}
		one := r.one(g.key)
		got := benchmath.Summary{Lo: one, Center: one, Hi: one}
		what, most, measured, reached := g.unit, scale(g.most, g.unit), scale(one, g.unit), "not sure"
		if g.other != "" {
			got = r.ratio(g.key, g.other)
			what, most, measured = "time to "+g.other, fmt.Sprint(g.most), text(got)
		}
		if got.Hi <= g.most {
			reached = "yes"
		} else if got.Lo > g.most {
			reached = "**no**"
			err = errors.Join(err, fmt.Errorf("%s: %s, %s, %s: %s is above %s", g.part, g.op, g.client, what, measured, most))
		}
		fmt.Fprintf(w, "| %s: %s | %s | %s | %s | %s | %s |\n", g.part, g.op, g.client, what, most, measured, reached)
	}
	return err
}

// draw draws the time of calls from memory, relative to a client written by hand, if
// that was measured.
func (r results) draw(file string) error {
	var names []string
	var values [][]float64
	for _, c := range contenders {
		var times []float64
		for _, op := range contest.Operations {
			if k := (key{"Memory", op, c.name, "sec/op"}); r[k] != nil {
				times = append(times, r.ratio(k, nameFloor).Center)
			}
		}
		if times != nil && c.name != "by hand, again" && c.work == "" {
			names, values = append(names, c.name), append(values, times)
		}
	}
	if values == nil {
		return nil
	}
	o := charts.NewBarChartOptionWithData(values)
	o.Title.Text = "Time of a call, by hand = 1"
	o.CategoryAxis.Labels, o.CategoryAxis.LabelCount = contest.Operations, len(contest.Operations)
	o.Legend.SeriesNames = names
	o.Legend.Offset = charts.OffsetStr{Top: "30"}
	o.Padding = charts.NewBoxEqual(16)
	p := charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputSVG, Width: 960, Height: 420})
	if err := p.BarChart(o); err != nil {
		return err
	}
	svg, err := p.Bytes()
	if err != nil {
		return err
	}
	return os.WriteFile(file, svg, 0o600)
}
