//go:build live && linux

package table

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/database"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
)

// onPostgres starts a server on a PostgreSQL of its own.
func onPostgres(t *testing.T, version hydra.Version) (*hydra.Server, *database.Server) {
	t.Helper()
	db := hydra.RunDatabase(t, database.Postgres)
	return hydra.Run(t, hydra.Config{Version: version, Database: db}), db
}

// TestInterruptions interrupts servers and databases under load.
func TestInterruptions(t *testing.T) {
	for _, version := range hydra.Versions() {
		for _, interruption := range []struct {
			name string
			run  func(ctx context.Context, server *hydra.Server, db *database.Server) error
		}{
			{"kill -9 and restart of Hydra", func(ctx context.Context, server *hydra.Server, _ *database.Server) error {
				if err := server.Kill(); err != nil {
					return err
				}
				return server.Restart(ctx)
			}},
			{"restart of PostgreSQL", func(ctx context.Context, _ *hydra.Server, db *database.Server) error {
				if err := db.Pause(); err != nil {
					return err
				}
				return db.Resume(ctx)
			}},
			{"5 s without PostgreSQL", func(ctx context.Context, _ *hydra.Server, db *database.Server) error {
				if err := db.Pause(); err != nil {
					return err
				}
				<-time.After(5 * time.Second)
				return db.Resume(ctx)
			}},
		} {
			t.Run(interruption.name+" "+version.Name, func(t *testing.T) {
				server, db := onPostgres(t, version)
				c := newCrew(t, server)
				ctx, stop := context.WithCancel(t.Context())
				var working sync.WaitGroup
				working.Go(func() { c.work(ctx, 16) })
				<-time.After(2 * time.Second)
				began := time.Now()
				require.NoError(t, interruption.run(t.Context(), server, db))
				away := time.Since(began)
				<-time.After(3 * time.Second)
				stop()
				working.Wait()
				row(t, interruption.name, fmt.Sprintf("Hydra %s on PostgreSQL, 16 goroutines", version.Name), "ready again after %.1f s; %s", away.Seconds(), c.summary())
				assert.Empty(t, c.wrong)
			})
		}
	}
}

// TestMixedLoad runs a mixed load with an outage of PostgreSQL and one of Hydra in it.
func TestMixedLoad(t *testing.T) {
	for _, version := range hydra.Versions() {
		t.Run(version.Name, func(t *testing.T) {
			server, db := onPostgres(t, version)
			c := newCrew(t, server)
			warm, stop := context.WithTimeout(t.Context(), 2*time.Second)
			defer stop()
			c.work(warm, 16)
			before := resources()
			ctx, stop := context.WithTimeout(t.Context(), *length)
			defer stop()
			var working sync.WaitGroup
			working.Go(func() { c.work(ctx, 16) })
			<-time.After(*length / 4)
			require.NoError(t, db.Pause())
			<-time.After(*length / 20)
			require.NoError(t, db.Resume(t.Context()))
			<-time.After(*length / 4)
			require.NoError(t, server.Kill())
			require.NoError(t, server.Restart(t.Context()))
			working.Wait()
			row(t, fmt.Sprintf("mixed load of %s, PostgreSQL away for a twentieth of that, kill -9 of Hydra", *length), fmt.Sprintf("Hydra %s on PostgreSQL, 16 goroutines", version.Name),
				"%s; heap, goroutines, descriptors before: %s, after: %s", c.summary(), before, resources())
			assert.Empty(t, c.wrong)
		})
	}
}

// resources returns what this process uses.
func resources() string {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	descriptors, _ := os.ReadDir("/proc/self/fd")
	return fmt.Sprintf("%.1f MiB, %d, %d", float64(m.HeapAlloc)/(1<<20), runtime.NumGoroutine(), len(descriptors))
}

// TestOutage takes a server away for 5 seconds, in two ways, while 64 goroutines read.
func TestOutage(t *testing.T) { //nolint:tparallel // other tests would load the machine
	t.Run("status 503 with Retry-After: 1", func(t *testing.T) {
		t.Parallel()
		h := &hydraLike{}
		address := h.serve(t)
		outage(t, h, "5 s outage, status 503 with Retry-After: 1", address, func() { h.refuse.Store(true) }, func() { h.refuse.Store(false) })
	})
	t.Run("connections are refused", func(t *testing.T) {
		t.Parallel()
		h := &hydraLike{}
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		address := l.Addr().String()
		server := &http.Server{Handler: h}
		go server.Serve(l)
		outage(t, h, "5 s outage, connections are refused", address, func() { _ = server.Close() }, func() {
			l, err := net.Listen("tcp", address)
			require.NoError(t, err)
			server := &http.Server{Handler: h}
			t.Cleanup(func() { _ = server.Close() })
			go server.Serve(l)
		})
	})
}

func outage(t *testing.T, h *hydraLike, name, address string, begin, end func()) {
	t.Helper()
	var attempts, calls, failed atomic.Int64 // requests, calls begun and failed
	const goroutines = 64
	transport := client.NewTransport()
	api, err := client.New("http://"+address, client.WithHTTPClient(&http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		attempts.Add(1)
		return transport.RoundTrip(r)
	})}))
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	var working sync.WaitGroup
	for range goroutines {
		working.Go(func() {
			for ctx.Err() == nil {
				calls.Add(1)
				if _, err := api.GetOAuth2Client(ctx, "app"); err != nil && ctx.Err() == nil {
					failed.Add(1)
				}
				<-time.After(20 * time.Millisecond)
			}
		})
	}
	<-time.After(500 * time.Millisecond)
	attempts.Store(0)
	calls.Store(0)
	began := time.Now()
	begin()
	<-time.After(5 * time.Second)
	during, begun := attempts.Load(), calls.Load()
	end()
	ended := time.Now()
	<-time.After(5 * time.Second)
	stop()
	working.Wait()
	_, peak := h.buckets(began.Add(100*time.Millisecond), 48)
	text, _ := h.buckets(ended, 20)
	row(t, name, "64 goroutines, 20 ms between calls", "calls failed: %d of %d; during the outage %d requests, %.2f a call, at most %d in 100 ms at the server; in each 100 ms after it: %s",
		failed.Load(), calls.Load(), during, float64(during)/float64(begun), peak, text)
	// Those of before the outage, one for each goroutine, are made again as well.
	assert.LessOrEqual(t, float64(during), 1.2*float64(begun+goroutines), "requests during the outage of %d calls", begun)
}

// TestHerd: 64 calls at a time are told to come back after a second.
func TestHerd(t *testing.T) {
	h := &hydraLike{}
	h.refuse.Store(true)
	api, err := client.New("http://" + h.serve(t))
	require.NoError(t, err)
	var calls sync.WaitGroup
	began := time.Now()
	for range 64 {
		calls.Go(func() { _, _ = api.GetOAuth2Client(t.Context(), "app") })
	}
	<-time.After(500 * time.Millisecond)
	h.refuse.Store(false)
	calls.Wait()
	text, _ := h.buckets(began, 25)
	_, most := h.buckets(began.Add(500*time.Millisecond), 20)
	assert.LessOrEqual(t, most, 32, "retries in 100 ms")
	row(t, "64 calls get status 503 with Retry-After: 1", "the defaults", "requests in each 100 ms: %s", text)
}
