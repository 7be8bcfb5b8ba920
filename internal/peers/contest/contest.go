// Package contest gives the same calls and the same recorded answers to different
// clients, and measures what they cost. Clients that cannot be part of one program run
// in one of their own; see internal/peers/bench for the contest itself.
package contest

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// A Maker makes the calls of a client as its users would. The HTTP client is nil for
// the one that it has when nothing is configured.
type Maker func(base string, hc *http.Client) (Calls, error)

// Calls are the calls that are compared. What they return is what a caller would look
// at, so that nobody is fast by not reading the answer.
type Calls struct {
	AcceptLogin func(ctx context.Context, challenge string, body Login) (redirectTo string, err error)
	GetConsent  func(ctx context.Context, challenge string) (Consent, error)
	Introspect  func(ctx context.Context, token string) (Token, error)
	// GetLogin returns the status of an error and what can be read of its text.
	GetLogin func(ctx context.Context, challenge string) (status int, text string)
	// ListPage returns the IDs of one page.
	ListPage func(ctx context.Context, limit, offset int) (ids []string, err error)
	// Each visits the IDs of all clients. A client without iterators leaves it nil, and
	// is asked page by page.
	Each func(ctx context.Context, visit func(id string)) error
}

// Login is what a login is accepted with.
type Login struct {
	Subject, ACR string
	AMR          []string
	Remember     bool
	RememberFor  int64
	Context      map[string]any
}

// Consent is what is looked at of a consent request.
type Consent struct {
	Subject, ClientName, RequestURL string
	Scopes                          int
}

// Token is what is looked at of an introspection.
type Token struct {
	Active         bool
	Subject, Scope string
	ExpiresAt      int64
}

// Names of the operations.
var Names = []string{"accept login", "get consent", "introspect", "list page of 500", "error 404", "error 410"}

var login = Login{Subject: "alice", ACR: "gold", AMR: []string{"pwd", "otp"}, Remember: true, RememberFor: 3600, Context: map[string]any{"from": []any{"any"}}}

// Run makes one call and checks its result.
func (c Calls) Run(ctx context.Context, name string) error {
	wrong := func(got any) error { return fmt.Errorf("%s: a wrong result: %v", name, got) }
	switch name {
	case "accept login":
		to, err := c.AcceptLogin(ctx, "accepted", login)
		if err == nil && to != want.redirectTo {
			err = wrong(to)
		}
		return err
	case "get consent":
		got, err := c.GetConsent(ctx, "consented")
		if err == nil && got != want.consent {
			err = wrong(got)
		}
		return err
	case "introspect":
		got, err := c.Introspect(ctx, "zRgJjt-kdNRiECs3M7oqxXMfIYW7fPmqnXBeHX0lk_P._HQoJIlRvrHnNQB4QRwODjBvL_lxAMXuzlxx41PRTVC")
		if err == nil && got != want.token {
			err = wrong(got)
		}
		return err
	case "list page of 500":
		ids, err := c.ListPage(ctx, 500, 0)
		if err == nil && (len(ids) != 500 || ids[0] != id(0) || ids[499] != id(499)) {
			err = wrong(len(ids))
		}
		return err
	case "error 404":
		if status, text := c.GetLogin(ctx, "nothing"); status != 404 || text != want.text404 {
			return wrong(fmt.Sprint(status, text))
		}
		return nil
	case "error 410":
		if status, text := c.GetLogin(ctx, "handled"); status != 410 || text != want.text410 {
			return wrong(fmt.Sprint(status, text))
		}
		return nil
	}
	return fmt.Errorf("no operation %q", name)
}

// each visits all clients, in pages of 500 where the client has no way of its own.
func (c Calls) each(ctx context.Context, visit func(id string)) error {
	if c.Each != nil {
		return c.Each(ctx, visit)
	}
	for offset := 0; ; offset += 500 {
		ids, err := c.ListPage(ctx, 500, offset)
		if err != nil {
			return err
		}
		for _, id := range ids {
			visit(id)
		}
		if len(ids) < 500 {
			return nil
		}
	}
}

// walk visits all clients and fails if they are not those of the server, each once and
// in order.
func (c Calls) walk(ctx context.Context, total int, work time.Duration) error {
	next := 0
	var wrong error
	err := c.each(ctx, func(got string) {
		if got != id(next) && wrong == nil {
			wrong = fmt.Errorf("client %d is %s", next, got)
		}
		next++
		for start := time.Now(); work > 0 && time.Since(start) < work; { // it is work
		}
	})
	switch {
	case err != nil:
		return err
	case wrong != nil:
		return wrong
	case next != total:
		return fmt.Errorf("%d clients of %d", next, total)
	}
	return nil
}
