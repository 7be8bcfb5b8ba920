package client

import (
	"context"
	"crypto/tls"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// AdminAPI is a client of the admin API of ORY Hydra, of v1.11 and v2 alike. It cannot be changed once
// it was made by [New], and is safe for concurrent use.
type AdminAPI struct {
	blank *http.Request // to the base URL, which has no trailing slash
	cfg   config
}

// New returns a client of the admin API at baseURL, such as
// "http://127.0.0.1:4445" of Hydra v1 or "http://127.0.0.1:4445/admin" of Hydra v2.
// A path in baseURL is put before the path of every operation; whether it ends in a
// slash makes no difference. Calls to a wrong base URL fail with [ErrWrongBaseURL].
//
// Nothing is sent. A baseURL that is not an absolute http or https URL, or that
// has a query or fragment, is an [*ArgumentError], as is an unusable option.
func New(baseURL string, opts ...Option) (*AdminAPI, error) {
	base, err := parseBase(baseURL)
	if err != nil {
		return nil, err
	}
	cfg, err := config{client: defaultClient, timeout: defaultTimeout, retries: defaultRetries, maxBody: defaultMaxBody}.with(opts)
	if err != nil {
		return nil, err
	}
	blank, err := http.NewRequestWithContext(context.Background(), http.MethodGet, base.String(), http.NoBody)
	if err != nil {
		return nil, &ArgumentError{Argument: "baseURL", Reason: "is no URL"} // err repeats it
	}
	return &AdminAPI{blank: blank, cfg: cfg}, nil
}

// parseBase never repeats baseURL in its errors, since it may hold a password.
func parseBase(baseURL string) (url.URL, error) {
	refuse := func(reason string) (url.URL, error) {
		return url.URL{}, &ArgumentError{Argument: "baseURL", Reason: reason}
	}
	u, err := url.Parse(baseURL)
	switch {
	case err != nil:
		return refuse("is no URL")
	case u.Scheme != "http" && u.Scheme != "https":
		return refuse("must start with http:// or https://")
	case u.Hostname() == "":
		return refuse("names no host")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return refuse("must have no query and no fragment")
	}
	escaped := strings.TrimRight(u.EscapedPath(), "/")
	u.Path, err = url.PathUnescape(escaped)
	if err != nil {
		return refuse("is no URL")
	}
	u.RawPath = escaped
	return *u, nil
}

// defaultTimeout bounds a call, reading the answer included.
const defaultTimeout = 30 * time.Second

// defaultClient keeps enough idle connections for a provider under load, where
// http.DefaultClient would keep two and open a new one for most calls. It gives up
// on a server that does not start to answer, and on one that does not stop sending
// headers.
var defaultClient = &http.Client{Transport: defaultTransport(), CheckRedirect: stay}

func defaultTransport() http.RoundTripper {
	t, ok := http.DefaultTransport.(*http.Transport)
	if !ok { // the program has put its own in place
		return http.DefaultTransport
	}
	t = t.Clone()
	t.MaxIdleConnsPerHost = t.MaxIdleConns
	t.ResponseHeaderTimeout = 20 * time.Second
	t.MaxResponseHeaderBytes = 256 << 10
	if t.TLSClientConfig == nil {
		t.TLSClientConfig = &tls.Config{}
	}
	t.TLSClientConfig.MinVersion = max(t.TLSClientConfig.MinVersion, tls.VersionTLS12)
	return t
}

// stay keeps a client from following redirects. Hydra redirects a request whose
// path is not clean to another resource: one for the key "" of a set to the set.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
