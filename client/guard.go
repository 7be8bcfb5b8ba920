package client

import (
	"errors"
	"hash/crc32"
)

// Servers and caches that do not page as Hydra does must not make an iterator endless,
// or yield an item twice.
var (
	errLongPage      = errors.New("the page is longer than what was asked for, so it is not Hydra that pages here")
	errRepeatedPage  = errors.New("the page repeats an earlier one, so it is not Hydra that pages here")
	errRepeatedToken = errors.New("the token of the next page was used before")
	errBeyondTotal   = errors.New("the list has more items than its X-Total-Count")
)

// A history is what an iterator has met: digests of pages, and tokens.
type history struct {
	digests map[uint64]bool
	tokens  map[string]bool
}

func newHistory() *history {
	return &history{digests: make(map[uint64]bool), tokens: make(map[string]bool)}
}

// guard looks at the page at c, which has n items. It reports whether the list ends
// before the page, and an error if the server does not page as Hydra does. It adds the
// page to c.
func (l *list) guard(c *cursor, n int, token string, body []byte) (ends bool, err error) {
	if n == 0 {
		return false, nil
	}
	whole := c.Offset == 0 && n == c.Total                                             // some servers ignore the limit and send all
	digest := uint64(crc32.Checksum(body, castagnoli))<<32 | uint64(uint32(len(body))) //nolint:gosec // a part is enough
	repeated := digest == c.Digest || l.history.has(digest)
	switch {
	case n > c.size() && !whole:
		return false, errLongPage
	case repeated && c.Style == unknownStyle && c.Total < 0 && n < c.size():
		return true, nil // a server that always sends the same short list has no more
	case repeated:
		return false, errRepeatedPage
	case c.Style == opaqueToken && token != "" && (token == c.Token || l.history.hasToken(token)):
		return false, errRepeatedToken
	case c.Total >= 0 && c.Offset+n > c.Total:
		return false, errBeyondTotal
	}
	c.Digest = digest
	l.history.add(digest, token)
	return false, nil
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func (h *history) has(digest uint64) bool { return h != nil && h.digests[digest] }

func (h *history) hasToken(token string) bool { return h != nil && h.tokens[token] }

func (h *history) add(digest uint64, token string) {
	if h != nil {
		h.digests[digest], h.tokens[token] = true, true
	}
}
