//go:build live && linux

package table

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/live/proxies"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// The operations that must not be sent twice.
var once = []struct {
	name string
	call func(ctx context.Context, api *client.AdminAPI, id client.Option) error
}{
	{"accept", func(ctx context.Context, api *client.AdminAPI, id client.Option) error {
		_, err := api.AcceptLoginRequest(ctx, "challenge", models.AcceptLoginRequest{Subject: "alice"}, id)
		return err
	}},
	{"create", func(ctx context.Context, api *client.AdminAPI, id client.Option) error {
		_, err := api.CreateOAuth2Client(ctx, models.OAuth2Client{ClientID: "app"}, id)
		return err
	}},
	{"patch", func(ctx context.Context, api *client.AdminAPI, id client.Option) error {
		_, err := api.PatchOAuth2Client(ctx, "app", []models.PatchDocument{models.PatchReplace("/owner", "o")}, id)
		return err
	}},
	{"delete", func(ctx context.Context, api *client.AdminAPI, id client.Option) error {
		return api.DeleteOAuth2Client(ctx, "app", id)
	}},
}

// TestIdleBorder makes calls at the moment at which a proxy closes the connections that
// they would use.
func TestIdleBorder(t *testing.T) { //nolint:tparallel // other tests would load the machine
	for _, kind := range proxies.Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			for _, idle := range inTable([]time.Duration{time.Second}, []time.Duration{time.Second, 5 * time.Second}) {
				for _, c := range []struct {
					name string
					opts []client.Option
					none bool // no call may be lost
				}{
					{"WithIdleTimeout of half of that", []client.Option{client.WithIdleTimeout(idle / 2)}, true},
					{"the defaults of this SDK", nil, false},
					{"the defaults of net/http, which keep 2 idle connections", []client.Option{client.WithHTTPClient(&http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()})}, false},
				} {
					t.Run(fmt.Sprintf("%s %s", idle, c.name), func(t *testing.T) { atIdleBorder(t, kind, idle, c.name, c.opts, c.none) })
				}
			}
		})
	}
}

// TestIdleBorderOfSlowProxy is the same for a proxy that keeps idle connections for little
// longer than the SDK does, as all do by default.
func TestIdleBorderOfSlowProxy(t *testing.T) { //nolint:tparallel // other tests would load the machine
	if !*long {
		t.Skip("takes ten minutes, for the whole table")
	}
	const idle = 32 * time.Second
	for _, kind := range proxies.Kinds() {
		t.Run(fmt.Sprintf("%s %s", kind, idle), func(t *testing.T) {
			t.Parallel()
			atIdleBorder(t, kind, idle, "the defaults of this SDK", nil, true)
		})
	}
}

func atIdleBorder(t *testing.T, kind proxies.Kind, idle time.Duration, name string, opts []client.Option, none bool) {
	t.Helper()
	const connections = 200
	rounds := inTable(8, 20) // 20 make 1,000 calls of each operation
	hydra := &hydraLike{}
	p := proxies.Run(t, kind, proxies.Config{Backend: hydra.serve(t), Idle: idle})
	api, err := client.New(p.URL, opts...)
	require.NoError(t, err)
	var mu sync.Mutex
	var failed map[string]int
	burst := func(round int) (took time.Duration) {
		failed = map[string]int{}
		began := time.Now()
		var calls sync.WaitGroup
		for n := range connections {
			calls.Go(func() {
				op, id := once[n%len(once)], fmt.Sprintf("%d-%d", round, n)
				err := op.call(t.Context(), api, client.WithHeader("X-Request-Id", id))
				times := hydra.times(id)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					assert.Equal(t, 1, times, "carried out by %s without an error", op.name)
				case errors.Is(err, client.ErrResponseLost):
					failed["ErrResponseLost"]++
					failed[op.name]++
					assert.LessOrEqual(t, times, 1, "carried out by %s", op.name)
				default:
					failed[op.name]++
					assert.Zero(t, times, "carried out by %s with %v", op.name, err)
				}
			})
		}
		calls.Wait()
		return time.Since(began)
	}
	burst(-1)
	all, late := map[string]int{}, 0
	for round := 0; round < rounds; round++ {
		// A burst takes some milliseconds, so its calls are before and after the border.
		<-time.After(idle + time.Duration(round%8-6)*2*time.Millisecond)
		if took := burst(round + 1000*late); took > idle/4 && late < rounds {
			round-- // on a machine that stalls, calls are made at any time
			late++
			continue
		}
		for name, n := range failed {
			all[name] += n
		}
	}
	counts := ""
	for _, op := range once {
		counts += fmt.Sprintf("%s %d, ", op.name, all[op.name])
	}
	stalls := ""
	if late == rounds {
		stalls = ", on a machine that stalls"
	}
	row(t, fmt.Sprintf("idle border, %s %s", kind, idle), name, "failed of %d each: %sErrResponseLost: %d%s", rounds*connections/len(once), counts, all["ErrResponseLost"], stalls)
	if none && late < rounds {
		assert.Empty(t, all)
	}
}
