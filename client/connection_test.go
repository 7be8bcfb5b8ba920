package client_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// TestSilentPooledConnections: a call finds another connection in its own time when those of
// the pool are silent.
func TestSilentPooledConnections(t *testing.T) {
	t.Parallel()
	for timeout, want := range map[time.Duration]time.Duration{10 * time.Second: 5 * time.Second, 30 * time.Second: 10 * time.Second} {
		t.Run(timeout.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := newPipe()
				var silent atomic.Int32 // connections up to this one
				p.serve(t, func(w http.ResponseWriter, r *http.Request) {
					if r.Context().Value(connection{}).(int32) <= silent.Load() {
						<-r.Context().Done()
						return
					}
					after(time.Second) // so that calls at the same time have connections of their own
					_, _ = io.WriteString(w, `{"client_id":"c"}`)
				})
				api := p.api(t, client.WithTimeout(timeout))
				call := func() error { _, err := api.GetOAuth2Client(t.Context(), "c"); return err }
				var callers sync.WaitGroup
				for range 3 {
					callers.Go(func() { assert.NoError(t, call()) })
				}
				callers.Wait()
				require.EqualValues(t, 3, p.dialled.Load())
				silent.Store(3)
				for i := range 3 {
					start := time.Now()
					require.NoError(t, call())
					if i == 0 {
						assert.InDelta(t, want+time.Second, time.Since(start), float64(200*time.Millisecond))
					} else {
						assert.Equal(t, time.Second, time.Since(start), "the others of the pool are gone")
					}
				}
			})
		})
	}
}

// TestSlowServer: an attempt that may be the last one has all the time that is left, and one
// that must not be made twice has all the time of the call.
func TestSlowServer(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		takes    time.Duration
		call     func(*client.AdminAPI) error
		opts     []client.Option
		took     time.Duration
		requests int32
	}{
		"a read": {9 * time.Second, read, nil, 9 * time.Second, 1},
		"a read that is too slow for the first attempt": {19 * time.Second, read, nil, 29 * time.Second, 2},
		"a read without retries":                        {29 * time.Second, read, []client.Option{client.WithRetries(0)}, 29 * time.Second, 1},
		"a read without a deadline":                     {time.Hour, read, []client.Option{client.WithTimeout(0)}, time.Hour, 1},
		"a write that must not be sent twice":           {29 * time.Second, create, nil, 29 * time.Second, 1},
		"a write that can be sent twice":                {19 * time.Second, updateClient, nil, 29 * time.Second, 2},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := newPipe()
				var requests atomic.Int32
				p.serve(t, func(w http.ResponseWriter, r *http.Request) {
					requests.Add(1)
					select {
					case <-time.After(tt.takes):
						_, _ = io.WriteString(w, `{"client_id":"c"}`)
					case <-r.Context().Done():
					}
				})
				api, start := p.api(t, tt.opts...), time.Now()
				require.NoError(t, tt.call(api))
				assert.InDelta(t, tt.took, time.Since(start), float64(200*time.Millisecond))
				assert.Equal(t, tt.requests, requests.Load())
			})
		})
	}
}

func read(api *client.AdminAPI) error {
	_, err := api.GetOAuth2Client(context.Background(), "c")
	return err
}

func create(api *client.AdminAPI) error {
	_, err := api.CreateOAuth2Client(context.Background(), models.OAuth2Client{ClientID: "c"})
	return err
}

func updateClient(api *client.AdminAPI) error {
	_, err := api.UpdateOAuth2Client(context.Background(), "c", models.OAuth2Client{ClientID: "c"})
	return err
}

