//go:build live

package faults

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// network is a proxy in front of a real Hydra. A test can add faults to it.
type network struct {
	*toxiproxy.Proxy

	server *hydra.Server
	direct *client.AdminAPI // without the proxy
}

func newNetwork(t *testing.T) *network {
	t.Helper()
	server := hydra.Run(t, hydra.Config{})
	direct, err := client.New(server.AdminURL)
	require.NoError(t, err)
	api := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	proxy := toxiproxy.NewProxy(api, "hydra", "127.0.0.1:0", strings.TrimPrefix(server.AdminURL, "http://"))
	require.NoError(t, proxy.Start())
	t.Cleanup(proxy.Stop)
	return &network{proxy, server, direct}
}

// client returns a client that goes through the proxy, with connections of its own.
func (n *network) client(t *testing.T, opts ...client.Option) *client.AdminAPI {
	t.Helper()
	hc := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	api, err := client.New("http://"+n.Listen, append([]client.Option{client.WithHTTPClient(hc), client.WithRetries(0)}, opts...)...)
	require.NoError(t, err)
	return api
}

// with runs f while the network has a fault.
func (n *network) with(t *testing.T, toxic string, f func()) {
	t.Helper()
	added, err := n.Toxics.AddToxicJson(strings.NewReader(toxic))
	require.NoError(t, err)
	defer func() { require.NoError(t, n.Toxics.RemoveToxic(context.WithoutCancel(t.Context()), added.Name)) }()
	f()
}

func toxic(kind, stream, attributes string) string {
	return fmt.Sprintf(`{"type":%q,"stream":%q,"attributes":{%s}}`, kind, stream, attributes)
}

// TestFaults: a call on a faulty network returns the right value or an error, and ends with
// its context.
func TestFaults(t *testing.T) {
	n := newNetwork(t)
	const id = "app"
	want, err := n.direct.CreateOAuth2Client(t.Context(), models.OAuth2Client{ClientID: id, ClientName: strings.Repeat("long ", 1000)})
	require.NoError(t, err)
	for name, fault := range map[string]struct {
		toxic string
		fails bool
	}{
		"none":                         {toxic("latency", "downstream", `"latency":0`), false},
		"latency":                      {toxic("latency", "downstream", `"latency":20,"jitter":10`), false},
		"latency beyond the timeout":   {toxic("latency", "downstream", `"latency":60000`), true},
		"small packets":                {toxic("slicer", "downstream", `"average_size":7,"size_variation":3,"delay":10`), false},
		"small packets of the request": {toxic("slicer", "upstream", `"average_size":3,"size_variation":1,"delay":10`), false},
		"little bandwidth":             {toxic("bandwidth", "downstream", `"rate":100`), false},
		"no bandwidth":                 {toxic("bandwidth", "downstream", `"rate":0`), true},
		"reset at once":                {toxic("reset_peer", "downstream", `"timeout":0`), true},
		"reset of the request":         {toxic("reset_peer", "upstream", `"timeout":0`), true},
		"silence":                      {toxic("timeout", "downstream", `"timeout":0`), true},
		"silence, then a close":        {toxic("timeout", "downstream", `"timeout":10`), true},
		"a request that gets lost":     {toxic("timeout", "upstream", `"timeout":0`), true},
		"a slow close":                 {toxic("slow_close", "downstream", `"delay":20`), false},
	} {
		t.Run(name, func(t *testing.T) {
			timeout := 10 * time.Second
			if fault.fails {
				timeout = 100 * time.Millisecond
			}
			n.with(t, fault.toxic, func() {
				ctx, cancel := context.WithTimeout(t.Context(), timeout)
				defer cancel()
				got, err := n.client(t).GetOAuth2Client(ctx, id)
				if !fault.fails {
					require.NoError(t, err)
					assert.Equal(t, want.ClientName, got.ClientName)
					return
				}
				require.Error(t, err)
				assert.Nil(t, got)
				var ce *client.Error
				assert.NotErrorAs(t, err, &ce, "there was no response")
			})
			_, err := n.client(t).GetOAuth2Client(t.Context(), id)
			require.NoError(t, err, "after the fault")
		})
	}
}

// TestTruncation closes the connection after each byte of the response.
func TestTruncation(t *testing.T) {
	n := newNetwork(t)
	want, err := n.direct.CreateOAuth2Client(t.Context(), models.OAuth2Client{ClientID: "app"})
	require.NoError(t, err)
	api := n.client(t)
	complete := false
	for bytes := 0; !complete; bytes++ {
		require.Less(t, bytes, 10_000, "the response is never complete")
		n.with(t, toxic("limit_data", "downstream", fmt.Sprintf(`"bytes":%d`, bytes)), func() {
			got, err := api.GetOAuth2Client(t.Context(), "app")
			if err != nil {
				require.Nil(t, got)
				return
			}
			require.Equal(t, want.ClientID, got.ClientID)
			complete = true
		})
	}
}

// TestRetriesOnAFaultyNetwork: a retry succeeds after the fault.
func TestRetriesOnAFaultyNetwork(t *testing.T) {
	n := newNetwork(t)
	added, err := n.Toxics.AddToxicJson(strings.NewReader(toxic("reset_peer", "downstream", `"timeout":0`)))
	require.NoError(t, err)
	attempts := 0
	hc := &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		if attempts++; attempts == 2 {
			if err := n.Toxics.RemoveToxic(r.Context(), added.Name); err != nil {
				return nil, err
			}
		}
		return http.DefaultTransport.RoundTrip(r)
	})}
	_, err = n.client(t, client.WithHTTPClient(hc), client.WithRetries(2)).ListOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{})
	require.NoError(t, err)
	assert.Equal(t, 2, attempts)
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestLostAcceptance: the response is lost after Hydra accepted a login. The call returns
// ErrResponseLost, and the login can start over.
func TestLostAcceptance(t *testing.T) {
	n := newNetwork(t)
	ctx := t.Context()
	c, err := n.direct.CreateOAuth2Client(ctx, models.OAuth2Client{RedirectURIs: []string{"http://127.0.0.1:5555/callback"}, Scope: "openid"})
	require.NoError(t, err)
	app := hydra.App{PublicURL: n.server.PublicURL, ID: c.ClientID, RedirectURI: c.RedirectURIs[0]}
	browser := hydra.NewBrowser()
	challenge, err := browser.FollowTo(ctx, app.AuthURL("openid"), "login_challenge")
	require.NoError(t, err)
	login, err := n.direct.GetLoginRequest(ctx, challenge)
	require.NoError(t, err)

	n.with(t, toxic("limit_data", "downstream", `"bytes":0`), func() {
		_, err = n.client(t, client.WithRetries(5)).AcceptLoginRequest(ctx, challenge, models.AcceptLoginRequest{Subject: "alice"})
	})
	require.ErrorIs(t, err, client.ErrResponseLost)
	_, err = n.client(t).AcceptLoginRequest(ctx, challenge, models.AcceptLoginRequest{Subject: "alice"})
	require.ErrorIs(t, err, client.ErrConflict, "Hydra had accepted")
	again, err := browser.FollowTo(ctx, login.RequestURL, "login_challenge")
	require.NoError(t, err, "the login can start over")
	assert.NotEqual(t, challenge, again)
}
