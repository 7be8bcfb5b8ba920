package client

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"
)

// checkTexts refuses what is not UTF-8: JSON has no other texts, and two values that
// differ would be sent as one.
func (c *call) checkTexts() error {
	for _, params := range [][]param{c.path, c.query, c.form} {
		for _, p := range params {
			if !utf8.ValidString(p.value) {
				return c.refuse(p.arg, "is not UTF-8")
			}
		}
	}
	return nil
}

// checkEncoded refuses a body with a text that is not UTF-8. encoding/json writes U+FFFD
// in its place.
func checkEncoded(body any, encoded []byte) error {
	suspect := bytes.Contains(encoded, []byte("\ufffd")) || bytes.Contains(encoded, []byte(`\ufffd`)) || !utf8.Valid(encoded)
	if !suspect {
		return nil
	}
	if at := notUTF8(reflect.ValueOf(body), "body"); at != "" {
		return &ArgumentError{Argument: at, Reason: "is not UTF-8"}
	}
	return nil
}

// notUTF8 returns the place of the first text in v that is not UTF-8, or "".
func notUTF8(v reflect.Value, at string) string {
	switch v.Kind() {
	case reflect.String:
		if !utf8.ValidString(v.String()) {
			return at
		}
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			return notUTF8(v.Elem(), at)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if !v.Type().Field(i).IsExported() {
				continue
			}
			if found := notUTF8(v.Field(i), at+"."+v.Type().Field(i).Name); found != "" {
				return found
			}
		}
	case reflect.Slice, reflect.Array:
		if raw, ok := reflect.TypeAssert[json.RawMessage](v); ok {
			if !utf8.Valid(raw) {
				return at
			}
			return ""
		}
		for i := range v.Len() {
			if found := notUTF8(v.Index(i), fmt.Sprintf("%s[%d]", at, i)); found != "" {
				return found
			}
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			if notUTF8(key, at) != "" {
				return at
			}
			if found := notUTF8(v.MapIndex(key), fmt.Sprintf("%s[%v]", at, key)); found != "" {
				return found
			}
		}
	default:
	}
	return ""
}

// checkHeader says why a header field cannot be sent, as name or value.
func checkHeader(key, value string) (part, reason string) {
	const separators = "()<>@,;:\\\"/[]?={} \t"
	switch strings.ToLower(key) {
	case "":
		return "key", "is empty"
	case "host", "content-length", "transfer-encoding", "trailer":
		return "key", "is set by the transport and cannot be sent as a header: another host needs another base URL"
	case "accept-encoding":
		return "key", "is set by the transport: it decompresses only what it has asked for itself"
	case "idempotency-key", "x-idempotency-key":
		return "key", "makes package net/http send a request again when a connection breaks, also one that must be sent once: Hydra does not look at it"
	}
	if strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune(separators, r) }) {
		return "key", "is not the name of a header field (RFC 9110, section 5.1)"
	}
	if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
		return "value", "has a control character, such as the end of a line"
	}
	return "", ""
}
