package client

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/hydra-sdk/hydra-admin-go/internal/secret"
)

// secrets returns the values of the call that must not come back in a text. It is the
// one place that knows them: those of the parameters and members that the OpenAPI
// document calls secret, of the header fields that options set, and of the base URL.
func (c *call) secrets() (found []string) {
	add := func(counts func(string) bool, values ...string) {
		for _, v := range values {
			if counts(v) && !c.says(v) && !slices.Contains(found, v) {
				found = append(found, v)
			}
		}
	}
	for _, params := range [...][]param{c.query, c.form} {
		for _, p := range params {
			if p.secret || c.op.own && secret.IsParameter(p.name) {
				add(secret.Counts, p.value)
			}
		}
	}
	for key, values := range c.header {
		for _, v := range values {
			counts := countsIn(key)
			switch {
			case strings.HasSuffix(key, "Authorization"):
				add(counts, credentials(v)...)
			case mayBeSecret(key, v):
				add(counts, strings.TrimSpace(v))
				add(counts, strings.FieldsFunc(v, func(r rune) bool { return strings.ContainsRune(" ;,=\"", r) })...)
			}
		}
	}
	if c.base != nil && c.base.User != nil {
		user := c.base.User.Username()
		password, _ := c.base.User.Password()
		add(secret.Counts, password, user+":"+password)
		add(secret.Counts, encodings(user+":"+password)...)
		if password == "" { // some servers take a token in place of a user
			add(secret.CountsLoosely, user)
		}
	}
	for _, v := range c.bodySecrets() { // there may be many
		if !c.says(v) {
			found = append(found, v)
		}
	}
	return found
}

// says reports whether the call itself uses a value as a word.
func (c *call) says(v string) bool {
	return strings.Contains(c.op.Path, v) || strings.Contains(c.op.ID, v)
}

// mayBeSecret reports whether a header field that an option sets may be secret: not one
// that says who sends or forwards the request, by a name or an address.
func mayBeSecret(key, value string) bool {
	switch http.CanonicalHeaderKey(key) {
	case "User-Agent", "X-Forwarded-Proto":
		return false
	}
	return net.ParseIP(value) == nil
}

// countsIn returns what tells whether the value of a header field counts: one whose name
// says that it is secret need not look like it.
func countsIn(key string) func(string) bool {
	key = strings.ToLower(key)
	for _, name := range []string{"auth", "key", "token", "secret", "password", "cookie", "credential", "session", "signature"} {
		if strings.Contains(key, name) {
			return secret.Counts
		}
	}
	return secret.CountsLoosely
}

// credentials returns what is secret in an Authorization field.
func credentials(field string) []string {
	scheme, rest, found := strings.Cut(field, " ")
	if !found {
		return []string{field}
	}
	rest = strings.TrimSpace(rest)
	all := []string{field, rest}
	if !strings.EqualFold(scheme, "Basic") {
		return append(all, strings.FieldsFunc(rest, func(r rune) bool { return strings.ContainsRune(" ,\"", r) })...)
	}
	if decoded, err := base64.StdEncoding.DecodeString(rest); err == nil {
		_, password, _ := strings.Cut(string(decoded), ":")
		all = append(append(all, string(decoded), password), encodings(string(decoded))...)
	}
	return all
}

// encodings returns basic credentials in base64, with both alphabets and without padding.
func encodings(userAndPassword string) []string {
	b := []byte(userAndPassword)
	return []string{base64.RawStdEncoding.EncodeToString(b), base64.RawURLEncoding.EncodeToString(b)}
}

// bodySecrets returns the secrets in the body. Of a body of Do, all may be secret.
func (c *call) bodySecrets() []string {
	if c.body == nil {
		return nil
	}
	document, _ := json.Marshal(c.body) // it could be encoded before
	literals, _ := secret.Find(document)
	if c.op.own {
		all, _ := secret.FindAll(document)
		literals = append(literals, all...)
	}
	return secret.Values(literals)
}

// hiddenParameters are the parameters that a server may name in a URL.
var hiddenParameters = append(secret.Parameters(),
	"login_verifier", "consent_verifier", "logout_verifier", "device_verifier", "client_secret", "access_token", "id_token_hint", "code_verifier", "refresh_token")

// hideParameters returns text without the values of parameters that are secret, also if
// another call sent them.
func hideParameters(text string) string {
	if !strings.Contains(text, "=") && !strings.Contains(text, "%") {
		return text
	}
	for _, name := range hiddenParameters {
		for _, equals := range []string{"=", "%3D", "%3d"} {
			for from := 0; ; {
				i := strings.Index(text[from:], name+equals)
				if i < 0 {
					break
				}
				at := from + i
				from = at + len(name) + len(equals)
				end := len(text)
				if i := strings.IndexAny(text[from:], " \"'&<>),;"); i >= 0 {
					end = from + i
				}
				if i := strings.Index(text[from:end], "%26"); i >= 0 {
					end = from + i
				}
				isName := at == 0 || text[at-1] != '_' && !unicode.IsLetter(rune(text[at-1])) || strings.HasSuffix(text[:at], "%26")
				if value := text[from:end]; isName && value != "" && value != secret.Redacted {
					text = text[:from] + secret.Redacted + text[end:]
				}
			}
		}
	}
	return text
}

