//go:build live

package browser

import (
	"context"
	"crypto/rand"
	"fmt"
	"html"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
	"github.com/hydra-sdk/hydra-admin-go/internal/wrongprovider"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// A rig is a Hydra with an app, in front of which providers take turns. The app is at
// localhost, another site than 127.0.0.1, and slow.
type rig struct {
	version             hydra.Version
	hydra               *hydra.Server
	public              string // the URL of Hydra for browsers
	providerURL, appURL string
	app                 hydra.App
	provider            atomic.Pointer[http.Handler]
	posted              atomic.Int32 // forms that Hydra got from browsers
	codes               atomic.Int32 // that the app got
	beyond              atomic.Int32 // tokens for an audience that the app did not ask for
	lacking             atomic.Int32 // tokens that lack the audience that the app asked for
	signedOut           atomic.Int32 // logouts that were accepted
	getWithPassword     atomic.Int32
	acting              atomic.Int32 // accepts and rejects that Hydra has done, and the provider does not know yet
	calling             atomic.Int32 // requests that wait for the app
	clicks              atomic.Pointer[clicks]
	begun, ended        atomic.Int32 // requests from browsers
}

const appName = "The shop"

// takes is how long the app, and the last part of a call, take.
const takes = 300 * time.Millisecond

// clicks are two, with a request somewhere in between.
type clicks struct {
	somewhere *atomic.Int32
	done      chan struct{}
}

// takeTime returns after this time, or after the second click if the request that is counted
// somewhere is to be there for it.
func (r *rig) takeTime(ctx context.Context, somewhere *atomic.Int32) error {
	somewhere.Add(1)
	defer somewhere.Add(-1)
	c := r.clicks.Load()
	if c == nil || c.somewhere != somewhere {
		return pause(ctx, takes)
	}
	select {
	case <-c.done: // and the browser may break a request off now
		return pause(ctx, time.Second)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// counts keeps count of the requests to a server.
func (r *rig) counts(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		r.begun.Add(1)
		defer r.ended.Add(1)
		h.ServeHTTP(w, req)
	})
}

// serve starts a server and returns its address.
func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	go s.Serve(l) // it ends with Close
	t.Cleanup(func() { s.Close() })
	return l.Addr().String()
}

func newRig(t *testing.T, version hydra.Version) *rig {
	t.Helper()
	r := &rig{version: version}
	r.providerURL = "http://" + serve(t, r.counts(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Query().Has("password") {
			r.getWithPassword.Add(1)
		}
		(*r.provider.Load()).ServeHTTP(w, req)
	})))
	_, port, err := net.SplitHostPort(serve(t, r.counts(http.HandlerFunc(r.serveApp))))
	require.NoError(t, err)
	r.appURL = "http://localhost:" + port
	var target atomic.Pointer[url.URL]
	r.public = "http://" + serve(t, r.counts(&httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) {
		if p.In.Method == http.MethodPost && p.In.URL.Path == "/oauth2/auth" {
			r.posted.Add(1)
		}
		p.SetURL(target.Load())
		p.Out.Host = p.In.Host
	}}))
	r.hydra = hydra.Run(t, hydra.Config{Version: version, ProviderURL: r.providerURL, PublicURL: r.public})
	u, err := url.Parse(r.hydra.PublicURL)
	require.NoError(t, err)
	target.Store(u)
	r.hydra.PublicURL = r.public
	r.app = hydra.App{PublicURL: r.public, ID: "shop", Secret: "throw-away-secret-of-a-shop", RedirectURI: r.appURL + "/callback"}
	admin, err := client.New(r.hydra.AdminURL)
	require.NoError(t, err)
	_, err = admin.CreateOAuth2Client(t.Context(), models.OAuth2Client{
		ClientID: r.app.ID, ClientName: appName, ClientSecret: r.app.Secret, RedirectURIs: []string{r.app.RedirectURI}, ResponseTypes: []string{"code"},
		GrantTypes: []string{"authorization_code", "refresh_token"}, Scope: "openid offline read write", Audience: []string{"https://api.example.com"},
	})
	require.NoError(t, err)
	r.awaitKeys(t)
	return r
}