// TestTimeoutsOfTheTransport: they end an attempt, and not the call.
func TestTimeoutsOfTheTransport(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		set  func(*http.Client, *http.Transport)
		slow bool // the first response, and else the first dial
	}{
		"of the response header": {func(_ *http.Client, t *http.Transport) { t.ResponseHeaderTimeout = time.Second }, true},
		"of the client":          {func(hc *http.Client, _ *http.Transport) { hc.Timeout = time.Second }, true},
		"of a dial": {func(_ *http.Client, t *http.Transport) {
			dial := t.DialContext
			t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
				ctx, cancel := context.WithTimeout(ctx, time.Second)
				defer cancel()
				return dial(ctx, network, address)
			}
		}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := newPipe()
				var slow atomic.Bool
				slow.Store(tt.slow)
				p.serve(t, func(w http.ResponseWriter, r *http.Request) {
					if slow.Swap(false) {
						<-r.Context().Done()
					}
					_, _ = io.WriteString(w, `{"client_id":"c"}`)
				})
				transport := p.transport(t)
				dial, dials := transport.DialContext, 0
				transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
					if dials++; dials == 1 && !tt.slow {
						<-ctx.Done()
						return nil, &net.OpError{Op: "dial", Net: "tcp", Err: ctx.Err()}
					}
					return dial(ctx, network, address)
				}
				hc := &http.Client{Transport: transport}
				tt.set(hc, transport)
				api, start := newClient(t, "http://example.com:443", client.WithHTTPClient(hc)), time.Now()
				require.NoError(t, read(api))
				assert.InDelta(t, 1100*time.Millisecond, time.Since(start), float64(51*time.Millisecond))
			})
		})
	}
}

// TestDeadAddress: one dead address does not take the time of a call.
func TestDeadAddress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		dead := client.BoundDial(func(ctx context.Context, _, _ string) (net.Conn, error) {
			<-ctx.Done()
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: ctx.Err()}
		})
		p := newPipe()
		p.serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"client_id":"c"}`) })
		transport, dials := p.transport(t), 0
		transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			if dials++; dials < 3 {
				return dead(ctx, network, address)
			}
			return p.dial(ctx, network, address)
		}
		start := time.Now()
		require.NoError(t, create(newClient(t, "http://example.com:443", client.WithHTTPClient(&http.Client{Transport: transport}))))
		assert.InDelta(t, 10300*time.Millisecond, time.Since(start), float64(151*time.Millisecond), "two dials of five seconds, and the pauses after them")
	})
}

// TestDialFindsTheServer: the bound is around the dial of net/http, if there is no other.
func TestDialFindsTheServer(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	conn, err := client.BoundDial(nil)(t.Context(), "tcp", server.Listener.Addr().String())
	require.NoError(t, err)
	require.NoError(t, conn.Close())
}

// TestSilentHTTP2Connection: it is found by pings. A call that must not be made twice fails
// with it, and the next one has another connection.
func TestSilentHTTP2Connection(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &freezer{pipe: newPipe()}
		server := &httptest.Server{Listener: f, EnableHTTP2: true, Config: &http.Server{ErrorLog: discard, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			assert.Equal(t, "HTTP/2.0", r.Proto)
			_, _ = io.WriteString(w, `{"client_id":"c"}`)
		})}}
		server.StartTLS()
		defer server.Close()
		transport := f.transport(t)
		transport.DialContext = f.dial
		transport.TLSClientConfig = &tls.Config{RootCAs: rootsOf(t, server), MinVersion: tls.VersionTLS12}
		api := newClient(t, "https://example.com:443", client.WithHTTPClient(&http.Client{Transport: transport}))
		require.NoError(t, create(api))
		require.NoError(t, read(api))
		require.EqualValues(t, 1, f.dialled.Load())

		f.freeze()
		start := time.Now()
		require.NoError(t, read(api))
		assert.InDelta(t, 8100*time.Millisecond, time.Since(start), float64(100*time.Millisecond))
		assert.EqualValues(t, 2, f.dialled.Load())

		f.freeze()
		start = time.Now()
		err := create(api)
		require.ErrorIs(t, err, client.ErrResponseLost)
		assert.Equal(t, 8*time.Second, time.Since(start))
		require.NoError(t, create(api))
	})
}

func rootsOf(t *testing.T, server *httptest.Server) *x509.CertPool {
	t.Helper()
	transport, ok := server.Client().Transport.(*http.Transport)
	require.True(t, ok)
	return transport.TLSClientConfig.RootCAs
}

// TestIdleConnections: they are closed before a proxy closes them.
func TestIdleConnections(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPipe()
		p.serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"client_id":"c"}`) })
		api := p.api(t)
		for _, pause := range []time.Duration{0, 29 * time.Second} {
			after(pause)
			require.NoError(t, create(api))
			assert.EqualValues(t, 1, p.dialled.Load(), pause)
		}
		after(31 * time.Second)
		require.NoError(t, create(api))
		assert.EqualValues(t, 2, p.dialled.Load())
	})
}

