package client

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
)

// A cursor says where a page starts and what earlier pages told about the list.
// Page.Next is an encoded cursor.
type cursor struct {
	Operation string  `json:"o"`
	Limit     int     `json:"l,omitempty"` // as the caller gave it; 0 for the largest page
	Offset    int     `json:"n,omitempty"` // how many items come before the page
	Total     int     `json:"t"`           // -1 if unknown
	Style     styleID `json:"d,omitempty"`
	Token     string  `json:"k,omitempty"` // the page_token of the style opaqueToken
	Digest    uint64  `json:"h,omitempty"` // of the page before
}

// farthest keeps sums of offsets and sizes within an int of any machine.
const farthest = 1 << 30

// start returns the cursor of the page that a list starts with.
func (l list) start() (cursor, error) {
	c := cursor{Operation: l.op.ID, Limit: l.limit, Offset: l.offset, Total: -1}
	switch {
	case l.limit < 0:
		return c, l.refuse("Limit", "is negative: Hydra v1 drops the connection on a limit that is not positive")
	case l.offset < 0:
		return c, l.refuse("Offset", "is negative")
	case l.offset > farthest:
		return c, l.refuse("Offset", "is larger than a list can be")
	case l.cursor == "":
		return c, nil
	}
	c, err := parseCursor(l.cursor)
	switch {
	case err != nil:
		return c, l.refuse("Cursor", "is not the Next of a page")
	case c.Operation != l.op.ID:
		return c, l.refuse("Cursor", "is that of another list")
	case l.limit != 0 && clampLimit(l.limit) != clampLimit(c.Limit):
		return c, l.refuse("Limit", "differs from that of the page that Cursor is of")
	}
	return c, nil
}

// clampLimit returns the page size that a limit stands for.
func clampLimit(limit int) int {
	return min(cmp.Or(limit, largestPage), largestPage)
}

// String returns the cursor as a caller keeps it.
func (c cursor) String() string {
	b, err := json.Marshal(c)
	if err != nil {
		panic(err) // there is nothing in it that can fail
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func parseCursor(text string) (c cursor, err error) {
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return cursor{}, err
	}
	if err := json.Unmarshal(b, &c); err != nil {
		return cursor{}, err
	}
	known := c.Style >= 0 && int(c.Style) < len(styles) && (c.Token != "") == (c.Style == opaqueToken)
	if !known || c.Limit < 0 || c.Offset < 0 || c.Offset > farthest || c.Total < -1 {
		return cursor{}, errors.New("not a cursor")
	}
	return c, nil
}

// size is how many items the page at c has room for. Servers round an offset down to a
// multiple of the page size, so the offset must be one.
func (c cursor) size() int {
	size := clampLimit(c.Limit)
	if c.Style == opaqueToken {
		return size
	}
	for c.Offset%size != 0 {
		size--
	}
	return size
}

// params are the parameters that ask for the page at c.
func (c cursor) params() []param { return styles[c.Style].ask(c) }

// next returns the cursor of the page after the one at c, which has n items, and false
// at the end of the list. A list ends with a page that is not full, unless pages are
// sparse, or where the total says so: filters do not change the total, so it is never
// too small. A server with opaque tokens says it by sending none.
func (c cursor) next(n int, token string, sparse bool) (cursor, bool) {
	size := c.size()
	if c.Style == opaqueToken {
		c.Offset, c.Token = min(c.Offset+n, farthest), token
		return c, n > 0 && token != ""
	}
	c.Offset += max(size, n)
	switch {
	case c.Offset > farthest,
		c.Total >= 0 && c.Offset >= c.Total,
		c.Total < 0 && sparse && n == 0,
		!sparse && n < size:
		return c, false
	}
	return c, true
}

// guess guesses the cursor of the next page before the one at c is read. It reports
// false if the style does not allow that, or the total says that there is none.
func (c cursor) guess() (cursor, bool) {
	if !styles[c.Style].prefetch {
		return c, false
	}
	c.Offset += c.size()
	return c, c.Offset < c.Total
}

// sameRequest reports whether two cursors ask for the same page in the same way.
func (c cursor) sameRequest(other cursor) bool {
	return c.Style == other.Style && c.Offset == other.Offset && c.Token == other.Token
}
