package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"github.com/hydra-sdk/hydra-admin-go/internal/peers/contest"
)

const (
	reportFile = "RESULTS.md"
	chartFile  = "results.svg"
)

// write prints the report, and writes it and its chart into files if update is set.
func (r *report) write(w io.Writer, update bool) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Results\n\nMeasured by `cd internal/peers/bench && go run . -update` with %s on %s/%s, %d CPUs. Versions of hydra-client-go are named by their number. Where three numbers are given, the one in front is the median, and the others hold it with 95 %% confidence.\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	for _, network := range []bool{false, true} {
		if r.calls[network] != nil {
			r.writeCalls(&b, network)
		}
	}
	r.writeWalks(&b)
	r.writeCrowd(&b)
	r.writeConnections(&b)
	r.writeFootprint(&b)
	r.writeGoals(&b)
	if _, err := w.Write(b.Bytes()); err != nil || !update {
		return err
	}
	if err := os.WriteFile(reportFile, b.Bytes(), 0o600); err != nil {
		return err
	}
	if r.calls[false] == nil {
		return nil
	}
	return r.draw(chartFile)
}

// A row is what a table says about a contender.
type row struct {
	name  string
	cells []string
}

func table(w *bytes.Buffer, head []string, rows []row) {
	fmt.Fprintf(w, "\n| | %s |\n|---|%s\n", strings.Join(head, " | "), strings.Repeat("---|", len(head)))
	for _, r := range rows {
		fmt.Fprintf(w, "| %s | %s |\n", r.name, strings.Join(r.cells, " | "))
	}
}

// forEach makes a row of each contender that has one.
func forEach(names []string, cells func(name string) []string) (rows []row) {
	for _, name := range names {
		if c := cells(name); c != nil {
			rows = append(rows, row{name, c})
		}
	}
	return rows
}

func (i interval) String() string { return fmt.Sprintf("%.2f (%.2f to %.2f)", i.median, i.low, i.high) }

func (r *report) writeCalls(w *bytes.Buffer, network bool) {
	calls, title := r.calls[network], "Calls, answered from memory"
	if network {
		title = "Calls, on loopback"
	}
	each := func(cell func(callCost) string) []row {
		return forEach(order, func(name string) (cells []string) {
			for _, op := range contest.Names {
				cells = append(cells, cell(calls[op][name]))
			}
			return cells
		})
	}
	fmt.Fprintf(w, "\n## %s\n\nTime relative to a client written by hand; less is better.\n", title)
	table(w, contest.Names, each(func(c callCost) string { return c.ratio.String() }))
	fmt.Fprint(w, "\nHow many times as fast as v1.11.8.\n")
	table(w, contest.Names, each(func(c callCost) string { return c.toV1118.String() }))
	fmt.Fprint(w, "\nMicroseconds a call, and processor time relative to the client written by hand.\n")
	table(w, contest.Names, each(func(c callCost) string { return fmt.Sprintf("%.1f, %.2f", c.time.median, c.cpu.median) }))
	if !network {
		fmt.Fprint(w, "\nAllocations and bytes a call, those of the transport of the test and of the check of the result among them.\n")
		table(w, contest.Names, each(func(c callCost) string { return fmt.Sprintf("%.0f, %.0f B", c.mallocs, c.bytes) }))
	}
}

func (r *report) writeWalks(w *bytes.Buffer) {
	for _, walk := range r.walks {
		fmt.Fprintf(w, "\n## All of %s\n", walk.title)
		table(w, []string{"ms", "to by hand", "to v1.11.8", "processor ms", "peak heap MiB", "allocated MiB", "allocations", "requests"}, forEach(append(order, nameFour), func(name string) []string {
			c, ok := walk.results[name]
			if !ok {
				return nil
			}
			return []string{
				fmt.Sprintf("%.0f", c.wall.median), c.ratio.String(), c.toV1118.String(), fmt.Sprintf("%.0f", c.cpu),
				fmt.Sprintf("%.1f", mib(c.peak)), fmt.Sprintf("%.0f", mib(c.bytes)), fmt.Sprint(c.mallocs), fmt.Sprint(c.requests),
			}
		}))
	}
}

func (r *report) writeCrowd(w *bytes.Buffer) {
	if r.crowd == nil {
		return
	}
	fmt.Fprint(w, "\n## 64 goroutines accept logins, a server that takes 1 ms, each client as it comes\n")
	table(w, []string{"calls a second", "to v1.11.8", "processor µs a call", "connections"}, forEach(order, func(name string) []string {
		c, ok := r.crowd[name]
		if !ok {
			return nil
		}
		return []string{
			fmt.Sprintf("%.0f (%.0f to %.0f)", c.perSecond.median, c.perSecond.low, c.perSecond.high),
			c.toV1118.String(), fmt.Sprintf("%.0f", c.cpu.median), fmt.Sprint(c.connections),
		}
	}))
}

func (r *report) writeConnections(w *bytes.Buffer) {
	if r.connections == nil {
		return
	}
	fmt.Fprint(w, "\n## Connections of 60 calls one after the other, errors and pages among them\n")
	table(w, []string{"connections"}, forEach(order, func(name string) []string { return []string{fmt.Sprint(r.connections[name])} }))
}

func (r *report) writeFootprint(w *bytes.Buffer) {
	if r.footprint == nil {
		return
	}
	fmt.Fprint(w, "\n## A stripped program that accepts a login\n")
	table(w, []string{"KiB", "more than by hand", "other modules"}, forEach(order, func(name string) []string {
		for _, s := range r.footprint {
			if s.name == name {
				return []string{fmt.Sprint(s.bytes >> 10), fmt.Sprint((s.bytes - r.footprint[0].bytes) >> 10), fmt.Sprint(s.modules)}
			}
		}
		return nil
	}))
}
