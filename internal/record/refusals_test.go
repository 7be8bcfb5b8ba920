//go:build live

package record

import (
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// refusals records errors that the app gets: if the provider rejects without an error, if
// another browser comes back to Hydra, and if the app forbids all pages.
func (r *recorder) refusals(app hydra.App) {
	r.Helper()
	rejected := func(login bool) {
		b := hydra.NewBrowser()
		if login {
			done, err := r.client.RejectLoginRequest(r.Context(), r.follow(b, authURL(app), "login_challenge"), models.RejectRequest{})
			require.NoError(r, err)
			r.watch("kit-login-rejected-without-error", b, done.RedirectTo)
			return
		}
		done, err := r.client.RejectConsentRequest(r.Context(), r.accepted(b, authURL(app), alice), models.RejectRequest{})
		require.NoError(r, err)
		r.watch("kit-consent-rejected-without-error", b, done.RedirectTo)
	}
	rejected(true)
	rejected(false)

	b := hydra.NewBrowser()
	done, err := r.client.AcceptLoginRequest(r.Context(), r.follow(b, authURL(app), "login_challenge"), alice)
	require.NoError(r, err)
	r.watch("kit-login-accepted-other-browser", hydra.NewBrowser(), done.RedirectTo)
	b = hydra.NewBrowser()
	done, err = r.client.AcceptConsentRequest(r.Context(), r.accepted(b, authURL(app), alice), granted)
	require.NoError(r, err)
	r.watch("kit-consent-accepted-other-browser", hydra.NewBrowser(), done.RedirectTo)
	r.watch("kit-login-start-without-pages", hydra.NewBrowser(), authURL(app)+"&prompt=none")
}
