package client

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"strings"
	"time"
)

const (
	defaultRetries = 2
	// longestSilence is how long an attempt may take that can be followed by another one.
	longestSilence = 10 * time.Second
)

// verdict is what a failed attempt means for the call.
type verdict int

const (
	final       verdict = iota // another attempt would fail as well, or must not be made
	lost                       // nor must one be made, since Hydra may have carried out the request
	passing                    // another attempt may succeed
	unprocessed                // the same, and the request surely was not carried out
)

// attempts sends the request of a call until it succeeds, or until the time of the call,
// its retries, the budget or the kind of failure end that.
func (c *call) attempts(ctx context.Context, start, deadline time.Time, cfg *config, m *message, log *record) (response, error) {
	retries, silent := cfg.retries, false
	for n := 0; ; n++ {
		end := deadline
		if c.op.repeatable && retries > 0 && !silent {
			end = boundOfAttempt(start, deadline)
		}
		// The first attempt of a read goes without a watch, which has its price.
		var sent *watch
		if !c.op.repeatable || n > 0 {
			sent = new(watch)
		}
		resp, err := c.attempt(ctx, end, cfg, m, sent, log)
		failure, _ := err.(*Error) //nolint:errorlint // roundTrip returns it as it is
		cfg.budget.saw(failure, err)
		if err == nil {
			return resp, nil
		}
		var verdict verdict
		if failure != nil {
			verdict = c.judgeResponse(failure)
		} else {
			left := timeLeft(ctx, deadline)
			err = overdue(ctx, left, err)
			verdict = c.judge(cfg, err, sent, left)
		}
		if verdict == lost {
			err = &lostResponseError{op: c.op, cause: err}
		}
		if verdict < passing || cfg.retries == 0 {
			return response{}, err
		}
		if !end.Equal(deadline) && !time.Now().Before(end) {
			// The other connections of the pool may be as silent as this one.
			silent = true
			cfg.client.CloseIdleConnections()
		}
		// A call without a bound would be retried for ever.
		counted := verdict == passing || deadline.IsZero()
		if counted && retries == 0 {
			return response{}, err
		}
		pause, ok := nextPause(n, failure, timeLeft(ctx, deadline))
		if !ok {
			return response{}, err
		}
		if counted {
			retries--
		}
		if verdict == passing && !cfg.budget.retries.take() {
			c.refuseRetry(ctx, cfg, log)
			return response{}, err
		}
		if verdict == unprocessed && failure == nil && !closedBefore(err) {
			cfg.budget.unreachable.Store(true)
		}
		if !wait(ctx, pause) || !cfg.budget.hold(ctx, deadline) {
			return response{}, err
		}
		start = time.Now()
	}
}

// boundOfAttempt returns when an attempt from start on is given up that can be followed by
// another one.
func boundOfAttempt(start, deadline time.Time) time.Time {
	if deadline.IsZero() {
		return deadline
	}
	return start.Add(min(deadline.Sub(start)/2, longestSilence))
}

// timeLeft returns how long a call may still take.
func timeLeft(ctx context.Context, deadline time.Time) time.Duration {
	switch {
	case ctx.Err() != nil:
		return 0
	case deadline.IsZero():
		return longestWait
	}
	return time.Until(deadline)
}

// overdue returns the failure of an attempt as one that matches the error of the context as
// well, if the time of the call is over: a transport that does not heed the context of a
// request may report something else.
func overdue(ctx context.Context, left time.Duration, err error) error {
	over := ctx.Err()
	if over == nil && left <= 0 {
		over = context.DeadlineExceeded
	}
	if over == nil || errors.Is(err, over) || errors.As(err, new(*Error)) {
		return err
	}
	return &overdueError{err, over}
}

// overdueError is a failure that came when the time of its call was over.
type overdueError struct{ cause, over error }

func (e *overdueError) Error() string   { return e.cause.Error() + ": " + e.over.Error() }
func (e *overdueError) Unwrap() []error { return []error{e.cause, e.over} }

// until returns a context that ends at a time, or ctx if that ends before or the time is
// zero.
func until(ctx context.Context, end time.Time) (context.Context, context.CancelFunc) {
	if own, ok := ctx.Deadline(); end.IsZero() || ok && !end.Before(own) {
		return ctx, func() {}
	}
	return context.WithDeadline(ctx, end)
}

// attempt sends a request, whose response must have been read by a time, if that is not
// zero.
func (c *call) attempt(ctx context.Context, end time.Time, cfg *config, m *message, sent *watch, log *record) (response, error) {
	ctx, cancel := until(ctx, end)
	defer cancel()
	if log != nil {
		log.attempts++
	}
	return c.roundTrip(cfg, m.request(ctx, sent), sent)
}

// refuseRetry tells of a retry that is not made.
func (c *call) refuseRetry(ctx context.Context, cfg *config, log *record) {
	if log != nil {
		log.budgetEmpty = true
	}
	if o, ok := cfg.client.Transport.(RetryObserver); ok {
		o.RetryRefused(ctx, c.op.Operation)
	}
}

// judge says what it means that an attempt failed with err and without a response, with
// this time left to the call.
func (c *call) judge(cfg *config, err error, sent *watch, left time.Duration) verdict {
	_, distrusted := errors.AsType[*tls.CertificateVerificationError](err)
	switch {
	case errors.Is(err, ErrResponseLost):
		return final
	case !c.op.repeatable && sent.mayHaveArrived(cfg.client.Transport, err):
		return lost
	case left <= 0, distrusted, refusesCertificate(err), errors.Is(err, http.ErrSchemeMismatch):
		return final
	case sent.neverConnected(err):
		return unprocessed
	}
	return passing
}

// judgeResponse says what it means that an attempt failed with a response.
func (c *call) judgeResponse(failure *Error) verdict {
	switch {
	case failure.StatusCode == http.StatusTooManyRequests:
		return unprocessed
	case !c.op.repeatable && failure.hidesFate():
		return lost
	case c.op.repeatable && (failure.ofGateway() || failure.StatusCode == http.StatusInternalServerError && c.op.Method == http.MethodGet):
		return passing
	}
	return final
}

// ofGateway reports whether a gateway says that it got no response from Hydra. Those of
// Cloudflare have statuses of their own.
func (e *Error) ofGateway() bool {
	switch e.StatusCode {
	case http.StatusBadGateway:
		return !e.wantsForwardedProto()
	case http.StatusServiceUnavailable, http.StatusGatewayTimeout, 520, 521, 522, 523, 524:
		return true
	}
	return false
}

// hidesFate reports whether a gateway may have forwarded the request without getting a
// response. Status 503 says that it was not forwarded, but Envoy also sends it when a
// connection has broken.
func (e *Error) hidesFate() bool {
	switch e.StatusCode {
	case http.StatusServiceUnavailable:
		_, reason, ok := strings.Cut(string(e.Body), "disconnect/reset before headers")
		for _, notForwarded := range []string{"connection failure", "connection timeout", "overflow", "refused stream"} {
			ok = ok && !strings.Contains(reason, notForwarded)
		}
		return ok
	case 521, 523: // refused, unreachable
		return false
	}
	return e.ofGateway()
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
