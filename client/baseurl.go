package client

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/hydra-sdk/hydra-admin-go/models"
)

const (
	notHydra = "this response does not come from Hydra's admin API: the base URL probably leads to another server"
	notAdmin = "the base URL is not that of the admin API: for Hydra v1 it has no path, for later versions it ends in /admin"
	noPrefix = "this is Hydra v2: its base URL ends in /admin"
)

// A place is where the base URL leads to.
type place int

const (
	somewhere place = iota // that is not known
	adminAPI
	elsewhere
)

// place finds out where the base URL leads to, by a request that the router of each Hydra
// knows. Reason says what is wrong with the base URL.
func (a *AdminAPI) place(ctx context.Context, opts []Option) (at place, reason string) {
	_, resp, err := a.look(ctx, opts)
	if err == nil {
		defer resp.release()
		if resp.promised(new([]models.OAuth2Client)) == nil {
			return adminAPI, ""
		}
		return somewhere, "" // such as a page of HTML
	}
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return somewhere, ""
	}
	if wrong, ok := errors.AsType[*explained](err); ok && wrong.reason == noPrefix {
		return elsewhere, noPrefix
	}
	switch status := e.StatusCode; {
	case e.spoke == router:
		return elsewhere, notAdmin
	case e.spoke == hydra && status == http.StatusNotFound: // of a client named clients, say
		return elsewhere, "the base URL has more path than that of the admin API"
	case e.spoke == hydra && (status == http.StatusBadRequest || status == http.StatusInternalServerError):
		return adminAPI, ""
	}
	return somewhere, "" // a gateway may use the same shape for its own refusals
}

// misdirected says what is wrong with the base URL, if the response shows that.
func (c *call) misdirected(e *Error) string {
	switch {
	case e.spoke == tlsPort:
		return "the server speaks TLS at this port: the base URL must start with https://"
	case e.spoke == router:
		return notAdmin
	case e.StatusCode == http.StatusNotFound && e.spoke != hydra:
		return notHydra
	case e.StatusCode/100 == 3:
		return c.redirected(e)
	}
	return ""
}

// redirected says what a redirect shows of the base URL. Redirects of Hydra lead to another
// path at the same place.
func (c *call) redirected(e *Error) string {
	location := e.Header.Get("Location")
	sent, err := c.target(c.base)
	if err != nil || location == "" {
		return ""
	}
	to, err := sent.Parse(location)
	if err != nil {
		return ""
	}
	if to.Host == "" { // Hydra v2 redirects to http:///admin/...
		to.Scheme, to.Host = sent.Scheme, sent.Host
	}
	samePath := to.EscapedPath() == sent.EscapedPath()
	prefix, below := strings.CutSuffix(to.EscapedPath(), strings.TrimPrefix(sent.EscapedPath(), strings.TrimRight(c.base.EscapedPath(), "/")))
	switch {
	case to.Hostname() == sent.Hostname() && to.Scheme != sent.Scheme && samePath && (to.Scheme == "http" || to.Scheme == "https"):
		return "the base URL must start with " + to.Scheme + "://"
	case to.Host != sent.Host || to.Scheme != sent.Scheme:
		return "the base URL leads to a server that redirects to " + quote(to.Scheme+"://"+to.Host, c.secrets())
	case below && prefix == "/admin" && !samePath:
		return noPrefix
	case below && !samePath && prefix != "":
		return "the server redirects below another path: the base URL ends in " + quote(prefix, c.secrets())
	}
	return ""
}

// schemeMismatch says that a transport has failed because one side speaks TLS and the
// other does not, or returns "".
func schemeMismatch(err error) string {
	const plain, encrypted = "the server does not speak TLS at this port: the base URL must start with http://", "the server speaks TLS at this port: the base URL must start with https://"
	const alert = `malformed HTTP response "\x15\x03` // of a server that expects TLS (RFC 8446, section 6)
	switch {
	case errors.Is(err, http.ErrSchemeMismatch), errors.As(err, new(tls.RecordHeaderError)):
		return plain
	case strings.Contains(err.Error(), alert):
		return encrypted
	}
	return ""
}

// parseBase never repeats baseURL in its errors, since it may hold a password.
func parseBase(baseURL string) (url.URL, error) {
	refuse := func(reason string) (url.URL, error) {
		return url.URL{}, &ArgumentError{Argument: "baseURL", Reason: reason}
	}
	u, err := url.Parse(baseURL)
	switch {
	case baseURL == "":
		return refuse("is empty")
	case !strings.Contains(baseURL, "://"), err == nil && u.Scheme != "http" && u.Scheme != "https":
		return refuse("must start with http:// or https://")
	case err != nil:
		return refuse("is not a URL")
	case u.Hostname() == "":
		return refuse("names no host")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return refuse("must have no query and no fragment")
	}
	escaped := strings.TrimRight(u.EscapedPath(), "/")
	u.Path, err = url.PathUnescape(escaped)
	if err != nil {
		return refuse("is not a URL")
	}
	u.RawPath = escaped
	return *u, nil
}
