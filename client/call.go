package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// The largest bodies that are read, after decompression. A page of 500 clients is
// about 800 kB.
const (
	defaultMaxBody = 64 << 20
	maxErrorBody   = 1 << 20
)

// call is what a generated method knows about one request.
type call struct {
	op    *operation
	path  []param
	query []param
	form  []param
	body  any

	decode func(body []byte, v any) error // nil if there is nothing to decode

	base   *url.URL    // of the client, for the texts of errors
	header http.Header // of the options, likewise

	expected int // how large the body of the response probably is, if that is known
}

// param is a parameter of a call: its name on the wire, the argument or field it
// came from, and its value.
type param struct {
	name, arg, value string

	other    any // a value that is an int or a bool
	required bool
	secret   bool
	since    string // the first release of Hydra that has it
}

// pathValue returns the value of a placeholder of the path.
func (c *call) pathValue(name string) string {
	for _, p := range c.path {
		if p.name == name {
			return p.value
		}
	}
	return ""
}

// response is a response of status 2xx, read to its end. body is from a pool: do not
// use it after release.
type response struct {
	call   *call
	status int
	header http.Header
	body   *buffer

	log *record // nil without a logger
	err error   // what was wrong with the body

	deadline time.Time     // of the call, or zero
	left     time.Duration // until then, when the page of a list came
}

// do makes a call that returns one value.
func do[T any](ctx context.Context, a *AdminAPI, c call, opts []Option) (*T, error) {
	resp, err := a.send(ctx, &c, opts)
	if err != nil {
		return nil, err
	}
	defer resp.release()
	v := new(T)
	if err := resp.promised(v); err != nil {
		return nil, err
	}
	return v, nil
}

// exec makes a call that returns nothing.
func exec(ctx context.Context, a *AdminAPI, c call, opts []Option) error {
	resp, err := a.send(ctx, &c, opts)
	if err != nil {
		return err
	}
	defer resp.release()
	return resp.promised(nil)
}

func (a *AdminAPI) send(ctx context.Context, c *call, opts []Option) (response, error) {
	if ctx == nil {
		return response{}, c.refuse("ctx", "is nil")
	}
	if err := c.check(); err != nil {
		return response{}, err
	}
	cfg := a.cfg()
	if len(opts) > 0 {
		own, err := a.cfg().with(opts)
		if err != nil {
			return response{}, c.named(err)
		}
		cfg = &own
	}
	start := time.Now()
	deadline, _ := ctx.Deadline()
	if own := start.Add(cfg.timeout); cfg.timeout > 0 && (deadline.IsZero() || own.Before(deadline)) {
		deadline = own
	}
	c.base, c.header = a.blank.URL, cfg.header
	m, err := c.encode(a.blank, cfg.header)
	if err != nil {
		return response{}, c.named(err)
	}
	if cfg.given { // the default transport never looks at it
		ctx = context.WithValue(ctx, operationKey{}, &c.op.Operation)
	}
	var log *record
	if cfg.log != nil {
		log = &record{ctx: ctx, log: cfg.log, op: c.op, start: start}
	}
	resp, err := c.attempts(ctx, start, deadline, cfg, &m, log)
	if err != nil {
		if failure, ok := errors.AsType[*Error](err); ok && failure.StatusCode/100 != 2 {
			c.understand(failure, inquiry{ctx: ctx, deadline: deadline, api: a, opts: opts})
		}
		log.write(0, err)
		return response{}, err
	}
	resp.log, resp.deadline = log, deadline
	return resp, nil
}

// roundTrip sends req and reads the response to its end, which frees the connection
// for the next call. Sent may be nil.
func (c *call) roundTrip(cfg *config, req *http.Request, sent *watch) (response, error) {
	r, err := roundTrip(cfg.client, req)
	if err != nil {
		return response{}, c.transportFailure(err)
	}
	if sent != nil {
		sent.responded = true
	}
	defer r.Body.Close() //nolint:errcheck // it was read to its end or given up
	resp := response{call: c, status: r.StatusCode, header: r.Header, body: newBuffer()}
	if r.StatusCode/100 != 2 {
		defer resp.release()
		if r.StatusCode >= 200 { // below, the connection became something else, and no context ends its body
			_, _ = resp.body.fill(r, 0, maxErrorBody) // the status says enough
		}
		return response{}, c.newError(resp.status, resp.header, resp.body.copy())
	}
	whole, err := resp.body.fill(r, c.expected, cfg.maxBody)
	switch {
	case err != nil:
		resp.release()
		return response{}, c.newFailure("hydra: "+c.op.ID+": reading the response: ", err)
	case !whole:
		resp.release()
		resp.body = &buffer{} // do not attach an oversized body to the error
		return response{}, resp.invalid(fmt.Errorf("its body is larger than %d bytes", cfg.maxBody))
	}
	return resp, nil
}

// release returns the body to the pool and writes the log line.
func (resp *response) release() {
	resp.body.release()
	resp.log.write(resp.status, resp.err)
}

// invalid returns the error of a success that is not what the operation promises. Then it
// is not Hydra that has responded, and Hydra may have carried out the request or not.
func (resp *response) invalid(cause error) error {
	resp.err = &Error{Operation: resp.call.op.Operation, StatusCode: resp.status, Header: resp.header, Body: resp.body.copy(), cause: &invalidResponseError{resp.call.newFailure("", cause)}}
	if !resp.call.op.repeatable {
		resp.err = &lostResponseError{op: resp.call.op, cause: resp.err}
	}
	return resp.err
}
