package client

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"
)

const (
	// idleTimeout is how long a connection is kept that is not used. A proxy that closes
	// one while a request is written to it makes a lost response of that, so it must be
	// less than what proxies have: nginx has 75 seconds, load balancers of AWS 60, and the
	// configuration of HAProxy in Debian 50. It is more than the seconds between two calls
	// of a busy program, for which a new connection would cost a handshake.
	idleTimeout = 30 * time.Second
	// dialTimeout bounds a dial, all addresses of the host together: of two addresses the
	// first one gets half of it. It leaves room for two lost packets.
	dialTimeout = 5 * time.Second
	// A silent HTTP/2 connection is closed after the sum of these.
	pingAfter   = 5 * time.Second
	pingTimeout = 3 * time.Second
)

// defaultClient leaves a server that does not respond at all to the timeout of the call:
// another timer costs a fiftieth of a small call.
var defaultClient = &http.Client{Transport: defaultTransport(), CheckRedirect: stay}

func defaultTransport() http.RoundTripper {
	if _, ok := http.DefaultTransport.(*http.Transport); !ok { // the program has replaced it
		return http.DefaultTransport
	}
	return NewTransport()
}

// NewTransport returns a transport like the one that is used without [WithHTTPClient], with
// connections of its own: for a program that has to set something of it, such as
// certificates, or that puts another transport around it. It is a copy of
// [http.DefaultTransport], or like what that is in net/http if the program has put a
// transport of its own there, and it
//
//   - keeps as many idle connections as a provider under load needs, and each of them for
//     30 seconds ([WithIdleTimeout] says why)
//   - takes 5 seconds at most to connect to a host, all its addresses together, and as long
//     for the handshake of TLS, version 1.2 or later
//   - sends a ping over an HTTP/2 connection that has been silent for 5 seconds, and closes
//     it if that gets no response within 3 seconds
//   - gives up on a server that does not stop sending headers
func NewTransport() *http.Transport {
	t, ok := http.DefaultTransport.(*http.Transport)
	if ok {
		t = t.Clone()
	} else {
		t = &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true}
	}
	t.DialContext = boundDial(t.DialContext)
	t.TLSHandshakeTimeout = dialTimeout
	t.IdleConnTimeout = idleTimeout
	t.MaxIdleConns, t.MaxIdleConnsPerHost = 256, 256
	t.MaxResponseHeaderBytes = 256 << 10
	if t.HTTP2 == nil {
		t.HTTP2 = new(http.HTTP2Config)
	}
	t.HTTP2.SendPingTimeout = cmp.Or(t.HTTP2.SendPingTimeout, pingAfter)
	t.HTTP2.PingTimeout = cmp.Or(t.HTTP2.PingTimeout, pingTimeout)
	if t.TLSClientConfig == nil {
		t.TLSClientConfig = &tls.Config{}
	}
	t.TLSClientConfig.MinVersion = max(t.TLSClientConfig.MinVersion, tls.VersionTLS12)
	return t
}

// boundDial bounds a dial by time, so that one dead address does not take all that a call
// has. A nil dial is that of net/http.
func boundDial(dial func(ctx context.Context, network, address string) (net.Conn, error)) func(context.Context, string, string) (net.Conn, error) {
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		ctx, cancel := context.WithTimeout(ctx, dialTimeout)
		defer cancel()
		return dial(ctx, network, address)
	}
}

// clientsByIdleTimeout holds the clients of WithIdleTimeout, so that two calls with the
// same option share connections.
var clientsByIdleTimeout sync.Map

func clientWithIdleTimeout(d time.Duration) *http.Client {
	if hc, ok := clientsByIdleTimeout.Load(d); ok {
		return hc.(*http.Client) //nolint:forcetypeassert // stored below
	}
	t := NewTransport()
	t.IdleConnTimeout = d
	hc, _ := clientsByIdleTimeout.LoadOrStore(d, &http.Client{Transport: t, CheckRedirect: stay})
	return hc.(*http.Client) //nolint:forcetypeassert // stored here
}

// stay keeps a client from following redirects. Hydra redirects a request whose
// path is not clean to another resource: one for the key "" of a set to the set.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// roundTrip calls the transport directly unless hc has a cookie jar or a timeout:
// http.Client would only add redirect handling, and a copy of the request.
func roundTrip(hc *http.Client, req *http.Request) (*http.Response, error) {
	if hc.Jar != nil || hc.Timeout > 0 {
		resp, err := hc.Do(req)
		if ue := (*url.Error)(nil); errors.As(err, &ue) {
			err = ue.Err // without the URL, which carries challenges
		}
		return resp, err
	}
	transport := hc.Transport
	if transport == nil {
		transport = http.DefaultTransport
	}
	resp, err := transport.RoundTrip(req)
	switch {
	case err != nil:
		if tlsErr := (tls.RecordHeaderError{}); errors.As(err, &tlsErr) && string(tlsErr.RecordHeader[:]) == "HTTP/" {
			err = http.ErrSchemeMismatch
		}
		return nil, err
	case resp == nil:
		return nil, fmt.Errorf("%T returned neither a response nor an error", transport)
	case resp.Body == nil: // as some transports of tests return for an empty body
		resp.Body = http.NoBody
	}
	return resp, nil
}
