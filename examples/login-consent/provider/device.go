package provider

import (
	"errors"
	"net/http"
	"strings"

	"github.com/hydra-sdk/hydra-admin-go/client"
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
	page := devicePage{Challenge: q.Get("device_challenge"), Code: q.Get("user_code")}
	if page.Challenge == "" { // Hydra has no operation that reads the challenge
		p.fail(w, r, client.ErrInvalidArgument)
		return
	}
	p.render(w, r, http.StatusOK, "device", page)
}

func (p *provider) connectDevice(w http.ResponseWriter, r *http.Request) {
	// Hydra compares every character, so only spaces around the code may go.
	page := devicePage{Challenge: r.PostFormValue("challenge"), Code: strings.TrimSpace(r.PostFormValue("code"))}
	done, err := p.Admin.AcceptUserCodeRequest(r.Context(), page.Challenge, models.AcceptDeviceUserCodeRequest{UserCode: page.Code})
	switch {
	case page.Challenge != "" && page.Code == "":
		page.Problem = "Type the code that your device shows."
	case errors.Is(err, client.ErrBadRequest): // wrong, used or expired: Hydra does not say which
		page.Problem = "This code does not work. Compare each character with your device: small and capital letters differ. If they are the same, get a new code there."
	default:
		p.goOn(w, r, done, err)
		return
	}
	p.render(w, r, http.StatusUnprocessableEntity, "device", page)
}

// showConnected is the page at the end of the device flow, after the consent.
func (p *provider) showConnected(w http.ResponseWriter, r *http.Request) {
	p.render(w, r, http.StatusOK, "message", message{Title: "Your device is connected", Text: "You can close this window and go on there."})
}
