//go:build live

package proxies

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
	"github.com/hydra-sdk/hydra-admin-go/internal/port"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// seen is a transport that remembers how the last response came.
type seen struct {
	http.RoundTripper

	mu       sync.Mutex
	protocol string
	unzipped bool
}

func (s *seen) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := s.RoundTripper.RoundTrip(r)
	if err == nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.protocol, s.unzipped = resp.Proto, s.unzipped || resp.Uncompressed
	}
	return resp, err
}

func backend(server *hydra.Server) string {
	host, _, _ := strings.Cut(strings.TrimPrefix(server.AdminURL, "http://"), "/")
	return host
}

// path returns the path of the server's admin API.
func path(server *hydra.Server) string {
	_, path, found := strings.Cut(strings.TrimPrefix(server.AdminURL, "http://"), "/")
	if !found {
		return ""
	}
	return "/" + path
}

func eachKind(t *testing.T, test func(t *testing.T, kind Kind)) {
	t.Helper()
	for _, kind := range Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			test(t, kind)
		})
	}
}

// TestThroughProxies makes calls of all kinds through proxies that change the path, the
// protocol or the encoding.
func TestThroughProxies(t *testing.T) {
	t.Parallel()
	hydra.EachVersion(t, func(t *testing.T, version hydra.Version) {
		t.Helper()
		server := hydra.Run(t, hydra.Config{Version: version})
		for _, kind := range Kinds() {
			for name, cfg := range map[string]Config{
				"as it is":       {},
				"prefix":         {Prefix: "/deep/hydra"},
				"TLS":            {TLS: true},
				"HTTP2":          {TLS: true, HTTP2: true},
				"gzip":           {Gzip: true},
				"merged slashes": {MergeSlashes: true},
				"all of that":    {Prefix: "/hydra", TLS: true, HTTP2: true, Gzip: true, MergeSlashes: true},
			} {
				t.Run(string(kind)+"/"+name, func(t *testing.T) {
					cfg.Backend = backend(server)
					p := Run(t, kind, cfg)
					via := &seen{RoundTripper: p.Transport()}
					api, err := client.New(p.URL+path(server), client.WithHTTPClient(&http.Client{Transport: via}))
					require.NoError(t, err)
					callAll(t, server, api)
					assert.Equal(t, cfg.Gzip, via.unzipped)
					assert.Equal(t, cfg.HTTP2, via.protocol == "HTTP/2.0")
				})
			}
		}
	})
}

func callAll(t *testing.T, server *hydra.Server, api *client.AdminAPI) {
	t.Helper()
	ctx := t.Context()
	created := map[string]bool{}
	for n := range 5 {
		c, err := api.CreateOAuth2Client(ctx, models.OAuth2Client{
			Owner: t.Name(), RedirectURIs: []string{"http://127.0.0.1:5555/callback"}, Scope: "openid",
			Metadata: json.RawMessage(fmt.Sprintf(`{"big":9007199254740993,"text":"%s"}`, strings.Repeat("ä", 100*n))),
		})
		require.NoError(t, err)
		require.NotEmpty(t, c.ClientSecret)
		created[c.ClientID] = true
	}
	for c, err := range api.AllOAuth2Clients(ctx, client.ListOAuth2ClientsParams{Owner: t.Name(), Limit: 2}) {
		require.NoError(t, err)
		require.True(t, created[c.ClientID], "each once")
		delete(created, c.ClientID)
		_, err := api.PatchOAuth2Client(ctx, c.ClientID, []models.PatchDocument{models.PatchReplace("/client_name", "Renamed")})
		require.NoError(t, err)
		got, err := api.GetOAuth2Client(ctx, c.ClientID)
		require.NoError(t, err)
		assert.Equal(t, "Renamed", got.ClientName)
		assert.JSONEq(t, string(c.Metadata), string(got.Metadata))
	}
	require.Empty(t, created)

	app := hydra.App{PublicURL: server.PublicURL, RedirectURI: "http://127.0.0.1:5555/callback"}
	for c, err := range api.AllOAuth2Clients(ctx, client.ListOAuth2ClientsParams{Owner: t.Name()}) {
		require.NoError(t, err)
		app.ID = c.ClientID
	}
	challenge, err := hydra.NewBrowser().FollowTo(ctx, app.AuthURL("openid"), "login_challenge")
	require.NoError(t, err)
	login, err := api.GetLoginRequest(ctx, challenge)
	require.NoError(t, err)
	assert.Equal(t, app.ID, login.Client.ClientID)
	done, err := api.AcceptLoginRequest(ctx, challenge, models.AcceptLoginRequest{Subject: "alice"})
	require.NoError(t, err)
	assert.NotEmpty(t, done.RedirectTo)

	// Characters that proxies like to decode or to encode anew.
	for _, kid := range []string{"plain", "with space", "ü", "a+b", "50%"} {
		set := "set " + kid
		_, err := api.CreateJSONWebKeySet(ctx, set, models.JSONWebKeySetGeneratorRequest{Alg: "ES256", Kid: kid, Use: "sig"})
		require.NoError(t, err, kid)
		keys, err := api.GetJSONWebKeySet(ctx, set)
		require.NoError(t, err, kid)
		one, err := api.GetJSONWebKey(ctx, set, keys.Keys[0].Kid)
		require.NoError(t, err, kid)
		assert.Equal(t, keys.Keys[0].Kid, one.Keys[0].Kid)
		require.NoError(t, api.DeleteJSONWebKeySet(ctx, set), kid)
		_, err = api.GetJSONWebKeySet(ctx, set)
		require.ErrorIs(t, err, client.ErrNotFound, kid)
	}
	_, err = api.GetOAuth2Client(ctx, "nothing")
	require.True(t, errors.Is(err, client.ErrNotFound) || errors.Is(err, client.ErrUnauthorized), err)
	require.ErrorIs(t, api.DeleteJSONWebKey(ctx, "s", ""), client.ErrInvalidArgument)
	require.NoError(t, api.DeleteOAuth2Client(ctx, app.ID))
	i, err := api.IntrospectOAuth2Token(ctx, "nothing", client.IntrospectOAuth2TokenParams{})
	require.NoError(t, err)
	assert.False(t, i.Active)
}

