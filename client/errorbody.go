package client

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/hydra-sdk/hydra-admin-go/internal/decode"
	"github.com/hydra-sdk/hydra-admin-go/internal/secret"
)

func (c *call) newError(status int, header http.Header, body []byte) *Error {
	document := decode.First(body) // of two JSON documents in a row the first is the error
	e := &Error{Operation: c.op.Operation, StatusCode: status, Header: header, Body: body, spoke: speakerOf(status, body)}
	if status == http.StatusGone {
		handled := new(RequestWasHandledError) // not redacted: it is needed, and no text
		if decode.RequestWasHandledResponse(document, &handled.RequestWasHandledResponse) == nil && handled.RedirectTo != "" {
			e.cause = handled
			return e
		}
	}
	r := bodyReader{secrets: c.secrets()}
	e.cause = r.read(body, document)
	if e.spoke == stranger && r.hydras {
		e.spoke = hydra
	}
	if text, ok := e.cause.(*plainError); ok && strings.HasSuffix(statusText(status), text.text) { //nolint:errorlint // read returns it as it is
		e.cause = nil // it says no more than the status
	}
	return e
}

// A bodyReader reads what a server, its router or a proxy says about a failure, without
// the secrets of the call.
type bodyReader struct {
	secrets []string
	hydras  bool // the object that was read is one of Hydra's
}

// read returns the error object in a body, or the text of it, or nil if it says nothing.
// Document is the JSON that the body begins with, if any.
func (r *bodyReader) read(body, document []byte) error {
	switch {
	case document != nil && document[0] == '{':
		return r.readObject(document)
	case document != nil && document[0] == '[':
		return said(r.text(document))
	}
	if text := r.plainText(body); text != "" {
		return &plainError{text}
	}
	return nil
}

// plainError is what a body says that is no error object.
type plainError struct{ text string }

func (e *plainError) Error() string { return e.text }

// said returns an error with a text that a gateway sends under a name of its own, or nil.
func said(text string) error {
	if text == "" {
		return nil
	}
	return &GenericError{Message: text}
}

// readObject reads an error object: one of Hydra's, or one of a gateway, whose texts take
// the place of those that are missing.
func (r *bodyReader) readObject(document []byte) error {
	var j JSONError
	var nested *GenericError
	var more []string
	var flat, described, generic bool
	hydras := true
	for name, value := range decode.Members(document) {
		hydras = hydras && ofHydra(name, value)
		switch string(name) {
		case "error":
			switch value[0] {
			case '{':
				nested = r.readGeneric(value)
			case 't', 'f', 'n':
			default:
				j.Name, flat = r.text(value), true
			}
		case "error_description":
			j.Description, described = r.text(value), true
		case "error_hint":
			j.Hint = r.text(value)
		case "error_debug":
			j.Debug = r.text(value)
		case "status_code":
			j.StatusCode = numberOf(value)
		case "message":
			more, generic = append(more, r.text(value)), true
		default:
			more = append(more, r.textOf(string(name), value))
		}
	}
	r.hydras = hydras && flat && described
	switch {
	case nested != nil:
		return nested
	case flat:
		if j.Description == "" && more != nil {
			j.Description = cut(sentence(more...))
		}
		return &j
	case generic:
		return r.readGeneric(document)
	}
	return said(cut(sentence(append(more, j.Description, j.Hint, j.Debug)...)))
}

// readGeneric reads an object of the router, or one like it.
func (r *bodyReader) readGeneric(document []byte) *GenericError {
	e := new(GenericError)
	for name, value := range decode.Members(document) {
		switch string(name) {
		case "message":
			e.Message = r.text(value)
		case "reason":
			e.Reason = r.text(value)
		case "debug":
			e.Debug = r.text(value)
		case "code":
			e.Code = numberOf(value)
		case "status":
			e.Status = r.text(value)
		case "id":
			e.ID = r.text(value)
		case "request":
			e.Request = r.text(value)
		case "details":
			if len(value) > longestQuoted {
				break // to look for secrets in it takes many times its length
			}
			if details := secret.Redact(string(value), r.secrets); json.Valid([]byte(details)) {
				e.Details = json.RawMessage(details)
			}
		}
	}
	if e.Message == "" {
		e.Message = r.text(document)
	}
	return e
}

