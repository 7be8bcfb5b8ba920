package clientweb

import (
	"context"
	"crypto/sha256"
	"errors"
	"sync"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/models"
)

// How long a response is kept, and how many are. That takes some 20 MB from Hydra v2 on,
// whose redirects are long.
const (
	keepFor  = time.Minute
	keepMost = 4096
)

// Once gives two submits of a form the same response. Users click twice, and on the second
// click the browser drops the response to the first; but a redirect of Hydra is good for
// one use, and Hydra v1 accepts a login only once.
//
// The zero value is ready, and one Once can serve all logins, consents, logouts and devices.
// It keeps a response for a minute, and at most 4,096 of them, the latest. It knows about
// this process alone. With several instances of a provider, let the load balancer send a
// browser to the same one; otherwise a second submit that reaches another instance gets a
// redirect of its own from Hydra v2 on, and from v1 [client.ErrConflict], after which
// [StartOver] begins anew.
type Once struct {
	mu    sync.Mutex
	known map[key]*response
	ended []expiry // of the calls that have ended, in their order
}

type key [sha256.Size]byte

type expiry struct {
	key
	at time.Time
}

type response struct {
	ready chan struct{} // closed when the rest is set
	done  models.CompletedRequest
	err   error
}

var errPanicked = errors.New("the call of the first submit panicked")

// Do calls call, or returns what the call for the same challenge and decision returned
// before; if that one still runs, Do waits for it. An error is not kept: the next submit
// calls again.
//
// decision tells apart what the same form can lead to: it is the subject of a login, so that
// another user at the same form does not get the login of the first, and for example allow
// or deny for a consent. call gets a context that does not end when the browser goes away:
// the second click must not stop the accept of the first.
func (o *Once) Do(ctx context.Context, challenge, decision string, call func(context.Context) (*models.CompletedRequest, error)) (*models.CompletedRequest, error) {
	k := key(sha256.Sum256([]byte(challenge + "\x00" + decision)))
	r, isFirst := o.response(k)
	if isFirst {
		o.run(context.WithoutCancel(ctx), k, r, call)
	}
	select {
	case <-r.ready:
	case <-ctx.Done():
		if !isFirst {
			return nil, ctx.Err()
		}
	}
	if r.err != nil {
		return nil, r.err
	}
	done := r.done
	return &done, nil
}

// response returns the response of a key, and whether the caller has to get it.
func (o *Once) response(k key) (r *response, isFirst bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.forget(time.Now())
	if r := o.known[k]; r != nil {
		return r, false
	}
	if o.known == nil {
		o.known = make(map[key]*response)
	}
	r = &response{ready: make(chan struct{}), err: errPanicked}
	o.known[k] = r
	return r, true
}

// run gets the response, and keeps it unless it is an error.
func (o *Once) run(ctx context.Context, k key, r *response, call func(context.Context) (*models.CompletedRequest, error)) {
	defer func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		if r.err == nil {
			o.ended = append(o.ended, expiry{k, time.Now().Add(keepFor)})
		} else {
			delete(o.known, k)
		}
		close(r.ready)
	}()
	done, err := call(ctx)
	if err == nil && done == nil {
		err = errors.New("the call returned neither a response nor an error")
	}
	if done != nil {
		r.done = *done
	}
	r.err = err
}

// forget drops what is too old or too much.
func (o *Once) forget(now time.Time) {
	for len(o.ended) > 0 && (len(o.ended) > keepMost || now.After(o.ended[0].at)) {
		delete(o.known, o.ended[0].key)
		o.ended = o.ended[1:]
	}
}
