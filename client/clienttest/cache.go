package clienttest

import (
	"net/http"
	"regexp"
	"strings"
)

// A cache keeps responses by their URL, those of Hydra as well. Some browsers keep those that
// another site led to apart. An app can be the same site as the provider, so this one does not.
type cache map[string]*response

// keep stores a response, unless that is forbidden.
func (c cache) keep(n *navigation, resp *response) {
	if n.method == http.MethodGet && cacheable(resp.status, resp.header) {
		c[n.url.String()] = resp
	}
}

// find returns a response that the browser uses without asking again: any that it has when it
// goes back, else one that is fresh.
func (c cache) find(n *navigation) *response {
	stored := c[n.url.String()]
	if n.method != http.MethodGet || stored == nil || !n.back && !stored.fresh() {
		return nil
	}
	found := *stored
	found.cached = true
	return &found
}

// cacheable reports whether a browser keeps a response. Chromium does not keep those of status
// 401 and 407.
func cacheable(status int, h http.Header) bool {
	return !hasDirective(h, "no-store") && status != http.StatusUnauthorized && status != http.StatusProxyAuthRequired
}

func hasDirective(h http.Header, directive string) bool {
	return strings.Contains(strings.ToLower(strings.Join(h.Values("Cache-Control"), ",")), directive)
}

var maxAge = regexp.MustCompile(`max-age=0*[1-9]`)

// fresh reports whether the response may be used again. Permanent redirects are, without
// a word in their header.
func (r *response) fresh() bool {
	if hasDirective(r.header, "no-cache") {
		return false
	}
	permanent := r.status == http.StatusMovedPermanently || r.status == http.StatusPermanentRedirect
	return maxAge.MatchString(strings.Join(r.header.Values("Cache-Control"), ",")) || permanent && !hasDirective(r.header, "max-age")
}
