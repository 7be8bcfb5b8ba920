// Command first-login is a provider that signs everybody in as alice, and an app to sign in
// to. Start it, and open http://127.0.0.1:3000.
package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clientweb"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func main() {
	admin, err := client.NewFromEnv() // at HYDRA_ADMIN_URL
	if err != nil {
		log.Fatal(err)
	}
	s := &site{admin, "http://127.0.0.1:3000", cmp.Or(os.Getenv("HYDRA_PUBLIC_URL"), "http://127.0.0.1:4444"), rand.Text()}
	handler, err := s.handler(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	log.Print("Open ", s.url)
	log.Fatal((&http.Server{Addr: "127.0.0.1:3000", Handler: handler, ReadHeaderTimeout: time.Second}).ListenAndServe())
}

type site struct {
	admin          *client.AdminAPI
	url, publicURL string // of this program, and of Hydra for browsers
	state          string // a real app has another one for each browser
}

// handler registers the app, unless an earlier run has, and returns the pages.
func (s *site) handler(ctx context.Context) (http.Handler, error) {
	app := models.OAuth2Client{ClientID: "my-app", RedirectURIs: []string{s.url + "/callback"}, Scope: "openid", TokenEndpointAuthMethod: "none"}
	if _, err := s.admin.CreateOAuth2Client(ctx, app); err != nil && !errors.Is(err, client.ErrConflict) {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { // the app starts the login
		q := url.Values{"client_id": {"my-app"}, "redirect_uri": {s.url + "/callback"}, "response_type": {"code"}, "scope": {"openid"}, "state": {s.state}}
		http.Redirect(w, r, s.publicURL+"/oauth2/auth?"+q.Encode(), http.StatusSeeOther)
	})
	mux.HandleFunc("GET /login", s.login)
	mux.HandleFunc("GET /consent", s.consent)
	mux.HandleFunc("GET /callback", s.callback)
	return mux, nil
}

// login accepts each login. A real provider asks for a password first.
func (s *site) login(w http.ResponseWriter, r *http.Request) {
	req, err := s.admin.GetLoginRequest(r.Context(), r.FormValue("login_challenge"))
	if err != nil {
		s.fail(w, r, err, "")
		return
	}
	done, err := s.admin.AcceptLoginRequest(r.Context(), req.Challenge, models.AcceptLoginRequest{Subject: "alice"})
	if err != nil {
		s.fail(w, r, err, req.RequestURL)
		return
	}
	clientweb.Redirect(w, r, done.RedirectTo)
}

// consent grants what the app asks for. A real provider asks the user first.
func (s *site) consent(w http.ResponseWriter, r *http.Request) {
	req, err := s.admin.GetConsentRequest(r.Context(), r.FormValue("consent_challenge"))
	if err != nil {
		s.fail(w, r, err, "")
		return
	}
	done, err := s.admin.AcceptConsentRequest(r.Context(), req.Challenge, req.Grant(req.RequestedScope...))
	if err != nil {
		s.fail(w, r, err, req.RequestURL)
		return
	}
	clientweb.Redirect(w, r, done.RedirectTo)
}

// callback redeems the code that the browser brings to the app, and shows the token.
func (s *site) callback(w http.ResponseWriter, r *http.Request) {
	form := url.Values{"grant_type": {"authorization_code"}, "code": {r.FormValue("code")}, "redirect_uri": {s.url + "/callback"}, "client_id": {"my-app"}}
	var token struct {
		AccessToken string `json:"access_token"`
	}
	req, err := http.NewRequestWithContext(r.Context(), http.MethodPost, s.publicURL+"/oauth2/token", strings.NewReader(form.Encode()))
	if err == nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		var resp *http.Response
		if resp, err = (&http.Client{Timeout: 10 * time.Second}).Do(req); err == nil {
			err = errors.Join(json.NewDecoder(resp.Body).Decode(&token), resp.Body.Close())
		}
	}
	if err != nil || token.AccessToken == "" || r.FormValue("state") != s.state {
		http.Error(w, "You are not signed in. Start again at "+s.url, http.StatusBadRequest)
		return
	}
	info, err := s.admin.IntrospectOAuth2Token(r.Context(), token.AccessToken, client.IntrospectOAuth2TokenParams{})
	if err != nil {
		s.fail(w, r, err, "")
		return
	}
	_, _ = fmt.Fprintf(w, "%s is signed in, and the app has a token: %s\n", info.Subject, token.AccessToken)
}

// fail starts over if that helps, and else says what the user can do.
func (s *site) fail(w http.ResponseWriter, r *http.Request, err error, requestURL string) {
	if clientweb.StartOver(w, r, err, s.publicURL, requestURL) {
		return
	}
	log.Print(err)
	m := clientweb.Explain(err)
	http.Error(w, m.Title+". "+m.Text, m.Status)
}
