package main

import (
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/perf/benchmath"
)

// A goal is the most that a measurement may be, relative to another client if that is
// named. The goals for allocations, bytes, requests and connections are what is, with
// little room, and so keep it.
type goal struct {
	key
	other string
	most  float64
}

//go:embed goals.csv
var goalsCSV string

// goals do not include what a run cannot tell: the time of a 404 to by hand, and that of
// 64 goroutines and of unknown members.
var goals = func() (list []goal) {
	rows, err := csv.NewReader(strings.NewReader(goalsCSV)).ReadAll()
	if err != nil {
		panic(err)
	}
	for _, row := range rows[1:] {
		most, err := strconv.ParseFloat(row[5], 64)
		if err != nil {
			panic(err)
		}
		list = append(list, goal{key{row[0], row[1], row[2], row[3]}, row[4], most})
	}
	return list
}()

func (r *results) got(g goal) benchmath.Summary {
	if g.other != "" {
		return r.ratio(g.key, g.other)
	}
	v := r.one(g.key)
	return benchmath.Summary{Lo: v, Center: v, Hi: v}
}

func (r *results) writeGoals(w *strings.Builder) {
	fmt.Fprint(w, "\n## Goals\n\nOne is reached if the whole interval is below it.\n\n| | | | at most | measured | reached |\n|---|---|---|---|---|---|\n")
	for _, g := range goals {
		if r.values[g.key] == nil {
			continue
		}
		got, is := r.got(g), "not sure"
		if got.Hi <= g.most {
			is = "yes"
		} else if got.Lo > g.most {
			is = "**no**"
		}
		what, most, measured := g.unit, scale(g.most, g.unit), scale(got.Center, g.unit)
		if g.other != "" {
			what, most, measured = "time to "+g.other, fmt.Sprint(g.most), text(got)
		}
		fmt.Fprintf(w, "| %s: %s | %s | %s | %s | %s | %s |\n", g.part, g.op, g.client, what, most, measured, is)
	}
}

// check fails if a goal is missed for sure: a result that noise may explain does not
// fail it.
func (r *results) check() error {
	var errs []error
	for _, g := range goals {
		if r.values[g.key] != nil && r.got(g).Lo > g.most {
			errs = append(errs, fmt.Errorf("%s: %s, %s, %s %s: %s is above %g", g.part, g.op, g.client, g.unit, g.other, text(r.got(g)), g.most))
		}
	}
	return errors.Join(errs...)
}