// textOf returns the text of a member that gateways call by this name, or "".
func (r *bodyReader) textOf(name string, value []byte) string {
	name = strings.ToLower(name)
	switch name {
	case "message", "msg", "title", "detail", "details", "description", "reason", "errors", "error", "error_description",
		"error_msg", "error_message", "errormessage", "errordescription", "fault", "faultstring", "errorcode", "error_code", "code", "type":
	default:
		return ""
	}
	if value[0] != '"' && value[0] != '[' && value[0] != '{' {
		return "" // a status
	}
	if name == "errors" && value[0] == '{' { // by the names of checks or fields
		return cut(sentence(r.texts(nil, value, 0, true)...))
	}
	text := r.text(value)
	if _, err := strconv.Atoi(text); err == nil || text == "about:blank" {
		return ""
	}
	return text
}

// text returns a JSON string, the texts of a list or of an object of a gateway, or another
// simple value as it is written: the other members still count if one is of another type.
func (r *bodyReader) text(value []byte) string {
	switch value[0] {
	case '"':
		return quote(decode.Text(value), r.secrets)
	case 'n', 't', 'f':
		return ""
	case '[', '{':
		return cut(sentence(r.texts(nil, value, 0, false)...))
	}
	return quote(string(value), r.secrets)
}

// texts appends the texts in a list or object: of members that gateways call by a name
// that is known, or of all.
func (r *bodyReader) texts(all []string, value []byte, depth int, every bool) []string {
	const deepest, most = 5, 20
	if depth > deepest || len(all) >= most {
		return all
	}
	switch value[0] {
	case '[':
		var list []json.RawMessage
		_ = json.Unmarshal(value, &list) // it was read before
		for _, element := range list[:min(len(list), most)] {
			all = r.texts(all, element, depth+1, every)
		}
	case '{':
		for name, member := range decode.Members(value) {
			if member[0] == '[' || member[0] == '{' || every && member[0] == '"' {
				all = r.texts(all, member, depth+1, every)
			} else if text := r.textOf(string(name), member); text != "" {
				all = append(all, text)
			}
		}
	case '"':
		all = append(all, quote(decode.Text(value), r.secrets))
	}
	return all
}

// numberOf returns an integer, also one that is written as a text.
func numberOf(value []byte) int64 {
	text := string(value)
	if value[0] == '"' {
		text = decode.Text(value)
	}
	n, _ := strconv.ParseInt(text, 10, 64)
	return n
}

// plainText returns what a body that is no JSON object says to a person: its text, or the
// title of a page of HTML.
func (r *bodyReader) plainText(body []byte) string {
	const most = 2 * longestQuoted // quote cuts it, with a margin
	text := strings.TrimSpace(string(body[:min(len(body), most)]))
	if len(body) > most {
		text = strings.ToValidUTF8(text, "")
	}
	lower := strings.Map(lowerASCII, text)
	switch {
	case text == "", !utf8.ValidString(text), strings.Contains(text, "\x00"), strings.ContainsAny(text[:1], `{["`), json.Valid(body):
		return ""
	case strings.HasPrefix(text, "<"), strings.Contains(lower, "<html"), strings.Contains(lower, "<!doctype"):
		_, rest, _ := strings.Cut(lower, "<title")
		_, rest, _ = strings.Cut(rest, ">")
		title, _, found := strings.Cut(rest, "</title")
		if !found {
			return ""
		}
		at := strings.LastIndex(lower, title+"</title")
		return quote(secret.UnescapeHTML(text[at:at+len(title)]), r.secrets)
	}
	return quote(text, r.secrets)
}

// lowerASCII keeps the length of a text.
func lowerASCII(r rune) rune {
	if 'A' <= r && r <= 'Z' {
		return r | 0x20
	}
	return r
}
