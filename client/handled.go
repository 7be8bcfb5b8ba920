package client

import (
	"errors"
	"net/url"
	"strings"

	"github.com/hydra-sdk/hydra-admin-go/internal/restart"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// A RequestWasHandledError says that a login, consent or logout request was
// accepted or rejected before, typically because the user went back in the browser or
// opened a bookmark. Redirect the browser to [RequestWasHandledError.Location], where
// the request starts over, and not to RedirectTo itself: for a logout it is relative to
// the public URL of Hydra, and on Hydra v1 the browser may have its redirect in the cache,
// which leads back here in a circle.
type RequestWasHandledError struct {
	models.RequestWasHandledResponse
}

// Error leaves RedirectTo out, which carries the user's OAuth 2.0 parameters.
func (e *RequestWasHandledError) Error() string {
	return "the request was handled before; redirect the browser to Location"
}

// Is reports whether target is [ErrRequestWasHandled].
func (e *RequestWasHandledError) Is(target error) bool { return target == ErrRequestWasHandled }

// Location returns the URL to redirect the browser to. It is always absolute, and new each
// time, by a parameter that Hydra ignores, so that no cache has it.
//
// publicURL is the URL of Hydra's public API as browsers know it, urls.self.public of its
// configuration. It may have a path, where a proxy puts Hydra below one. It is the base of
// a relative RedirectTo. An absolute one is kept, since Hydra can be configured to have its
// authorization URL on another host.
//
// The error is [ErrInvalidArgument] if publicURL is not an http or https URL with a host,
// and [ErrInvalidResponse] if Hydra sent a RedirectTo that no browser can follow.
func (e *RequestWasHandledError) Location(publicURL string) (string, error) {
	base, err := url.Parse(publicURL)
	if err != nil || !isPage(base) {
		return "", &ArgumentError{Argument: "publicURL of Location", Reason: "is not the http or https URL of Hydra's public API"}
	}
	to, err := url.Parse(e.RedirectTo)
	switch {
	case err != nil:
	case isPage(to):
		return restart.URL(to, ""), nil
	case to.Scheme == "" && to.Host == "" && strings.HasPrefix(to.Path, "/"):
		at := base.JoinPath(to.EscapedPath())
		at.RawQuery, at.Fragment = to.RawQuery, ""
		return restart.URL(at, ""), nil
	}
	return "", &invalidResponseError{errors.New("RedirectTo is not a URL that a browser can be redirected to")}
}

// isPage reports whether a browser can open u as it is.
func isPage(u *url.URL) bool {
	return (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}
