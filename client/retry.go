package client

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// repeatable are the operations, besides those that only read, whose repetition
// leaves Hydra as one call does and is answered in the same way.
var repeatable = map[string]bool{
	"acceptConsentRequest":        true,
	"acceptLogoutRequest":         true,
	"deleteJsonWebKey":            true,
	"deleteJsonWebKeySet":         true,
	"deleteOAuth2Token":           true,
	"flushInactiveOAuth2Tokens":   true,
	"introspectOAuth2Token":       true,
	"rejectConsentRequest":        true,
	"rejectLogoutRequest":         true,
	"revokeAuthenticationSession": true,
	"revokeConsentSessions":       true,
	"updateJsonWebKey":            true,
	"updateJsonWebKeySet":         true,
	"updateOAuth2Client":          true,
	"updateOAuth2ClientLifespans": true,
}

const startOver = "Hydra v1 refuses a second answer with 409: send the browser to RequestURL of the login request to start over"

// afterLoss says what a caller can do when the answer to another operation is lost.
var afterLoss = map[string]string{
	"acceptLoginRequest":          startOver,
	"rejectLoginRequest":          startOver,
	"createOAuth2Client":          "look for the client by its ID before another call; without an ID of your own that creates another client",
	"createJsonWebKeySet":         "look into the set before another call; without a Kid of your own that adds another key",
	"deleteOAuth2Client":          "if another call fails with 404, the client is deleted",
	"deleteTrustedJwtGrantIssuer": "if another call fails with 404, the trust is deleted",
	"patchOAuth2Client":           "read the client before another call",
	"trustJwtGrantIssuer":         "if another call fails with 409, the issuer is trusted",
}

const (
	defaultRetries = 2
	// longestPause is how long a Retry-After header can make a call wait.
	longestPause = 30 * time.Second
)

// once reports whether a repetition of the operation does something else than the
// call: adds a client, fails with 409.
func (op *Operation) once() bool {
	return op.Method != http.MethodGet && !repeatable[op.ID]
}

// attempts calls try until it succeeds, and then as often as retries and the kind
// of failure allow.
func attempts(ctx context.Context, op *Operation, retries int, try func(context.Context) (answer, error)) (answer, error) {
	pauses := backoff.ExponentialBackOff{InitialInterval: 100 * time.Millisecond, RandomizationFactor: 0.5, Multiplier: 2, MaxInterval: 5 * time.Second}
	once := op.once()
	for {
		attempt, written := ctx, func() bool { return true }
		if once {
			attempt, written = watchConnection(ctx)
		}
		ans, err := try(attempt)
		if err == nil {
			return ans, nil
		}
		said, answered := err.(*Error) //nolint:errorlint // roundTrip returns it as it is
		switch {
		case once && answered:
			return answer{}, err
		case once && written():
			return answer{}, &lostAnswerError{op: op, cause: err}
		case retries == 0 || !passing(said, err) || !pause(ctx, pauses.NextBackOff(), said):
			return answer{}, err
		}
		retries--
	}
}

// watchConnection returns a context for one request, and a function that reports
// whether any of the request may have been written. It is sure of the contrary only
// if the transport says that it looked for a connection and does not say that it
// got one.
func watchConnection(ctx context.Context) (context.Context, func() bool) {
	w := new(struct {
		written atomic.Bool
		trace   httptrace.ClientTrace
	})
	w.written.Store(true)
	w.trace.GetConn = func(string) { w.written.Store(false) }
	w.trace.GotConn = func(httptrace.GotConnInfo) { w.written.Store(true) }
	return httptrace.WithClientTrace(ctx, &w.trace), w.written.Load
}

// passing reports whether another attempt may fare better after the answer said, or
// if there was none, after err. Status 500 is not such an answer: for Hydra v1 it
// often means that it cannot read the request.
func passing(said *Error, err error) bool {
	if said != nil {
		switch said.StatusCode {
		case http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			return true
		case http.StatusBadGateway:
			return !said.wantsForwardedProto()
		}
		return false
	}
	certificate := (*tls.CertificateVerificationError)(nil)
	return !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) && !errors.As(err, &certificate)
}

// pause waits, longer if the server asks for it. It reports false if ctx would be
// over by then: the caller learns more from the error at hand.
func pause(ctx context.Context, d time.Duration, said *Error) bool {
	if said != nil {
		d = max(d, min(retryAfter(said.Header), longestPause))
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

// retryAfter reads the header of RFC 9110, section 10.2.3: seconds or a date.
func retryAfter(h http.Header) time.Duration {
	v := h.Get("Retry-After")
	if seconds, err := strconv.ParseInt(v, 10, 32); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(v); err == nil {
		return time.Until(at)
	}
	return 0
}

// lostAnswerError is a failure after which nobody knows whether Hydra did what it
// was asked to.
type lostAnswerError struct {
	op    *Operation
	cause error
}

func (e *lostAnswerError) Error() string {
	s := e.cause.Error() + ": the answer is lost, and Hydra may have done it"
	if advice := afterLoss[e.op.ID]; advice != "" {
		s += ": " + advice
	}
	return s
}
func (e *lostAnswerError) Unwrap() error        { return e.cause }
func (e *lostAnswerError) Is(target error) bool { return target == ErrResponseLost }
