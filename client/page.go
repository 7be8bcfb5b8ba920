package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/internal/linkheader"
)

// A Page is one page of a list.
type Page[T any] struct {
	// Items are the items of the page. It may have fewer than Limit, even none, and
	// not be the last one: Next says that.
	Items []T
	// Total is how many items the list has without its filters, from the header
	// X-Total-Count. It is -1 if Hydra did not say.
	Total int
	// Next is the cursor of the page after this one: use it as Cursor in the parameters
	// of another call, in this process or in another one. It is empty at the end of the
	// list.
	Next string
	// Links are the places of other pages, from the header Link.
	Links PageLinks
}

// PageLinks are the places that the Link header of a page names (RFC 8288). One that
// Hydra does not name, or that a list cannot have, is nil. Hydra does not always name
// them right: with a filter Next may lead to empty pages, and those of consent sessions
// are wrong in v2.3.0. Next of a [Page] does not go by them.
type PageLinks struct {
	First, Previous, Next, Last *PageLink
}

// A PageLink is the place of a page: values for Limit and Offset of the parameters of
// a list.
type PageLink struct {
	Limit, Offset int
}

// A list is a call to a list operation, with the page to start at.
type list struct {
	call

	limit, offset int
	cursor        string
	// sparse lists have pages that are short or empty before the last one, and their
	// empty pages do not say how long the list is.
	sparse bool
	// history is of the iterator that the pages are for, or nil.
	history *history
}

// filtered reports whether the list may be shorter than its total.
func (l list) filtered() bool {
	return slices.ContainsFunc(l.query, func(p param) bool { return !p.required && p.value != "" })
}

// page gets the page that a list starts with.
func page[T any](ctx context.Context, a *AdminAPI, l list, opts []Option) (*Page[T], error) {
	c, resp, err := l.first(ctx, a, opts)
	if err != nil {
		return nil, err
	}
	p, next, more, err := finish[T](ctx, a, l, c, resp, opts)
	if err != nil {
		return nil, err
	}
	if more {
		p.Next = next.String()
	}
	return p, nil
}

// first returns the cursor and response of the page that a list starts with.
func (l list) first(ctx context.Context, a *AdminAPI, opts []Option) (c cursor, resp response, err error) {
	c, deadline, err := l.open(ctx, a, opts)
	if err != nil {
		return c, resp, err
	}
	if !deadline.IsZero() {
		var cancel context.CancelFunc
		ctx, cancel = until(ctx, deadline)
		defer cancel()
	}
	resp, err = l.request(ctx, a, c, opts)
	return c, resp, err
}

// open returns the cursor of the page that a list starts with. An offset is only sent to
// a server that is known to take it. If it took a request to know that, open returns when
// the time of the call is over.
func (l list) open(ctx context.Context, a *AdminAPI, opts []Option) (c cursor, deadline time.Time, err error) {
	c, err = l.start()
	if err != nil || c.Offset == 0 || c.Style != unknownStyle || ctx == nil {
		return c, deadline, err
	}
	cfg, err := a.cfg().with(opts)
	if err != nil {
		return c, deadline, l.named(err)
	}
	deadline = cfg.end()
	ctx, cancel := until(ctx, deadline)
	defer cancel()
	if c.Style = a.learnStyle(ctx, opts); c.Style == opaqueToken {
		return c, deadline, &NotSupportedError{Operation: l.op.Operation, Reason: "hydra: " + l.op.ID + ": " + noOffset}
	}
	return c, deadline, nil
}

const noOffset = "Hydra has Offset up to v2.3: start without it, and keep Next of a page to go on there"

// request gets the response that holds the page at c.
func (l list) request(ctx context.Context, a *AdminAPI, c cursor, opts []Option) (response, error) {
	l.query = slices.Concat(l.query, c.params())
	resp, err := a.send(ctx, &l.call, opts)
	if failure, ok := err.(*Error); ok && failure.refusesToken() { //nolint:errorlint // send returns it as it is
		if c.Token != "" || l.cursor != "" {
			failure.cause = &explained{ErrCursorExpired, "the server does not take the cursor: it has probably expired, so start the list again", failure.cause}
		} else if c.Offset > 0 { // only a server with opaque tokens refuses one that holds an offset
			a.rememberStyle(opaqueToken)
			failure.cause = &NotSupportedError{Operation: l.op.Operation, Reason: noOffset, cause: failure.cause}
		}
	}
	if !resp.deadline.IsZero() {
		resp.left = time.Until(resp.deadline)
	}
	return resp, err
}

// rest returns the context for further requests of the call that resp is the response of.
// They have the time that the call had left when the response came: the iterator may have
// prefetched it long ago.
func (resp *response) rest(ctx context.Context) (context.Context, context.CancelFunc) {
	if resp.deadline.IsZero() {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, resp.left)
}

