package client

import (
	"context"
	"errors"
	"fmt"
	"iter"
)

// all yields the items of all pages of a list from its start on, each once.
func all[T any](ctx context.Context, a *AdminAPI, l list, opts []Option) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		it := iterator{ctx: ctx, list: l}
		defer it.close()
		c, resp, err := it.first(a, opts)
		census := newCensus(l, c)
		for {
			var items []T
			var more bool
			if err == nil {
				items, c, more, err = step[T](&it, census, c, resp)
			}
			for i, item := range items {
				// Prefetch on the second item: a caller that stops after the first costs no
				// request.
				if i == 1 && more && it.api.cfg().pagesInFlight > 0 {
					it.prefetch(c)
				}
				if !yield(item, nil) {
					return
				}
			}
			if err != nil {
				yield(*new(T), err)
				return
			}
			if !more {
				return
			}
			resp, err = it.next(c)
		}
	}
}

// step returns the items of the response for the page at c that were not yielded before,
// and the cursor of the page to go on with.
func step[T any](it *iterator, s *census, c cursor, resp response) (items []T, next cursor, more bool, err error) {
	p, next, more, err := finish[T](it.ctx, it.api, it.list, c, resp, nil)
	if err != nil {
		return nil, c, false, err
	}
	c.Style = next.Style // as the response has shown it
	items = admit(s, p)
	next, more, err = s.next(c, next, more)
	if more && next.Offset == 0 && next.Style != opaqueToken { // another pass
		it.close()
		it.list.history = newHistory()
	}
	return items, next, more, err
}

// An iterator gets the pages of a list one after the other. While its caller works with
// one, it fetches the responses that hold the next ones. Each is decoded when it is its
// turn.
type iterator struct {
	ctx     context.Context //nolint:containedctx // of the loop, and gone with it
	api     *AdminAPI       // with the options of the iterator
	list    list
	fetches []*pageFetch
}

// first returns the cursor and response of the first page.
func (it *iterator) first(a *AdminAPI, opts []Option) (c cursor, resp response, err error) {
	cfg, err := a.cfg().with(opts)
	if err != nil {
		return c, resp, it.list.named(err)
	}
	it.api = &AdminAPI{blank: a.blank, cfg: func() *config { return &cfg }, style: a.style}
	it.list.history = newHistory()
	if c, resp, err = it.list.first(it.ctx, it.api, nil); err != nil {
		return c, resp, err
	}
	it.list.expected = len(resp.body.bytes) / 16 * 17
	return c, resp, nil
}

// next returns the response that holds the page at c.
func (it *iterator) next(c cursor) (response, error) {
	if err := it.ctx.Err(); err != nil { // even if the page has arrived
		return response{}, fmt.Errorf("hydra: %s: %w", it.list.op.ID, err)
	}
	it.prefetch(c)
	f := it.fetches[0]
	it.fetches = it.fetches[1:]
	if err := f.wait(); err != nil {
		return response{}, err
	}
	if next, ok := c.guess(); ok && it.api.cfg().pagesInFlight > 0 && (len(it.fetches) > 0 || !it.list.filtered()) {
		it.prefetch(next)
	}
	return f.resp, nil
}

// prefetch starts fetching the page at c and the pages after it, up to PagesInFlight
// in all.
func (it *iterator) prefetch(c cursor) {
	if len(it.fetches) > 0 && !it.fetches[0].cursor.sameRequest(c) {
		it.close() // the server has begun to page in another way
	}
	ok := true
	if n := len(it.fetches); n > 0 {
		c, ok = it.fetches[n-1].cursor.guess()
	}
	for ; ok && len(it.fetches) < max(1, it.api.cfg().pagesInFlight); c, ok = c.guess() {
		it.fetches = append(it.fetches, it.start(c))
	}
}

// close cancels all fetches in flight and waits for them.
func (it *iterator) close() {
	for _, f := range it.fetches {
		f.cancel()
	}
	for _, f := range it.fetches {
		if f.wait() == nil {
			f.resp.release()
		}
	}
	it.fetches = nil
}

// A pageFetch is a request for a page that runs in a goroutine of its own.
type pageFetch struct {
	cursor   cursor
	cancel   context.CancelFunc
	done     chan struct{}
	resp     response
	err      error
	panicked any
}

func (it *iterator) start(c cursor) *pageFetch {
	ctx, cancel := context.WithCancel(it.ctx)
	f := &pageFetch{cursor: c, cancel: cancel, done: make(chan struct{})}
	f.err = errors.New("hydra: the transport ended the goroutine of a call") // stays if it calls runtime.Goexit
	go func() {
		defer close(f.done)
		defer cancel()
		defer func() { f.panicked = recover() }()
		f.resp, f.err = it.list.request(ctx, it.api, c, nil)
	}()
	return f
}

// wait blocks until the page has arrived. If the transport panicked, wait panics with
// the same value on the caller's goroutine.
func (f *pageFetch) wait() error {
	<-f.done
	if f.panicked != nil {
		panic(f.panicked)
	}
	return f.err
}
