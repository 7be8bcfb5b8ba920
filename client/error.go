package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// Errors to compare with [errors.Is]. Those without a comment stand for the HTTP
// status of a response. An error can be one of those and one with a meaning: ask for
// ErrNotSupported, ErrWrongBaseURL, ErrChallengeExpired, ErrCursorExpired and
// ErrResponseLost first.
var (
	ErrBadRequest          error = statusError(http.StatusBadRequest)
	ErrUnauthorized        error = statusError(http.StatusUnauthorized)
	ErrForbidden           error = statusError(http.StatusForbidden)
	ErrNotFound            error = statusError(http.StatusNotFound)
	ErrConflict            error = statusError(http.StatusConflict)
	ErrRequestWasHandled   error = statusError(http.StatusGone)
	ErrTooManyRequests     error = statusError(http.StatusTooManyRequests)
	ErrInternalServerError error = statusError(http.StatusInternalServerError)
	ErrBadGateway          error = statusError(http.StatusBadGateway)
	ErrServiceUnavailable  error = statusError(http.StatusServiceUnavailable)
	ErrGatewayTimeout      error = statusError(http.StatusGatewayTimeout)

	// ErrRedirect stands for any response of status 3xx. Redirects are never
	// followed: Hydra sends them for unclean paths, to other resources.
	ErrRedirect = errors.New("redirects are not followed")
	// ErrInvalidResponse stands for a response of status 2xx that is not what the
	// operation promises: its body is not, or Hydra does not respond with that status.
	ErrInvalidResponse = errors.New("the response is not what the operation promises")
	// ErrResponseLost stands for a failure on the way, in a call that must not simply be
	// sent again: Hydra may have carried out the request or not. The text says what to
	// do.
	ErrResponseLost = errors.New("the response was lost")
	// ErrWrongBaseURL stands for a response that the admin API does not give, so that the
	// base URL given to New leads elsewhere: status 404 of a proxy, of another server
	// or of another port of Hydra, a redirect to another host, port, scheme or prefix, and
	// a connection of which only one side speaks TLS. The text says which. Ask for it
	// before ErrNotFound and ErrBadRequest, which it may be as well.
	ErrWrongBaseURL = errors.New("the base URL is not that of the admin API")
	// ErrNotSupported stands for a *NotSupportedError: this version of Hydra does not have
	// it. Ask for it before ErrNotFound and ErrBadRequest, which it may be as well: an old
	// server must not look like a client that is gone. A router says the same of an
	// operation that a version lacks as of a wrong base URL, so the client then asks for a
	// page of clients. If that does not show which it is, as where a gateway refuses it, the
	// error is ErrWrongBaseURL as well: ask for that first.
	ErrNotSupported = errors.New("not supported by this version of Hydra")
	// ErrChallengeExpired stands for the status 401 that Hydra sends from v2 on for a
	// challenge that is too old. Hydra v1 never says so: it accepts, and tells the browser.
	ErrChallengeExpired = errors.New("the challenge has expired")
	// ErrCursorExpired stands for a cursor that the server does not take any more. Those
	// of Hydra v25.4 and later expire after an hour; those of earlier versions do not.
	ErrCursorExpired = errors.New("the cursor has expired")
	// ErrListIncomplete ends an iterator that cannot tell whether it has yielded all items:
	// the server sends the list in another order for each page, or the list changes all the
	// time. The items that came before the error are right.
	ErrListIncomplete = errors.New("items of the list may be missing")
	// ErrInvalidArgument stands for an *ArgumentError: nothing was sent. It is never
	// ErrBadRequest.
	ErrInvalidArgument = errors.New("invalid argument")
)

type statusError int

func (s statusError) Error() string { return statusText(int(s)) }

func statusText(code int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", code, http.StatusText(code)))
}

// An Error is a response that reports a failure: one whose status is not 2xx, or
// one that is not what the operation promises, which is [ErrInvalidResponse].
//
// Where the body says more, [errors.As] finds a [*JSONError], [*GenericError] or
// [*RequestWasHandledError] behind it, and [errors.Is] compares it with
// [ErrNotFound] and the like. Where the response shows that another version of Hydra
// has what this one does not, there is a [*NotSupportedError]. A mock can return an Error
// that has no more than a StatusCode.
type Error struct {
	Operation  Operation   // what was called
	StatusCode int         // the HTTP status
	Header     http.Header // of the response
	// Body is what the server sent, cut after 1 MiB. It may hold secrets: Hydra
	// sends status 500 and a private key for a malformed CreateJSONWebKeySet.
	Body []byte

	cause error
	spoke speaker
}