// awaitKeys waits until Hydra has the keys that sign ID tokens, which it generates when they
// are first asked for.
func (r *rig) awaitKeys(t *testing.T) {
	t.Helper()
	require.Eventually(t, func() bool {
		resp, err := http.Get(r.public + "/.well-known/jwks.json")
		if err != nil {
			return false
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	}, 2*time.Minute, 50*time.Millisecond, "the server has no keys")
}

// use lets a provider take its turn. Its calls take a while, so that a second click comes
// in between.
func (r *rig) use(t *testing.T, c wrongprovider.Case) {
	t.Helper()
	admin, err := client.New(r.hydra.AdminURL, client.WithHTTPClient(&http.Client{Transport: slow{r}}))
	require.NoError(t, err)
	provider := c.New(admin, r.public)
	r.provider.Store(&provider)
}

type slow struct{ *rig }

func (s slow) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/logout/accept") {
		s.signedOut.Add(1)
	}
	resp, err := http.DefaultTransport.RoundTrip(r.WithContext(context.WithoutCancel(r.Context())))
	if err != nil || r.Method == http.MethodGet {
		return resp, err
	}
	if err := s.takeTime(r.Context(), &s.acting); err != nil {
		_ = resp.Body.Close()
		return nil, err
	}
	return resp, nil
}

func (r *rig) start(prompt string) string {
	extra := []string{"state", rand.Text(), "audience", "https://api.example.com"}
	if prompt != "" {
		extra = append(extra, "prompt", prompt)
	}
	return r.app.AuthURL("openid offline read", extra...)
}

func (r *rig) serveApp(w http.ResponseWriter, req *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if req.URL.Path != "/callback" {
		fmt.Fprintf(w, `<h1>The shop</h1><a id="start" href="%s">Sign in</a>`, html.EscapeString(r.start(req.FormValue("prompt"))))
		return
	}
	_ = r.takeTime(req.Context(), &r.calling) // a code that came is used, whether the browser waits or not
	if problem := req.FormValue("error"); problem != "" {
		fmt.Fprintf(w, "<h1>error: %s</h1>%s", html.EscapeString(problem), html.EscapeString(req.FormValue("error_description")))
		return
	}
	r.codes.Add(1)
	ctx := context.WithoutCancel(req.Context())
	if token, err := r.app.Exchange(ctx, req.FormValue("code")); err == nil {
		admin, err := client.New(r.hydra.AdminURL)
		if err == nil {
			if i, err := admin.IntrospectOAuth2Token(ctx, token.AccessToken, client.IntrospectOAuth2TokenParams{}); err == nil {
				if slices.Contains(i.Audience, "https://other.example.com") {
					r.beyond.Add(1)
				}
				if !slices.Contains(i.Audience, "https://api.example.com") {
					r.lacking.Add(1)
				}
			}
		}
	}
	fmt.Fprintf(w, "<h1>code %s</h1>", html.EscapeString(req.FormValue("scope")))
}

// challenge starts a login in another browser.
func (v tab) challenge() string {
	v.Helper()
	challenge, err := hydra.NewBrowser().FollowTo(v.Context(), v.rig.start(""), "login_challenge")
	require.NoError(v, err)
	return challenge
}

// consentChallenge starts a login in another browser, and goes on to its consent.
func (v tab) consentChallenge() string {
	v.Helper()
	browser := hydra.NewBrowser()
	login, err := browser.FollowTo(v.Context(), v.rig.start(""), "login_challenge")
	require.NoError(v, err)
	admin, err := client.New(v.hydra.AdminURL)
	require.NoError(v, err)
	done, err := admin.AcceptLoginRequest(v.Context(), login, models.AcceptLoginRequest{Subject: "alice"})
	require.NoError(v, err)
	challenge, err := browser.FollowTo(v.Context(), done.RedirectTo, "consent_challenge")
	require.NoError(v, err)
	return challenge
}
