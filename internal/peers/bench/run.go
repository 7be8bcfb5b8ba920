package main

import (
	"bytes"
	"debug/buildinfo"
	"fmt"
	"log"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchmath"

	"github.com/hydra-sdk/hydra-admin-go/internal/peers/contest"
)

// A key names what was measured.
type key struct{ part, op, client, unit string }

// results have a value of each round.
type results map[key][]float64

func (r results) add(k key, value float64) { r[k] = append(r[k], value) }

func has(list, part string) bool { return slices.Contains(strings.Split(list, ","), part) }

// measure lets the contenders take turns.
func (r results) measure(dir, parts string, rounds int) error {
	server := contest.Serve()
	defer server.Close()
	for _, b := range contest.Benchmarks {
		if !has(parts, b.Part) {
			continue
		}
		log.Printf("measuring: %s, %s", b.Part, b.Operation)
		for range (rounds + b.Every - 1) / b.Every {
			for _, i := range rand.Perm(len(contenders)) { //nolint:gosec // no secret
				c := contenders[i]
				if !has(c.parts, b.Part) {
					continue
				}
				if err := r.run(dir, server.URL, c, b); err != nil {
					return fmt.Errorf("%s: %w", c.name, err)
				}
			}
		}
	}
	r.measureTogether()
	for _, c := range contenders {
		if has(parts, "Footprint") && has(c.parts, "Footprint") {
			if err := r.measureFootprint(dir, c); err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
		}
	}
	return nil
}

// together are the calls with small responses as one: where each of them takes mostly what
// the connection takes, a run cannot tell one client from another by one call.
const together = "small calls together"

// measureTogether adds the geometric mean of the times of small calls, of each round.
func (r results) measureTogether() {
	for _, c := range contenders {
		for _, part := range []string{"Memory", "Loopback"} {
			first := r[key{part, contest.Small[0], c.name, "sec/op"}]
			for i := range first {
				product := 1.0
				for _, op := range contest.Small {
					product *= r[key{part, op, c.name, "sec/op"}][i]
				}
				r.add(key{part, together, c.name, "sec/op"}, math.Pow(product, 1/float64(len(contest.Small))))
			}
		}
	}
}

// run gives a contender a turn.
func (r results) run(dir, url string, c contender, b contest.Benchmark) error {
	program, err := c.build(dir, "test", "-c")
	if err != nil {
		return err
	}
	client := c.name
	if c.work != "" {
		client = nameSDK
	}
	pattern := fmt.Sprintf("^BenchmarkCalls$/^%s$/^op=%s$/^client=%s$", b.Part, b.Operation, regexp.QuoteMeta(client))
	cmd := exec.Command(program, "-test.run=^$", "-test.bench="+pattern, "-test.benchtime="+b.Time) //nolint:gosec,noctx // it was just built
	cmd.Env = append(os.Environ(), contest.ServerEnv+"="+url)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	for in := benchfmt.NewReader(bytes.NewReader(out), client); in.Scan(); {
		if result, ok := in.Result().(*benchfmt.Result); ok {
			for _, v := range result.Values {
				r.add(key{b.Part, b.Operation, c.name, v.Unit}, v.Value)
			}
		}
	}
	return nil
}

// build runs a go command that makes a program, unless it was made before.
func (c contender) build(dir string, args ...string) (program string, err error) {
	name := strings.Join(append(args, c.dir, filepath.Base(c.work)), " ")
	program = filepath.Join(dir, regexp.MustCompile(`\W+`).ReplaceAllString(name, "_"))
	if _, err := os.Stat(program); err == nil {
		return program, nil
	}
	cmd := exec.Command("go", append([]string{args[0], "-o", program}, args[1:]...)...) //nolint:gosec,noctx // of this repository
	cmd.Dir, cmd.Env = c.dir, append(os.Environ(), "GOWORK="+c.work)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return program, nil
}

// measureFootprint looks how large a stripped program is that accepts a login, and how
// many modules besides the contender itself it links.
func (r results) measureFootprint(dir string, c contender) error {
	program, err := c.build(dir, "build", "-trimpath", "-ldflags=-s -w", c.footprint)
	if err != nil {
		return err
	}
	stat, err := os.Stat(program)
	if err != nil {
		return err
	}
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return err
	}
	others := 0
	for _, m := range info.Deps {
		if !strings.HasPrefix(m.Path, "github.com/ory/") && !strings.HasPrefix(m.Path, "github.com/hydra-sdk/") {
			others++
		}
	}
	add := func(op string, value int64) { r.add(key{"Footprint", op, c.name, "count"}, float64(value)) }
	size := stat.Size() >> 10
	add("KiB", size)
	add("KiB more than by hand", size-int64(r.one(key{"Footprint", "KiB", nameFloor, "count"})))
	add("other modules", int64(others))
	return nil
}

// one is the one value that stands for a measurement: the median of times, of what does
// not vary the most, and the least of what the runtime adds to now and then.
func (r results) one(k key) float64 {
	switch k.unit {
	case "sec/op":
		return summary(r[k]).Center
	case "allocs/op", "B/op":
		return slices.Min(r[k])
	}
	return slices.Max(r[k])
}

// ratio compares the values of each round with those of another client.
func (r results) ratio(k key, other string) benchmath.Summary {
	ratios := slices.Clone(r[k])
	for i, v := range r[key{k.part, k.op, other, k.unit}] {
		ratios[i] /= v
	}
	return summary(ratios)
}

func summary(values []float64) benchmath.Summary {
	return benchmath.AssumeNothing.Summary(benchmath.NewSample(slices.Clone(values), &benchmath.DefaultThresholds), 0.95)
}
