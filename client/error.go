package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hydra-sdk/hydra-admin-go/internal/wire"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// Errors to compare with [errors.Is]. Those without a comment stand for the HTTP
// status of an answer.
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

	// ErrRedirect stands for any answer of status 3xx. Redirects are never
	// followed: Hydra sends them for unclean paths, to other resources.
	ErrRedirect = errors.New("redirects are not followed")
	// ErrInvalidResponse stands for an answer of status 2xx whose body is not
	// what the operation promises.
	ErrInvalidResponse = errors.New("the answer is not what the operation promises")
	// ErrResponseLost stands for a failure on the way after which nobody knows whether
	// Hydra did what it was asked to, in a call that must not simply be repeated. The
	// text says what to do.
	ErrResponseLost = errors.New("the answer is lost")
	// ErrWrongBaseURL stands for an answer that the admin API does not give: the base
	// URL given to [New] leads elsewhere.
	ErrWrongBaseURL = errors.New("the base URL is not that of the admin API")
	// ErrNotSupported stands for a [*NotSupportedError]: this version of Hydra does
	// not have it.
	ErrNotSupported = errors.New("not supported by this version of Hydra")
	// ErrChallengeExpired stands for status 401 with which Hydra v2 answers for a
	// challenge that is too old. Hydra v1 never says so: it accepts, and tells the
	// browser.
	ErrChallengeExpired = errors.New("the challenge has expired")
	// ErrInvalidArgument stands for an [*ArgumentError]: nothing was sent.
	ErrInvalidArgument = errors.New("invalid argument")
)

type statusError int

func (s statusError) Error() string { return statusText(int(s)) }

func statusText(code int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", code, http.StatusText(code)))
}

// An Error is an answer that reports a failure: one whose status is not 2xx, or
// one whose body is not what the operation promises.
//
// Where the body says more, [errors.As] finds a [*JSONError], [*GenericError] or
// [*RequestWasHandledError] behind it, and [errors.Is] compares it with
// [ErrNotFound] and the like. Where the answer shows that another version of Hydra
// would know what this one does not, there is a [*NotSupportedError].
type Error struct {
	Operation  Operation   // what was called
	StatusCode int         // the HTTP status
	Header     http.Header // of the answer
	// Body is what the server sent, cut after 1 MiB. It may hold secrets: Hydra
	// answers a malformed CreateJSONWebKeySet with status 500 and a private key.
	Body []byte

	cause error
}

// Error says which operation failed, the status, and what the server said.
func (e *Error) Error() string {
	s := fmt.Sprintf("hydra: %s: %s", e.Operation.ID, statusText(e.StatusCode))
	if e.cause != nil {
		if said := e.cause.Error(); said != "" && !strings.HasSuffix(s, said) {
			s += ": " + strings.TrimPrefix(said, http.StatusText(e.StatusCode)+": ")
		}
	}
	if e.wantsForwardedProto() {
		s += ": Hydra asks for the option WithForwardedProto here"
	}
	return s
}

// wantsForwardedProto recognises how Hydra answers plain HTTP when it believes to
// be behind a proxy that ends TLS.
func (e *Error) wantsForwardedProto() bool {
	said, ok := e.cause.(*JSONError) //nolint:errorlint // readCause returns it, and nothing else does
	return ok && e.StatusCode == http.StatusBadGateway && said.Name == "error" && said.Description == "The error is unrecognizable"
}

// Unwrap returns what the body says, or nil.
func (e *Error) Unwrap() error { return e.cause }

// Is reports whether target stands for the status of e.
func (e *Error) Is(target error) bool {
	return target == statusError(e.StatusCode) || target == ErrRedirect && e.StatusCode/100 == 3
}

// A JSONError is the error object that Hydra's operations send. Name is no stable
// code: tell errors apart by status.
type JSONError struct{ models.JSONError }

// Error returns the texts of the error object.
func (e *JSONError) Error() string { return sentence(e.Name, e.Description, e.Hint, e.Debug) }

// A GenericError is the error object that Hydra's router sends when no operation
// matches, and that the documentation names for trusted issuers.
type GenericError struct{ models.GenericError }

// Error returns the texts of the error object.
func (e *GenericError) Error() string { return sentence(e.Message, e.Reason, e.Debug) }