// TestReload reloads and at last drains a proxy under load. Reads succeed until the proxy is
// gone. A write that succeeded is there, and one that failed is not, unless the error says
// that this is not known.
func TestReload(t *testing.T) {
	t.Parallel()
	eachKind(t, func(t *testing.T, kind Kind) {
		t.Helper()
		server := hydra.Run(t, hydra.Config{})
		direct, err := client.New(server.AdminURL)
		require.NoError(t, err)
		_, err = direct.CreateOAuth2Client(t.Context(), models.OAuth2Client{ClientID: "read"})
		require.NoError(t, err)
		for name, cfg := range map[string]Config{"HTTP1": {}, "HTTP2": {TLS: true, HTTP2: true}} {
			t.Run(name, func(t *testing.T) {
				cfg.Backend = backend(server)
				p := Run(t, kind, cfg)
				api, err := client.New(p.URL, client.WithHTTPClient(&http.Client{Transport: p.Transport()}))
				require.NoError(t, err)
				l := &load{api: api, name: name}
				ctx, stop := context.WithCancel(t.Context())
				defer stop()
				var workers sync.WaitGroup
				for w := range 8 {
					workers.Go(func() { l.run(ctx, w) })
				}
				for range 10 {
					l.goOn(t)
					require.NoError(t, p.Reload())
				}
				l.goOn(t)
				l.draining.Store(true)
				require.NoError(t, p.Drain(t.Context()))
				stop()
				workers.Wait()
				l.check(t, direct)
			})
		}
	})
}

// TestErrorPages: a page of the proxy in place of a response is the error of its status. A
// write that the proxy may have forwarded is lost.
func TestErrorPages(t *testing.T) {
	t.Parallel()
	eachKind(t, func(t *testing.T, kind Kind) {
		t.Helper()
		refused, err := port.Free()
		require.NoError(t, err)
		silent := listen(t, func(net.Conn) {})
		closing := listen(t, func(c net.Conn) {
			buffer := make([]byte, 1<<10)
			_, _ = c.Read(buffer)
			_ = c.Close()
		})
		unavailable := client.ErrBadGateway
		if kind == HAProxy {
			unavailable = client.ErrServiceUnavailable
		}
		for name, c := range map[string]struct {
			cfg  Config
			want error
			lost bool
		}{
			"no server":                 {Config{Backend: address(refused)}, unavailable, kind == Nginx},
			"a server without response": {Config{Backend: silent, Patience: 100 * time.Millisecond}, client.ErrGatewayTimeout, true},
			"a server that closes":      {Config{Backend: closing}, client.ErrBadGateway, true},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				p := Run(t, kind, c.cfg)
				api, err := client.New(p.URL, client.WithRetries(0))
				require.NoError(t, err)
				for call, err := range map[string]error{
					"read":           second(api.GetOAuth2Client(t.Context(), "app")),
					"list":           second(api.ListOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{})),
					"put":            second(api.AcceptConsentRequest(t.Context(), "challenge", models.AcceptConsentRequest{})),
					"introspect":     second(api.IntrospectOAuth2Token(t.Context(), "token", client.IntrospectOAuth2TokenParams{})),
					"delete":         api.DeleteOAuth2Client(t.Context(), "app"),
					"create":         second(api.CreateOAuth2Client(t.Context(), models.OAuth2Client{})),
					"patch":          second(api.PatchOAuth2Client(t.Context(), "app", []models.PatchDocument{models.PatchReplace("/owner", "o")})),
					"accept a login": second(api.AcceptLoginRequest(t.Context(), "challenge", models.AcceptLoginRequest{Subject: "alice"})),
				} {
					// HAProxy also closes the connection, if that to the server was not new.
					if kind != HAProxy || c.cfg.Backend != closing || !errors.Is(err, io.EOF) {
						require.ErrorIs(t, err, c.want, call)
						var ce *client.Error
						require.ErrorAs(t, err, &ce, call)
						assert.Contains(t, string(ce.Body), "<html", call)
					}
					if once := call == "delete" || call == "create" || call == "patch" || call == "accept a login"; once && c.lost {
						require.ErrorIs(t, err, client.ErrResponseLost, call)
					} else if !once {
						require.NotErrorIs(t, err, client.ErrResponseLost, call)
					}
				}
			})
		}
	})
}

