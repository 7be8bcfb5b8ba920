package client

import (
	"encoding/base64"
	"net/http"
	"strings"
	"time"
)

// An Option changes how calls are made. Options given to [New] hold for every
// call, options given to a method for that call alone; the later one wins.
type Option func(*config) error

type config struct {
	client        *http.Client
	given         bool          // client is that of WithHTTPClient
	idleTimeout   time.Duration // of WithIdleTimeout
	header        http.Header
	timeout       time.Duration
	retries       int
	maxBody       int64
	pagesInFlight int
	// log is called with the record of each call, if it is not nil. A function, so that
	// programs without WithLogger do not link package log/slog.
	log    func(r *record, status int, err error)
	budget *budget
}

// end is when the time of a call is over that begins now, or zero.
func (c *config) end() time.Time {
	if c.timeout == 0 {
		return time.Time{}
	}
	return time.Now().Add(c.timeout)
}

// with returns the configuration changed by opts. It shares nothing that opts
// may change with c.
func (c config) with(opts []Option) (config, error) {
	c.header = c.header.Clone()
	if c.header == nil {
		c.header = make(http.Header)
	}
	for _, opt := range opts {
		if opt == nil {
			return c, &ArgumentError{Argument: "opts", Reason: "holds a nil Option"}
		}
		if err := opt(&c); err != nil {
			return c, err
		}
	}
	if c.idleTimeout > 0 {
		if c.given {
			return c, &ArgumentError{Argument: "d of WithIdleTimeout", Reason: "is not for the client of WithHTTPClient: set IdleConnTimeout of its transport"}
		}
		c.client = clientWithIdleTimeout(c.idleTimeout)
	}
	return c, nil
}

// WithHTTPClient sends requests through hc: its transport decides about TLS,
// proxies, tracing and connection pools. hc is copied, and the copy does not
// follow redirects, whatever hc.CheckRedirect says. [NewTransport] returns the transport
// that is used without this option, to be changed. A transport of your own has to heed the
// context of a request, also while it fetches a token for it: a call waits for its transport.
func WithHTTPClient(hc *http.Client) Option {
	return func(c *config) error {
		if hc == nil {
			return &ArgumentError{Argument: "hc of WithHTTPClient", Reason: "is nil"}
		}
		own := *hc
		own.CheckRedirect = stay
		c.client, c.given = &own, true
		return nil
	}
}

// setHeader sets a header field that an option gives, as its argument of this name.
func (c *config) setHeader(option, argument, key, value string) error {
	part, reason := checkHeader(key, value)
	switch part {
	case "":
		c.header.Set(key, value)
		return nil
	case "value":
		part = argument
	}
	return &ArgumentError{Argument: part + " of " + option, Reason: reason}
}

// WithHeader sets a header field of the request, for example one that a proxy in
// front of Hydra asks for. Accept and Content-Type are those of the client, whatever is set
// here; Host, Content-Length, Transfer-Encoding, Trailer and Accept-Encoding cannot be set. Nor
// can Idempotency-Key and X-Idempotency-Key: with them package net/http sends a request again
// that a broken connection may have lost, so Hydra would create two clients. A transport of
// [WithHTTPClient] must not add them either. HTTP/2 has no fields of a single connection, such
// as Connection and Keep-Alive: there they are not sent.
func WithHeader(key, value string) Option {
	return func(c *config) error {
		return c.setHeader("WithHeader", "value", key, value)
	}
}

// WithBearerToken sends an Authorization header with token (RFC 6750, section
// 2.1). Hydra itself ignores it: it is for a proxy in front of the admin port, or for Ory
// Network. A transport of [WithHTTPClient] that sets Authorization overrides it.
func WithBearerToken(token string) Option {
	return func(c *config) error {
		if token == "" {
			return &ArgumentError{Argument: "token of WithBearerToken", Reason: "is empty"}
		}
		return c.setHeader("WithBearerToken", "token", "Authorization", "Bearer "+token)
	}
}

// WithBasicAuth sends an Authorization header with a user and password (RFC 7617).
// Hydra itself ignores it: it is for a proxy in front of the admin port.
func WithBasicAuth(user, password string) Option {
	return func(c *config) error {
		switch {
		case user == "":
			return &ArgumentError{Argument: "user of WithBasicAuth", Reason: "is empty"}
		case strings.Contains(user, ":"):
			return &ArgumentError{Argument: "user of WithBasicAuth", Reason: "has a colon, where its password would begin (RFC 7617, section 2)"}
		}
		c.header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(user+":"+password)))
		return nil
	}
}

