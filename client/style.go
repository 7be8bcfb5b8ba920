package client

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
)

// A style is how a server pages. Servers ignore the parameters of other styles, so a
// page is asked for in all of them until a response has shown which one it is.
type style struct {
	// ask returns the parameters that ask for the page at c.
	ask func(c cursor) []param
	// read returns the page that a link leads to.
	read func(query url.Values) (PageLink, bool)
	// prefetch is whether the place of a page is known before the page in front of it is
	// read.
	prefetch bool
}

// styleID is the index of a style in styles. Cursors hold it, so it must not change.
type styleID int

const (
	unknownStyle styleID = iota
	limitOffset          // of Hydra v1
	offsetToken          // of Hydra v2.0 to v2.3: the token is an offset in base64
	opaqueToken          // of later ones: tokens can only be followed
)

var styles = [...]style{
	unknownStyle: {
		ask: func(c cursor) []param {
			return slices.Concat(askLimitOffset(c), askToken(c, encodeOffset(c.Offset)))
		},
		read: func(url.Values) (PageLink, bool) { return PageLink{}, false },
	},
	limitOffset: {ask: askLimitOffset, read: readLimitOffset, prefetch: true},
	offsetToken: {
		ask:      func(c cursor) []param { return askToken(c, encodeOffset(c.Offset)) },
		read:     readOffsetToken,
		prefetch: true,
	},
	opaqueToken: {
		ask:  func(c cursor) []param { return askToken(c, c.Token) },
		read: func(url.Values) (PageLink, bool) { return PageLink{}, false },
	},
}

// largestPage is the largest page of all styles. Some servers send more when asked to,
// but their documentation does not allow to ask.
const largestPage = 500

func askLimitOffset(c cursor) []param {
	offset := ""
	if c.Offset > 0 {
		offset = strconv.Itoa(c.Offset)
	}
	return []param{{name: "limit", other: c.size()}, {name: "offset", value: offset}}
}

func askToken(c cursor, token string) []param {
	return []param{{name: "page_size", other: c.size()}, {name: "page_token", value: token}}
}

func readLimitOffset(q url.Values) (PageLink, bool) {
	limit, errLimit := strconv.Atoi(q.Get("limit"))
	offset, errOffset := strconv.Atoi(q.Get("offset"))
	return PageLink{Limit: limit, Offset: offset}, cmp.Or(errLimit, errOffset) == nil
}

func readOffsetToken(q url.Values) (PageLink, bool) {
	limit, err := strconv.Atoi(q.Get("page_size"))
	offset, ok := decodeOffset(q.Get("page_token"))
	return PageLink{Limit: limit, Offset: offset}, ok && err == nil
}

// encodeOffset writes a page_token of Hydra v2.3.0. The first page has none.
func encodeOffset(offset int) string {
	if offset == 0 {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString([]byte(`{"offset":"` + strconv.Itoa(offset) + `","v":2}`))
}

// decodeOffset reads a page_token of Hydra v2.3.0.
func decodeOffset(token string) (offset int, ok bool) {
	var v struct {
		Offset  int `json:"offset,string"`
		Version int `json:"v"`
	}
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || json.Unmarshal(b, &v) != nil {
		return 0, false
	}
	return v.Offset, v.Version == 2
}

// styleOf tells the style of a server by the links of the page at c, or returns that
// of c if they do not show it.
func styleOf(c cursor, links map[string]url.Values) styleID {
	shown := c.Style
	sent := url.Values{}
	for _, p := range c.params() {
		sent.Set(p.name, p.value)
	}
	for _, q := range links {
		token, offset := q.Get("page_token"), q.Get("offset")
		_, readable := decodeOffset(token)
		switch { // a server repeats the parameters that it ignores as they were
		case token != "" && token != sent.Get("page_token") && !readable:
			return opaqueToken
		case token != "" && token != sent.Get("page_token"):
			shown = offsetToken
		case offset != "" && offset != sent.Get("offset"):
			shown = limitOffset
		}
	}
	return shown
}

// rememberStyle keeps the style that a response has shown.
func (a *AdminAPI) rememberStyle(s styleID) {
	if s != unknownStyle {
		a.style.Store(int32(s)) //nolint:gosec // it is small
	}
}

// look requests a small page of clients, which every version of Hydra has. It shows how
// the server pages, and whether the base URL is that of the admin API.
func (a *AdminAPI) look(ctx context.Context, opts []Option) (cursor, response, error) {
	l := ListOAuth2ClientsParams{}.list()
	c := cursor{Operation: l.op.ID, Limit: 1, Total: -1}
	resp, err := l.request(ctx, a, c, opts)
	return c, resp, err
}

// learnStyle returns the style that the server has shown last, or requests a small page of
// clients to see it. If that fails, as without access to the clients, the style stays
// unknown: the caller has not asked for clients.
func (a *AdminAPI) learnStyle(ctx context.Context, opts []Option) styleID {
	if s := styleID(a.style.Load()); s != unknownStyle {
		return s
	}
	c, resp, err := a.look(ctx, opts)
	if err != nil {
		return unknownStyle
	}
	defer resp.release()
	s := styleOf(c, parseLinks(resp.header))
	a.rememberStyle(s)
	return s
}
