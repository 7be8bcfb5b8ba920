package contest

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"runtime/metrics"
	"strings"
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

// A Benchmark measures a call.
type Benchmark struct {
	Part, Operation string
	// Time is for how long or how often it runs, and Every of how many rounds it has one.
	Time  string
	Every int
	// path is that of the server, or empty for responses from memory.
	path string
	// first is a call that is not measured, and fills what is filled once.
	first string
	call  func(ctx context.Context, c *Client) error
}

// Benchmarks are all of them.
var Benchmarks = func() (list []Benchmark) {
	for _, operation := range Operations {
		call := func(ctx context.Context, c *Client) error { return c.Run(ctx, operation) }
		list = append(list,
			Benchmark{"Memory", operation, "40ms", 1, "", operation, call},
			Benchmark{"Loopback", operation, "50ms", 2, "/0s/20000", operation, call})
	}
	walk := func(part string, every, clients int, wait string) {
		list = append(list, Benchmark{
			part, fmt.Sprintf("%d clients, %s a page", clients, wait), "1x", every, fmt.Sprintf("/%s/%d", wait, clients), page,
			func(ctx context.Context, c *Client) error { return c.Walk(ctx, clients) },
		})
	}
	walk("Walk", 6, 20_000, "0s")
	walk("Walk", 10, 20_000, "20ms")
	walk("Far walk", 10, 200_000, "0s")
	return append(list,
		Benchmark{"Crowd", "64 goroutines", "20000x", 6, "/1ms/500", "", func(ctx context.Context, c *Client) error {
			return c.Run(ctx, "accept login")
		}},
		Benchmark{"Sequence", "60 calls", "1x", 20, "/0s/20000", "", func(ctx context.Context, c *Client) (err error) {
			for i := 0; i < 60 && err == nil; i++ {
				err = c.Run(ctx, Operations[i%len(Operations)])
			}
			return err
		}})
}()

// RunAll runs all benchmarks of contenders.
func RunAll(b *testing.B, contenders []Contender) {
	b.Helper()
	for _, benchmark := range Benchmarks {
		for _, c := range contenders {
			b.Run(benchmark.Part+"/op="+benchmark.Operation+"/client="+c.Name, func(b *testing.B) { benchmark.Run(b, c) })
		}
	}
}

// Run measures a contender.
func (m Benchmark) Run(b *testing.B, c Contender) {
	b.Helper()
	base, hc := MemoryURL, Memory()
	if m.path != "" {
		base, hc = server()+m.path, nil
	}
	client, err := c.Connect(b.Context(), base, hc)
	if err == nil && m.first != "" {
		err = client.Run(b.Context(), m.first)
	}
	if err != nil {
		b.Fatal(err)
	}
	if strings.HasSuffix(strings.ToLower(m.Part), "walk") {
		defer peak(b)()
	}
	b.ReportAllocs()
	defer count(b)()
	if m.Part != "Crowd" {
		for b.Loop() {
			if err := m.call(b.Context(), client); err != nil {
				b.Fatal(err)
			}
		}
		return
	}
	b.SetParallelism(max(1, 64/runtime.GOMAXPROCS(0)))
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := m.call(b.Context(), client); err != nil {
				b.Error(err)
				return
			}
		}
	})
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
