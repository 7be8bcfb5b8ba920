package main

import (
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"slices"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/internal/peers/contest"
)

// order is that of the tables.
var order = []string{nameFloor, "by hand, again", nameV1118, "v1.10.6", "v2.2.1", "stock oapi-codegen", nameSDK}

// report is all that was measured.
type report struct {
	calls       map[bool]map[string]map[string]callCost // by whether there is a network, operation and contender
	walks       []walk
	crowd       map[string]crowd
	connections map[string]int
	unknown     interval
	footprint   []size
}

type callCost struct {
	time, ratio, toV1118, cpu interval // the time in microseconds
	mallocs, bytes            float64
}

type walk struct {
	title   string
	wait    string
	work    time.Duration
	results map[string]walkCost
}

type walkCost struct {
	wall, ratio, toV1118 interval // the time in milliseconds
	cpu                  float64
	peak                 uint64
	bytes, mallocs       uint64
	requests             int
}

type crowd struct {
	perSecond, toV1118, cpu interval
	connections             int
}

func run(o options) (*report, error) {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // it is temporary
	names := order
	if o.has("list") {
		names = append(slices.Clone(order), nameFour)
	}
	f, err := gather(dir, names)
	if err != nil {
		return nil, err
	}
	defer f.stop()
	r := &report{calls: map[bool]map[string]map[string]callCost{}}
	steps := []struct {
		part string
		do   func() error
	}{
		{"connections", func() error { return r.measureConnections(f) }}, // while none is open
		{"memory", func() error { return r.measureCalls(f, o, false) }},
		{"loopback", func() error { return r.measureCalls(f, o, true) }},
		{"list", func() error { return r.measureWalks(f, o) }},
		{"crowd", func() error { return r.measureCrowd(f, o) }},
		{"unknown", func() error { r.unknown, err = measureUnknown(5 * o.rounds); return err }},
		{"footprint", func() error { r.footprint, err = measureFootprint(dir); return err }},
	}
	for _, s := range steps {
		if !o.has(s.part) {
			continue
		}
		log.Print("measuring: ", s.part)
		if err := s.do(); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// inOrder returns the contenders of the tables.
func (f *field) inOrder() []*process {
	var list []*process
	for _, p := range f.contenders {
		if slices.Contains(order, p.name) {
			list = append(list, p)
		}
	}
	return list
}

// shuffled returns the contenders in another order each time.
func shuffled(list []*process) []*process {
	list = slices.Clone(list)
	rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] }) //nolint:gosec // no secret
	return list
}

func (r *report) measureCalls(f *field, o options, network bool) error {
	r.calls[network] = map[string]map[string]callCost{}
	base := ""
	if network {
		base = f.base("0s", 20_000)
		o.rounds *= 4 // since the differences are small
	}
	for _, op := range contest.Names {
		costs, err := takeTurns(f.inOrder(), contest.Job{Kind: "calls", Base: base, Operation: op}, o)
		if err != nil {
			return err
		}
		r.calls[network][op] = costs
	}
	return nil
}

// takeTurns lets each contender make a call for some milliseconds in each round, and
// compares what it takes with the others of the same round.
func takeTurns(list []*process, job contest.Job, o options) (map[string]callCost, error) {
	counts, err := calibrate(list, job, o.turn)
	if err != nil {
		return nil, err
	}
	times, cpus := map[string][]float64{}, map[string][]float64{}
	costs := map[string]callCost{}
	for range o.rounds {
		for _, p := range shuffled(list) {
			job.Count = counts[p.name]
			result, err := p.do(job)
			if err != nil {
				return nil, err
			}
			n := float64(job.Count)
			times[p.name] = append(times[p.name], float64(result.Wall)/n)
			cpus[p.name] = append(cpus[p.name], float64(result.CPU)/n)
			c := costs[p.name]
			if mallocs := float64(result.Mallocs) / n; c.mallocs == 0 || mallocs < c.mallocs {
				c.mallocs, c.bytes = mallocs, float64(result.Bytes)/n
			}
			costs[p.name] = c
		}
	}
	for name, c := range costs {
		c.time = medianOf(ratios(times[name], nil))
		c.ratio, c.toV1118 = medianOf(ratios(times[name], times[nameFloor])), medianOf(ratios(times[nameV1118], times[name]))
		c.cpu = medianOf(ratios(cpus[name], cpus[nameFloor]))
		costs[name] = c
	}
	return costs, nil
}

// ratios divides the values of each round, or turns them into microseconds.
func ratios(a, b []float64) []float64 {
	list := make([]float64, len(a))
	for i := range a {
		if b == nil {
			list[i] = a[i] / float64(time.Microsecond)
		} else {
			list[i] = a[i] / b[i]
		}
	}
	return list
}

