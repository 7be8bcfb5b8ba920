// Package contest gives the same calls and the same recorded responses to different
// clients of the admin API, checks what they return, and measures what that costs. See
// package bench for the report.
package contest

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"time"
)

// A Contender is a client under test.
type Contender struct {
	Name string
	// New makes a client as its users would. The HTTP client is nil for the one that it
	// has when nothing is configured.
	New func(base string, hc *http.Client) (Calls, error)
}

// Calls are the calls that are compared.
type Calls struct {
	AcceptLogin, GetConsent, Introspect func(ctx context.Context) (Result, error)
	// GetLogin is refused, and returns what can be read of the error.
	GetLogin func(ctx context.Context, challenge string) Result
	// ListPage returns the IDs of one page.
	ListPage func(ctx context.Context, limit, offset int) (ids []string, err error)
	// Each visits the IDs of all clients. A client without iterators leaves it nil, and
	// is asked page by page.
	Each func(ctx context.Context, visit func(id string)) error
}

// A Result is what a caller would look at, so that no client is fast by not reading the
// response.
type Result struct {
	number int64
	texts  [3]string
}

// Saw makes a result.
func Saw[N int | int64](number N, texts ...string) (r Result) {
	r.number = int64(number)
	copy(r.texts[:], texts)
	return r
}

// What the calls are made with.
var (
	Challenge = "challenge"
	Token     = "zRgJjt-kdNRiECs3M7oqxXMfIYW7fPmqnXBeHX0lk_P._HQoJIlRvrHnNQB4QRwODjBvL_lxAMXuzlxx41PRTVC" //nolint:gosec // of a recording
	Login     = struct {
		Subject, ACR string
		AMR          []string
		Remember     bool
		RememberFor  int64
		Context      map[string]any
	}{"alice", "gold", []string{"pwd", "otp"}, true, 3600, map[string]any{"from": []any{"any"}}}
)

// Operations are the names of the calls.
var Operations = []string{"accept login", "get consent", "introspect", "list page of 500", "error 404", "error 410"}

func (c Calls) call(ctx context.Context, operation string) (Result, error) {
	switch operation {
	case "accept login":
		return c.AcceptLogin(ctx)
	case "get consent":
		return c.GetConsent(ctx)
	case "introspect":
		return c.Introspect(ctx)
	case "error 404":
		return c.GetLogin(ctx, "unknown"), nil
	case "error 410":
		return c.GetLogin(ctx, "handled"), nil
	}
	ids, err := c.ListPage(ctx, 500, 0)
	if err != nil || len(ids) == 0 {
		return Result{}, err
	}
	return Saw(len(ids), ids[0], ids[len(ids)-1]), nil
}

// A Client makes calls and checks their results.
type Client struct {
	calls Calls
	want  map[string]Result // what the floor reads
}

// Connect makes a client of a contender.
func (c Contender) Connect(ctx context.Context, base string, hc *http.Client) (*Client, error) {
	calls, err := c.New(base, hc)
	if err != nil {
		return nil, err
	}
	floor, err := Floor(base, cmp.Or(hc, aside))
	want := map[string]Result{}
	for _, operation := range Operations {
		if err == nil {
			want[operation], err = floor.call(ctx, operation)
		}
	}
	return &Client{calls, want}, err
}

// Run makes one call and checks its result.
func (c *Client) Run(ctx context.Context, operation string) error {
	got, err := c.calls.call(ctx, operation)
	if err == nil && got != c.want[operation] {
		err = fmt.Errorf("%s: a wrong result: %v instead of %v", operation, got, c.want[operation])
	}
	return err
}

// Walk visits all clients, does some work with each, and fails if they are not those of
// the server, each once and in order.
func (c *Client) Walk(ctx context.Context, total int, work time.Duration) error {
	next, wrong := 0, ""
	err := c.each(ctx, func(got string) {
		if got != id(next) {
			wrong = got
		}
		next++
		for end := time.Now().Add(work); work > 0 && time.Now().Before(end); { // it is work
		}
	})
	if err == nil && (next != total || wrong != "") {
		err = fmt.Errorf("%d clients of %d, and wrong is %q", next, total, wrong)
	}
	return err
}

// each visits all clients, in pages of 500 where the client has no way of its own.
func (c *Client) each(ctx context.Context, visit func(id string)) error {
	if c.calls.Each != nil {
		return c.calls.Each(ctx, visit)
	}
	for offset := 0; ; offset += 500 {
		ids, err := c.calls.ListPage(ctx, 500, offset)
		for _, id := range ids {
			visit(id)
		}
		if err != nil || len(ids) < 500 {
			return err
		}
	}
}