// TestWithIdleTimeout: a server that gives up idle connections early loses no request.
func TestWithIdleTimeout(t *testing.T) {
	t.Parallel()
	var dialled atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"client_id":"c"}`) }))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			dialled.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	api := newClient(t, server.URL, client.WithIdleTimeout(time.Hour))
	require.NoError(t, create(api))
	require.NoError(t, create(api))
	assert.EqualValues(t, 1, dialled.Load())
	_, err := api.GetOAuth2Client(t.Context(), "c", client.WithIdleTimeout(time.Hour))
	require.NoError(t, err)
	assert.EqualValues(t, 1, dialled.Load(), "the same timeout has the same connections")
	_, err = api.GetOAuth2Client(t.Context(), "c", client.WithIdleTimeout(time.Minute))
	require.NoError(t, err)
	assert.EqualValues(t, 2, dialled.Load())

	for _, opts := range [][]client.Option{
		{client.WithIdleTimeout(time.Second), client.WithHTTPClient(http.DefaultClient)},
		{client.WithHTTPClient(http.DefaultClient), client.WithIdleTimeout(time.Second)},
	} {
		_, err := client.New("http://hydra", opts...)
		require.ErrorIs(t, err, client.ErrInvalidArgument)
		require.ErrorContains(t, err, "d of WithIdleTimeout is not for the client of WithHTTPClient: set IdleConnTimeout of its transport")
	}
	_, err = client.New("http://hydra", client.WithIdleTimeout(0))
	require.ErrorContains(t, err, "d of WithIdleTimeout is not positive")
}

// TestIdleTimeoutOfAnOption: WithIdleTimeout closes a connection that no call has used for
// that time, given to New or to a method.
func TestIdleTimeoutOfAnOption(t *testing.T) {
	t.Parallel()
	closed := make(chan struct{}, 10)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"client_id":"c"}`) }))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateClosed {
			closed <- struct{}{}
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	short := client.WithIdleTimeout(10 * time.Millisecond)
	for name, get := range map[string]func() error{
		"New":      func() error { return read(newClient(t, server.URL, short)) },
		"a method": func() error { _, err := newClient(t, server.URL).GetOAuth2Client(t.Context(), "c", short); return err },
	} {
		require.NoError(t, get(), name)
		select {
		case <-closed:
		case <-time.After(20 * time.Second):
			assert.Fail(t, "the connection is still there", name)
		}
	}
}

// TestNewTransport: each has connections of its own.
func TestNewTransport(t *testing.T) {
	t.Parallel()
	a, b := client.NewTransport(), client.NewTransport()
	assert.NotSame(t, a, b)
	assert.NotSame(t, a.TLSClientConfig, b.TLSClientConfig)
	assert.EqualValues(t, tls.VersionTLS12, a.TLSClientConfig.MinVersion)
	assert.Equal(t, 5*time.Second, a.TLSHandshakeTimeout)
	assert.Equal(t, 30*time.Second, a.IdleConnTimeout)
	assert.GreaterOrEqual(t, a.MaxIdleConnsPerHost, 100, "that of net/http is 2")
	assert.GreaterOrEqual(t, a.MaxIdleConns, a.MaxIdleConnsPerHost)
}

// TestHeadersWithoutAnEnd: the transport gives up on them.
func TestHeadersWithoutAnEnd(t *testing.T) {
	t.Parallel()
	for size, valid := range map[int]bool{100 << 10: true, 400 << 10: false} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Large", strings.Repeat("x", size))
			_, _ = io.WriteString(w, `{"client_id":"c"}`)
		}))
		defer server.Close()
		_, err := newClient(t, server.URL).GetOAuth2Client(t.Context(), "c", client.WithRetries(0))
		if valid {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, "server response headers exceeded")
	}
}

