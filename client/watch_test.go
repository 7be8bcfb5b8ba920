package client_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// fate is a situation of a call that must not be made twice.
type fate struct {
	lost    bool
	handler http.HandlerFunc // of the server, which else responds with 409
	raw     func(net.Conn)   // the server, in place of handler
	scheme  string           // http if it is empty
	wrap    func(*http.Transport) http.RoundTripper
	ctx     func(context.Context) context.Context
	opts    []client.Option
}

// fates are all ways in which a call can fail after which it must be known whether Hydra
// may have carried it out.
func fates() map[string]fate {
	status := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	ended := func(ctx context.Context) context.Context {
		ctx, cancel := context.WithCancel(ctx)
		cancel()
		return ctx
	}
	hangs := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	changed := func(change func(*http.Transport)) func(*http.Transport) http.RoundTripper {
		return func(t *http.Transport) http.RoundTripper {
			change(t)
			return t
		}
	}
	proxy := func(t *http.Transport) {
		t.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse("http://proxy:3128") }
	}
	noDial := func(err error) func(*http.Transport) http.RoundTripper {
		return changed(func(t *http.Transport) {
			t.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
				if err == nil {
					<-ctx.Done()
					err = ctx.Err()
				}
				return nil, &net.OpError{Op: "dial", Net: "tcp", Err: err}
			}
		})
	}
	const envoy = "upstream connect error or disconnect/reset before headers. reset reason: "
	return map[string]fate{
		"the context is cancelled before": {ctx: ended},
		"the time is over before":         {opts: []client.Option{client.WithTimeout(1)}},
		"the transport refuses a header": {wrap: func(t *http.Transport) http.RoundTripper {
			return &changing{t, func(r *http.Request) { r.Header.Set("X", "a\nb") }}
		}},
		"the transport refuses the URL": {wrap: func(t *http.Transport) http.RoundTripper {
			return &changing{t, func(r *http.Request) { r.URL.Scheme = "gopher" }}
		}},
		"the proxy function fails": {wrap: changed(func(t *http.Transport) {
			t.Proxy = func(*http.Request) (*url.URL, error) { return nil, errors.New("no proxy") }
		})},
		"the token source fails": {wrap: func(t *http.Transport) http.RoundTripper { return &authorizing{Base: t} }},
		"the token source of another fails": {wrap: func(t *http.Transport) http.RoundTripper {
			return &changing{&authorizing{Base: t}, func(*http.Request) {}}
		}},
		"a name is not found":             {wrap: noDial(&net.DNSError{Err: "no such host", IsNotFound: true})},
		"the connection is refused":       {wrap: noDial(syscall.ECONNREFUSED)},
		"the dial takes too long":         {wrap: noDial(nil)},
		"the proxy is not there":          {scheme: "https", wrap: changed(func(t *http.Transport) { noDial(syscall.ECONNREFUSED)(t); proxy(t) })},
		"the proxy refuses to connect":    {scheme: "https", wrap: changed(proxy), handler: status(http.StatusForbidden, "")},
		"the proxy breaks the connection": {scheme: "https", wrap: changed(proxy), raw: func(c net.Conn) { _, _ = c.Read(make([]byte, 1<<14)); _ = c.Close() }},
		"the handshake of TLS breaks":     {scheme: "https", raw: func(c net.Conn) { _, _ = c.Read(make([]byte, 1<<14)); _ = c.Close() }},
		"the handshake of TLS hangs":      {scheme: "https", raw: func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }},
		"the server has no TLS": {scheme: "https", raw: func(c net.Conn) {
			go func() { _, _ = io.Copy(io.Discard, c) }()
			_, _ = io.WriteString(c, "HTTP/1.1 400 Bad Request\r\n\r\n")
		}},
		"the server has another certificate": {scheme: "https", raw: func(c net.Conn) { _ = tls.Server(c, unknownServer()).Handshake() }},

		"400":                                  {handler: status(400, "")},
		"401":                                  {handler: status(401, "")},
		"404":                                  {handler: status(404, "")},
		"409":                                  {handler: status(409, "")},
		"429":                                  {handler: status(429, "")},
		"500":                                  {handler: status(500, "")},
		"503":                                  {handler: status(503, "")},
		"521 of Cloudflare":                    {handler: status(521, "")},
		"a redirect to a sign-in page":         {handler: status(302, "")},
		"503 of Envoy, not connected":          {handler: status(503, envoy+"remote connection failure, transport failure reason: delayed connect error: 111")},
		"503 of Envoy, too many requests":      {handler: status(503, envoy+"overflow")},
		"503 of Envoy, the stream was refused": {handler: status(503, envoy+"remote refused stream reset")},

		"502":                                {lost: true, handler: status(502, "")},
		"504":                                {lost: true, handler: status(504, "")},
		"520 of Cloudflare":                  {lost: true, handler: status(520, "")},
		"522 of Cloudflare":                  {lost: true, handler: status(522, "")},
		"524 of Cloudflare":                  {lost: true, handler: status(524, "")},
		"503 of Envoy, the connection broke": {lost: true, handler: status(503, envoy+"connection termination")},
		"503 of Envoy, a reset":              {lost: true, handler: status(503, envoy+"remote reset")},
		"200 with a sign-in page":            {lost: true, handler: status(200, "<html>Sign in</html>")},
		"201 with a sign-in page":            {lost: true, handler: status(201, "<html>Sign in</html>")},
		"a body that breaks off": {lost: true, handler: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "{")
		}},
		"a body that hangs": {lost: true, handler: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "100")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}},
		"a body that is too large": {lost: true, handler: status(200, strings.Repeat(" ", 2000)), opts: []client.Option{client.WithMaxResponseBytes(1000)}},
		"a response that is not HTTP": {lost: true, raw: func(c net.Conn) {
			_, _ = c.Read(make([]byte, 1<<10)) // before that nothing is lost
			_, _ = io.WriteString(c, "SSH-2.0\r\n\r\n")
			_, _ = io.Copy(io.Discard, c)
		}},
		"the connection ends":                  {lost: true, handler: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }},
		"no response in the time of the call":  {lost: true, handler: hangs},
		"no response in that of the transport": {lost: true, handler: hangs, wrap: changed(func(t *http.Transport) { t.ResponseHeaderTimeout = time.Second })},
		"the caller has no patience": {lost: true, handler: hangs, ctx: func(ctx context.Context) context.Context {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(time.Second, cancel)
			return ctx
		}},
		"a transport with retries of its own": {lost: true, handler: hangs, wrap: func(t *http.Transport) http.RoundTripper { return &retrying{t} }},
	}
}

