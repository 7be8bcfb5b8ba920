//go:build unix

package contest

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// A Job is what a contender is asked to do.
type Job struct {
	// Kind is "calls", "walk" or "crowd".
	Kind string
	// Base is the URL of the server, or empty for answers from memory.
	Base string
	// Operation is what "calls" makes.
	Operation string
	// Count is how many calls are made one after the other, how many clients a walk
	// meets, or how many goroutines make calls.
	Count int
	// Work is what is done with each client of a walk.
	Work time.Duration
	// Time is how long a crowd makes calls.
	Time time.Duration
}

// A Result is what a job cost.
type Result struct {
	Error    string
	Calls    int
	Wall     time.Duration
	CPU      time.Duration
	Mallocs  uint64
	Bytes    uint64
	PeakHeap uint64
	GCs      uint32
}

// Work is the program of a contender: it does the jobs that it reads, one a line, and
// writes their results.
func Work(maker Maker) error {
	in, out := json.NewDecoder(bufio.NewReader(os.Stdin)), json.NewEncoder(os.Stdout)
	made := map[string]Calls{}
	for in.More() {
		var job Job
		if err := in.Decode(&job); err != nil {
			return err
		}
		calls, ok := made[job.Base]
		if !ok {
			var err error
			if calls, err = maker.Calls(job.Base); err != nil {
				return err
			}
			made[job.Base] = calls
		}
		result, err := calls.Do(job)
		if err != nil {
			result.Error = err.Error()
		}
		if err := out.Encode(result); err != nil {
			return err
		}
	}
	return nil
}

// Calls makes a client, whose calls are answered from memory if base is empty.
func (m Maker) Calls(base string) (Calls, error) {
	if base == "" {
		return m("http://127.0.0.1:4445", &http.Client{Transport: memory{}})
	}
	return m(base, nil)
}

// Do does a job.
func (c Calls) Do(job Job) (Result, error) {
	ctx := context.Background()
	switch job.Kind {
	case "calls":
		return measure(job.Count, func() error {
			for range job.Count {
				if err := c.Run(ctx, job.Operation); err != nil {
					return err
				}
			}
			return nil
		})
	case "walk":
		runtime.GC()
		peak := watchHeap()
		result, err := measure(job.Count, func() error { return c.walk(ctx, job.Count, job.Work) })
		result.PeakHeap = peak()
		return result, err
	case "crowd":
		return c.crowd(ctx, job)
	}
	return Result{}, errors.New("no such job: " + job.Kind)
}

// crowd lets many goroutines accept logins for a while.
func (c Calls) crowd(ctx context.Context, job Job) (Result, error) {
	var done atomic.Int64
	result, err := measure(0, func() error {
		var wg sync.WaitGroup
		failed := make(chan error, job.Count)
		end := time.Now().Add(job.Time)
		for range job.Count {
			wg.Go(func() {
				for time.Now().Before(end) {
					if err := c.Run(ctx, "accept login"); err != nil {
						failed <- err
						return
					}
					done.Add(1)
				}
			})
		}
		wg.Wait()
		close(failed)
		return <-failed
	})
	result.Calls = int(done.Load())
	return result, err
}

func measure(calls int, f func() error) (Result, error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cpu, start := cpuTime(), time.Now()
	err := f()
	wall, cpu := time.Since(start), cpuTime()-cpu
	runtime.ReadMemStats(&after)
	return Result{
		Calls: calls, Wall: wall, CPU: cpu,
		Mallocs: after.Mallocs - before.Mallocs, Bytes: after.TotalAlloc - before.TotalAlloc, GCs: after.NumGC - before.NumGC,
	}, err
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// watchHeap looks at the heap now and then until the function that it returns is
// called, which returns the most that was seen in use.
func watchHeap() (peak func() uint64) {
	var most uint64
	objects := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for {
			metrics.Read(objects)
			most = max(most, objects[0].Value.Uint64())
			select {
			case <-stop:
				return
			case <-tick.C:
			}
		}
	}()
	return func() uint64 {
		close(stop)
		<-stopped
		return most
	}
}

// String names a job.
func (j Job) String() string {
	where := "in memory"
	if j.Base != "" {
		where = "on loopback"
	}
	return fmt.Sprintf("%s %s %s", j.Kind, j.Operation, where)
}
