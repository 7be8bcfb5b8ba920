package client

import (
	"bytes"
	"net/http"
)

// A speaker is where a response comes from. What it means for the version of Hydra, a
// challenge or a cursor counts only if Hydra itself says it, and not a gateway that uses the
// same status.
type speaker int

const (
	stranger speaker = iota
	hydra            // an operation of Hydra's
	router           // a router that does not know the path: that of Hydra, or of its public port
	tlsPort          // net/http, nginx or Apache httpd, to plain HTTP on a port with TLS
)

// speakerOf recognises the object, page or line of Hydra's router, and what a port with TLS
// says. Its error object is recognised while it is read.
func speakerOf(status int, body []byte) speaker {
	switch {
	case status == http.StatusNotFound && (bytes.HasPrefix(body, []byte("404 page not found")) || bytes.Contains(body, []byte("The requested route does not exist"))):
		return router
	case status == http.StatusBadRequest && bytes.HasPrefix(body, []byte("Client sent an HTTP request to an HTTPS server")),
		status == http.StatusBadRequest && bytes.Contains(body, []byte("The plain HTTP request was sent to HTTPS port")),
		status == http.StatusBadRequest && bytes.Contains(body, []byte("speaking plain HTTP to an SSL-enabled server port")):
		return tlsPort
	}
	return stranger
}

// ofHydra reports whether an error object of Hydra's can have this member: it has those of
// OAuth 2.0 (RFC 6749, section 5.2) and no others.
func ofHydra(name, value []byte) bool {
	isText := value[0] == '"'
	switch string(name) {
	case "error":
		return isText && len(value) > len(`""`)
	case "error_description", "error_hint", "error_debug":
		return isText
	case "status_code":
		return !isText
	}
	return false
}

// reported returns the error object if Hydra has sent it, or an empty one.
func (e *Error) reported() JSONError {
	if j, ok := e.cause.(*JSONError); ok && e.spoke == hydra { //nolint:errorlint // newError sets it as it is
		return *j
	}
	return JSONError{}
}
