package client

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/hydra-sdk/hydra-admin-go/internal/linkheader"
)

// A place is where a page of a list starts, and what is known about the list there.
// The positions that callers keep are places.
//
// Hydra v1 pages by limit and offset and ignores the parameters of v2, which pages
// by page_size and page_token and ignores those of v1. So a place asks in both ways
// until an answer has shown which of them counts.
type place struct {
	Operation string  `json:"o"`
	Limit     int     `json:"l,omitempty"` // as the caller gave it; 0 for the largest page
	Offset    int     `json:"n,omitempty"`
	Total     int     `json:"t"` // -1 if unknown
	Dialect   dialect `json:"d,omitempty"`
	// Token takes the place of Offset at servers whose tokens are not those of Hydra
	// v2.3.0: they are followed.
	Token string `json:"k,omitempty"`

	foreign   bool   // whether the links carry such tokens
	following string // the one behind the page
}

// A dialect is how a server pages.
type dialect int

const (
	hydraV1 dialect = iota + 1
	hydraV2
)

// largest is how many items the servers put on a page at the most.
var largest = map[dialect]int{hydraV1: 500, hydraV2: 1000}

// farthest keeps sums of offsets and sizes within an int of any machine.
const farthest = 1 << 30

// place returns where a list is to start.
func (l list) place() (place, error) {
	at := place{Operation: l.op.ID, Limit: l.limit, Offset: l.offset, Total: -1}
	switch {
	case l.limit < 0:
		return at, l.refuse("Limit", "is negative: Hydra v1 drops the connection on a limit that is not positive")
	case l.offset < 0:
		return at, l.refuse("Offset", "is negative")
	case l.offset > farthest:
		return at, l.refuse("Offset", "is larger than a list can be")
	case l.position == "":
		return at, nil
	}
	at, err := parsePlace(l.position)
	switch {
	case err != nil:
		return at, l.refuse("Cursor", "is not the Next of a page")
	case at.Operation != l.op.ID:
		return at, l.refuse("Cursor", "is that of another list")
	case l.limit != 0 && upToLargest(l.limit) != upToLargest(at.Limit):
		return at, l.refuse("Limit", "differs from that of the page that Cursor is of")
	}
	return at, nil
}

// upToLargest makes limits equal that no server tells apart for sure.
func upToLargest(limit int) int {
	return min(cmp.Or(limit, largest[hydraV1]), largest[hydraV1])
}

