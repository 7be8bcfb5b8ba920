package client

import (
	"bytes"
	"net/http"

	"github.com/hydra-sdk/hydra-admin-go/internal/decode"
)

// A speaker is where a response comes from. What it means for the version of Hydra, a
// challenge or a cursor counts only if Hydra itself says it, and not a gateway that uses the
// same status.
type speaker int

const (
	stranger speaker = iota
	hydra            // an operation of Hydra's
	router           // a router that does not know the path: that of Hydra, or of its public port
	tlsPort          // net/http, to plain HTTP on a port with TLS
)

// speakerOf recognises Hydra by the shapes that it sends: an error object with the members
// of OAuth 2.0 (RFC 6749, section 5.2) and no others, and the object, page or line of
// its router. Document is the JSON that the body begins with, if any.
func speakerOf(status int, body, document []byte) speaker {
	switch {
	case status == http.StatusNotFound && (bytes.HasPrefix(body, []byte("404 page not found")) || bytes.Contains(body, []byte("The requested route does not exist"))):
		return router
	case status == http.StatusBadRequest && bytes.HasPrefix(body, []byte("Client sent an HTTP request to an HTTPS server")),
		status == http.StatusBadRequest && bytes.Contains(body, []byte("The plain HTTP request was sent to HTTPS port")):
		return tlsPort
	case isHydrasObject(document):
		return hydra
	}
	return stranger
}

func isHydrasObject(document []byte) bool {
	if document == nil {
		return false
	}
	var name, description bool
	for member, value := range decode.Members(document) {
		isText := value[0] == '"'
		switch string(member) {
		case "error":
			name = isText && len(value) > len(`""`)
		case "error_description":
			description = isText
		case "error_hint", "error_debug":
			if !isText {
				return false
			}
		case "status_code":
			if isText {
				return false
			}
		default:
			return false
		}
	}
	return name && description
}

// reported returns the error object if Hydra has sent it, or an empty one.
func (e *Error) reported() JSONError {
	if j, ok := e.cause.(*JSONError); ok && e.spoke == hydra { //nolint:errorlint // newError sets it as it is
		return *j
	}
	return JSONError{}
}
