//go:build live

package proxies

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// A fate is what a call said about a client that it was to create.
type fate int

const (
	absent fate = iota
	present
	unknown
)

// load reads and creates clients without a pause.
type load struct {
	api      *client.AdminAPI
	name     string
	draining atomic.Bool

	mu     sync.Mutex
	fates  map[string]fate
	reads  int
	failed []error // reads
}

func (l *load) run(ctx context.Context, worker int) {
	for n := 0; ctx.Err() == nil; n++ {
		id := fmt.Sprintf("%s-%d-%d", l.name, worker, n)
		draining := l.draining.Load()
		_, err := l.api.CreateOAuth2Client(ctx, models.OAuth2Client{ClientID: id, ClientSecret: "throw-away"})
		l.created(id, err)
		c, err := l.api.GetOAuth2Client(ctx, "read")
		if ctx.Err() != nil || draining {
			continue
		}
		if err == nil && c.ClientID != "read" {
			err = errors.New("another client")
		}
		l.read(err)
	}
}

func (l *load) created(id string, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fates == nil {
		l.fates = map[string]fate{}
	}
	switch {
	case err == nil:
		l.fates[id] = present
	case errors.Is(err, client.ErrResponseLost):
		l.fates[id] = unknown
	default:
		l.fates[id] = absent
	}
}

func (l *load) read(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reads++
	if err != nil && !l.draining.Load() {
		l.failed = append(l.failed, err)
	}
}

// goOn waits for calls of each worker, and for time in which a proxy can reload.
func (l *load) goOn(t *testing.T) {
	t.Helper()
	reads := func() int {
		l.mu.Lock()
		defer l.mu.Unlock()
		return l.reads
	}
	before := reads()
	<-time.After(200 * time.Millisecond)
	require.Eventually(t, func() bool { return reads() >= before+10 }, time.Minute, 10*time.Millisecond)
}

// check compares what the calls have said with what the server has.
func (l *load) check(t *testing.T, direct *client.AdminAPI) {
	t.Helper()
	exists := map[string]bool{}
	for c, err := range direct.AllOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{}) {
		require.NoError(t, err)
		exists[c.ClientID] = true
	}
	counts := map[fate]int{}
	for id, fate := range l.fates {
		counts[fate]++
		if fate != unknown {
			assert.Equal(t, fate == present, exists[id], "%s", id)
		}
	}
	t.Logf("%d reads, %d failed; clients: %d created, %d not, %d unknown", l.reads, len(l.failed), counts[present], counts[absent], counts[unknown])
	assert.Empty(t, l.failed, "reads while the proxy was there")
	assert.Greater(t, counts[present], 50)
}

// listen accepts connections and hands them over.
func listen(t *testing.T, handle func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { _ = c.Close() })
			go handle(c)
		}
	}()
	return l.Addr().String()
}

func address(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
