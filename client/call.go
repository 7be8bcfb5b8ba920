package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/models"
)

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
	op    *Operation
	path  []param
	query []param
	form  []param
	body  any

	expected int // how large the body of the answer may well be, if that is known
}

// param is a parameter of a call: its name on the wire, the argument or field it
// came from, and its value, a string, int or bool.
type param struct {
	name, arg string
	value     any
	required  bool
}

// answer is an answer of status 2xx, read to its end. Its body is lent: it is gone
// once the answer is released.
type answer struct {
	op     *Operation
	status int
	header http.Header
	body   *buffer

	log *record // nil if nobody wants it
	err error   // what was wrong with the body
}

// do makes a call that is answered with one value.
func do[T any](ctx context.Context, a *AdminAPI, c call, opts []Option) (*T, error) {
	ans, err := a.send(ctx, &c, opts)
	if err != nil {
		return nil, err
	}
	defer ans.release()
	v := new(T)
	if err := ans.decode(v); err != nil {
		return nil, err
	}
	return v, nil
}

// exec makes a call that is answered with nothing.
func exec(ctx context.Context, a *AdminAPI, c call, opts []Option) error {
	ans, err := a.send(ctx, &c, opts)
	if err != nil {
		return err
	}
	ans.release()
	return nil
}

func (a *AdminAPI) send(ctx context.Context, c *call, opts []Option) (answer, error) {
	if ctx == nil {
		return answer{}, c.refuse("ctx", "is nil")
	}
	if err := c.check(); err != nil {
		return answer{}, err
	}
	cfg := &a.cfg
	if len(opts) > 0 {
		own, err := a.cfg.with(opts)
		if err != nil {
			return answer{}, c.named(err)
		}
		cfg = &own
	}
	if cfg.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, cfg.timeout)
		defer cancel()
	}
	m, err := c.encode(a.blank, cfg.header)
	if err != nil {
		return answer{}, c.named(err)
	}
	if cfg.client != defaultClient { // which does not ask
		ctx = context.WithValue(ctx, operationKey{}, c.op)
	}
	var log *record
	if cfg.logger != nil {
		log = &record{ctx: ctx, logger: cfg.logger, op: c.op, start: time.Now()}
	}
	ans, err := attempts(ctx, c.op, cfg.retries, func(ctx context.Context) (answer, error) {
		if log != nil {
			log.attempts++
		}
		return c.roundTrip(cfg, m.request(ctx))
	})
	if err != nil {
		log.write(0, err)
		return answer{}, err
	}
	ans.log = log
	return ans, nil
}

// roundTrip sends req and reads the answer, which frees the connection for the
// next call.
func (c *call) roundTrip(cfg *config, req *http.Request) (answer, error) {
	resp, err := roundTrip(cfg.client, req)
	if err != nil {
		return answer{}, fmt.Errorf("hydra: %s: %w", c.op.ID, err)
	}
	defer resp.Body.Close() //nolint:errcheck // it was read to its end or given up
	ans := answer{op: c.op, status: resp.StatusCode, header: resp.Header, body: newBuffer()}
	if resp.StatusCode/100 != 2 {
		defer ans.release()
		if resp.StatusCode >= 200 { // below, the connection became something else, and no context ends its body
			_, _ = ans.body.fill(resp, 0, maxErrorBody) // the status says enough
		}
		return answer{}, c.newError(ans.status, ans.header, ans.body.copy())
	}
	whole, err := ans.body.fill(resp, c.expected, cfg.maxBody)
	switch {
	case err != nil:
		ans.release()
		return answer{}, fmt.Errorf("hydra: %s: reading the answer: %w", c.op.ID, err)
	case !whole:
		ans.release()
		ans.body = &buffer{} // nobody wants to keep it
		return answer{}, ans.invalid(fmt.Errorf("its body is larger than %d bytes", cfg.maxBody))
	}
	return ans, nil
}

// release ends the call: the body is for the next one.
func (ans *answer) release() {
	ans.body.release()
	ans.log.write(ans.status, ans.err)
}

// decode stores the body in v, which must not be left as it is: an empty body or
// a null where a value was promised is an error, not a zero value.
func (ans *answer) decode(v any) error {
	if err := models.Unmarshal(ans.body.bytes, v); err != nil {
		if len(ans.body.bytes) == 0 {
			err = errors.New("its body is empty")
		}
		return ans.invalid(err)
	}
	if string(bytes.TrimSpace(ans.body.bytes)) == "null" {
		return ans.invalid(errors.New("its body is null"))
	}
	return nil
}

func (ans *answer) invalid(cause error) error {
	ans.err = &Error{Operation: *ans.op, StatusCode: ans.status, Header: ans.header, Body: ans.body.copy(), cause: &invalidResponseError{cause}}
	return ans.err
}