// String returns the place as the position that a caller keeps.
func (at place) String() string {
	b, err := json.Marshal(at)
	if err != nil {
		panic(err) // there is nothing in it that can fail
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func parsePlace(position string) (at place, err error) {
	b, err := base64.RawURLEncoding.DecodeString(position)
	if err != nil {
		return place{}, err
	}
	if err := json.Unmarshal(b, &at); err != nil {
		return place{}, err
	}
	if at.Limit < 0 || at.Offset < 0 || at.Offset > farthest || at.Total < -1 || at.Dialect < 0 || at.Dialect > hydraV2 {
		return place{}, errors.New("no place in a list")
	}
	return at, nil
}

// size is how many items the page at a place has room for in a dialect. Servers
// round an offset down to a multiple of the size of the page, so it is one that the
// offset is a multiple of. While the dialect is not known, only the first page may
// be of another size in each.
func (at place) size(d dialect) int {
	if at.Dialect != 0 {
		d = at.Dialect
	} else if at.Offset > 0 {
		d = hydraV1
	}
	size := largest[d]
	if at.Limit > 0 {
		size = min(size, at.Limit)
	}
	for at.Offset%size != 0 {
		size--
	}
	return size
}

// params are the parameters that ask for the page at a place.
func (at place) params() (params []param) {
	offset, token := at.sent()
	if at.Dialect != hydraV2 {
		params = append(params, param{name: "limit", value: at.size(hydraV1)}, param{name: "offset", value: offset})
	}
	if at.Dialect != hydraV1 {
		params = append(params, param{name: "page_size", value: at.size(hydraV2)}, param{name: "page_token", value: token})
	}
	return params
}

// sent are the values of offset and page_token that ask for the page at a place. The
// first page of a list has none.
func (at place) sent() (offset, token string) {
	if at.Offset > 0 && at.Dialect != hydraV2 {
		offset = strconv.Itoa(at.Offset)
	}
	if at.Offset > 0 && at.Dialect != hydraV1 {
		token = base64.RawURLEncoding.EncodeToString([]byte(`{"offset":"` + strconv.Itoa(at.Offset) + `","v":2}`))
	}
	return offset, cmp.Or(at.Token, token)
}

// tokenOffset reads a page_token of Hydra v2.3.0.
func tokenOffset(token string) (offset int, ok bool) {
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

// learn takes the positions out of the links of a page, and finds out by them how
// the server pages. It takes nothing else: host and path of the links are those
// that the server sees, which a client behind a proxy cannot reach.
func (at *place) learn(h http.Header) (PageLinks, error) {
	links := make(map[string]url.Values)
	for rel, target := range linkheader.Parse(h.Values("Link")) {
		if u, err := url.Parse(target); err == nil {
			links[rel] = u.Query()
		}
	}
	offset, token := at.sent()
	said := at.Dialect
	for _, q := range links {
		// A server repeats the parameters that it ignores as they were.
		switch q.Get("page_token") {
		case "", token:
			if o := q.Get("offset"); o != "" && o != offset {
				said = hydraV1
			}
		default:
			said = hydraV2
			_, ours := tokenOffset(q.Get("page_token"))
			at.foreign = at.foreign || !ours
		}
	}
	if at.Dialect != 0 && said != at.Dialect {
		return PageLinks{}, errors.New("the server pages in another way than the one that Cursor is of")
	}
	at.Dialect, at.following = said, links["next"].Get("page_token")
	read := func(rels ...string) *PageLink {
		for _, rel := range rels {
			if l := at.readLink(links[rel]); l != nil {
				return l
			}
		}
		return nil
	}
	return PageLinks{First: read("first"), Previous: read("prev", "previous"), Next: read("next"), Last: read("last")}, nil
}

// readLink reads the query of a link. Servers name negative offsets in an empty list.
func (at *place) readLink(q url.Values) *PageLink {
	limit, errLimit := strconv.Atoi(q.Get("limit"))
	offset, errOffset := strconv.Atoi(q.Get("offset"))
	ok := errLimit == nil && errOffset == nil
	if at.Dialect == hydraV2 {
		limit, errLimit = strconv.Atoi(q.Get("page_size"))
		offset, ok = tokenOffset(q.Get("page_token"))
		ok = ok && errLimit == nil
	}
	if !ok || limit < 0 || offset < 0 {
		return nil
	}
	return &PageLink{Limit: limit, Offset: offset}
}

// behind returns the position behind a page of so many items, or "" if the list
// ends there. The list ends with a page that is not full, unless pages are sparse,
// or where the total says so: filters do not change the total, so it is never too
// small.
func (at place) behind(items int, sparse bool) string {
	if at.foreign {
		if at.Token = at.following; at.Token == "" || items == 0 {
			return ""
		}
		return at.String()
	}
	size := at.size(hydraV1)
	if items > size {
		size = at.size(hydraV2)
	}
	at.Offset += size
	switch {
	case at.Total >= 0 && at.Offset >= at.Total,
		at.Total < 0 && sparse && items == 0,
		!sparse && items < size:
		return ""
	}
	return at.String()
}

// ahead returns the place that most likely comes behind the page at a place that is
// not read yet, if its list has so many items.
func (at place) ahead() (place, bool) {
	if at.Dialect == 0 || at.Token != "" {
		return place{}, false
	}
	at.Offset += at.size(at.Dialect)
	return at, at.Offset < at.Total
}

// is reports whether two places are the same. The total may have changed in between.
func (at place) is(other place) bool {
	other.Total = at.Total
	return at == other
}
