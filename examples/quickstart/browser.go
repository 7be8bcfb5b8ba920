package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"
)

// browser plays the browser of a user. It follows one redirect at a time.
type browser struct{ client *http.Client }

func newBrowser() *browser {
	jar, _ := cookiejar.New(nil) // fails only with bad options
	return &browser{&http.Client{
		Timeout:       10 * time.Second,
		Jar:           jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// follow opens a page that redirects, and returns a query parameter of the target.
func (b *browser) follow(ctx context.Context, page, param string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, page, nil)
	if err != nil {
		return "", err
	}
	resp, err := b.client.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close() //nolint:errcheck // nothing is read
	target, err := resp.Location()
	if err != nil {
		return "", fmt.Errorf("%s: %w", resp.Status, err)
	}
	v := target.Query().Get(param)
	if v == "" {
		return "", fmt.Errorf("no %s, but %s", param, target.Query().Get("error_description"))
	}
	return v, nil
}

// app is the OAuth 2.0 client that the user logs in to. A real one uses a library
// such as golang.org/x/oauth2.
type app struct{ publicURL, clientID, secret, redirectURI string }

func (a *app) authURL(scope string) string {
	return a.publicURL + "/oauth2/auth?" + url.Values{
		"client_id": {a.clientID}, "redirect_uri": {a.redirectURI}, "response_type": {"code"}, "scope": {scope}, "state": {rand.Text()},
	}.Encode()
}

// exchange redeems a code for an access token.
func (a *app) exchange(ctx context.Context, code string) (string, error) {
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {a.redirectURI}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.publicURL+"/oauth2/token", strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth(url.QueryEscape(a.clientID), url.QueryEscape(a.secret))
	resp, err := (&http.Client{Timeout: 10 * time.Second}).Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	var token struct {
		AccessToken string `json:"access_token"`
		Description string `json:"error_description"`
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, 1<<20)).Decode(&token); err != nil {
		return "", err
	}
	if token.AccessToken == "" {
		return "", fmt.Errorf("no token: %s: %s", resp.Status, token.Description)
	}
	return token.AccessToken, nil
}
