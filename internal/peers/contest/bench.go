package contest

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// ServerEnv names the variable with the URL of the server that benchmarks use. Without
// it they have one in their own process, whose garbage and processor time they count.
const ServerEnv = "PEERS_SERVER"

var server = sync.OnceValue(func() string {
	if url := os.Getenv(ServerEnv); url != "" {
		return url
	}
	return Serve().URL
})

// aside is for requests that no contender makes, and shares no connection with them.
var aside = &http.Client{Transport: &http.Transport{}}

// A Benchmark measures an operation.
type Benchmark struct {
	Part, Operation string
	// Time is for how long or how often it runs, and Every of how many rounds it has one.
	Time  string
	Every int
	Run   func(b *testing.B, c Contender)
}

// Benchmarks are all of them.
var Benchmarks = func() (list []Benchmark) {
	add := func(part, operation, time string, every int, run func(*testing.B, Contender)) {
		list = append(list, Benchmark{part, operation, time, every, run})
	}
	for _, operation := range Operations {
		add("Memory", operation, "50ms", 1, func(b *testing.B, c Contender) {
			b.Helper()
			b.ReportAllocs()
			client := c.inMemory(b, "", operation)
			loop(b, func() error { return client.Run(b.Context(), operation) })
		})
	}
	for _, operation := range Operations {
		add("Loopback", operation, "50ms", 1, func(b *testing.B, c Contender) {
			b.Helper()
			client := c.onLoopback(b, "/0s/20000", operation)
			loop(b, func() error { return client.Run(b.Context(), operation) })
		})
	}
	walk := func(part string, every, clients int, wait, work time.Duration) {
		name := fmt.Sprintf("%d clients, %s a page", clients, wait)
		if work > 0 {
			name += fmt.Sprintf(", %s of work with each", work)
		}
		add(part, name, "1x", every, func(b *testing.B, c Contender) {
			b.Helper()
			b.ReportAllocs()
			c.walk(b, clients, wait, work)
		})
	}
	walk("Walk", 3, 20_000, 0, 0)
	walk("Walk", 5, 20_000, 20*time.Millisecond, 0)
	walk("Walk", 5, 20_000, 20*time.Millisecond, 20*time.Microsecond)
	walk("Far walk", 5, 200_000, 0, 0)
	add("Crowd", "64 goroutines", "20000x", 3, func(b *testing.B, c Contender) {
		b.Helper()
		client := c.onLoopback(b, "/1ms/500", "")
		b.SetParallelism(max(1, 64/runtime.GOMAXPROCS(0)))
		defer count(b)()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if err := client.Run(b.Context(), "accept login"); err != nil {
					b.Error(err)
					return
				}
			}
		})
	})
	add("Sequence", "60 calls", "1x", 10, func(b *testing.B, c Contender) {
		b.Helper()
		client := c.onLoopback(b, "/0s/20000", "")
		loop(b, func() (err error) {
			for i := 0; i < 60 && err == nil; i++ {
				err = client.Run(b.Context(), Operations[i%len(Operations)])
			}
			return err
		})
	})
	add("Unknown", "list page of 500", "100ms", 1, func(b *testing.B, c Contender) {
		b.Helper()
		known, unknown := c.inMemory(b, "", "list page of 500"), c.inMemory(b, "/unknown", "list page of 500")
		var times [2]time.Duration
		for b.Loop() {
			for i, client := range []*Client{known, unknown} {
				start := time.Now()
				if err := client.Run(b.Context(), "list page of 500"); err != nil {
					b.Fatal(err)
				}
				times[i] += time.Since(start)
			}
		}
		b.ReportMetric(float64(times[1])/float64(times[0]), "times")
	})
	return list
}()

// Run runs all benchmarks of contenders.
func Run(b *testing.B, contenders []Contender) {
	b.Helper()
	for _, benchmark := range Benchmarks {
		for _, c := range contenders {
			b.Run(benchmark.Part+"/op="+benchmark.Operation+"/client="+c.Name, func(b *testing.B) { benchmark.Run(b, c) })
		}
	}
}

func (c Contender) inMemory(b *testing.B, path, first string) *Client {
	b.Helper()
	return c.connect(b, MemoryURL+path, Memory(), first)
}

func (c Contender) onLoopback(b *testing.B, path, first string) *Client {
	b.Helper()
	return c.connect(b, server()+path, nil, first)
}

// connect makes a client and its first call, if there is to be one, which fills what is
// filled once.
func (c Contender) connect(b *testing.B, base string, hc *http.Client, first string) *Client {
	b.Helper()
	client, err := c.Connect(b.Context(), base, hc)
	if err == nil && first != "" {
		err = client.Run(b.Context(), first)
	}
	if err != nil {
		b.Fatal(err)
	}
	return client
}

func (c Contender) walk(b *testing.B, clients int, wait, work time.Duration) {
	b.Helper()
	client := c.onLoopback(b, fmt.Sprintf("/%s/%d", wait, clients), "list page of 500")
	runtime.GC()
	var most atomic.Uint64
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	go func() { // it ends with the process
		heap := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		for range tick.C {
			metrics.Read(heap)
			most.Store(max(most.Load(), heap[0].Value.Uint64()))
		}
	}()
	loop(b, func() error { return client.Walk(b.Context(), clients, work) })
	b.ReportMetric(float64(most.Load()), "peak-B")
}

func loop(b *testing.B, f func() error) {
	b.Helper()
	defer count(b)()
	for b.Loop() {
		if err := f(); err != nil {
			b.Fatal(err)
		}
	}
}

// count reports processor time, connections and requests since it was called.
func count(b *testing.B) (report func()) {
	b.Helper()
	connections, requests := seen()
	cpu := cpuTime()
	b.ResetTimer()
	return func() {
		b.StopTimer()
		cpu = cpuTime() - cpu
		c, r := seen()
		b.ReportMetric(float64(cpu)/float64(b.N), "cpu-ns/op")
		b.ReportMetric(float64(c-connections), "connections")
		b.ReportMetric(float64(r-requests)/float64(b.N), "requests/op")
	}
}

func seen() (connections, requests int) {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, server()+"/seen", http.NoBody)
	if err != nil {
		panic(err)
	}
	resp, err := aside.Do(req)
	if err != nil {
		panic(err)
	}
	defer resp.Body.Close() //nolint:errcheck // it was read
	_, _ = fmt.Fscan(resp.Body, &connections, &requests)
	return connections, requests
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
