package demo

import (
	"bytes"
	"context"
	"crypto/rand"
	_ "embed" // for app.html
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"sync"

	"github.com/go-jose/go-jose/v4"

	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
)

//go:embed app.html
var pageText string

var page = template.Must(template.New("app").Parse(pageText))

// app is a small OpenID Connect client: it shows the ID token of its user. A real one uses
// a library such as golang.org/x/oauth2.
type app struct {
	hydra.App
	url   string
	kiosk *kiosk // nil if Hydra has no device flow

	mu       sync.Mutex
	sessions map[string]session // by cookie
}

// A session belongs to a browser. It has a state during the login, and an ID token after
// it.
type session struct{ state, idToken string }

const cookie = "bakery"

// newApp returns the app, and its kiosk unless that is nil.
func newApp(a hydra.App, url string, device *hydra.App) http.Handler {
	app := &app{App: a, url: url, sessions: map[string]session{}}
	mux := http.NewServeMux()
	if device != nil {
		app.kiosk = &kiosk{App: *device, verify: app.verify, logins: map[string]*deviceLogin{}}
		app.kiosk.register(mux)
	}
	mux.HandleFunc("GET /{$}", app.home)
	mux.HandleFunc("GET /login", app.login)
	mux.HandleFunc("GET /callback", app.callback)
	mux.HandleFunc("GET /logout", app.logout)
	return mux
}

type view struct {
	Title, Problem, Claims string
	Kiosk                  bool         // leads to the kiosk
	Device                 *deviceLogin // how to connect it
	Refresh                int          // in seconds
}

func (a *app) home(w http.ResponseWriter, r *http.Request) {
	_, s := a.session(r)
	if s.idToken == "" {
		render(w, view{Title: "Fresh bread, to your door", Kiosk: a.kiosk != nil})
		return
	}
	claims, err := a.verify(r.Context(), s.idToken)
	if err != nil {
		render(w, view{Title: "Fresh bread, to your door", Problem: err.Error()})
		return
	}
	render(w, view{Title: "You are signed in", Claims: claims})
}

// login starts the flow. The callback must have the same state, in the same browser.
func (a *app) login(w http.ResponseWriter, r *http.Request) {
	state := rand.Text()
	a.begin(w, session{state: state})
	authURL := a.AuthURL("openid offline profile email", "state", state, "audience", "https://api.bakery.example.com", "login_hint", r.URL.Query().Get("as"))
	http.Redirect(w, r, authURL, http.StatusSeeOther)
}

func (a *app) callback(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	_, s := a.session(r)
	switch {
	case q.Get("error") != "":
		render(w, view{Title: "You are not signed in", Problem: q.Get("error") + ": " + q.Get("error_description")})
		return
	case s.state == "" || s.state != q.Get("state"):
		render(w, view{Title: "You are not signed in", Problem: "This login was started in another browser, or not at all."})
		return
	}
	token, err := a.Exchange(r.Context(), q.Get("code"))
	if err != nil {
		render(w, view{Title: "You are not signed in", Problem: err.Error()})
		return
	}
	a.begin(w, session{idToken: token.IDToken})
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// logout deletes the session, and redirects to the logout of Hydra.
func (a *app) logout(w http.ResponseWriter, r *http.Request) {
	id, s := a.session(r)
	a.mu.Lock()
	delete(a.sessions, id)
	a.mu.Unlock()
	q := url.Values{"id_token_hint": {s.idToken}, "post_logout_redirect_uri": {a.url + "/"}}
	http.Redirect(w, r, a.PublicURL+"/oauth2/sessions/logout?"+q.Encode(), http.StatusSeeOther)
}

func (a *app) begin(w http.ResponseWriter, s session) {
	id := rand.Text()
	a.mu.Lock()
	a.sessions[id] = s
	a.mu.Unlock()
	http.SetCookie(w, &http.Cookie{Name: cookie, Value: id, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}) //nolint:gosec // there is no TLS here
}

func (a *app) session(r *http.Request) (id string, s session) {
	c, err := r.Cookie(cookie)
	if err != nil {
		return "", session{}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return c.Value, a.sessions[c.Value]
}

// verify checks the signature of an ID token with Hydra's keys, and returns its
// claims.
func (a *app) verify(ctx context.Context, idToken string) (string, error) {
	signed, err := jose.ParseSignedCompact(idToken, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.PublicURL+"/.well-known/jwks.json", nil)
	if err != nil {
		return "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	var keys jose.JSONWebKeySet
	if err := json.NewDecoder(resp.Body).Decode(&keys); err != nil {
		return "", err
	}
	for _, key := range keys.Key(signed.Signatures[0].Header.KeyID) {
		if claims, err := signed.Verify(key); err == nil {
			var b bytes.Buffer
			err := json.Indent(&b, claims, "", "  ")
			return b.String(), err
		}
	}
	return "", errors.New("the key of this ID token is unknown")
}

func render(w http.ResponseWriter, v view) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := page.Execute(w, v); err != nil {
		_, _ = fmt.Fprintln(w, "This page cannot be shown.")
	}
}
