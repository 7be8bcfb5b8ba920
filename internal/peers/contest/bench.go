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
	"testing"
	"time"
)

// ServerEnv names the variable with the URL of the server that benchmarks use. Without
// it they have one in their own process, whose garbage they count.
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
	for _, operation := range Operations {
		list = append(list,
			Benchmark{"Memory", operation, "50ms", 1, func(b *testing.B, c Contender) {
				b.Helper()
				b.ReportAllocs()
				client := c.connect(b, MemoryURL, Memory(), operation)
				loop(b, func() error { return client.Run(b.Context(), operation) })
			}},
			Benchmark{"Loopback", operation, "50ms", 1, func(b *testing.B, c Contender) {
				b.Helper()
				client := c.connect(b, server()+"/0s/20000", nil, operation)
				loop(b, func() error { return client.Run(b.Context(), operation) })
			}})
	}
	walk := func(part string, every, clients int, wait, work time.Duration) {
		name := fmt.Sprintf("%d clients, %s a page", clients, wait)
		if work > 0 {
			name += fmt.Sprintf(", %s of work with each", work)
		}
		list = append(list, Benchmark{part, name, "1x", every, func(b *testing.B, c Contender) {
			b.Helper()
			b.ReportAllocs()
			client := c.connect(b, fmt.Sprintf("%s/%s/%d", server(), wait, clients), nil, page)
			defer peak(b)()
			loop(b, func() error { return client.Walk(b.Context(), clients, work) })
		}})
	}
	walk("Walk", 3, 20_000, 0, 0)
	walk("Walk", 5, 20_000, 20*time.Millisecond, 0)
	walk("Walk", 5, 20_000, 20*time.Millisecond, 20*time.Microsecond)
	walk("Far walk", 5, 200_000, 0, 0)
	return append(list,
		Benchmark{"Crowd", "64 goroutines", "20000x", 3, func(b *testing.B, c Contender) {
			b.Helper()
			client := c.connect(b, server()+"/1ms/500", nil, "")
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
		}},
		Benchmark{"Sequence", "60 calls", "1x", 10, func(b *testing.B, c Contender) {
			b.Helper()
			client := c.connect(b, server()+"/0s/20000", nil, "")
			loop(b, func() (err error) {
				for i := 0; i < 60 && err == nil; i++ {
					err = client.Run(b.Context(), Operations[i%len(Operations)])
				}
				return err
			})
		}})
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

func loop(b *testing.B, f func() error) {
	b.Helper()
	defer count(b)()
	for b.Loop() {
		if err := f(); err != nil {
			b.Fatal(err)
		}
	}
}

// peak reports the largest heap since it was called.
func peak(b *testing.B) (report func()) {
	b.Helper()
	runtime.GC()
	var most atomic.Uint64
	tick := time.NewTicker(2 * time.Millisecond)
	go func() { // it ends with the process
		heap := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		for range tick.C {
			metrics.Read(heap)
			most.Store(max(most.Load(), heap[0].Value.Uint64()))
		}
	}()
	return func() {
		tick.Stop()
		b.ReportMetric(float64(most.Load()), "peak-B")
	}
}

// count reports connections and requests since it was called.
func count(b *testing.B) (report func()) {
	b.Helper()
	connections, requests := seen(b)
	b.ResetTimer()
	return func() {
		b.StopTimer()
		c, r := seen(b)
		b.ReportMetric(float64(c-connections), "connections")
		b.ReportMetric(float64(r-requests)/float64(b.N), "requests/op")
	}
}

func seen(b *testing.B) (connections, requests int) {
	b.Helper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, server()+"/seen", http.NoBody)
	if err != nil {
		b.Fatal(err)
	}
	resp, err := aside.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	_, _ = fmt.Fscan(resp.Body, &connections, &requests)
	_ = resp.Body.Close()
	return connections, requests
}