// Error says which operation failed, the status, and what the server said.
func (e *Error) Error() string {
	s := "hydra: " + statusText(e.StatusCode)
	if e.Operation.ID != "" { // that of a mock may have none
		s = "hydra: " + e.Operation.ID + ": " + statusText(e.StatusCode)
	}
	if e.cause != nil {
		if text := e.cause.Error(); text != "" && !strings.HasSuffix(s, text) {
			s += ": " + strings.TrimPrefix(text, http.StatusText(e.StatusCode)+": ")
		}
	}
	if e.wantsForwardedProto() {
		s += ": Hydra asks for the option WithForwardedProto here"
	}
	return s
}

// wantsForwardedProto recognises how Hydra responds to plain HTTP when it believes to
// be behind a proxy that ends TLS.
func (e *Error) wantsForwardedProto() bool {
	j := e.reported()
	return e.StatusCode == http.StatusBadGateway && j.Name == "error" && j.Description == unrecognizable
}

// Unwrap returns what the body says, or nil.
func (e *Error) Unwrap() error { return e.cause }

// Is reports whether target stands for the status of e.
func (e *Error) Is(target error) bool {
	return target == statusError(e.StatusCode) || target == ErrRedirect && e.StatusCode/100 == 3
}

// A JSONError is the error object that Hydra's operations send.
type JSONError struct {
	// Name is an OAuth 2.0 error code, the text of an HTTP status or an English
	// sentence, depending on the part of Hydra that failed. Tell errors apart by status.
	Name string `json:"error"`
	// Description is a text for the developer and may be empty.
	Description string `json:"error_description,omitempty"`
	// Hint, Debug and StatusCode come from introspection alone, in debug mode.
	Hint       string `json:"error_hint,omitempty"`
	Debug      string `json:"error_debug,omitempty"`
	StatusCode int64  `json:"status_code,omitempty"`
}

// Error returns the texts of the error object.
func (e *JSONError) Error() string { return cut(sentence(e.Name, e.Description, e.Hint, e.Debug)) }

// A GenericError is the error object that Hydra's router sends when no operation
// matches, and that the documentation names for trusted issuers.
type GenericError struct {
	Message string          `json:"message"`           // says what went wrong
	Reason  string          `json:"reason,omitempty"`  // says why
	Debug   string          `json:"debug,omitempty"`   // a detail
	Code    int64           `json:"code,omitempty"`    // the HTTP status
	Status  string          `json:"status,omitempty"`  // the text of the HTTP status
	ID      string          `json:"id,omitempty"`      // identifies the kind of error
	Request string          `json:"request,omitempty"` // the ID of the request
	Details json.RawMessage `json:"details,omitempty"` // any JSON value of up to 16 KiB
}

// Error returns the texts of the error object.
func (e *GenericError) Error() string { return cut(sentence(e.Message, e.Reason, e.Debug)) }

// An ArgumentError says that a call was refused before anything was sent.
type ArgumentError struct {
	Operation Operation // zero for an argument of New
	Argument  string    // the argument as the method names it, a field such as body.Subject, or an option
	Reason    string    // what is wrong with it

	cause error
}

// Error names the argument and what is wrong with it, never its value.
func (e *ArgumentError) Error() string {
	s := "hydra: "
	if e.Operation.ID != "" {
		s += e.Operation.ID + ": "
	}
	s += "invalid argument: " + e.Argument + " " + e.Reason
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

// Unwrap returns why a body could not be encoded, or nil.
func (e *ArgumentError) Unwrap() error { return e.cause }

// Is reports whether target is [ErrInvalidArgument].
func (e *ArgumentError) Is(target error) bool { return target == ErrInvalidArgument }

// invalidResponseError keeps both [ErrInvalidResponse] and its reason.
type invalidResponseError struct{ cause error }

func (e *invalidResponseError) Error() string {
	return ErrInvalidResponse.Error() + ": " + e.cause.Error()
}
func (e *invalidResponseError) Unwrap() error        { return e.cause }
func (e *invalidResponseError) Is(target error) bool { return target == ErrInvalidResponse }

// sentence joins the texts that are not empty.
func sentence(texts ...string) string {
	var parts []string
	for _, t := range texts {
		if t != "" {
			parts = append(parts, t)
		}
	}
	return strings.Join(parts, ": ")
}
