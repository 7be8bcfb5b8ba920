package client

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/hydra-sdk/hydra-admin-go/internal/decode"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// promised checks that a response is what its operation promises, and stores it in v, or
// nothing if v is nil.
func (resp *response) promised(v any) error {
	switch resp.status {
	case http.StatusOK, http.StatusCreated, http.StatusNonAuthoritativeInfo, http.StatusNoContent:
	default: // 202 is not done yet, 206 is a part, and Hydra sends none of them
		return resp.invalid(errors.New("Hydra does not respond with this status")) //nolint:staticcheck // Hydra is a name
	}
	if v != nil {
		return resp.decode(v)
	}
	if len(bytes.TrimSpace(resp.body.bytes)) > 0 {
		return resp.invalid(cmp.Or(resp.page(), errors.New("it has a body, and Hydra sends none")))
	}
	return nil
}

// page returns an error that names the page of HTML that came, as a login of a gateway, or nil.
func (resp *response) page() error {
	r := bodyReader{secrets: resp.call.secrets()}
	if body := bytes.TrimSpace(resp.body.bytes); bytes.HasPrefix(body, []byte("<")) {
		if title := r.plainText(body); title != "" {
			return errors.New("it is a page: " + title)
		}
	}
	return nil
}

// decode stores the body in v, which must not be left as it is: an empty body, a null,
// or an object without its essential members is an error, not a zero value.
func (resp *response) decode(v any) error {
	body := resp.body.bytes
	err := resp.call.decode(body, v)
	switch {
	case err != nil && len(body) == 0:
		return resp.invalid(errors.New("its body is empty"))
	case err != nil:
		return resp.invalid(cmp.Or(resp.page(), err))
	case string(bytes.TrimSpace(body)) == "null":
		return resp.invalid(errors.New("its body is null"))
	}
	if name := lacking(v, body); name != "" {
		return resp.invalid(fmt.Errorf("its body has no %q", name))
	}
	if set, ok := v.(*models.JSONWebKeySet); ok && resp.call.op.filled && len(set.Keys) == 0 {
		return resp.invalid(errors.New("its key set is empty"))
	}
	return nil
}

// lackingItem returns what the first incomplete item of a list lacks, such as
// [7].client_id, or "".
func lackingItem[T any](items []T) string {
	for i := range items {
		if name := lacking(&items[i], nil); name != "" {
			return "[" + strconv.Itoa(i) + "]." + name
		}
	}
	return ""
}

// hasMember reports whether a JSON object has a member. A null does not count unless it is
// nullable.
func hasMember(object []byte, name string, nullable bool) bool {
	for member, value := range decode.Members(object) {
		if string(member) == name && (nullable || string(value) != "null") {
			return true
		}
	}
	return false
}

// isURL reports whether a browser can be redirected to s, an absolute or relative URL.
func isURL(s string) bool {
	if isPlainURL(s) {
		return true
	}
	if s == "" || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return false
	}
	_, err := url.Parse(s)
	return err == nil
}

// isPlainURL reports whether s is a URL as Hydra sends it, without an allocation. Its query
// can have some thousand bytes, each of which is looked at once.
func isPlainURL(s string) bool {
	rest, found := strings.CutPrefix(s, "https://")
	if !found {
		rest, found = strings.CutPrefix(s, "http://")
	}
	host, path, _ := strings.Cut(rest, "/")
	host, port, _ := strings.Cut(host, ":")
	path, query, _ := strings.Cut(path, "?")
	if !found || host == "" || !only(host, ".-") || strings.Trim(port, "0123456789") != "" || !only(path, "/-._~") {
		return false
	}
	for i := range len(query) {
		if !queryBytes[query[i]] {
			return false
		}
	}
	return true
}

// queryBytes are those that can be in a query. Package url does not look at its escapes.
var queryBytes = func() (set [256]bool) {
	for c := range set {
		set[c] = c > ' ' && c != '#' && c != 0x7f
	}
	return set
}()

// only reports whether s has nothing but letters and digits of ASCII, and others.
func only(s, others string) bool {
	for i := range len(s) {
		c := s[i]
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && strings.IndexByte(others, c) < 0 {
			return false
		}
	}
	return true
}