// changing changes requests on their way to another transport.
type changing struct {
	next   http.RoundTripper
	change func(*http.Request)
}

func (c *changing) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	c.change(r)
	return c.next.RoundTrip(r)
}

// authorizing is like the transport of golang.org/x/oauth2, without a token.
type authorizing struct{ Base http.RoundTripper }

func (*authorizing) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("no token")
}

// retrying gets no response in a second, and then no connection.
type retrying struct{ *http.Transport }

func (rt *retrying) RoundTrip(r *http.Request) (*http.Response, error) {
	rt.ResponseHeaderTimeout = time.Second
	if resp, err := rt.Transport.RoundTrip(r); err == nil {
		return resp, nil
	}
	again := rt.Clone()
	again.DialContext = func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	}
	if r.GetBody != nil {
		r.Body, _ = r.GetBody()
	}
	return again.RoundTrip(r)
}

// unknownServer is the configuration of a server with a certificate that is not known.
var unknownServer = sync.OnceValue(func() *tls.Config {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	return server.TLS
})

// TestLostOrNot: an error is a lost response if Hydra may have carried out the request, and
// only then. Nothing that was lost is sent again.
func TestLostOrNot(t *testing.T) {
	t.Parallel()
	unknownServer()
	for id, op := range specOperations(t) {
		if !once(op) {
			continue
		}
		for name, f := range fates() {
			for retries, opt := range map[string]client.Option{"without retries": client.WithRetries(0), "with retries": client.WithRetries(2)} {
				t.Run(id+"/"+name+"/"+retries, func(t *testing.T) {
					t.Parallel()
					synctest.Test(t, func(t *testing.T) {
						requests, err := f.meet(t, id, opt)
						require.Error(t, err)
						assert.Equal(t, f.lost, errors.Is(err, client.ErrResponseLost), "%v", err)
						if f.lost {
							assert.EqualValues(t, 1, requests)
							assert.Equal(t, 1, strings.Count(err.Error(), "the response was lost"), "%v", err)
						}
					})
				})
			}
		}
	}
}

// meet makes a call in a situation, and returns how many requests or connections the server
// got.
func (f *fate) meet(t *testing.T, id string, opt client.Option) (requests int32, err error) {
	t.Helper()
	p := newPipe()
	var count atomic.Int32
	if f.raw == nil {
		p.serve(t, func(w http.ResponseWriter, r *http.Request) {
			count.Add(1)
			_, _ = io.Copy(io.Discard, r.Body)
			if f.handler == nil {
				w.WriteHeader(http.StatusConflict)
				return
			}
			f.handler(w, r)
		})
	} else {
		var open sync.WaitGroup
		open.Go(func() {
			for {
				c, err := p.Accept()
				if err != nil {
					return
				}
				count.Add(1)
				open.Go(func() {
					f.raw(c)
					<-p.closed
					_ = c.Close()
				})
			}
		})
		defer open.Wait()
		defer p.Close()
	}
	transport := p.transport(t)
	defer transport.CloseIdleConnections()
	var rt http.RoundTripper = transport
	if f.wrap != nil {
		rt = f.wrap(transport)
	}
	scheme := f.scheme
	if scheme == "" {
		scheme = "http"
	}
	ctx := t.Context()
	if f.ctx != nil {
		ctx = f.ctx(ctx)
	}
	api := newClient(t, scheme+"://example.com:443", append([]client.Option{client.WithHTTPClient(&http.Client{Transport: rt}), opt}, f.opts...)...)
	_, err = call(t, id, &request{t: t, api: api, ctx: ctx})
	return count.Load(), err
}

