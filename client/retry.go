package client

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/cenkalti/backoff/v5"
)

const (
	defaultRetries = 2
	// longestPause is how long a Retry-After header can make a call wait.
	longestPause = 30 * time.Second
)

// attempts sends the request of a call until it succeeds, or until retries or the kind of
// failure end that.
func (c *call) attempts(ctx context.Context, cfg *config, m *message, log *record) (response, error) {
	pauses := backoff.ExponentialBackOff{InitialInterval: 100 * time.Millisecond, RandomizationFactor: 0.5, Multiplier: 2, MaxInterval: 5 * time.Second}
	for retries := cfg.retries; ; retries-- {
		if log != nil {
			log.attempts++
		}
		var sent *watch
		if !c.op.repeatable {
			sent = new(watch)
		}
		resp, err := c.roundTrip(cfg, m.request(ctx, sent))
		if err == nil {
			return resp, nil
		}
		failure, responded := err.(*Error) //nolint:errorlint // roundTrip returns it as it is
		switch {
		case !c.op.repeatable && responded:
			if failure.ofGateway() {
				err = &lostResponseError{op: c.op, cause: err}
			}
			return response{}, err
		case !c.op.repeatable && sent.mayHaveArrived(err):
			return response{}, &lostResponseError{op: c.op, cause: err}
		case retries == 0 || !mayPass(failure, err) || !pause(ctx, pauses.NextBackOff(), failure):
			return response{}, err
		}
	}
}

// ofGateway reports whether a gateway says that it got no response from Hydra, which may
// have carried out the request.
func (e *Error) ofGateway() bool {
	return e.StatusCode == http.StatusBadGateway && !e.wantsForwardedProto() || e.StatusCode == http.StatusGatewayTimeout
}

// mayPass reports whether another attempt may succeed after the response failure or, if
// there was none, after err. Status 500 is not a reason: Hydra v1 often sends it for a
// request that it cannot read.
func mayPass(failure *Error, err error) bool {
	if failure != nil {
		switch failure.StatusCode {
		case http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			return true
		case http.StatusBadGateway:
			return !failure.wantsForwardedProto()
		}
		return false
	}
	certificate := (*tls.CertificateVerificationError)(nil)
	return !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) && !errors.As(err, &certificate)
}

// pause waits for d, or longer if the server asks for it. It reports false if ctx would
// be over by then: the error at hand tells the caller more.
func pause(ctx context.Context, d time.Duration, failure *Error) bool {
	if failure != nil {
		d = max(d, min(retryAfter(failure.Header), longestPause))
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= d {
		return false
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// retryAfter reads the header of RFC 9110, section 10.2.3: seconds or a date. Ory Network
// sends the seconds in a header of its own.
func retryAfter(h http.Header) time.Duration {
	v := cmp.Or(h.Get("Retry-After"), h.Get("X-Ratelimit-Reset"))
	if seconds, err := strconv.ParseInt(v, 10, 32); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(v); err == nil {
		return time.Until(at)
	}
	return 0
}

// lostResponseError is a failure after which Hydra may have carried out the request or
// not.
type lostResponseError struct {
	op    *operation
	cause error
}

func (e *lostResponseError) Error() string {
	text := e.cause.Error() + ": the response was lost; Hydra may have carried out the request"
	if e.op.whenLost != "" {
		text += ": " + e.op.whenLost
	}
	return text
}
func (e *lostResponseError) Unwrap() error        { return e.cause }
func (e *lostResponseError) Is(target error) bool { return target == ErrResponseLost }
