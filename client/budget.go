package client

import (
	"context"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// The retry budget of an AdminAPI. A healthy server takes ten per cent more requests than
// there are calls, and a program that makes few calls has its retries back within a minute.
const (
	budgetSize       = 50  // retries
	budgetPerSuccess = 0.1 // retries that a response gives back
)

// probes is how many retries of all calls together can be made at first while no
// connection can be made. After that it is one a second. It is enough for a single call.
const (
	probes     = 5
	probePause = time.Second
)

// A budget bounds the retries of all calls of an AdminAPI, so that a server in trouble
// gets little more than the calls themselves.
type budget struct {
	retries, probes bucket
	unreachable     atomic.Bool // no connection could be made since the last response
}

func newBudget() *budget {
	return &budget{retries: bucket{size: budgetSize}, probes: bucket{size: probes}}
}

// saw takes note of an attempt that failed with err, if that is not nil, which is failure if
// there was a response.
func (b *budget) saw(failure *Error, err error) {
	if err != nil && failure == nil {
		return
	}
	if b.unreachable.Load() {
		b.unreachable.Store(false)
	}
	if failure == nil || failure.StatusCode < http.StatusInternalServerError && failure.StatusCode != http.StatusTooManyRequests {
		b.retries.give(budgetPerSuccess)
	}
}

// hold waits, after a connection failed, until the call may try again: for its turn, or
// for another call to get a response. It reports false if the call would be over by then.
func (b *budget) hold(ctx context.Context, deadline time.Time) bool {
	for b.unreachable.Load() && !b.probes.take() {
		pause := probePause/2 + rand.N(probePause) //nolint:gosec // not a secret
		if timeLeft(ctx, deadline) <= pause || !wait(ctx, pause) {
			return false
		}
	}
	return true
}

// A bucket holds size tokens, and gets one back each second.
type bucket struct {
	size  float64
	low   atomic.Bool // something is missing
	mu    sync.Mutex
	spent float64
	at    time.Time
}

// take takes a token. It reports false if there is none.
func (b *bucket) take() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	b.spent = max(0, b.spent-now.Sub(b.at).Seconds())
	b.at = now
	if b.spent > b.size-1 {
		return false
	}
	b.spent++
	b.low.Store(true)
	return true
}

// give gives a part of a token back.
func (b *bucket) give(part float64) {
	if !b.low.Load() {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.spent = max(0, b.spent-part)
	b.low.Store(b.spent > 0)
}

// A RetryObserver is a transport, given to [WithHTTPClient], that is told when the retry
// budget is empty.
type RetryObserver interface {
	// RetryRefused says that a call of op ends with its error, without a retry. The
	// context is that of the call.
	RetryRefused(ctx context.Context, op Operation)
}
