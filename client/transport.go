package client

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// defaultClient keeps enough idle connections for a provider under load, where
// http.DefaultClient would keep two and open a new one for most calls. It gives up
// on a server that does not stop sending headers. A server that does not respond at all
// is left to the timeout of the call: another timer costs a fiftieth of a small call.
var defaultClient = &http.Client{Transport: defaultTransport(), CheckRedirect: stay}

func defaultTransport() http.RoundTripper {
	t, ok := http.DefaultTransport.(*http.Transport)
	if !ok { // the program has replaced it
		return http.DefaultTransport
	}
	t = t.Clone()
	t.MaxIdleConns, t.MaxIdleConnsPerHost = 256, 256
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
