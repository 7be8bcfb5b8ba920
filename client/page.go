package client

import (
	"context"
	"errors"
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
	// Next is the position behind the page: use it as Cursor in the parameters of
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

// A list is a call that is answered with one page of a list, and the part of the list
// that it is to start with.
type list struct {
	call

	limit, offset int
	position      string
	// sparse lists have pages that are short or empty before the last one, and their
	// empty pages do not say how long the list is.
	sparse bool
}

// filtered reports whether the list may be shorter than its total.
func (l list) filtered() bool {
	return slices.ContainsFunc(l.query, func(p param) bool { return !p.required && p.value != "" })
}

// page gets the page that a list is to start with.
func page[T any](ctx context.Context, a *AdminAPI, l list, opts []Option) (*Page[T], error) {
	at, err := l.place()
	if err != nil {
		return nil, err
	}
	ans, err := l.ask(ctx, a, at, opts)
	if err != nil {
		return nil, err
	}
	return finish[T](ctx, a, l, at, ans, opts)
}

// ask gets the answer that holds the page at a place.
func (l list) ask(ctx context.Context, a *AdminAPI, at place, opts []Option) (answer, error) {
	l.query = slices.Concat(l.query, at.params())
	return a.send(ctx, &l.call, opts)
}

// finish makes a page of the answer for a place, which may take more calls.
func finish[T any](ctx context.Context, a *AdminAPI, l list, at place, ans answer, opts []Option) (*Page[T], error) {
	p, err := read[T](ans, &at)
	if err != nil {
		return nil, err
	}
	switch empty := len(p.Items) == 0; {
	case !l.sparse || at.foreign:
	case empty && at.Total < 0:
		err = probe[T](ctx, a, l, &at, opts)
		p.Total = at.Total
	case !empty && at.size(hydraV1) != at.size(hydraV2):
		// Something took the links away, and a page of either size may be as short.
		at.Limit = at.size(hydraV1)
		p, err = fetch[T](ctx, a, l, &at, opts)
	}
	if err != nil {
		return nil, err
	}
	p.Next = at.behind(len(p.Items), l.sparse)
	return p, nil
}

// fetch gets the page at a place, which learns what the answer says about the list.
func fetch[T any](ctx context.Context, a *AdminAPI, l list, at *place, opts []Option) (*Page[T], error) {
	ans, err := l.ask(ctx, a, *at, opts)
	if err != nil {
		return nil, err
	}
	return read[T](ans, at)
}

// read decodes the page at a place and releases its answer.
func read[T any](ans answer, at *place) (*Page[T], error) {
	defer ans.release()
	p := &Page[T]{Total: -1}
	if err := ans.decode(&p.Items); err != nil {
		return nil, err
	}
	if total, err := strconv.Atoi(ans.header.Get("X-Total-Count")); err == nil && total >= 0 {
		p.Total, at.Total = total, total
	}
	var err error
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
func probe[T any](ctx context.Context, a *AdminAPI, l list, at *place, opts []Option) error {
	ahead := *at
	ahead.Limit = 0
	for _, behind := range []bool{false, true} {
		switch {
		case behind:
			ahead.Offset += ahead.size(hydraV1)
		case ahead.size(hydraV1) == at.size(hydraV1):
			continue // that was the page
		}
		if _, err := fetch[T](ctx, a, l, &ahead, opts); err != nil {
			return err
		}
		if ahead.Total >= 0 {
			break
		}
	}
	at.Total, at.Dialect = ahead.Total, ahead.Dialect
	return nil
}
