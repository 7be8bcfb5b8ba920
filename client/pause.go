package client

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	firstPause   = 100 * time.Millisecond
	longestPause = 5 * time.Second
	// longestWait is how long a server can make a call wait that has no bound.
	longestWait = 5 * time.Minute
)

// nextPause returns the pause after attempt n of a call, counted from 0, that has left
// time. It reports false if the call would be over by then: the error at hand tells the
// caller more. It is random, so that callers who failed together do not come back
// together; a pause that the server asks for gets longer by that, and never shorter.
func nextPause(n int, failure *Error, left time.Duration) (time.Duration, bool) {
	if failure != nil {
		if asked := retryAfter(failure); asked > 0 {
			spread := min(max(asked, firstPause), longestPause, (left-asked)/2)
			if spread <= 0 {
				return 0, false
			}
			return asked + rand.N(spread), true //nolint:gosec // not a secret
		}
	}
	pause := min(firstPause<<min(n, 10), longestPause)
	pause = pause/2 + rand.N(pause) //nolint:gosec // not a secret
	return pause, pause < left
}

// wait waits for d. It reports false if ctx ends before.
func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// retryAfter returns how long the server asks to wait, or 0 if it does not say so in a
// form that is known (RFC 9110, section 10.2.3).
func retryAfter(failure *Error) time.Duration {
	v := strings.TrimSpace(failure.Header.Get("Retry-After"))
	if at, err := http.ParseTime(v); err == nil {
		return time.Until(at)
	}
	if d, ok := readSeconds(v); ok {
		return d
	}
	if failure.StatusCode != http.StatusTooManyRequests {
		return 0 // gateways send X-Ratelimit-Reset with every response
	}
	d, _ := readSeconds(strings.TrimSpace(failure.Header.Get("X-Ratelimit-Reset")))
	if thirtyYears := 1_000_000_000 * time.Second; d >= thirtyYears && d < math.MaxInt64 {
		return time.Until(time.Unix(0, 0).Add(d)) // other gateways than that of Ory Network send the seconds since 1970
	}
	return d
}

// readSeconds reads a number of seconds. A number that is too large is the longest time.
func readSeconds(v string) (time.Duration, bool) {
	seconds, err := strconv.ParseUint(v, 10, 64)
	if errors.Is(err, strconv.ErrRange) || err == nil && seconds > math.MaxInt64/uint64(time.Second) {
		return math.MaxInt64, true
	}
	return time.Duration(seconds) * time.Second, err == nil //nolint:gosec // checked above
}
