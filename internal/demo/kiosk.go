package demo

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
)

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

// kiosk is a device without a keyboard: it shows a code, its user goes on in a browser,
// and it polls until it gets its tokens (RFC 8628).
type kiosk struct {
	hydra.App

	verify func(ctx context.Context, idToken string) (string, error)

	mu     sync.Mutex
	logins map[string]*deviceLogin // by the last part of the path of its page
}

// A deviceLogin is Hydra's response at the start of a device flow, and its state since.
type deviceLogin struct {
	DeviceCode              string `json:"device_code"`
	UserCode                string `json:"user_code"`
	VerificationURI         string `json:"verification_uri"`
	VerificationURIComplete string `json:"verification_uri_complete"`
	ExpiresIn               int    `json:"expires_in"` // seconds, and so is Interval
	Interval                int    `json:"interval"`

	mu                sync.Mutex
	expires, nextPoll time.Time
	idToken           string
}

func (k *kiosk) register(mux *http.ServeMux) {
	mux.HandleFunc("GET /device", k.begin)
	mux.HandleFunc("GET /device/{screen}", k.screen)
}

// begin starts a device flow, and a screen for it.
func (k *kiosk) begin(w http.ResponseWriter, r *http.Request) {
	login, err := k.authorize(r.Context())
	if err != nil {
		render(w, view{Title: "The kiosk cannot be connected", Problem: err.Error()})
		return
	}
	screen := rand.Text()
	k.mu.Lock()
	k.logins[screen] = login
	k.mu.Unlock()
	http.Redirect(w, r, "/device/"+screen, http.StatusSeeOther)
}

func (k *kiosk) authorize(ctx context.Context) (*deviceLogin, error) {
	form := url.Values{"client_id": {k.ID}, "scope": {"openid offline profile"}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, k.PublicURL+"/oauth2/device/auth", strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth(url.QueryEscape(k.ID), url.QueryEscape(k.Secret))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("hydra does not give a code: %s", resp.Status)
	}
	login := &deviceLogin{Interval: 5} // if Hydra does not say it
	if err := json.NewDecoder(resp.Body).Decode(login); err != nil {
		return nil, err
	}
	now := time.Now()
	login.expires, login.nextPoll = now.Add(time.Duration(login.ExpiresIn)*time.Second), now.Add(login.wait())
	return login, nil
}

func (l *deviceLogin) wait() time.Duration { return time.Duration(l.Interval) * time.Second }

// screen shows the code until the kiosk is connected. The page reloads when it is time to
// poll again.
func (k *kiosk) screen(w http.ResponseWriter, r *http.Request) {
	k.mu.Lock()
	login := k.logins[r.PathValue("screen")]
	k.mu.Unlock()
	if login == nil {
		http.Redirect(w, r, "/device", http.StatusSeeOther)
		return
	}
	login.mu.Lock()
	defer login.mu.Unlock()
	if err := k.poll(r.Context(), login); err != nil {
		render(w, view{Title: "The kiosk is not connected", Problem: err.Error(), Kiosk: true})
		return
	}
	if login.idToken == "" {
		render(w, view{Title: "Connect this kiosk", Device: login, Refresh: 1 + int(time.Until(login.nextPoll).Seconds())})
		return
	}
	claims, err := k.verify(r.Context(), login.idToken)
	if err != nil {
		render(w, view{Title: "The kiosk is not connected", Problem: err.Error(), Kiosk: true})
		return
	}
	render(w, view{Title: "This kiosk is connected", Claims: claims, Kiosk: true})
}

// poll requests the tokens from Hydra, but not more often than Hydra allows.
func (k *kiosk) poll(ctx context.Context, login *deviceLogin) error {
	now := time.Now()
	if login.idToken != "" || now.Before(login.nextPoll) {
		return nil
	}
	if now.After(login.expires) { // Hydra says authorization_pending then as well
		return fmt.Errorf("the code was not used within %d minutes", login.ExpiresIn/60)
	}
	token, err := k.Token(ctx, deviceGrant, "device_code", login.DeviceCode)
	login.nextPoll = time.Now().Add(login.wait())
	switch {
	case err == nil:
		login.idToken = token.IDToken
	case strings.Contains(err.Error(), "slow_down"):
		login.Interval += 5
	case !strings.Contains(err.Error(), "authorization_pending"):
		return err
	}
	return nil
}
