package main

import (
	"bytes"
	"debug/buildinfo"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchmath"

	"github.com/hydra-sdk/hydra-admin-go/internal/peers/contest"
)

// A key names what was measured.
type key struct{ part, op, client, unit string }

type results struct {
	values map[key][]float64 // one of each round
	raw    bytes.Buffer
}

func has(list, part string) bool { return slices.Contains(strings.Split(list, ","), part) }

// measure lets the contenders take turns.
func (r *results) measure(dir, parts string, rounds int) error {
	server := contest.Serve()
	defer server.Close()
	for _, b := range contest.Benchmarks {
		if !has(parts, b.Part) {
			continue
		}
		log.Printf("measuring: %s, %s", b.Part, b.Operation)
		for range (rounds + b.Every - 1) / b.Every {
			for _, i := range rand.Perm(len(contenders)) { //nolint:gosec // no secret
				if !has(contenders[i].parts, b.Part) {
					continue
				}
				if err := r.run(dir, server.URL, contenders[i], b); err != nil {
					return fmt.Errorf("%s: %w", contenders[i].name, err)
				}
			}
		}
	}
	if has(parts, "Footprint") {
		return r.measureFootprint(dir)
	}
	return nil
}

// run gives a contender a turn.
func (r *results) run(dir, url string, c contender, b contest.Benchmark) error {
	program, err := c.build(dir, "test", "-c")
	if err != nil {
		return err
	}
	client := c.name
	if c.modfile != "" {
		client = nameSDK
	}
	pattern := fmt.Sprintf("^BenchmarkCalls$/^%s$/^op=%s$/^client=%s$", b.Part, b.Operation, regexp.QuoteMeta(client))
	cmd := exec.Command(program, "-test.run=^$", "-test.bench="+pattern, "-test.benchtime="+b.Time) //nolint:gosec,noctx // it was just built
	cmd.Env = append(os.Environ(), contest.ServerEnv+"="+url)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	fmt.Fprintf(&r.raw, "contender: %s\n%s", c.name, out)
	for in := benchfmt.NewReader(bytes.NewReader(out), client); in.Scan(); {
		if result, ok := in.Result().(*benchfmt.Result); ok {
			for _, v := range result.Values {
				r.add(key{b.Part, b.Operation, c.name, v.Unit}, v.Value)
			}
		}
	}
	return nil
}

func (r *results) add(k key, value float64) { r.values[k] = append(r.values[k], value) }

// build runs a go command that makes a program, unless it was made before.
func (c contender) build(dir string, args ...string) (program string, err error) {
	name := strings.Join(append(args, c.dir, filepath.Base(c.modfile)), " ")
	program = filepath.Join(dir, regexp.MustCompile(`\W+`).ReplaceAllString(name, "_"))
	if _, err := os.Stat(program); err == nil {
		return program, nil
	}
	flags := []string{args[0], "-o", program}
	if c.modfile != "" {
		flags = append(flags, "-mod=mod", "-modfile="+c.modfile)
	}
	cmd := exec.Command("go", append(flags, args[1:]...)...) //nolint:gosec,noctx // of this repository
	cmd.Dir = c.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return program, nil
}

// measureFootprint looks how large a stripped program is that accepts a login, and how
// many modules besides the contender itself it links.
func (r *results) measureFootprint(dir string) error {
	add := func(c contender, op string, value int) { r.add(key{"Footprint", op, c.name, "count"}, float64(value)) }
	floor := 0
	for _, c := range contenders {
		if !has(c.parts, "Footprint") {
			continue
		}
		program, err := c.build(dir, "build", "-trimpath", "-ldflags=-s -w", c.footprint)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		stat, err := os.Stat(program)
		if err != nil {
			return err
		}
		info, err := buildinfo.ReadFile(program)
		if err != nil {
			return err
		}
		size := int(stat.Size() >> 10)
		if c.name == nameFloor {
			floor = size
		}
		add(c, "KiB", size)
		add(c, "KiB more than by hand", size-floor)
		others := slices.DeleteFunc(info.Deps, func(m *debug.Module) bool {
			return strings.HasPrefix(m.Path, "github.com/ory/") || strings.HasPrefix(m.Path, "github.com/hydra-sdk/")
		})
		add(c, "other modules", len(others))
	}
	return nil
}

// one is the one value that stands for a measurement: the median of times, of what does
// not vary the most, and the least of what the runtime adds to now and then.
func (r *results) one(k key) float64 {
	switch k.unit {
	case "sec/op", "cpu-sec/op":
		return summary(r.values[k]).Center
	case "allocs/op", "B/op":
		return slices.Min(r.values[k])
	}
	return slices.Max(r.values[k])
}

// ratio compares the values of each round with those of another client.
func (r *results) ratio(k key, other string) benchmath.Summary {
	ratios := slices.Clone(r.values[k])
	for i, v := range r.values[key{k.part, k.op, other, k.unit}] {
		ratios[i] /= v
	}
	return summary(ratios)
}

func summary(values []float64) benchmath.Summary {
	return benchmath.AssumeNothing.Summary(benchmath.NewSample(slices.Clone(values), &benchmath.DefaultThresholds), 0.95)
}
