//go:build live && linux

package table

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// A crew makes calls of several kinds from many goroutines, and compares what they return
// with what the calls before have done.
type crew struct {
	api      *client.AdminAPI
	token    string // a valid one
	requests atomic.Int64
	shifts   int // how often it has worked

	mu       sync.Mutex
	calls    int
	failed   map[string]int // by kind
	wrong    []string
	inactive int // responses of Hydra that the token is not active
}

// newCrew returns a crew with connections of its own, as many as it may need.
func newCrew(t *testing.T, server *hydra.Server, opts ...client.Option) *crew {
	t.Helper()
	c := &crew{failed: map[string]int{}}
	transport := client.NewTransport()
	count := roundTripper(func(r *http.Request) (*http.Response, error) {
		c.requests.Add(1)
		return transport.RoundTrip(r)
	})
	var err error
	c.api, err = client.New(server.AdminURL, append([]client.Option{client.WithHTTPClient(&http.Client{Transport: count})}, opts...)...)
	require.NoError(t, err)
	app, err := c.api.CreateOAuth2Client(t.Context(), models.OAuth2Client{GrantTypes: []string{"client_credentials"}, Scope: "read"})
	require.NoError(t, err)
	token, err := hydra.App{PublicURL: server.PublicURL, ID: app.ClientID, Secret: app.ClientSecret}.Token(t.Context(), "client_credentials")
	require.NoError(t, err)
	c.token = token.AccessToken
	return c
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// work runs the workers until ctx is over, and waits for them.
func (c *crew) work(ctx context.Context, workers int) {
	c.shifts++
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				id := fmt.Sprintf("%d-%d-%d", c.shifts, w, n)
				c.lifeOfClient(ctx, "client-"+id)
				c.lifeOfKeys(ctx, "set-"+id)
			}
		})
	}
	all.Wait()
}

// made counts a call, and reports what is known of it: that it was carried out, that it
// was not, or neither.
func (c *crew) made(ctx context.Context, err error) (done, unknown bool) {
	if ctx.Err() != nil {
		return false, true // the end of the test
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls++
	if err == nil {
		return true, false
	}
	c.failed[kindOf(err)]++
	var ce *client.Error
	// Hydra may have failed after its database was done.
	ofHydra := errors.As(err, &ce) && ce.StatusCode >= http.StatusInternalServerError
	return false, ofHydra || errors.Is(err, client.ErrResponseLost)
}

func (c *crew) require(ok bool, format string, values ...any) {
	if !ok {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.wrong = append(c.wrong, fmt.Sprintf(format, values...))
	}
}

// kindOf names the kind of an error.
func kindOf(err error) string {
	kind := ""
	if errors.Is(err, client.ErrResponseLost) {
		kind = "lost: "
	}
	var ce *client.Error
	var ne net.Error
	switch {
	case errors.As(err, &ce):
		return fmt.Sprint(kind, "status ", ce.StatusCode)
	case errors.Is(err, syscall.ECONNREFUSED):
		return kind + "connection refused"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &ne) && ne.Timeout():
		return kind + "timeout"
	}
	return kind + "connection closed"
}

// lifeOfClient creates, reads, changes, lists and deletes a client.
func (c *crew) lifeOfClient(ctx context.Context, id string) {
	exists := c.create(ctx, id)
	name := c.rename(ctx, id, exists)
	got, err := c.api.GetOAuth2Client(ctx, id)
	switch known, _ := c.made(ctx, ignoring(err, client.ErrNotFound)); {
	case !known:
	case err == nil:
		c.require(exists != no, "%s was not created, and is there", id)
		c.require(got.ClientID == id && slices.Contains(name, got.ClientName), "%s has the name %s, not one of %v", got.ClientID, got.ClientName, name)
	default:
		c.require(exists != yes, "%s was created, and is not found", id)
	}
	c.list(ctx, id, exists)
	i, err := c.api.IntrospectOAuth2Token(ctx, c.token, client.IntrospectOAuth2TokenParams{})
	if done, _ := c.made(ctx, err); done && !i.Active {
		c.mu.Lock()
		c.inactive++
		c.mu.Unlock()
	}
	err = c.api.DeleteOAuth2Client(ctx, id)
	done, unknown := c.made(ctx, ignoring(err, client.ErrNotFound))
	switch {
	case done && err == nil:
		c.require(exists != no, "%s was not created, and was deleted", id)
	case done:
		c.require(exists != yes, "%s was created, and could not be deleted: not found", id)
	}
	_, err = c.api.GetOAuth2Client(ctx, id)
	if read, _ := c.made(ctx, ignoring(err, client.ErrNotFound)); read && done {
		c.require(err != nil, "%s was deleted, and is there", id)
	} else if read && !unknown && exists == yes {
		c.require(err == nil, "%s was not deleted, and is not found", id)
	}
}