// WithUserAgent names the calling program, such as "my-idp/1.4", in front of the
// name and version of this library in the User-Agent header.
func WithUserAgent(product string) Option {
	return func(c *config) error {
		if product == "" {
			return &ArgumentError{Argument: "product of WithUserAgent", Reason: "is empty"}
		}
		return c.setHeader("WithUserAgent", "product", "User-Agent", product+" "+userAgent())
	}
}

// WithForwardedProto sends X-Forwarded-Proto: https. Hydra v1 asks for it when it
// serves plain HTTP behind a proxy that ends TLS, and responds to a call without it
// with status 502 and the text "The error is unrecognizable".
func WithForwardedProto() Option { return WithHeader("X-Forwarded-Proto", "https") }

// WithIdleTimeout closes a connection that no call has used for d, so that it is not the
// proxy in front of Hydra that closes it: a request that is written at that moment is
// lost. The default of 30 seconds fits nginx (75 seconds), the load balancers of AWS (60)
// and HAProxy as Debian sets it up (50). Give less than the proxy's own idle timeout where
// that is shorter, such as 5 seconds for Node.js and Apache httpd or 10 for HAProxy of Red
// Hat. It is refused together with [WithHTTPClient], whose transport has a timeout of its own.
func WithIdleTimeout(d time.Duration) Option {
	return func(c *config) error {
		if d <= 0 {
			return &ArgumentError{Argument: "d of WithIdleTimeout", Reason: "is not positive"}
		}
		c.idleTimeout = d
		return nil
	}
}

// WithTimeout bounds each call, all requests that it needs, their attempts and pauses and
// reading the responses included; for an iterator that is each page. The default is 30
// seconds, and zero leaves the bounds to the context and the HTTP client. An attempt may end
// earlier, so that there is time for another one: section Time of the package documentation
// says when.
//
// A call takes longer if a transport of [WithHTTPClient] does not heed the context of a
// request, as one that fetches a token without it. The error is that of the transport then,
// and is [context.DeadlineExceeded] as well, and the call is not retried.
func WithTimeout(d time.Duration) Option {
	return func(c *config) error {
		if d < 0 {
			return &ArgumentError{Argument: "d of WithTimeout", Reason: "is negative"}
		}
		c.timeout = d
		return nil
	}
}

// WithRetries sets how often a call is retried after a failure that may pass: at
// most n times, where 0 turns retries off. The default is 2. A retry after a failed
// connection or status 429 does not count, if the call has a timeout or its context a
// deadline. Section Retries of the package documentation says which failures of which
// operations are meant.
func WithRetries(n int) Option {
	return func(c *config) error {
		if n < 0 {
			return &ArgumentError{Argument: "n of WithRetries", Reason: "is negative"}
		}
		c.retries = n
		return nil
	}
}

// WithMaxResponseBytes sets how large the body of a response may be, after
// decompression; a larger one is [ErrInvalidResponse]. The default is 64 MiB. Of a
// response that reports a failure at most 1 MiB is read.
func WithMaxResponseBytes(n int64) Option {
	return func(c *config) error {
		if n <= 0 {
			return &ArgumentError{Argument: "n of WithMaxResponseBytes", Reason: "is not positive"}
		}
		c.maxBody = n
		return nil
	}
}

// WithPagesInFlight sets how many pages an iterator asks for at the same time while
// its caller works with the items of the page before them. The default is 1. More
// make long lists come faster from a server that is far away or slow, at the price of
// as many pages in memory. Items come in the same order. An iterator may
// request pages for nothing where a filter makes the list shorter than its total. Where
// the server does not say how long the list is, or its tokens can only be followed one
// by one, as from v25.4 on, the iterator gets one page at a time.
//
// With 0 a page is requested when its items are wanted, so that no request of the
// iterator runs at the same time as one of the loop's body. Hydra v1 with DSN=memory
// loses its database when it serves two requests at a time, or when a request is broken
// off. A file does not have that problem: sqlite:///var/lib/hydra/db.sqlite?_fk=true.
func WithPagesInFlight(n int) Option {
	return func(c *config) error {
		if n < 0 {
			return &ArgumentError{Argument: "n of WithPagesInFlight", Reason: "is negative"}
		}
		c.pagesInFlight = n
		return nil
	}
}
