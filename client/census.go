package client

import (
	"fmt"
	"slices"

	"github.com/hydra-sdk/hydra-admin-go/models"
)

// A census makes sure that an iterator yields each consent session once. Up to v2.3 Hydra
// orders them by the second of the request and by nothing else. On PostgreSQL those of one
// second come in another order for each page: two pages may have the same session, and
// none has another one. So the list is read in passes, with pages of another size each,
// until the sessions are as many as the server counts. A pass of one page has them all.
type census struct {
	op       *operation
	identity func(item any) string
	partial  bool            // the iterator does not start at the start of the list
	met      map[string]bool // the items that were yielded
	unknown  bool            // an item has no identity
	changed  bool            // the total has changed
	crowded  bool            // there are more doubles than short seconds have
	total    int
	passes   int

	// Of this pass:
	pages, rows, fresh int
	items              map[string]bool
}

// passSizes are the page sizes of the passes. The borders between pages of the first five
// are 100 rows apart in lists of up to 36,000 rows; see apart.
var passSizes = [...]int{largestPage, 400, 300, 450, 350, 430, 370, 470, 330, 270}

// fullSecond is how many sessions of one second are too many to be sure of a list in
// which some have expired.
const fullSecond = 100

// newCensus returns the census of a list, or nil if servers keep its order.
func newCensus(l list, start cursor) *census {
	identity := rules[l.op].identity
	if identity == nil {
		return nil
	}
	s := &census{op: l.op, identity: identity, partial: start.Offset > 0 || l.cursor != "", met: make(map[string]bool), total: -1}
	s.begin()
	if clampLimit(l.limit) < largestPage {
		s.passes = 0 // the first page may be all that the caller wants, and is no pass
	}
	return s
}

// begin starts a pass.
func (s *census) begin() {
	s.passes++
	s.pages, s.rows, s.fresh, s.items = 0, 0, 0, make(map[string]bool)
}

// admit counts the items of a page and returns those that were not yielded.
func admit[T any](s *census, p *Page[T]) []T {
	if s == nil {
		return p.Items
	}
	s.pages++
	s.rows += len(p.Items)
	if p.Total >= 0 {
		s.changed = s.changed || s.total >= 0 && s.total != p.Total
		s.total = p.Total
	}
	return slices.DeleteFunc(p.Items, func(item T) bool { return !s.isNew(s.identity(item)) })
}

func (s *census) isNew(id string) bool {
	if id == "" {
		s.unknown = true
		return true
	}
	s.items[id] = true
	if s.met[id] {
		return false
	}
	s.met[id] = true
	s.fresh++
	return true
}

// next returns the cursor of the page to read after the one at c: that of the list, which
// is next if there is more, or that of another pass.
func (s *census) next(c, next cursor, more bool) (cursor, bool, error) {
	switch {
	case s == nil, s.unknown, c.Style == opaqueToken, more && (s.partial || s.passes > 0):
		return next, more, nil
	case s.partial && s.rows == len(s.items), !more && !s.partial && s.complete():
		return next, false, nil
	case s.partial, s.passes == len(passSizes):
		return next, false, fmt.Errorf("hydra: %s: the order of the list differs from page to page: %w", s.op.ID, ErrListIncomplete)
	}
	next = cursor{Operation: c.Operation, Limit: passSizes[s.passes], Total: next.Total, Style: c.Style}
	s.begin()
	return next, true, nil
}

// complete reports whether the passes up to this one have met all items. Where some have
// expired, the server counts them and does not send them, so that counting proves nothing.
// But a pass only misses items of a second that a border between its pages cuts, and if
// seconds are short, none is cut in all passes.
func (s *census) complete() bool {
	hidden, doubles := s.total-s.rows, s.rows-len(s.items)
	s.crowded = s.crowded || doubles > fullSecond/5*(s.pages-1) // a cut doubles a fourth of a second on average
	switch {
	case s.pages == 1:
		return true
	case hidden <= 0 && doubles == 0:
		return true
	case !s.changed && len(s.met) == s.total:
		return true
	}
	return hidden > 0 && s.fresh == 0 && !s.crowded && apart(passSizes[:s.passes], s.total) >= fullSecond
}

// apart returns a number of items: a second with no more of them is cut by a border between
// pages in some of the passes, and not in all.
func apart(sizes []int, total int) int {
	least := total
	for border := sizes[0]; border < total; border += sizes[0] {
		farthest := 0
		for _, size := range sizes[1:] {
			farthest = max(farthest, min(border%size, size-border%size))
		}
		least = min(least, farthest)
	}
	return least
}

// sessionID returns what tells a consent session from the others of its subject.
func sessionID(item any) string {
	session, ok := item.(models.PreviousConsentSession)
	if !ok {
		return ""
	}
	if session.ConsentRequestID != "" {
		return session.ConsentRequestID
	}
	return session.ConsentRequest.Challenge
}