// TestLimits: what a proxy refuses is the error of its status, after one attempt.
func TestLimits(t *testing.T) {
	t.Parallel()
	eachKind(t, func(t *testing.T, kind Kind) {
		t.Helper()
		server := hydra.Run(t, hydra.Config{})
		tooManyFields := http.StatusRequestHeaderFieldsTooLarge
		if kind == Nginx {
			tooManyFields = http.StatusBadRequest // its own status 494 is 400 to clients
		}
		long := strings.Repeat("x", 8<<10)
		for name, c := range map[string]struct {
			cfg    Config
			status int
			call   func(*client.AdminAPI) error
		}{
			"a body": {Config{MaxBody: 4 << 10}, http.StatusRequestEntityTooLarge, func(api *client.AdminAPI) error {
				return second(api.CreateOAuth2Client(t.Context(), models.OAuth2Client{ClientID: "large", ClientName: long}))
			}},
			"a path": {Config{MaxTarget: 4 << 10}, http.StatusRequestURITooLong, func(api *client.AdminAPI) error {
				return second(api.GetOAuth2Client(t.Context(), long))
			}},
			"a query": {Config{MaxTarget: 4 << 10}, http.StatusRequestURITooLong, func(api *client.AdminAPI) error {
				return second(api.AcceptLoginRequest(t.Context(), long, models.AcceptLoginRequest{Subject: "alice"}))
			}},
			"a header field": {Config{MaxHeader: 4 << 10}, tooManyFields, func(api *client.AdminAPI) error {
				return second(api.ListOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{}, client.WithBearerToken(long)))
			}},
		} {
			t.Run(name, func(t *testing.T) {
				c.cfg.Backend = backend(server)
				p := Run(t, kind, c.cfg)
				attempts := 0
				api, err := client.New(p.URL, client.WithHTTPClient(&http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
					attempts++
					return http.DefaultTransport.RoundTrip(r)
				})}))
				require.NoError(t, err)
				err = c.call(api)
				var ce *client.Error
				require.ErrorAs(t, err, &ce)
				assert.Equal(t, c.status, ce.StatusCode)
				assert.Equal(t, 1, attempts)
				assert.NotContains(t, err.Error(), long, "what was sent")
			})
		}
	})
}

// TestRateLimit: a limited call is ErrTooManyRequests, and a read succeeds with retries.
func TestRateLimit(t *testing.T) {
	t.Parallel()
	eachKind(t, func(t *testing.T, kind Kind) {
		t.Helper()
		server := hydra.Run(t, hydra.Config{})
		p := Run(t, kind, Config{Backend: backend(server), Rate: 10})
		api, err := client.New(p.URL)
		require.NoError(t, err)
		const calls = 30
		results := make(chan error, calls)
		for n := range calls {
			go func() {
				results <- second(api.CreateOAuth2Client(t.Context(), models.OAuth2Client{ClientID: fmt.Sprint("app-", n)}, client.WithRetries(0)))
			}()
		}
		limited := 0
		for range calls {
			if err := <-results; err != nil {
				require.ErrorIs(t, err, client.ErrTooManyRequests)
				require.NotErrorIs(t, err, client.ErrResponseLost)
				limited++
			}
		}
		assert.Positive(t, limited)
		_, err = api.ListOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{}, client.WithRetries(5))
		require.NoError(t, err)
		direct, err := client.New(server.AdminURL)
		require.NoError(t, err)
		all, err := direct.ListOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{Limit: 500})
		require.NoError(t, err)
		assert.Len(t, all.Items, calls-limited, "a limited write was not carried out")
	})
}

func second[T any](_ T, err error) error { return err }

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
