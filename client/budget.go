package client

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// The retry budget of an AdminAPI. A healthy server takes ten per cent more requests than
// there are calls, and a program that makes few calls has its retries back within a minute.
const (
	budgetSize       = 50  // retries
	budgetPerSuccess = 0.1 // retries that a call gives back when it succeeds
	budgetPerSecond  = 1.0 // retries that time gives back
)

// A budget bounds the retries of all calls of an AdminAPI, so that a server in trouble
// gets little more than the calls themselves.
type budget struct {
	low   atomic.Bool // something is missing
	mu    sync.Mutex
	spent float64 // retries
	at    time.Time
}

// take takes a retry. It reports false if the budget is empty.
func (b *budget) take() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	b.spent = max(0, b.spent-budgetPerSecond*now.Sub(b.at).Seconds())
	b.at = now
	if b.spent > budgetSize-1 {
		return false
	}
	b.spent++
	b.low.Store(true)
	return true
}

// giveBack says that a call has succeeded.
func (b *budget) giveBack() {
	if !b.low.Load() {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.spent = max(0, b.spent-budgetPerSuccess)
	b.low.Store(b.spent > 0)
}

// A RetryObserver is a transport, given to [WithHTTPClient], that is told when the retry
// budget is empty.
type RetryObserver interface {
	// RetryRefused says that a call of op ends with its error, without a retry. The
	// context is that of the call.
	RetryRefused(ctx context.Context, op Operation)
}