// A RequestWasHandledError says that a login, consent or logout request was
// answered before, typically because the user went back in the browser or
// opened a bookmark. Redirect the browser to RedirectTo. For a logout request it
// is relative to the public URL of Hydra, not to that of the admin API.
type RequestWasHandledError struct {
	models.RequestWasHandledResponse
}

// Error leaves RedirectTo out, which carries the user's OAuth 2.0 parameters.
func (e *RequestWasHandledError) Error() string {
	return "the request was answered before; redirect the browser to RedirectTo"
}

// An ArgumentError says that a call was refused before anything was sent.
type ArgumentError struct {
	Operation Operation // zero for an argument of New
	Argument  string    // the argument as the method names it, or a field such as body.Subject
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

func (c *call) newError(status int, header http.Header, body []byte) *Error {
	e := &Error{Operation: *c.op, StatusCode: status, Header: header, Body: body}
	e.cause = readCause(status, body, c.redact(body))
	return c.understand(e)
}

// readCause reads whatever a server, its router or a proxy says about a failure: an
// error object flat or nested, a redirect, text, HTML, nothing, or two JSON documents
// in a row, of which the first is the error. It returns nil if that is nothing. The
// text is the body without secrets.
func readCause(status int, body, text []byte) error {
	// Nearly always it is what Hydra's operations send.
	if status == http.StatusGone {
		if h := (&RequestWasHandledError{}); models.Unmarshal(body, &h.RequestWasHandledResponse) == nil && h.RedirectTo != "" {
			return h // nothing redacted: it is no text
		}
	} else if j := (&JSONError{}); models.Unmarshal(text, &j.JSONError) == nil && j.Name != "" {
		return j
	}
	doc := firstDocument(text)
	said, ok := readSaid(doc)
	if !ok {
		if line := plainText(text); line != "" {
			return errors.New(line)
		}
		return nil
	}
	h, j, g := &RequestWasHandledError{}, &JSONError{}, &GenericError{}
	switch {
	case status == http.StatusGone && said.RedirectTo != "":
		if models.Unmarshal(firstDocument(body), &h.RequestWasHandledResponse) == nil {
			return h
		}
	case len(said.Error) > 0 && said.Error[0] == '{':
		if models.Unmarshal(said.Error, &g.GenericError) == nil {
			return g
		}
	case len(said.Error) > 0:
		if models.Unmarshal(doc, &j.JSONError) == nil {
			return j
		}
	case len(said.Message) > 0:
		if models.Unmarshal(doc, &g.GenericError) == nil {
			return g
		}
	}
	return nil
}

// said is what tells the forms of errors apart.
type said struct {
	Error      json.RawMessage `json:"error"`
	Message    json.RawMessage `json:"message"`
	RedirectTo string          `json:"redirect_to"`
}

var namesOfSaid = []string{"error", "message", "redirect_to"}

// readSaid reads an error object, as far as it reports that it is one.
func readSaid(doc []byte) (s said, ok bool) {
	if doc == nil {
		return s, false
	}
	r := wire.NewReader(doc)
	defer r.Release()
	for name, ok := r.Object(); ok; name, ok = r.Next() {
		switch string(name) {
		case "error":
			s.Error = r.Skip()
		case "message":
			s.Message = r.Skip()
		case "redirect_to":
			wire.Text(r, &s.RedirectTo)
		default:
			r.Unknown(name, namesOfSaid)
		}
	}
	if r.Done() {
		return s, true
	}
	var slow said
	err := json.Unmarshal(doc, &slow)
	return slow, err == nil
}

// firstDocument returns the JSON value at the start of body, or nil.
func firstDocument(body []byte) []byte {
	if doc := wire.First(body); doc != nil {
		return doc
	}
	var doc json.RawMessage
	if json.NewDecoder(bytes.NewReader(body)).Decode(&doc) != nil {
		return nil
	}
	return doc
}

// plainText returns body if it is a line that a person can read, as
// "Method Not Allowed" is. It is not if it may be HTML, JSON, or repeat the query
// of the request.
func plainText(body []byte) string {
	const longest = 200
	s := strings.TrimSpace(string(body))
	unfit := func(r rune) bool { return !unicode.IsPrint(r) || strings.ContainsRune("<>{}=&\"", r) }
	if len(s) > longest || !utf8.ValidString(s) || strings.ContainsFunc(s, unfit) {
		return ""
	}
	return s
}

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
