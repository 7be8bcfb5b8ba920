package client_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
)

// TestDeafTransport: a transport that does not heed the context of a request, as while it
// fetches a token, makes a call longer. The error says that the call was over.
func TestDeafTransport(t *testing.T) {
	t.Parallel()
	noToken, gone := errors.New("oauth2: cannot fetch token"), errors.New("the browser is gone")
	contexts := map[string]struct {
		ctx  func() (context.Context, context.CancelFunc)
		opts []client.Option
		want []error
	}{
		"own timeout": {func() (context.Context, context.CancelFunc) { return context.Background(), func() {} }, []client.Option{client.WithTimeout(time.Second)}, []error{context.DeadlineExceeded}},
		"deadline": {func() (context.Context, context.CancelFunc) {
			return context.WithTimeout(context.Background(), time.Second)
		}, nil, []error{context.DeadlineExceeded}},
		"cancelled": {func() (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(context.Background())
			time.AfterFunc(time.Second, cancel)
			return ctx, cancel
		}, nil, []error{context.Canceled}},
		"cancelled with a cause": {func() (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancelCause(context.Background())
			time.AfterFunc(time.Second, func() { cancel(gone) })
			return ctx, func() { cancel(nil) }
		}, nil, []error{context.Canceled}},
	}
	calls := map[string]func(ctx context.Context, a *client.AdminAPI) error{
		"read": func(ctx context.Context, a *client.AdminAPI) error { _, err := a.GetOAuth2Client(ctx, "c"); return err },
		"write": func(ctx context.Context, a *client.AdminAPI) error {
			_, err := a.RotateOAuth2ClientSecret(ctx, "c")
			return err
		},
		"iterator": func(ctx context.Context, a *client.AdminAPI) error {
			for _, err := range a.AllOAuth2Clients(ctx, client.ListOAuth2ClientsParams{}) {
				return err
			}
			return nil
		},
	}
	for name, tt := range contexts {
		for what, call := range calls {
			t.Run(name+"/"+what, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					attempts := 0
					deaf := transport(func(*http.Request) (*http.Response, error) {
						attempts++
						after(12 * time.Second)
						return nil, noToken
					})
					ctx, cancel := tt.ctx()
					defer cancel()
					api := newClient(t, "http://hydra", append(tt.opts, client.WithHTTPClient(&http.Client{Transport: deaf}))...)
					err := call(ctx, api)
					for _, want := range append(tt.want, noToken) {
						require.ErrorIs(t, err, want)
					}
					require.ErrorContains(t, err, noToken.Error()+": "+tt.want[0].Error())
					assert.Equal(t, 1, attempts)
				})
			})
		}
	}
}

// TestFailureInTime: the failure of a call that has time left is not one of its time.
func TestFailureInTime(t *testing.T) {
	t.Parallel()
	deaf := transport(func(*http.Request) (*http.Response, error) { return nil, errors.New("odd") })
	err := read(newClient(t, "http://hydra", client.WithHTTPClient(&http.Client{Transport: deaf}), client.WithRetries(0)))
	require.NotErrorIs(t, err, context.DeadlineExceeded)
	require.EqualError(t, err, "hydra: getOAuth2Client: odd")
}
