package client

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strconv"
)

// A Page is one page of a list.
type Page[T any] struct {
	// Items are the items of the page. It may have fewer than Limit, even none, and
	// not be the last one: Next says that.
	Items []T
	// Total is how many items the list has without its filters, from the header
	// X-Total-Count. It is -1 if Hydra did not say.
	Total int
	// Next is the position behind the page: use it as Position in the parameters of
	// another call, in this process or in another one. It is empty where the list
	// ends.
	Next string
	// Links are the positions of other pages, from the header Link.
	Links PageLinks
}

// PageLinks are the positions that the Link header of a page names (RFC 8288).
// One that Hydra does not name, or that no list can have, is nil. Hydra does not
// always name them right: with a filter Next may lead to empty pages, and those of
// consent sessions are wrong in v2.3.0. Next of a [Page] does not go by them.
type PageLinks struct {
	First, Previous, Next, Last *PageLink
}

// A PageLink is the position of a page: values for Limit and Offset of the
// parameters of a list.
type PageLink struct {
	Limit, Offset int
}

// list says which part of a list a call asks for.
type list struct {
	limit, offset int
	position      string
	// sparse lists have pages that are short or empty before the last one, and their
	// empty pages do not say how long the list is.
	sparse bool
}

// page makes a call that is answered with one page of a list.
func page[T any](ctx context.Context, a *AdminAPI, c call, l list, opts []Option) (*Page[T], error) {
	at, err := c.place(l)
	if err != nil {
		return nil, err
	}
	p, err := fetch[T](ctx, a, c, &at, opts)
	if err != nil {
		return nil, err
	}
	switch empty := len(p.Items) == 0; {
	case !l.sparse || at.foreign:
	case empty && at.Total < 0:
		err = probe[T](ctx, a, c, &at, opts)
		p.Total = at.Total
	case !empty && at.size(hydraV1) != at.size(hydraV2):
		// Something took the links away, and a page of either size may be as short.
		at.Limit = at.size(hydraV1)
		p, err = fetch[T](ctx, a, c, &at, opts)
	}
	if err != nil {
		return nil, err
	}
	p.Next = at.behind(len(p.Items), l.sparse)
	return p, nil
}

// fetch gets the page at a place, which learns what the answer says about the list.
func fetch[T any](ctx context.Context, a *AdminAPI, c call, at *place, opts []Option) (*Page[T], error) {
	c.query = slices.Concat(c.query, at.params())
	ans, err := a.send(ctx, &c, opts)
	if err != nil {
		return nil, err
	}
	defer ans.release()
	p := &Page[T]{Total: -1}
	if err := ans.decode(&p.Items); err != nil {
		return nil, err
	}
	if total, err := strconv.Atoi(ans.header.Get("X-Total-Count")); err == nil && total >= 0 {
		p.Total, at.Total = total, total
	}
	if p.Links, err = at.learn(ans.header); err != nil {
		return nil, ans.invalid(err)
	}
	if len(p.Items) == 0 {
		p.Links.Next = nil // an empty list has a next page for ever
	}
	if n := len(p.Items); n > at.size(hydraV2) && n != at.Total && !at.foreign {
		return nil, ans.invalid(errors.New("the page is longer than what was asked for, so it is not Hydra that pages here"))
	}
	return p, nil
}

// probe finds out how long a list is whose page at a place is empty and does not
// say it: the list may end there, or all that is on the page may have expired. It
// looks at the largest page there and at the one behind it, and no further.
func probe[T any](ctx context.Context, a *AdminAPI, c call, at *place, opts []Option) error {
	ahead := *at
	ahead.Limit = 0
	for _, behind := range []bool{false, true} {
		switch {
		case behind:
			ahead.Offset += ahead.size(hydraV1)
		case ahead.size(hydraV1) == at.size(hydraV1):
			continue // that was the page
		}
		if _, err := fetch[T](ctx, a, c, &ahead, opts); err != nil {
			return err
		}
		if ahead.Total >= 0 {
			break
		}
	}
	at.Total, at.Dialect = ahead.Total, ahead.Dialect
	return nil
}

// all yields the items of all pages from position on, each once.
func all[T any](position string, list func(position string) (*Page[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for next := position; ; {
			p, err := list(next)
			if err != nil {
				yield(*new(T), err)
				return
			}
			for _, item := range p.Items {
				if !yield(item, nil) {
					return
				}
			}
			if next = p.Next; next == "" {
				return
			}
		}
	}
}
