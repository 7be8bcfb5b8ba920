// Package restart makes URLs of Hydra's public API that start a request over.
package restart

import (
	"crypto/rand"
	"net/url"
	"strings"
)

// parameter is one that Hydra ignores. It returns in RequestURL of the new request.
const parameter = "again"

// URL returns u with a parameter that makes it a new URL. Hydra v1 lets browsers cache its
// redirects, and the redirect of u leads back to the request that cannot be used any more.
// Marked says whether a URL, or the RequestURL of the new request, has the mark.
func URL(u *url.URL, mark string) string {
	fresh := *u
	fresh.RawQuery = strings.Join(append(others(u), parameter+"="+mark+rand.Text()), "&")
	return fresh.String()
}

// Marked reports whether URL made u with this mark, which is not empty.
func Marked(u *url.URL, mark string) bool {
	for part := range strings.SplitSeq(u.RawQuery, "&") {
		if strings.HasPrefix(part, parameter+"="+mark) {
			return true
		}
	}
	return false
}

// others are the other parameters, as they are: state is not ours to encode again.
func others(u *url.URL) []string {
	var kept []string
	for part := range strings.SplitSeq(u.RawQuery, "&") {
		if part != "" && !strings.HasPrefix(part, parameter+"=") {
			kept = append(kept, part)
		}
	}
	return kept
}
