package clientweb

import (
	"context"
	"crypto/sha256"
	"errors"
	"net/url"
	"sync"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

const (
	// keepFor is how long a response is kept, and keepMost how many are. That takes some 20 MB
	// from Hydra v2 on, whose redirects are long.
	keepFor  = time.Minute
	keepMost = 4096
	// followedAfter is how long the browser has for the redirect of a consent. A second click
	// comes before, and somebody who went back from the app after it.
	followedAfter = 2 * time.Second
	// decidedFor is how long it is known that a consent was decided. Hydra lets requests expire
	// within that time, unless ttl.login_consent_request is longer.
	decidedFor = time.Hour
	// decidedMost is how many of them are known, which takes some 10 MB.
	decidedMost = 65536
)

// ErrDecidedBefore says that a user is at a consent again that was decided before: see
// [Once.Decided] and [Once.Do]. It is a [client.ErrConflict]. [StartOver] starts the
// request over.
var ErrDecidedBefore error = decidedBeforeError{}

type decidedBeforeError struct{}

func (decidedBeforeError) Error() string { return "clientweb: the consent was decided before" }

func (decidedBeforeError) Is(target error) bool { return target == client.ErrConflict }

// Once gives two submits of a form the same response. Users click twice, and on the second
// click the browser drops the response to the first; but a redirect of Hydra is good for
// one use, and Hydra v1 accepts a login only once.
//
// The zero value is ready, and one Once can serve all logins, consents, logouts and devices.
// It keeps a response for a minute, and at most 4,096 of them, the latest. For an hour it
// knows which consents were decided, and at most 65,536 of them. It knows about this process
// alone. With several instances of a provider, let the load balancer send a browser to the
// same one; otherwise a second submit that reaches another instance gets a redirect of its own
// from Hydra v2 on, and from v1 [client.ErrConflict], after which [StartOver] begins anew.
type Once struct {
	mu      sync.Mutex
	known   map[key]*response
	ended   []expiry          // of the calls that have ended, in their order
	consent map[key]time.Time // when they were decided, by challenge
	decided []expiry          // of consent
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
// decision tells apart what the same form can lead to, with all of its boxes. For a login it
// has the subject, so that another user at the same form does not get the login of the first,
// and whether to remember it; for a consent it is for example deny, or allow and the scopes.
// call gets a context that does not end when the browser goes away:
// the second click must not stop the accept of the first.
//
// From two seconds after the first response to a consent on, Do returns [ErrDecidedBefore],
// whatever the decision: the user has gone back from the app to a page that the browser has
// kept, and the verifier, which is the part of RedirectTo that proves the decision, was used.
// Logins and logouts are not concerned. Pass the error to [StartOver].
func (o *Once) Do(ctx context.Context, challenge, decision string, call func(context.Context) (*models.CompletedRequest, error)) (*models.CompletedRequest, error) {
	request, k := key(sha256.Sum256([]byte(challenge))), key(sha256.Sum256([]byte(challenge+"\x00"+decision)))
	r, isFirst := o.response(request, k)
	if r == nil {
		return nil, ErrDecidedBefore
	}
	if isFirst {
		o.run(context.WithoutCancel(ctx), request, k, r, call)
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

// Decided returns [ErrDecidedBefore] if Do has decided on the consent before. Ask it when the
// consent page is opened, and pass the error to [StartOver]: from v2 on, Hydra hands out a
// consent that was decided as if it was new, and tells the app that the verifier "has already
// been used" when the user has filled in the page. Hydra v1 says that it was handled.
func (o *Once) Decided(challenge string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.forget(time.Now())
	if _, found := o.consent[sha256.Sum256([]byte(challenge))]; found {
		return ErrDecidedBefore
	}
	return nil
}

// response returns the response of a key, and whether the caller has to get it. It is nil if
// the request is a consent that was decided before.
func (o *Once) response(request, k key) (r *response, isFirst bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	now := time.Now()
	o.forget(now)
	if at, found := o.consent[request]; found && now.Sub(at) >= followedAfter {
		return nil, false
	}
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
func (o *Once) run(ctx context.Context, request, k key, r *response, call func(context.Context) (*models.CompletedRequest, error)) {
	defer func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		if r.err == nil {
			o.ended = append(o.ended, expiry{k, time.Now().Add(keepFor)})
			o.decide(request, r.done.RedirectTo)
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

// decide keeps that a request was decided now, if it is a consent. Its redirect says so.
func (o *Once) decide(request key, redirectTo string) {
	to, err := url.Parse(redirectTo)
	if err != nil || !to.Query().Has("consent_verifier") {
		return
	}
	if o.consent == nil {
		o.consent = make(map[key]time.Time)
	}
	now := time.Now()
	if _, found := o.consent[request]; !found {
		o.decided = append(o.decided, expiry{request, now.Add(decidedFor)})
		o.consent[request] = now
	}
}

// forget drops what is too old or too much.
func (o *Once) forget(now time.Time) {
	for len(o.decided) > 0 && (len(o.decided) > decidedMost || now.After(o.decided[0].at)) {
		delete(o.consent, o.decided[0].key)
		o.decided = o.decided[1:]
	}
	for len(o.ended) > 0 && (len(o.ended) > keepMost || now.After(o.ended[0].at)) {
		delete(o.known, o.ended[0].key)
		o.ended = o.ended[1:]
	}
}
