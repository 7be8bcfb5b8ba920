package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/oapi-codegen/runtime"
)

const userAgent = "hydra-admin-go"

// The largest bodies that are read, after decompression. A page of 500 clients is
// about 800 kB.
const (
	defaultMaxBody = 64 << 20
	maxErrorBody   = 1 << 20
)

// An Operation is one operation of the admin API, as the OpenAPI document
// describes it.
type Operation struct {
	ID     string // the operationId, such as "getLoginRequest"
	Method string // the HTTP method
	Path   string // the path template, such as "/clients/{id}"
}

// call is what a generated method knows about one request.
type call struct {
	op    Operation
	path  []param
	query []param
	form  []param
	body  any
}

// param is a parameter of a call: its name on the wire, the argument or field it
// came from, and its value, a string, int or bool.
type param struct {
	name, arg string
	value     any
	required  bool
}

// answer is an answer of status 2xx, read to its end.
type answer struct {
	op     Operation
	status int
	header http.Header
	body   []byte
}

// do makes a call that is answered with one value.
func do[T any](ctx context.Context, a *AdminAPI, c call, opts []Option) (*T, error) {
	ans, err := a.send(ctx, c, opts)
	if err != nil {
		return nil, err
	}
	v := new(T)
	if err := ans.decode(v); err != nil {
		return nil, err
	}
	return v, nil
}

// exec makes a call that is answered with nothing.
func exec(ctx context.Context, a *AdminAPI, c call, opts []Option) error {
	_, err := a.send(ctx, c, opts)
	return err
}

func (a *AdminAPI) send(ctx context.Context, c call, opts []Option) (*answer, error) {
	if ctx == nil {
		return nil, c.refuse("ctx", "is nil")
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	cfg, err := a.cfg.with(opts)
	if err != nil {
		return nil, c.named(err)
	}
	if cfg.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, cfg.timeout)
		defer cancel()
	}
	req, err := c.request(ctx, a.base, cfg.header)
	if err != nil {
		return nil, c.named(err)
	}
	return attempts(ctx, c.op, cfg.retries, func(ctx context.Context) (*answer, error) {
		attempt := req.WithContext(ctx)
		if req.GetBody != nil { // the body of the attempt before was read
			if attempt.Body, err = req.GetBody(); err != nil {
				return nil, c.named(err)
			}
		}
		return c.roundTrip(cfg, attempt)
	})
}

// roundTrip sends req and reads the answer, which frees the connection for the
// next call.
func (c *call) roundTrip(cfg config, req *http.Request) (*answer, error) {
	resp, err := cfg.client.Do(req)
	if err != nil {
		if ue := (*url.Error)(nil); errors.As(err, &ue) {
			err = ue.Err // without the URL, which carries challenges
		}
		return nil, fmt.Errorf("hydra: %s: %w", c.op.ID, err)
	}
	defer resp.Body.Close() //nolint:errcheck // it was read to its end or given up
	if resp.StatusCode/100 != 2 {
		var body []byte
		if resp.StatusCode >= 200 { // below, the connection became something else, and no context ends its body
			body, _ = io.ReadAll(io.LimitReader(resp.Body, maxErrorBody)) // the status says enough
		}
		return nil, c.understand(newError(c.op, resp.StatusCode, resp.Header, body, c.secrets()))
	}
	ans := &answer{op: c.op, status: resp.StatusCode, header: resp.Header}
	if ans.body, err = io.ReadAll(io.LimitReader(resp.Body, cfg.maxBody+1)); err != nil {
		return nil, fmt.Errorf("hydra: %s: reading the answer: %w", c.op.ID, err)
	}
	if int64(len(ans.body)) > cfg.maxBody {
		ans.body = nil // nobody wants to keep it
		return nil, ans.invalid(fmt.Errorf("its body is larger than %d bytes", cfg.maxBody))
	}
	return ans, nil
}

// request builds the HTTP request.
func (c *call) request(ctx context.Context, base url.URL, header http.Header) (*http.Request, error) {
	path, escaped, err := c.expand()
	if err != nil {
		return nil, err
	}
	base.RawPath = base.EscapedPath() + escaped
	base.Path += path
	if base.RawQuery, err = encode(c.query); err != nil {
		return nil, err
	}

	body, contentType, err := c.encodeBody()
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, c.op.Method, base.String(), body)
	if err != nil {
		return nil, errors.New("the request cannot be built") // err repeats the URL
	}
	if header != nil {
		req.Header = header.Clone()
	}
	// Exactly this: with any other Accept Hydra's router sends HTML.
	req.Header.Set("Accept", "application/json")
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	if req.Header.Get("User-Agent") == "" {
		req.Header.Set("User-Agent", userAgent)
	}
	return req, nil
}

// expand fills the placeholders of the operation's path, and returns it plain and
// escaped. Elements are escaped one by one: to join them as URLs folds "..".
func (c *call) expand() (path, escaped string, err error) {
	for i, element := range strings.Split(c.op.Path, "/") {
		raw := element
		for _, p := range c.path {
			if element == "{"+p.name+"}" {
				element = fmt.Sprint(p.value)
				if raw, err = runtime.StyleParamWithLocation("simple", false, p.name, runtime.ParamLocationPath, element); err != nil {
					return "", "", err
				}
				break
			}
		}
		if i > 0 {
			path, escaped = path+"/", escaped+"/"
		}
		path, escaped = path+element, escaped+raw
	}
	return path, escaped, nil
}

// encodeBody returns a reader that net/http recognises, so that it sends headers
// and body in one write and can repeat the body.
func (c *call) encodeBody() (body io.Reader, contentType string, err error) {
	switch {
	case c.form != nil:
		s, err := encode(c.form)
		return strings.NewReader(s), "application/x-www-form-urlencoded", err
	case c.body != nil:
		b, err := json.Marshal(c.body)
		if err != nil {
			return nil, "", &ArgumentError{Argument: "body", Reason: "cannot be encoded as JSON", cause: err}
		}
		return bytes.NewReader(b), "application/json", nil
	default:
		return http.NoBody, "", nil
	}
}

// encode returns params as a query or form. Those that are zero are left out.
func encode(params []param) (string, error) {
	var parts []string
	for _, p := range params {
		switch p.value {
		case "", 0, false:
			continue
		}
		s, err := runtime.StyleParamWithLocation("form", true, p.name, runtime.ParamLocationQuery, p.value)
		if err != nil {
			return "", err
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, "&"), nil
}

// decode stores the body in v, which must not be left as it is: an empty body or
// a null where a value was promised is an error, not a zero value.
func (ans *answer) decode(v any) error {
	if err := json.Unmarshal(ans.body, v); err != nil {
		if len(ans.body) == 0 {
			err = errors.New("its body is empty")
		}
		return ans.invalid(err)
	}
	if string(bytes.TrimSpace(ans.body)) == "null" {
		return ans.invalid(errors.New("its body is null"))
	}
	return nil
}

func (ans *answer) invalid(cause error) error {
	return &Error{Operation: ans.op, StatusCode: ans.status, Header: ans.header, Body: ans.body, cause: &invalidResponseError{cause}}
}
