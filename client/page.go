package client

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"strconv"

	"github.com/hydra-sdk/hydra-admin-go/internal/linkheader"
)

// A Page is one page of a list.
type Page[T any] struct {
	// Items are the items of the page, fewer than asked for at the end of the list.
	Items []T
	// Total is how many items the list has without its filters, from the header
	// X-Total-Count. It is -1 if Hydra did not say, as on an empty page of consent
	// sessions.
	Total int
	// Links are the positions of other pages, from the header Link.
	Links PageLinks

	byToken bool // the links carry tokens, as those of Hydra v2 do
}

// PageLinks are the positions that the Link header of a page names (RFC 8288).
// One that Hydra does not name, or that no list can have, is nil. Hydra does not
// always name them right: with a filter Next may lead to empty pages. The
// iterators of [AdminAPI] do not go by them.
type PageLinks struct {
	First, Previous, Next, Last *PageLink
}

// A PageLink is the position of a page: values for Limit and Offset of the
// parameters of a list.
type PageLink struct {
	Limit, Offset int
}

// page makes a call that is answered with one page of a list.
func page[T any](ctx context.Context, a *AdminAPI, c call, opts []Option) (*Page[T], error) {
	ans, err := a.send(ctx, c, opts)
	if err != nil {
		return nil, err
	}
	p := &Page[T]{Total: -1}
	if err := ans.decode(&p.Items); err != nil {
		return nil, err
	}
	if total, err := strconv.Atoi(ans.header.Get("X-Total-Count")); err == nil && total >= 0 {
		p.Total = total
	}
	p.Links, p.byToken = readLinks(ans.header)
	if len(p.Items) == 0 {
		p.Links.Next = nil // an empty list has a next page for ever
	}
	return p, nil
}

// readLinks takes limit and offset out of the links and nothing else: their host
// and path are those that the server sees, which a client behind a proxy cannot
// reach.
func readLinks(h http.Header) (links PageLinks, byToken bool) {
	targets := linkheader.Parse(h.Values("Link"))
	position := func(rels ...string) *PageLink {
		for _, rel := range rels {
			u, err := url.Parse(targets[rel])
			if err != nil {
				continue
			}
			q := u.Query()
			byToken = byToken || q.Has("page_token")
			limit, errLimit := strconv.Atoi(q.Get("limit"))
			offset, errOffset := strconv.Atoi(q.Get("offset"))
			if errLimit == nil && errOffset == nil && limit >= 0 && offset >= 0 {
				return &PageLink{Limit: limit, Offset: offset}
			}
		}
		return nil
	}
	links = PageLinks{
		First:    position("first"),
		Previous: position("prev", "previous"),
		Next:     position("next"),
		Last:     position("last"),
	}
	return links, byToken
}

// maxLimit is the largest page that Hydra v1 gives; it takes more for this.
const maxLimit = 500

var errPagedByToken = errors.New("hydra: the server pages by token, as Hydra v2 does, and ignores limit and offset")

// all yields the items of all pages from offset on, each once.
//
// It does not go by links, which lead on for ever in an empty list. Offsets are
// multiples of the limit, since Hydra rounds others down and would repeat items.
// The list ends with a page that is not full, unless pages are sparse, or where
// the total says so: filters do not change the total, so it is never too small.
func all[T any](limit, offset int, sparse bool, fetch func(limit, offset int) (*Page[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		limit, skip := limit, 0
		if limit == 0 || limit > maxLimit {
			limit = maxLimit
		}
		next := offset
		if offset > 0 && limit > 0 { // a negative one is for fetch to refuse
			next, skip = offset-offset%limit, offset%limit
		}
		total, probed := -1, false
		for {
			p, err := fetch(limit, next)
			if err != nil {
				yield(*new(T), err)
				return
			}
			if p.Total >= 0 {
				total = p.Total
			}
			for _, item := range p.Items[min(skip, len(p.Items)):] {
				if !yield(item, nil) {
					return
				}
			}
			next, skip = next+limit, 0
			switch {
			case p.byToken || len(p.Items) > limit:
				if len(p.Items) != total {
					yield(*new(T), errPagedByToken)
				}
				return
			case total >= 0 && next >= total:
				return
			case !sparse && len(p.Items) < limit:
				return
			case total >= 0 || len(p.Items) > 0:
			case probed:
				return
			case limit < maxLimit && next == limit+offset-offset%limit:
				// The first page says nothing: look again, further ahead.
				limit = maxLimit
				next, skip = offset-offset%limit, offset%limit
			default:
				probed = true
			}
		}
	}
}
