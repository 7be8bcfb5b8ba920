//go:build live

package record

import (
	"context"
	"net/http"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// wrongCode is a user code that no device shows.
const wrongCode = "throw-away-wrong-code"

// deviceApp registers a client for devices.
func (r *recorder) deviceApp(id string) hydra.App {
	return r.app(id, func(c *models.OAuth2Client) {
		c.ClientName = "Example App"
		c.GrantTypes = []string{hydra.DeviceCode, "refresh_token"}
	})
}

// started starts the flow of a device, and opens its verification_uri in a browser.
func (r *recorder) started(app hydra.App) (d hydra.Device, b *hydra.Browser, challenge string) {
	r.Helper()
	d, err := app.Device(r.Context(), "openid offline read", "audience", "https://api.example.com")
	require.NoError(r, err)
	b = hydra.NewBrowser()
	return d, b, r.follow(b, d.VerificationURI, "device_challenge")
}

// acceptCode accepts a user code and returns the RedirectTo.
func acceptCode(ctx context.Context, a *client.AdminAPI, challenge, code string) (string, error) {
	return redirect(a.AcceptUserCodeRequest(ctx, challenge, models.AcceptDeviceUserCodeRequest{UserCode: code}))
}

func userCodes(r *recorder) {
	ctx := r.Context()
	_, err := acceptCode(ctx, r.as("unknown"), "nothing", wrongCode)
	require.ErrorIs(r, err, byVersion(r, client.ErrNotSupported, client.ErrNotSupported, client.ErrNotFound))
	if !r.Version.HasDeviceFlow() {
		return
	}
	app := r.deviceApp("device-app")
	device, browser, challenge := r.started(app)
	for device.UserCode == strings.ToLower(device.UserCode) { // by chance
		device, browser, challenge = r.started(app)
	}
	const accept = "/oauth2/auth/requests/device/accept"
	r.raw(400, "", "no-challenge", http.MethodPut, accept, `{"user_code":"`+wrongCode+`"}`)
	r.raw(400, "", "no-body", http.MethodPut, accept+"?device_challenge="+challenge, "")
	r.raw(400, "", "no-code", http.MethodPut, accept+"?device_challenge="+challenge, `{}`)
	_, err = acceptCode(ctx, r.as("wrong-code"), challenge, wrongCode)
	require.ErrorIs(r, err, client.ErrBadRequest)
	redirectTo, err := acceptCode(ctx, r.as("right-code"), challenge, device.UserCode)
	require.NoError(r, err)
	_, err = acceptCode(ctx, r.as("code-in-lower-case"), challenge, strings.ToLower(device.UserCode))
	require.ErrorIs(r, err, client.ErrBadRequest)
	_, err = acceptCode(ctx, r.as("right-code-again"), challenge, device.UserCode)
	require.NoError(r, err)

	login := r.follow(browser, redirectTo, "login_challenge")
	_, err = r.as("of-device").GetLoginRequest(ctx, login)
	require.NoError(r, err)
	done, err := r.as("of-device").AcceptLoginRequest(ctx, login, alice)
	require.NoError(r, err)
	consent := r.follow(browser, done.RedirectTo, "consent_challenge")
	_, err = r.as("of-device").GetConsentRequest(ctx, consent)
	require.NoError(r, err)
	done, err = r.as("of-device").AcceptConsentRequest(ctx, consent, granted)
	require.NoError(r, err)
	_, err = device.Poll(ctx)
	require.ErrorContains(r, err, "authorization_pending")
	require.Equal(r, app.ID, r.follow(browser, done.RedirectTo, "client_id"))
	token, err := device.Poll(ctx)
	require.NoError(r, err)
	active, err := r.as("of-device").IntrospectOAuth2Token(ctx, token.AccessToken, client.IntrospectOAuth2TokenParams{})
	require.NoError(r, err)
	require.True(r, active.Active)

	_, _, challenge = r.started(app)
	_, err = acceptCode(ctx, r.as("used-code"), challenge, device.UserCode)
	require.ErrorIs(r, err, client.ErrBadRequest)
}

// expiredCode records the code of a device that has given up, on a server where it does
// so after a second.
func expiredCode(r *recorder) {
	device, _, challenge := r.started(r.deviceApp("device-app"))
	for range 3 {
		nextSecond(r)
	}
	_, err := acceptCode(r.Context(), r.as("expired-code"), challenge, device.UserCode)
	require.ErrorIs(r, err, client.ErrBadRequest)
}

// device records the pages of a device and its browser, and each call in each state of
// the request that they lead to.
func (r *recorder) device() {
	app := r.deviceApp("device-app")
	r.expect("device", "authorization", -1)
	d, _, _ := r.started(app)
	r.expect("device", "pending", -1)
	_, err := d.Poll(r.Context())
	require.ErrorContains(r, err, "authorization_pending")
	r.expect("", "", -1)

	b := hydra.NewBrowser()
	r.watch("kit-device-start-with-code", hydra.NewBrowser(), d.VerificationURIComplete)
	challenge := r.watch("kit-device-start", b, d.VerificationURI).Query().Get("device_challenge")
	v := r.visitDevice("device", b, challenge, d.UserCode)
	for _, step := range []func(){
		v.acceptAsOther, v.accept, v.acceptAsOther, v.accept,
		v.follow, v.follow, v.acceptAsOther, v.accept,
	} {
		step()
	}

	// The browser goes on where the device is connected, and the device gets its token.
	consent := r.accepted(b, v.redirectTo, alice)
	done, err := r.client.AcceptConsentRequest(r.Context(), consent, granted)
	require.NoError(r, err)
	require.Equal(r, "/device/done", r.watch("kit-device-done", b, done.RedirectTo).Path)
	r.expect("device", "token", -1)
	_, err = d.Poll(r.Context())
	require.NoError(r, err)
	r.expect("", "", -1)
}

// visitDevice starts a walk through the states of a request for a user code. In it
// acceptAsOther accepts another code.
func (r *recorder) visitDevice(scenario string, b *hydra.Browser, challenge, code string) *visit {
	return &visit{
		recorder: r, scenario: scenario, state: "fresh", browser: b, challenge: challenge, kept: map[string]bool{},
		calls: calls{
			other: "wrong-code",
			accept: func(ctx context.Context, a *client.AdminAPI, challenge string) (string, error) {
				return acceptCode(ctx, a, challenge, code)
			},
			acceptAsOther: func(ctx context.Context, a *client.AdminAPI, challenge string) error {
				_, err := acceptCode(ctx, a, challenge, wrongCode)
				return err
			},
		},
	}
}
