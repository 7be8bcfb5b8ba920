package client

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hydra-sdk/hydra-admin-go/internal/decode"
)

func (c *call) newError(status int, header http.Header, body []byte) *Error {
	e := &Error{Operation: c.op.Operation, StatusCode: status, Header: header, Body: body}
	if status == http.StatusGone {
		handled := new(RequestWasHandledError) // not redacted: it is needed, and no text
		if decode.Unmarshal(decode.First(body), &handled.RequestWasHandledResponse) == nil && handled.RedirectTo != "" {
			e.cause = handled
			return e
		}
	}
	e.cause = readErrorBody(c.redact(body))
	return e
}

// readErrorBody reads what a server, its router or a proxy says about a failure: an
// error object flat or nested, text, HTML, nothing, or two JSON documents in a row, of
// which the first is the error. It returns nil if that is nothing.
func readErrorBody(text []byte) error {
	document := decode.First(text)
	if document == nil {
		if line := plainText(text); line != "" {
			return errors.New(line)
		}
		return nil
	}
	return readErrorObject(document)
}

// readErrorObject returns nil if the document is not an error object.
func readErrorObject(document []byte) error {
	var j JSONError
	var flat, generic bool
	for name, value := range decode.Members(document) {
		switch string(name) {
		case "error":
			if value[0] == '{' {
				return readGenericError(value)
			}
			j.Name, flat = textOf(value), true
		case "error_description":
			j.Description = textOf(value)
		case "error_hint":
			j.Hint = textOf(value)
		case "error_debug":
			j.Debug = textOf(value)
		case "status_code":
			j.StatusCode = numberOf(value)
		case "message":
			generic = true
		}
	}
	switch {
	case flat:
		return &j
	case generic:
		return readGenericError(document)
	}
	return nil
}

func readGenericError(document []byte) *GenericError {
	e := new(GenericError)
	for name, value := range decode.Members(document) {
		switch string(name) {
		case "message":
			e.Message = textOf(value)
		case "reason":
			e.Reason = textOf(value)
		case "debug":
			e.Debug = textOf(value)
		case "code":
			e.Code = numberOf(value)
		case "status":
			e.Status = textOf(value)
		case "id":
			e.ID = textOf(value)
		case "request":
			e.Request = textOf(value)
		case "details":
			e.Details = append(json.RawMessage(nil), value...)
		}
	}
	return e
}

// textOf returns a JSON string, or another simple value as it is written: a proxy may
// send a number where Hydra sends a text, and the other members still count.
func textOf(value []byte) string {
	switch value[0] {
	case '"':
		return decode.Text(value)
	case '{', '[', 'n':
		return ""
	}
	return string(value)
}

// numberOf returns an integer, also one that is written as a text.
func numberOf(value []byte) int64 {
	n, _ := strconv.ParseInt(textOf(value), 10, 64)
	return n
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
