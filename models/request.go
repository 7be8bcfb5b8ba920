package models

import (
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Grant returns the body of an accept that grants those of scopes that the client asked
// for, each once, and the whole audience that it asked for. Hydra does not check that a
// grant stays within the request: scopes of a form can be passed as they are, and
// Grant(r.RequestedScope...) grants all. The rest of the body is for the caller to set.
func (r ConsentRequest) Grant(scopes ...string) AcceptConsentRequest {
	var granted []string
	for _, scope := range r.RequestedScope {
		if slices.Contains(scopes, scope) && !slices.Contains(granted, scope) {
			granted = append(granted, scope)
		}
	}
	return AcceptConsentRequest{GrantScope: granted, GrantAccessTokenAudience: slices.Clone(r.RequestedAccessTokenAudience)}
}

// Prompt returns the values of the parameter prompt, such as login, consent or
// select_account (OpenID Connect Core 1.0, section 3.1.2.1). With login, a session of the
// provider's own must not stand in for a login; Hydra itself does not set Skip then. It is
// read from RequestURL: where the client sent its parameters in a request object, it is
// empty.
func (r LoginRequest) Prompt() []string { return strings.Fields(parameter(r.RequestURL, "prompt")) }

// Prompt returns the values of the parameter prompt. With consent, the provider's own memory
// of a grant must not stand in for a consent. It is read from RequestURL: where the client
// sent its parameters in a request object, it is empty.
func (r ConsentRequest) Prompt() []string { return strings.Fields(parameter(r.RequestURL, "prompt")) }

// MaxAge returns the parameter max_age: how long ago a login may have been at most, and
// whether the client set it. Hydra does not set Skip for an older login; a session of the
// provider's own has to be as young. It is read from RequestURL: where the client sent its
// parameters in a request object, it is not found.
func (r LoginRequest) MaxAge() (age time.Duration, isSet bool) {
	seconds, err := strconv.ParseInt(parameter(r.RequestURL, "max_age"), 10, 64)
	if err != nil || seconds < 0 {
		return 0, false
	}
	return time.Duration(min(seconds, math.MaxInt64/int64(time.Second))) * time.Second, true
}

// parameter returns a parameter of the query of a URL, or "".
func parameter(page, name string) string {
	u, err := url.Parse(page)
	if err != nil {
		return ""
	}
	return u.Query().Get(name)
}
