package provider

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clientweb"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// A devicePage does not name the app: Hydra tells the provider only after the code.
type devicePage struct {
	Challenge, Code, Problem string
}

// showDevice asks for the code that the device shows. A code that came with the link
// has to be confirmed: an attacker may have sent the link (RFC 8628, section 5.4).
func (p *provider) showDevice(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	page := devicePage{Challenge: q.Get("device_challenge"), Code: plain(q.Get("user_code"), 40)}
	if page.Challenge == "" { // Hydra has no operation that reads the challenge
		m := clientweb.Explain(client.ErrNotFound)
		p.tell(w, r, m.Status, m.Title, m.Text)
		return
	}
	var status int
	page.Problem, status = problem(w, r)
	p.render(w, r, status, "device", page)
}

func (p *provider) connectDevice(w http.ResponseWriter, r *http.Request) {
	// Hydra compares every character, so only spaces around the code may go.
	challenge, code := r.PostFormValue("challenge"), strings.TrimSpace(r.PostFormValue("code"))
	again := func(problem string) { askAgain(w, r, "device_challenge", challenge, problem) }
	address := p.Address(r)
	switch {
	case challenge != "" && code == "":
		again("no-code")
		return
	case !p.passwords.allows(address): // codes are short enough to guess
		again(tooMany)
		return
	}
	done, err := p.once.Do(r.Context(), challenge, code, func(ctx context.Context) (*models.CompletedRequest, error) {
		return p.Admin.AcceptUserCodeRequest(ctx, challenge, models.AcceptDeviceUserCodeRequest{UserCode: code})
	})
	switch {
	case err == nil:
		clientweb.Redirect(w, r, done.RedirectTo)
	case errors.Is(err, client.ErrBadRequest):
		// It is wrong, used or expired: Hydra does not say which.
		p.passwords.failed(address)
		again("code")
	default:
		p.fail(w, r, err, "")
	}
}

// showConnected is the page at the end of the device flow, after the consent.
func (p *provider) showConnected(w http.ResponseWriter, r *http.Request) {
	p.tell(w, r, http.StatusOK, "Your device is connected", "You can close this window and go on there.")
}
