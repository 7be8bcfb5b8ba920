package client_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/client"
)

// pipe is a network in memory, for tests with a clock of their own. It has one server.
type pipe struct {
	accepted chan net.Conn
	closed   chan struct{}
	close    sync.Once
	dialled  atomic.Int32
}

func newPipe() *pipe { return &pipe{accepted: make(chan net.Conn), closed: make(chan struct{})} }

func (p *pipe) Accept() (net.Conn, error) {
	select {
	case c := <-p.accepted:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipe) Close() error {
	p.close.Do(func() { close(p.closed) })
	return nil
}

func (p *pipe) Addr() net.Addr { return pipeAddr{} }

type pipeAddr struct{}

func (pipeAddr) Network() string { return "tcp" }
func (pipeAddr) String() string  { return "example.com:443" }

func (p *pipe) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	p.dialled.Add(1)
	near, far := net.Pipe()
	select {
	case p.accepted <- far:
		return near, nil
	case <-ctx.Done():
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: ctx.Err()}
	}
}

// transport returns the default transport on p, until the test ends.
func (p *pipe) transport(t *testing.T) *http.Transport {
	t.Helper()
	transport := client.NewTransport()
	transport.DialContext = p.dial
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

// connection is the key of the number of a connection in the contexts of its requests.
type connection struct{}

// serve starts a server on p, until the test ends.
func (p *pipe) serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	var accepted int32
	s := &httptest.Server{Listener: p, Config: &http.Server{
		Handler: h, ErrorLog: discard,
		ConnContext: func(ctx context.Context, _ net.Conn) context.Context {
			accepted++
			return context.WithValue(ctx, connection{}, accepted)
		},
	}}
	s.Start()
	t.Cleanup(s.Close)
	return s
}

// api returns a client of the server on p.
func (p *pipe) api(t *testing.T, opts ...client.Option) *client.AdminAPI {
	t.Helper()
	return newClient(t, "http://example.com:443", append([]client.Option{client.WithHTTPClient(&http.Client{Transport: p.transport(t)})}, opts...)...)
}

func newClient(t *testing.T, url string, opts ...client.Option) *client.AdminAPI {
	t.Helper()
	api, err := client.New(url, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return api
}

// freezer makes connections that can fall silent, as those through a proxy that hangs.
type freezer struct {
	*pipe

	made []*freezable
}

func (f *freezer) dial(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := f.pipe.dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	made := &freezable{Conn: c, closed: make(chan struct{})}
	f.made = append(f.made, made)
	return made, nil
}

// freeze makes the connections that were made up to now silent.
func (f *freezer) freeze() {
	for _, c := range f.made {
		c.frozen.Store(true)
	}
}

type freezable struct {
	net.Conn

	frozen atomic.Bool
	closed chan struct{}
	once   sync.Once
}

func (f *freezable) Read(p []byte) (int, error) {
	n, err := f.Conn.Read(p)
	if f.frozen.Load() {
		<-f.closed
		return 0, net.ErrClosed
	}
	return n, err
}

func (f *freezable) Write(p []byte) (int, error) {
	if f.frozen.Load() {
		return len(p), nil
	}
	return f.Conn.Write(p)
}

func (f *freezable) Close() error {
	f.once.Do(func() { close(f.closed) })
	return f.Conn.Close()
}

// after waits on the clock of a bubble.
func after(d time.Duration) { <-time.After(d) }