// finish decodes a response into a page and finds the cursor of the next one. It may
// need more requests to learn where the list ends.
func finish[T any](ctx context.Context, a *AdminAPI, l list, c cursor, resp response, opts []Option) (p *Page[T], next cursor, more bool, err error) {
	p, token, err := read[T](a, l, resp, &c)
	if errors.Is(err, errBeyondTotal) { // perhaps an item was created or deleted while Hydra counted
		var cancel context.CancelFunc
		ctx, cancel = resp.rest(ctx)
		defer cancel()
		p, token, err = fetch[T](ctx, a, l, &c, opts)
	}
	if err != nil {
		return nil, c, false, err
	}
	if l.sparse && len(p.Items) == 0 && c.Total < 0 && c.Style != opaqueToken {
		ctx, cancel := resp.rest(ctx)
		defer cancel()
		if err := probe[T](ctx, a, l, &c, opts); err != nil {
			return nil, c, false, err
		}
		p.Total = c.Total
	}
	next, more = c.next(len(p.Items), token, l.sparse)
	return p, next, more, nil
}

// fetch gets the page at c.
func fetch[T any](ctx context.Context, a *AdminAPI, l list, c *cursor, opts []Option) (p *Page[T], token string, err error) {
	resp, err := l.request(ctx, a, *c, opts)
	if err != nil {
		return nil, "", err
	}
	return read[T](a, l, resp, c)
}

// read decodes a response into the page at c and releases it. It adds to c what the
// response tells about the list, and returns the page_token of the next page if there
// is one.
func read[T any](a *AdminAPI, l list, resp response, c *cursor) (p *Page[T], token string, err error) {
	defer resp.release()
	p = &Page[T]{Total: -1}
	if err := resp.promised(&p.Items); err != nil {
		return nil, "", err
	}
	if total, err := strconv.Atoi(resp.header.Get("X-Total-Count")); err == nil && total >= 0 {
		p.Total, c.Total = total, total
	}
	links := parseLinks(resp.header)
	shown := styleOf(*c, links)
	if c.Style != unknownStyle && shown != c.Style && shown != opaqueToken {
		return nil, "", resp.invalid(errors.New("the server pages in another way than the one that Cursor is of"))
	}
	c.Style = shown
	a.rememberStyle(shown)
	p.Links = readLinks(c.Style, links)
	if len(p.Items) == 0 {
		p.Links.Next = nil // an empty list of Hydra has a next page all the same
	}
	if ignored := rules[l.op].ignored; ignored != nil {
		if reason := ignored(&l.call, p.Items); reason != "" {
			resp.err = &NotSupportedError{Operation: l.op.Operation, Reason: reason}
			return nil, "", fmt.Errorf("hydra: %s: %w", l.op.ID, resp.err)
		}
	}
	token = links["next"].Get("page_token")
	ends, err := l.guard(c, len(p.Items), token, resp.body.bytes)
	if err != nil {
		return nil, "", resp.invalid(err)
	}
	if ends {
		p.Items = []T{}
	}
	return p, token, nil
}

// probe asks for the total of a list after an empty page without X-Total-Count: the
// list may end there, or all that is on the page may have expired. It looks at the
// largest page there and at the one after it, and no further. A server with opaque
// tokens leaves out what has expired before it cuts the page.
func probe[T any](ctx context.Context, a *AdminAPI, l list, c *cursor, opts []Option) error {
	style := c.Style
	if style == unknownStyle {
		style = a.learnStyle(ctx, opts)
	}
	if style == opaqueToken {
		c.Style = style
		return nil
	}
	ahead := *c
	ahead.Limit = 0
	if ahead.size() > c.size() {
		if _, _, err := fetch[T](ctx, a, l, &ahead, opts); err != nil {
			return err
		}
	}
	if ahead.Total < 0 {
		ahead.Style = style
		ahead.Offset += ahead.size()
		_, _, err := fetch[T](ctx, a, l, &ahead, opts)
		switch {
		case errors.Is(err, ErrNotSupported): // so its tokens are opaque
			c.Style = opaqueToken
			return nil
		case err != nil:
			return err
		}
	}
	c.Total, c.Style = ahead.Total, ahead.Style
	return nil
}

// pageRelations are the relations of the links that are looked at.
var pageRelations = []string{"first", "prev", "previous", "next", "last"}

// longestTarget is how long the target of a link may be. Others are ignored: a query
// takes many times its size.
const longestTarget = 8 << 10

// parseLinks returns the queries of the links of a page by their relations. Host and
// path are those that the server sees, which a client behind a proxy cannot reach.
func parseLinks(h http.Header) map[string]url.Values {
	links := make(map[string]url.Values)
	targets := linkheader.Parse(h.Values("Link"))
	for _, rel := range pageRelations {
		target, found := targets[rel]
		if u, err := url.Parse(target); found && err == nil && len(target) <= longestTarget {
			links[rel] = u.Query()
		}
	}
	return links
}

func readLinks(s styleID, links map[string]url.Values) PageLinks {
	link := func(rels ...string) *PageLink {
		for _, rel := range rels {
			// Servers name negative offsets in an empty list.
			if l, ok := styles[s].read(links[rel]); ok && l.Limit >= 0 && l.Offset >= 0 {
				return &l
			}
		}
		return nil
	}
	return PageLinks{First: link("first"), Previous: link("prev", "previous"), Next: link("next"), Last: link("last")}
}