// calibrate finds out how many calls fit into a turn, and warms up.
func calibrate(list []*process, job contest.Job, turn time.Duration) (map[string]int, error) {
	counts := map[string]int{}
	for _, p := range list {
		for job.Count = 1; ; job.Count *= 2 {
			result, err := p.do(job)
			if err != nil {
				return nil, err
			}
			if result.Wall >= turn/2 {
				counts[p.name] = max(1, int(float64(job.Count)*float64(turn)/float64(result.Wall)))
				break
			}
		}
	}
	return counts, nil
}

func (r *report) measureWalks(f *field, o options) error {
	type setting struct {
		wait    string
		clients int
		work    time.Duration
		only    []string
	}
	settings := []setting{{"0s", 20_000, 0, nil}, {"20ms", 20_000, 0, nil}, {"20ms", 20_000, 20 * time.Microsecond, nil}}
	if o.large {
		settings = append(settings, setting{"0s", 200_000, 0, []string{nameFloor, nameV1118, nameSDK, nameFour}})
	}
	for _, s := range settings {
		title := fmt.Sprintf("%d clients, %s a page", s.clients, s.wait)
		if s.work > 0 {
			title += fmt.Sprintf(", %s of work with each client", s.work)
		}
		var list []*process
		for _, p := range f.contenders {
			if p.name != "by hand, again" && (s.only == nil || slices.Contains(s.only, p.name)) {
				list = append(list, p)
			}
		}
		w, err := takeWalks(f, list, contest.Job{Kind: "walk", Base: f.base(s.wait, s.clients), Count: s.clients, Work: s.work}, o.walks)
		if err != nil {
			return err
		}
		r.walks = append(r.walks, walk{title, s.wait, s.work, w})
	}
	return nil
}

func takeWalks(f *field, list []*process, job contest.Job, rounds int) (map[string]walkCost, error) {
	times, costs := map[string][]float64{}, map[string]walkCost{}
	for range rounds {
		for _, p := range shuffled(list) {
			_, before, err := f.seen()
			if err != nil {
				return nil, err
			}
			result, err := p.do(job)
			if err != nil {
				return nil, err
			}
			_, after, err := f.seen()
			if err != nil {
				return nil, err
			}
			times[p.name] = append(times[p.name], float64(result.Wall)/1e3)
			c := costs[p.name]
			c.cpu, c.peak = float64(result.CPU)/1e6, max(c.peak, result.PeakHeap)
			c.bytes, c.mallocs, c.requests = result.Bytes, result.Mallocs, after-before
			costs[p.name] = c
		}
	}
	for name, c := range costs {
		c.wall = medianOf(ratios(times[name], nil))
		c.ratio, c.toV1118 = medianOf(ratios(times[name], times[nameFloor])), medianOf(ratios(times[name], times[nameV1118]))
		costs[name] = c
	}
	return costs, nil
}

func (r *report) measureCrowd(f *field, o options) error {
	r.crowd = map[string]crowd{}
	rates, cpus := map[string][]float64{}, map[string][]float64{}
	const rounds = 11
	for range rounds {
		for _, p := range shuffled(f.inOrder()) {
			before, _, err := f.seen()
			if err != nil {
				return err
			}
			result, err := p.do(contest.Job{Kind: "crowd", Base: f.base("1ms", 0), Count: 64, Time: o.crowd})
			if err != nil {
				return err
			}
			after, _, err := f.seen()
			if err != nil {
				return err
			}
			rates[p.name] = append(rates[p.name], float64(result.Calls)/result.Wall.Seconds())
			cpus[p.name] = append(cpus[p.name], float64(result.CPU.Microseconds())/float64(result.Calls))
			c := r.crowd[p.name]
			c.connections = max(c.connections, after-before)
			r.crowd[p.name] = c
		}
	}
	for name, c := range r.crowd {
		c.perSecond, c.cpu = medianOf(rates[name]), medianOf(cpus[name])
		c.toV1118 = medianOf(ratios(rates[name], rates[nameV1118]))
		r.crowd[name] = c
	}
	return nil
}

// measureConnections counts the connections of calls that are made one after the other,
// errors and pages among them.
func (r *report) measureConnections(f *field) error {
	r.connections = map[string]int{}
	for _, p := range f.inOrder() {
		base := f.base("0s", 20_000)
		before, _, err := f.seen()
		if err != nil {
			return err
		}
		for range 10 {
			for _, op := range contest.Names {
				if _, err := p.do(contest.Job{Kind: "calls", Base: base, Operation: op, Count: 1}); err != nil {
					return err
				}
			}
		}
		after, _, err := f.seen()
		if err != nil {
			return err
		}
		r.connections[p.name] = after - before
	}
	return nil
}
