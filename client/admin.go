package client

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"
)

// AdminAPI is a client of the admin API of ORY Hydra, of all its versions alike. [New]
// makes one. It is safe for concurrent use.
type AdminAPI struct {
	blank *http.Request  // to the base URL, which has no trailing slash
	cfg   func() *config // not the value: package fmt prints that, with its header fields
	style *atomic.Int32  // the styleID that a response of a list has shown last
}

// New returns a client of the admin API at baseURL, such as
// "http://127.0.0.1:4445" for Hydra v1 or "http://127.0.0.1:4445/admin" from v2 on.
// A path in baseURL is put before the path of every operation, but without a last /admin
// before those of health and version; whether it ends in a slash makes no difference. Where
// a response shows that the base URL is wrong, a call fails with [ErrWrongBaseURL].
//
// Nothing is sent. A baseURL that is not an absolute http or https URL, or that
// has a query or fragment, is an [*ArgumentError], as is an unusable option.
func New(baseURL string, opts ...Option) (*AdminAPI, error) {
	base, err := parseBase(baseURL)
	if err != nil {
		return nil, err
	}
	cfg, err := config{client: defaultClient, timeout: defaultTimeout, retries: defaultRetries, maxBody: defaultMaxBody, pagesInFlight: 1, budget: newBudget()}.with(opts)
	if err != nil {
		return nil, err
	}
	blank, err := http.NewRequestWithContext(context.Background(), http.MethodGet, base.String(), http.NoBody) //nolint:gosec // it goes where the caller says
	if err != nil {
		return nil, &ArgumentError{Argument: "baseURL", Reason: "is not a URL"} // err would repeat it
	}
	return &AdminAPI{blank: blank, cfg: func() *config { return &cfg }, style: new(atomic.Int32)}, nil
}

// defaultTimeout bounds a call, reading the response included.
const defaultTimeout = 30 * time.Second
