// Package contest gives the same calls and the same recorded responses to different
// clients of the admin API, checks what they return, and measures what that costs. See
// package bench for the report.
package contest

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
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
	// GetLogin is refused: its result is what can be read of the error.
	GetLogin func(ctx context.Context, challenge string) Result
	// ListPage visits the IDs of one page.
	ListPage func(ctx context.Context, limit, offset int, visit func(id string)) error
	// Each visits the IDs of all clients. A client without iterators leaves it nil, and
	// is asked page by page.
	Each func(ctx context.Context, visit func(id string)) error
}

// A Result is what a caller would look at, so that no client is fast by not reading the
// response.
type Result struct {
	Number int64
	Texts  [3]string
}

// Saw makes a result.
func Saw[N int | int64](number N, texts ...string) Result {
	r := Result{Number: int64(number)}
	copy(r.Texts[:], texts)
	return r
}

// The arguments of the calls.
var (
	Challenge = "challenge"
	Token     = "zRgJjt-kdNRiECs3M7oqxXMfIYW7fPmqnXBeHX0lk_P._HQoJIlRvrHnNQB4QRwODjBvL_lxAMXuzlxx41PRTVC" //nolint:gosec // of a recording
	Login     = struct {
		Subject     string         `json:"subject"`
		ACR         string         `json:"acr"`
		AMR         []string       `json:"amr"`
		Remember    bool           `json:"remember"`
		RememberFor int64          `json:"remember_for"`
		Context     map[string]any `json:"context"`
	}{"alice", "gold", []string{"pwd", "otp"}, true, 3600, map[string]any{"from": []any{"any"}}}
)

// LoginContext is the context of Login, for clients that take JSON.
func LoginContext() json.RawMessage {
	b, err := json.Marshal(Login.Context)
	if err != nil {
		panic(err)
	}
	return b
}

const page, unknownPage = "list page of 500", "unknown members"

// Small are the names of the calls with small responses.
var Small = []string{"accept login", "get consent", "introspect", "error 404", "error 410"}

// Operations are the names of the calls.
var Operations = []string{"accept login", "get consent", "introspect", page, unknownPage, "error 404", "error 410"}

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
	case unknownPage:
		return c.list(ctx, unknownOffset)
	}
	return c.list(ctx, 0)
}

func (c Calls) list(ctx context.Context, offset int) (r Result, err error) {
	err = c.ListPage(ctx, 500, offset, func(id string) {
		r.Texts[min(r.Number, 1)] = id // the first and the last
		r.Number++
	})
	return r, err
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

// Walk visits all clients, and fails if they are not those of the server, each once and
// in order.
func (c *Client) Walk(ctx context.Context, total int) error {
	next, wrong := 0, ""
	visit := func(got string) {
		if got != id(next) {
			wrong = got
		}
		next++
	}
	var err error
	if c.calls.Each != nil {
		err = c.calls.Each(ctx, visit)
	} else {
		for offset := 0; err == nil && offset == next; offset += 500 {
			err = c.calls.ListPage(ctx, 500, offset, visit)
		}
	}
	if err == nil && (next != total || wrong != "") {
		err = fmt.Errorf("%d clients of %d, and wrong is %q", next, total, wrong)
	}
	return err
}