// The bounds of a text that did not come from this package: of what is looked at, and of
// what is shown.
const (
	longestQuoted = 16 << 10
	longestText   = 1 << 10
)

// quote returns text as it can be shown: without secrets and control characters, on one
// line, and cut.
func quote(text string, secrets []string) string {
	const margin = 256 // a secret in it may be cut
	if len(text) > longestQuoted {
		text = secret.Redact(strings.ToValidUTF8(text[:longestQuoted], ""), secrets)
		text = text[:max(0, len(text)-margin)]
	} else {
		text = secret.Redact(text, secrets)
	}
	return cut(oneLine(hideParameters(text)))
}

// oneLine puts a space in place of what cannot be printed, such as the end of a line or a
// mark that turns the direction of writing.
func oneLine(text string) string {
	if isPlainLine(text) { // most are, and runes take several times as long
		return strings.TrimSpace(text)
	}
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, "\uFFFD"), func(r rune) bool { return r == ' ' || !unicode.IsPrint(r) }), " ")
}

// isPlainLine reports whether a text is of printable ASCII, and has no two spaces in a row.
func isPlainLine(text string) bool {
	var last byte
	for i := range len(text) {
		b := text[i]
		if b < ' ' || b > '~' || b == ' ' && last == ' ' {
			return false
		}
		last = b
	}
	return true
}

// cut bounds a text.
func cut(text string) string {
	if len(text) <= longestText {
		return text
	}
	const ellipsis = "…"
	return strings.ToValidUTF8(text[:longestText-len(ellipsis)], "") + ellipsis
}

// A failure is an error of a call that did not come from Hydra: of the transport, or of
// decoding. Its text has no secrets. The error behind it is found with [errors.Is] and
// [errors.As]; if its own text has secrets, [errors.Unwrap] does not return it.
type failure struct {
	text  string
	cause error
	clean bool // the text of cause has no secrets
}

// newFailure returns cause with a prefix.
func (c *call) newFailure(prefix string, cause error) error {
	text := cause.Error()
	if parse := (*time.ParseError)(nil); errors.As(cause, &parse) {
		text = "a time is not in the format of RFC 3339" // its own text quotes the response
	}
	secrets := c.secrets()
	f := &failure{text: prefix + quote(text, secrets), cause: cause, clean: true}
	for err := cause; err != nil && f.clean; err = errors.Unwrap(err) {
		f.clean = quote(err.Error(), secrets) == err.Error() && !errors.As(err, new(*time.ParseError))
	}
	return f
}

// transportFailure returns an error of the transport with the operation, and what it shows
// of the base URL.
func (c *call) transportFailure(err error) error {
	prefix := "hydra: " + c.op.ID + ": "
	if reason := schemeMismatch(err); reason != "" {
		return &explained{ErrWrongBaseURL, prefix + reason, c.newFailure("", err)}
	}
	return c.newFailure(prefix, err)
}

// encodingFailure is a failure to encode a body, without the values that package json
// quotes.
func encodingFailure(cause error) error {
	text := "it has a value that JSON does not have"
	for _, plain := range []error{errorAs[*json.UnsupportedTypeError](cause), errorAs[*json.UnsupportedValueError](cause), errorAs[*json.SyntaxError](cause)} {
		if plain != nil {
			text = plain.Error()
		}
	}
	return &failure{text: text, cause: cause}
}

// errorAs returns the error of type E behind err, or nil.
func errorAs[E error](err error) error {
	if e, ok := errors.AsType[E](err); ok {
		return e
	}
	return nil
}

func (e *failure) Error() string { return e.text }

func (e *failure) Unwrap() error {
	if e.clean {
		return e.cause
	}
	return nil
}

// Is reports whether the error behind e is target.
func (e *failure) Is(target error) bool { return errors.Is(e.cause, target) }

// As finds the error behind e.
func (e *failure) As(target any) bool { return errors.As(e.cause, target) }

// GoString returns the text, for the verb %#v.
func (e *failure) GoString() string { return fmt.Sprintf("&client.failure(%q)", e.text) }

// LogValue leaves out the header and body of the response.
func (e Error) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("operation", e.Operation.ID),
		slog.Int("status", e.StatusCode),
		slog.String("message", e.Error()),
	)
}

// Format writes the text of the error, whatever the verb: its fields hold the response
// with its secrets.
func (e Error) Format(f fmt.State, verb rune) { formatText(f, verb, "client.Error", e.Error()) }

// Format writes the text of the error, whatever the verb: RedirectTo carries the user's
// OAuth 2.0 parameters.
func (e RequestWasHandledError) Format(f fmt.State, verb rune) {
	formatText(f, verb, "client.RequestWasHandledError", e.Error())
}

// formatText writes the text of an error of type name.
func formatText(f fmt.State, verb rune, name, text string) {
	switch {
	case verb == 'v' && f.Flag('#'):
		text = fmt.Sprintf("%s(%q)", name, text)
	case verb == 'q':
		text = strconv.Quote(text)
	}
	_, _ = io.WriteString(f, text)
}