// existence is what is known of a client.
type existence int

const (
	no existence = iota
	yes
	maybe
)

func (c *crew) create(ctx context.Context, id string) existence {
	created, err := c.api.CreateOAuth2Client(ctx, models.OAuth2Client{ClientID: id, ClientSecret: "throw-away", ClientName: "first", Owner: id})
	switch done, unknown := c.made(ctx, err); {
	case done:
		c.require(created.ClientID == id, "created %s, not %s", created.ClientID, id)
		return yes
	case unknown:
		return maybe
	}
	return no
}

// rename returns the names that the client may have.
func (c *crew) rename(ctx context.Context, id string, exists existence) []string {
	if exists != yes {
		return []string{"first"}
	}
	patched, err := c.api.PatchOAuth2Client(ctx, id, []models.PatchDocument{models.PatchReplace("/client_name", "second")})
	switch done, unknown := c.made(ctx, err); {
	case done:
		c.require(patched.ClientName == "second", "patched %s, and it has the name %s", id, patched.ClientName)
		return []string{"second"}
	case unknown:
		return []string{"first", "second"}
	}
	return []string{"first"}
}

func (c *crew) list(ctx context.Context, id string, exists existence) {
	listed := 0
	for item, err := range c.api.AllOAuth2Clients(ctx, client.ListOAuth2ClientsParams{Owner: id}) {
		if err != nil {
			c.made(ctx, err)
			return
		}
		c.require(item.ClientID == id, "listed %s, not %s", item.ClientID, id)
		listed++
	}
	if done, _ := c.made(ctx, nil); done && exists != maybe {
		c.require(listed == int(exists), "%s: listed %d times, with the existence %d", id, listed, exists)
	}
}

// lifeOfKeys creates, reads and deletes a set of keys.
func (c *crew) lifeOfKeys(ctx context.Context, set string) {
	_, err := c.api.CreateJSONWebKeySet(ctx, set, models.JSONWebKeySetGeneratorRequest{Alg: "ES256", Kid: "k", Use: "sig"})
	created, unknown := c.made(ctx, err)
	_, err = c.api.GetJSONWebKeySet(ctx, set)
	if read, _ := c.made(ctx, ignoring(err, client.ErrNotFound)); read && created {
		c.require(err == nil, "%s was created, and is not found", set)
	} else if read && !unknown {
		c.require(err != nil, "%s was not created, and is there", set)
	}
	c.made(ctx, c.api.DeleteJSONWebKeySet(ctx, set))
}

// ignoring returns nil for an error that is a result.
func ignoring(err, result error) error {
	if errors.Is(err, result) {
		return nil
	}
	return err
}

// failures returns the failed calls by kind.
func (c *crew) failures() string {
	if len(c.failed) == 0 {
		return "none failed"
	}
	var kinds []string
	sum := 0
	for kind, n := range c.failed {
		kinds = append(kinds, fmt.Sprintf("%s %d", kind, n))
		sum += n
	}
	slices.Sort(kinds)
	return fmt.Sprintf("%d failed (%s)", sum, strings.Join(kinds, ", "))
}

// summary returns what has become of the calls.
func (c *crew) summary() string {
	return fmt.Sprintf("%d calls, %s, %.2f requests a call, wrong results: %d, a valid token was inactive: %d",
		c.calls, c.failures(), float64(c.requests.Load())/float64(max(c.calls, 1)), len(c.wrong), c.inactive)
}
