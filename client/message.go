package client

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/oapi-codegen/runtime"
)

const (
	jsonType = "application/json"
	formType = "application/x-www-form-urlencoded"
)

// A message is an encoded request, which every attempt sends. An attempt gets a URL and
// a header of its own, since its transport may change them.
type message struct {
	blank       *http.Request // what all requests have in common
	method      string
	url         url.URL
	options     http.Header // of the options
	contentType string
	body        []byte
}

// encode makes a message of a call.
func (c *call) encode(blank *http.Request, header http.Header) (message, error) {
	m := message{blank: blank, method: c.op.Method, options: header}
	var err error
	if m.url, err = c.target(blank.URL); err != nil {
		return m, err
	}
	switch {
	case c.form != nil:
		m.contentType = formType
		if m.body, err = appendParams(nil, c.form, false); err != nil {
			return m, err
		}
	case c.body != nil:
		m.contentType = jsonType
		if m.body, err = json.Marshal(c.body); err != nil {
			return m, &ArgumentError{Argument: "body", Reason: "cannot be encoded as JSON", cause: encodingFailure(err)}
		}
		if err := checkEncoded(c.body, m.body); err != nil {
			return m, err
		}
	}
	return m, nil
}

// request returns the request of an attempt. Its body is of a type that net/http knows:
// it then sends headers and body in one write, and can send the body again. W may be nil.
func (m *message) request(ctx context.Context, w *watch) *http.Request {
	if w != nil {
		ctx = w.start(ctx)
	}
	own := new(struct { // one piece of memory
		http.Request
		url   url.URL
		fixed [3]string
	})
	own.Request, own.url = *m.blank.WithContext(ctx), m.url
	// Exactly this Accept: with any other one Hydra's router sends HTML.
	own.fixed = [...]string{jsonType, userAgent(), m.contentType}
	req := &own.Request
	req.Method, req.URL, req.Header = m.method, &own.url, headers(m.options, &own.fixed)
	if u := req.URL.User; u != nil && req.Header.Get("Authorization") == "" {
		password, _ := u.Password()
		req.SetBasicAuth(u.Username(), password)
	}
	if body := m.body; len(body) > 0 {
		req.ContentLength = int64(len(body))
		req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(w.reader(body)), nil }
		req.Body, _ = req.GetBody()
	}
	return req
}

// headers adds the header fields of every request, Accept, User-Agent and Content-Type, to
// those of the options.
func headers(options http.Header, fixed *[3]string) http.Header {
	h := make(http.Header, len(options)+3)
	for key, values := range options {
		h[key] = append([]string(nil), values...)
	}
	h["Accept"] = fixed[0:1:1]
	if agent := h["User-Agent"]; len(agent) == 0 || agent[0] == "" {
		h["User-Agent"] = fixed[1:2:2]
	}
	if fixed[2] == "" {
		delete(h, "Content-Type") // an option may have set it
	} else {
		h["Content-Type"] = fixed[2:3:3]
	}
	return h
}

// target returns the URL of a call below base. Elements of a path are escaped one by
// one: to join them as URLs folds "..".
func (c *call) target(base *url.URL) (url.URL, error) {
	u := *base
	if c.op.root {
		u.Path, u.RawPath = strings.TrimSuffix(u.Path, "/admin"), strings.TrimSuffix(u.RawPath, "/admin")
	}
	path, escaped := c.expand(func(v string) string { return v }), c.expand(url.PathEscape)
	if u.RawPath != "" || escaped != path {
		u.RawPath = u.EscapedPath() + escaped
	}
	u.Path += path
	var room [256]byte
	q, err := appendParams(room[:0], c.query, c.op.own)
	u.RawQuery = string(q)
	return u, err
}

// expand fills the placeholders of the operation's path.
func (c *call) expand(escape func(string) string) string {
	if len(c.path) == 0 {
		return c.op.Path
	}
	var b strings.Builder
	for rest := c.op.Path; ; {
		fixed, placeholder, found := strings.Cut(rest, "{")
		b.WriteString(fixed)
		if !found {
			return b.String()
		}
		var name string
		name, rest, _ = strings.Cut(placeholder, "}")
		for _, p := range c.path {
			if p.name == name {
				b.WriteString(escape(p.value))
			}
		}
	}
}

// appendParams appends params as a query or form. Those that are zero are left out unless
// zeros is true. Ints and bools go through the OpenAPI encoder. Strings skip it: the result
// is the same and costs an allocation less.
func appendParams(b []byte, params []param, zeros bool) ([]byte, error) {
	for _, p := range params {
		if !zeros && p.value == "" && (p.other == nil || p.other == 0 || p.other == false) {
			continue
		}
		if len(b) > 0 {
			b = append(b, '&')
		}
		if p.other == nil {
			b = append(append(append(b, p.name...), '='), url.QueryEscape(p.value)...)
			continue
		}
		part, err := runtime.StyleParamWithLocation("form", true, p.name, runtime.ParamLocationQuery, p.other)
		if err != nil {
			return nil, err
		}
		b = append(b, part...)
	}
	return b, nil
}