// TestBodyReadAgain: a transport that reads the body again has sent it once.
func TestBodyReadAgain(t *testing.T) {
	t.Parallel()
	api := faulty(t, func(r *http.Request) (*http.Response, error) {
		again, err := r.GetBody()
		require.NoError(t, err)
		body, err := io.ReadAll(again)
		require.NoError(t, err)
		assert.JSONEq(t, `{"client_id":"c"}`, string(body))
		return nil, errors.New("the connection broke")
	})
	_, err := api.CreateOAuth2Client(t.Context(), models.OAuth2Client{ClientID: "c"})
	require.ErrorIs(t, err, client.ErrResponseLost)
}

// TestWhatTheTransportReports: a transport that reports what it does is believed, even if
// the request has no body that could show it.
func TestWhatTheTransportReports(t *testing.T) {
	t.Parallel()
	closed := errors.New("http: server closed idle connection")
	tests := map[string]struct {
		does func(*httptrace.ClientTrace)
		err  error
		lost bool
	}{
		"it looks for a connection":                          {func(t *httptrace.ClientTrace) { t.GetConn("") }, io.EOF, false},
		"it writes the header":                               {func(t *httptrace.ClientTrace) { t.GetConn(""); t.WroteHeaders() }, io.EOF, true},
		"it writes to a connection that was closed before":   {func(t *httptrace.ClientTrace) { t.GetConn(""); t.WroteHeaders() }, closed, false},
		"it looks for another connection after such a write": {func(t *httptrace.ClientTrace) { t.GetConn(""); t.WroteHeaders(); t.GetConn("") }, io.EOF, false},
		"it writes all, and looks for another connection": {func(t *httptrace.ClientTrace) {
			t.GetConn("")
			t.WroteHeaders()
			t.WroteRequest(httptrace.WroteRequestInfo{})
			t.GetConn("")
		}, io.EOF, true},
		"it writes a part, and looks for another connection": {func(t *httptrace.ClientTrace) {
			t.GetConn("")
			t.WroteHeaders()
			t.WroteRequest(httptrace.WroteRequestInfo{Err: io.EOF})
			t.GetConn("")
		}, io.EOF, false},
		"it writes to a connection that was reset before": {func(t *httptrace.ClientTrace) { t.GetConn(""); t.WroteHeaders() }, errors.New("net/http: HTTP/1.x transport connection broken: readLoopPeekFailLocked: reset"), false},
		"it writes without looking for a connection":      {func(t *httptrace.ClientTrace) { t.WroteHeaders() }, io.EOF, true},
		"it reports nothing":                              {func(*httptrace.ClientTrace) {}, io.EOF, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := faulty(t, func(r *http.Request) (*http.Response, error) {
				tt.does(httptrace.ContextClientTrace(r.Context()))
				return nil, tt.err
			})
			assert.Equal(t, tt.lost, errors.Is(api.DeleteOAuth2Client(t.Context(), "c"), client.ErrResponseLost))
		})
	}
}

// TestTransportsThatFailBefore: a transport that sends through that of net/http, as far as
// its fields show, has sent nothing if it has not looked for a connection. Another one may
// have sent a request without a body.
func TestTransportsThatFailBefore(t *testing.T) {
	t.Parallel()
	endless := &authorizing{}
	endless.Base = endless
	tests := map[string]struct {
		transport http.RoundTripper
		lost      bool
	}{
		"around the default transport":      {&authorizing{}, false},
		"around a transport of net/http":    {&authorizing{Base: new(http.Transport)}, false},
		"around another of its kind":        {&authorizing{Base: &authorizing{Base: new(http.Transport)}}, false},
		"with two transports of net/http":   {&choosing{A: new(http.Transport)}, false},
		"with another transport beside it":  {&choosing{A: new(http.Transport), B: unable}, true},
		"around another transport":          {&authorizing{Base: unable}, true},
		"around itself":                     {endless, true},
		"a function":                        {unable, true},
		"a struct that shows no transports": {new(hiding), true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := newClient(t, "http://hydra", client.WithHTTPClient(&http.Client{Transport: tt.transport}), client.WithRetries(0))
			err := api.DeleteOAuth2Client(t.Context(), "c")
			require.Error(t, err)
			assert.Equal(t, tt.lost, errors.Is(err, client.ErrResponseLost), "%v", err)
		})
	}
}