// closing closes the connection that a request is about to be written to, at the moment
// that no timeout can avoid.
type closing struct {
	base  http.RoundTripper
	close func()
}

func (c *closing) RoundTrip(r *http.Request) (*http.Response, error) {
	return c.base.RoundTrip(r.WithContext(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		if info.Reused {
			c.close()
			synctest.Wait() // until net/http has seen it
		}
	}})))
}

// TestServerClosedIdleConnection: the request was not processed, so that it is sent again,
// whatever the operation is.
func TestServerClosedIdleConnection(t *testing.T) {
	t.Parallel()
	for id, op := range specOperations(t) {
		if !once(op) {
			continue
		}
		for name, retries := range map[string]int{"with retries": 2, "without": 0} {
			t.Run(id+"/"+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					p := newPipe()
					requests := 0
					server := p.serve(t, func(w http.ResponseWriter, _ *http.Request) {
						requests++
						w.WriteHeader(http.StatusConflict)
					})
					transport := &closing{base: p.transport(t), close: server.CloseClientConnections}
					api := newClient(t, "http://example.com:443", client.WithHTTPClient(&http.Client{Transport: transport}), client.WithRetries(retries))
					require.ErrorIs(t, api.DeleteOAuth2Client(t.Context(), "c"), client.ErrConflict)
					_, err := call(t, id, &request{t: t, api: api, ctx: t.Context()})
					if retries > 0 {
						require.ErrorIs(t, err, client.ErrConflict)
						assert.Equal(t, 2, requests)
						return
					}
					require.ErrorContains(t, err, "server closed idle connection")
					require.NotErrorIs(t, err, client.ErrResponseLost)
					assert.Equal(t, 1, requests)
				})
			})
		}
	}
}

// TestFailedConnections: a connection that failed is tried again for as long as a call has
// time, whatever the operation is, unless the next one would fail as well.
func TestFailedConnections(t *testing.T) {
	t.Parallel()
	const always = 9 // attempts in 30 seconds, and more
	tests := map[string]struct {
		fate
		attempts int
	}{
		"the connection is refused":          {fates()["the connection is refused"], always},
		"the proxy is not there":             {fates()["the proxy is not there"], always},
		"the proxy breaks the connection":    {fates()["the proxy breaks the connection"], always},
		"the handshake of TLS breaks":        {fates()["the handshake of TLS breaks"], always},
		"the handshake of TLS hangs":         {fates()["the handshake of TLS hangs"], 4},
		"the proxy refuses to connect":       {fates()["the proxy refuses to connect"], 3},
		"a name is not found":                {fates()["a name is not found"], 3},
		"the server has another certificate": {fates()["the server has another certificate"], 1},
		"the server has no TLS":              {fates()["the server has no TLS"], 1},
	}
	for name, tt := range tests {
		for _, id := range []string{"acceptLoginRequest", "deleteOAuth2Client", "getOAuth2Client", "updateOAuth2Client"} {
			t.Run(name+"/"+id, func(t *testing.T) {
				t.Parallel()
				unknownServer()
				synctest.Test(t, func(t *testing.T) {
					attempts := 0
					own := tt.fate
					own.opts = []client.Option{client.WithLogger(slog.New(attemptsOf(&attempts)))}
					start := time.Now()
					_, err := own.meet(t, id, client.WithRetries(2))
					require.Error(t, err)
					require.NotErrorIs(t, err, client.ErrResponseLost)
					assert.LessOrEqual(t, time.Since(start), 30*time.Second)
					if tt.attempts > 3 {
						assert.GreaterOrEqual(t, attempts, tt.attempts, "%v", err)
						return
					}
					assert.Equal(t, tt.attempts, attempts, "%v", err)
				})
			})
		}
	}
}

// attemptsHandler handles log lines, and stores the attempts of the last one.
type attemptsHandler struct {
	slog.Handler

	attempts *int
}

func attemptsOf(attempts *int) slog.Handler { return attemptsHandler{slog.DiscardHandler, attempts} }

func (attemptsHandler) Enabled(context.Context, slog.Level) bool { return true }

func (h attemptsHandler) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "attempts" {
			*h.attempts = int(a.Value.Int64())
		}
		return true
	})
	return nil
}
