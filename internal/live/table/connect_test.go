//go:build live && linux

package table

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/dns/dnsmessage"

	"github.com/hydra-sdk/hydra-admin-go/client"
)

// firstSuccess reads until that succeeds, and returns how long it took and how many calls
// failed before. A program that makes a call at a time would see this. It may take no
// longer than bound, not counted when this machine stalls.
func firstSuccess(t *testing.T, api *client.AdminAPI, bound time.Duration) string {
	t.Helper()
	began, clock := time.Now(), newClock(t)
	for failed := 0; ; failed++ {
		c, err := api.GetOAuth2Client(t.Context(), "app")
		if err == nil {
			assert.Equal(t, "app", c.ClientID)
			assert.LessOrEqual(t, clock.passed(), bound)
			assert.Zero(t, failed, "calls failed before")
			return fmt.Sprintf("first success after %.2f s, calls failed before: %d", time.Since(began).Seconds(), failed)
		}
		if patience := inTable(time.Minute, 3*time.Minute); time.Since(began) > patience {
			assert.Fail(t, "no success", err)
			return fmt.Sprintf("no success within %s, calls failed: %d (%s)", patience, failed, kindOf(err))
		}
	}
}

// A clock stands still while this process does, so that bounds hold on a busy machine.
type clock struct{ ticks atomic.Int64 }

const tick = 10 * time.Millisecond

func newClock(t *testing.T) *clock {
	t.Helper()
	c, ticker := new(clock), time.NewTicker(tick)
	t.Cleanup(ticker.Stop)
	go func() {
		for {
			select {
			case <-ticker.C: // a late receiver misses ticks
				c.ticks.Add(1)
			case <-t.Context().Done():
				return
			}
		}
	}()
	return c
}

func (c *clock) passed() time.Duration { return time.Duration(c.ticks.Load()) * tick }

// TestDeadAddress: of two addresses of a host the first one does not respond at all.
func TestDeadAddress(t *testing.T) {
	h := &hydraLike{}
	_, port, err := net.SplitHostPort(h.serve(t))
	require.NoError(t, err)
	deaf(t, [4]byte{127, 0, 0, 2}, port)
	old := net.DefaultResolver
	net.DefaultResolver = resolver(t, [4]byte{127, 0, 0, 2}, [4]byte{127, 0, 0, 1})
	t.Cleanup(func() { net.DefaultResolver = old })
	api, err := client.New("http://hydra.test.:" + port)
	require.NoError(t, err)
	row(t, "first of two addresses is dead", "the defaults", "%s", firstSuccess(t, api, 4*time.Second))
}

// deaf listens, and has no room for another connection: packets that open one get no
// response.
func deaf(t *testing.T, ip [4]byte, port string) {
	t.Helper()
	number, err := net.LookupPort("tcp", port)
	require.NoError(t, err)
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	require.NoError(t, err)
	t.Cleanup(func() { _ = syscall.Close(fd) })
	require.NoError(t, syscall.Bind(fd, &syscall.SockaddrInet4{Addr: ip, Port: number}))
	require.NoError(t, syscall.Listen(fd, 0))
	for range 8 {
		conn, err := net.DialTimeout("tcp", net.JoinHostPort(net.IP(ip[:]).String(), port), 200*time.Millisecond)
		if err != nil {
			return // it is full
		}
		t.Cleanup(func() { _ = conn.Close() })
	}
	t.Fatal("the listener takes any number of connections")
}

// resolver returns a resolver by which each name has these addresses.
func resolver(t *testing.T, addresses ...[4]byte) *net.Resolver {
	t.Helper()
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = server.Close() })
	go func() {
		buffer := make([]byte, 1<<10)
		for {
			n, from, err := server.ReadFrom(buffer)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buffer[:n]) != nil {
				continue
			}
			m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
			if m.Questions[0].Type == dnsmessage.TypeA {
				for _, a := range addresses {
					m.Answers = append(m.Answers, dnsmessage.Resource{
						Header: dnsmessage.ResourceHeader{Name: m.Questions[0].Name, Type: dnsmessage.TypeA, Class: dnsmessage.ClassINET},
						Body:   &dnsmessage.AResource{A: a},
					})
				}
			}
			packed, err := m.Pack()
			if err == nil {
				_, _ = server.WriteTo(packed, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", server.LocalAddr().String())
	}}
}

// TestSilentConnections: what is connected gets no response any more, while new
// connections work, as after the failure of a firewall.
func TestSilentConnections(t *testing.T) { //nolint:tparallel // other tests would load the machine
	t.Run("HTTP/2", func(t *testing.T) {
		t.Parallel()
		h := &hydraLike{}
		server := httptest.NewUnstartedServer(h)
		server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
		server.EnableHTTP2 = true
		server.StartTLS()
		t.Cleanup(server.Close)
		f := newFreezer(t, server.Listener.Addr().String())
		api, err := client.New("https://" + f.address())
		require.NoError(t, err)
		warmUp(t, api, 1)
		f.freeze()
		row(t, "silent HTTP/2 connection", "the defaults", "%s", firstSuccess(t, api, 10*time.Second))
	})
	for _, pool := range []int{1, 16} {
		t.Run(fmt.Sprint(pool, " pooled"), func(t *testing.T) {
			t.Parallel()
			h := &hydraLike{}
			f := newFreezer(t, h.serve(t))
			api, err := client.New("http://" + f.address())
			require.NoError(t, err)
			warmUp(t, api, pool)
			f.freeze()
			row(t, fmt.Sprintf("silent HTTP/1.1 connections, %02d in the pool", pool), "the defaults", "%s", firstSuccess(t, api, 30*time.Second))
		})
	}
}

// warmUp makes calls at the same time, each with a connection.
func warmUp(t *testing.T, api *client.AdminAPI, calls int) {
	t.Helper()
	var all sync.WaitGroup
	for range calls {
		all.Go(func() {
			_, err := api.GetOAuth2Client(t.Context(), "app")
			assert.NoError(t, err)
		})
	}
	all.Wait()
}