var unable = roundTripper(func(*http.Request) (*http.Response, error) { return nil, errors.New("no token") })

type choosing struct{ A, B http.RoundTripper }

func (*choosing) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("no choice")
}

type hiding struct{ name string }

func (h *hiding) RoundTrip(*http.Request) (*http.Response, error) { return nil, errors.New(h.name) }

// TestContextIsOverBefore: nothing is sent, whatever the transport says.
func TestContextIsOverBefore(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	api := faulty(t, func(r *http.Request) (*http.Response, error) { return nil, r.Context().Err() })
	err := api.DeleteOAuth2Client(ctx, "c")
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, client.ErrResponseLost)
}

// TestAttemptsShareNothing: an attempt is sent as the first one was, whatever a transport
// does to the requests that it is given.
func TestAttemptsShareNothing(t *testing.T) {
	t.Parallel()
	type sent struct {
		method, url, host, body string
		length                  int64
		header                  http.Header
	}
	changes := map[string]func(*http.Request){
		"adds a header":      func(r *http.Request) { r.Header.Add("X-Own", "again") },
		"adds to a value":    func(r *http.Request) { r.Header["X-Own"][0], r.Header["Accept"][0] = "again", "text/html" },
		"appends to values":  func(r *http.Request) { r.Header["Accept"] = append(r.Header["Accept"], "text/html") },
		"deletes headers":    func(r *http.Request) { clear(r.Header) },
		"replaces headers":   func(r *http.Request) { r.Header = http.Header{"X": {"y"}} },
		"adds a prefix":      func(r *http.Request) { r.URL.Path, r.URL.RawPath = "/prefix"+r.URL.Path, "/prefix"+r.URL.RawPath },
		"changes the host":   func(r *http.Request) { r.URL.Host, r.Host = "elsewhere", "elsewhere" },
		"adds a query":       func(r *http.Request) { r.URL.RawQuery += "&own=again" },
		"sets a user":        func(r *http.Request) { r.URL.User = url.User("again") },
		"replaces the URL":   func(r *http.Request) { r.URL = &url.URL{Scheme: "https", Host: "elsewhere"} },
		"changes the method": func(r *http.Request) { r.Method = http.MethodPatch },
		"drains the body": func(r *http.Request) {
			if r.Body != nil {
				_, _ = io.Copy(io.Discard, r.Body)
			}
		},
		"closes the body": func(r *http.Request) {
			if r.Body != nil {
				_ = r.Body.Close()
			}
		},
		"replaces the body":   func(r *http.Request) { r.Body, r.ContentLength = io.NopCloser(strings.NewReader("own")), 3 },
		"takes the body away": func(r *http.Request) { r.Body, r.GetBody, r.ContentLength = nil, nil, 0 },
		"sets what is not set": func(r *http.Request) {
			r.Close, r.TransferEncoding, r.Trailer = true, []string{"chunked"}, http.Header{"X": nil}
		},
	}
	calls := map[string]func(*client.AdminAPI) error{
		"a path with escapes": func(a *client.AdminAPI) error {
			_, err := a.GetJSONWebKey(context.Background(), "a set", "a key?")
			return err
		},
		"a query": func(a *client.AdminAPI) error {
			_, err := a.GetLoginRequest(context.Background(), "the challenge")
			return err
		},
		"a form": func(a *client.AdminAPI) error {
			_, err := a.IntrospectOAuth2Token(context.Background(), "token", client.IntrospectOAuth2TokenParams{Scope: "a b"})
			return err
		},
		"a body":              updateClient,
		"a body, never twice": create,
	}
	for name, change := range changes {
		for operation, call := range calls {
			t.Run(name+"/"+operation, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					var attempts []sent
					own := roundTripper(func(r *http.Request) (*http.Response, error) {
						s := sent{r.Method, r.URL.String(), r.Host, "", r.ContentLength, r.Header.Clone()}
						if r.GetBody != nil {
							again, err := r.GetBody()
							require.NoError(t, err)
							body, err := io.ReadAll(again)
							require.NoError(t, err)
							s.body = string(body)
						}
						attempts = append(attempts, s)
						change(r)
						return &http.Response{StatusCode: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"1"}}, Body: http.NoBody}, nil
					})
					api := newClient(t, "http://user:password@example.com/base%2Fpath", client.WithHTTPClient(&http.Client{Transport: own}), client.WithHeader("X-Own", "once"))
					require.ErrorIs(t, call(api), client.ErrTooManyRequests)
					require.Greater(t, len(attempts), 3)
					for _, attempt := range attempts[1:] {
						assert.Equal(t, attempts[0], attempt)
					}
				})
			})
		}
	}
}
