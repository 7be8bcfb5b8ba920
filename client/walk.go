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
		w := walk{ctx: ctx, list: l}
		defer w.end()
		at, ans, err := w.first(a, opts)
		for {
			var p *Page[T]
			if err == nil {
				p, err = finish[T](ctx, w.api, l, at, ans, nil)
			}
			if err == nil && p.Next != "" {
				at, err = parsePlace(p.Next)
			}
			if err != nil {
				yield(*new(T), err)
				return
			}
			for i, item := range p.Items {
				if i == 1 && p.Next != "" && w.api.cfg.ahead > 0 { // whoever only wants to know whether there are any is gone
					w.fly(at)
				}
				if !yield(item, nil) {
					return
				}
			}
			if p.Next == "" {
				return
			}
			ans, err = w.next(at)
		}
	}
}

// A walk gets the pages of a list one after the other. While its caller works with
// one, the answers that hold the next ones are fetched, which are decoded when it is
// their turn.
type walk struct {
	ctx    context.Context //nolint:containedctx // of the loop, and gone with it
	api    *AdminAPI       // with the options of the iterator
	list   list
	flying []*flight
}

// first returns the place and answer of the first page.
func (w *walk) first(a *AdminAPI, opts []Option) (at place, ans answer, err error) {
	cfg, err := a.cfg.with(opts)
	if err != nil {
		return at, ans, w.list.named(err)
	}
	w.api = &AdminAPI{blank: a.blank, cfg: cfg}
	if at, err = w.list.place(); err != nil {
		return at, ans, err
	}
	if ans, err = w.list.ask(w.ctx, w.api, at, nil); err != nil {
		return at, ans, err
	}
	w.list.expected = len(ans.body.bytes) / 16 * 17
	return at, ans, nil
}

// next returns the answer of the page at a place.
func (w *walk) next(at place) (answer, error) {
	if err := w.ctx.Err(); err != nil { // though the page may be there already
		return answer{}, fmt.Errorf("hydra: %s: %w", w.list.op.ID, err)
	}
	w.fly(at)
	f := w.flying[0]
	w.flying = w.flying[1:]
	if err := f.land(); err != nil {
		return answer{}, err
	}
	if next, ok := at.ahead(); ok && w.api.cfg.ahead > 0 && (len(w.flying) > 0 || !w.list.filtered()) {
		w.fly(next)
	}
	return f.ans, nil
}

// fly has the page at a place fetched, and as many behind it as may be.
func (w *walk) fly(at place) {
	if len(w.flying) > 0 && !w.flying[0].at.is(at) {
		w.end() // the server has begun to page in another way
	}
	ok := true
	if n := len(w.flying); n > 0 {
		at, ok = w.flying[n-1].at.ahead()
	}
	for ; ok && len(w.flying) < max(1, w.api.cfg.ahead); at, ok = at.ahead() {
		w.flying = append(w.flying, w.start(at))
	}
}

// end leaves nothing running.
func (w *walk) end() {
	for _, f := range w.flying {
		f.cancel()
	}
	for _, f := range w.flying {
		if f.land() == nil {
			f.ans.release()
		}
	}
	w.flying = nil
}

// A flight is a page on its way.
type flight struct {
	at       place
	cancel   context.CancelFunc
	landed   chan struct{}
	ans      answer
	err      error
	panicked any
}

func (w *walk) start(at place) *flight {
	ctx, cancel := context.WithCancel(w.ctx)
	f := &flight{at: at, cancel: cancel, landed: make(chan struct{}), err: errors.New("hydra: the transport ended the goroutine of a call")}
	go func() {
		defer close(f.landed)
		defer cancel()
		defer func() { f.panicked = recover() }()
		f.ans, f.err = w.list.ask(ctx, w.api, at, nil)
	}()
	return f
}

// land waits for a page. What a transport panics with it panics with, where the
// caller can recover from it.
func (f *flight) land() error {
	<-f.landed
	if f.panicked != nil {
		panic(f.panicked)
	}
	return f.err
}
