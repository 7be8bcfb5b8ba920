//go:build live

package record

import (
	"context"
	"strings"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// calls are the operations on a kind of request. Accept and reject return the
// RedirectTo.
type calls struct {
	get            func(context.Context, *client.AdminAPI, string) error
	accept, reject func(context.Context, *client.AdminAPI, string) (string, error)
	// acceptAsOther accepts a login for a subject other than the remembered one, or a wrong
	// user code. It is nil for the other kinds. Other is its name.
	acceptAsOther func(context.Context, *client.AdminAPI, string) error
	other         string
}

var (
	logins = calls{
		get: func(ctx context.Context, a *client.AdminAPI, challenge string) error {
			_, err := a.GetLoginRequest(ctx, challenge)
			return err
		},
		accept: func(ctx context.Context, a *client.AdminAPI, challenge string) (string, error) {
			return redirect(a.AcceptLoginRequest(ctx, challenge, rememberedAlice))
		},
		reject: func(ctx context.Context, a *client.AdminAPI, challenge string) (string, error) {
			return redirect(a.RejectLoginRequest(ctx, challenge, denied))
		},
	}
	rememberedLogins = calls{
		get: logins.get, accept: logins.accept, reject: logins.reject, other: "other-subject",
		acceptAsOther: func(ctx context.Context, a *client.AdminAPI, challenge string) error {
			_, err := a.AcceptLoginRequest(ctx, challenge, models.AcceptLoginRequest{Subject: "bob"})
			return err
		},
	}
	consents = calls{
		get: func(ctx context.Context, a *client.AdminAPI, challenge string) error {
			_, err := a.GetConsentRequest(ctx, challenge)
			return err
		},
		accept: func(ctx context.Context, a *client.AdminAPI, challenge string) (string, error) {
			return redirect(a.AcceptConsentRequest(ctx, challenge, granted))
		},
		reject: func(ctx context.Context, a *client.AdminAPI, challenge string) (string, error) {
			return redirect(a.RejectConsentRequest(ctx, challenge, denied))
		},
	}
	logouts = calls{
		get: func(ctx context.Context, a *client.AdminAPI, challenge string) error {
			_, err := a.GetLogoutRequest(ctx, challenge)
			return err
		},
		accept: func(ctx context.Context, a *client.AdminAPI, challenge string) (string, error) {
			return redirect(a.AcceptLogoutRequest(ctx, challenge))
		},
		reject: func(ctx context.Context, a *client.AdminAPI, challenge string) (string, error) {
			return "", a.RejectLogoutRequest(ctx, challenge)
		},
	}
	denied = models.RejectRequest{Error: "access_denied", ErrorDescription: "The user said no."}
)

func redirect(done *models.CompletedRequest, err error) (string, error) {
	if err != nil {
		return "", err
	}
	return done.RedirectTo, nil
}

// walk takes two requests of a scenario through their states, and keeps the response to
// each call in each state.
func (r *recorder) walk(scenario string, c calls, open func() (*hydra.Browser, string)) {
	v := &visit{recorder: r, scenario: scenario, calls: c, kept: map[string]bool{}}
	for _, steps := range [][]func(){
		{
			v.get, v.acceptAsOther, v.accept, v.get, v.accept, v.reject, v.accept,
			v.follow, v.follow, v.get, v.accept, v.reject,
		},
		{
			v.get, v.reject, v.get, v.reject, v.accept, v.get, v.reject,
			v.follow, v.follow, v.get, v.accept, v.reject,
		},
	} {
		v.state, v.redirectTo = "fresh", ""
		v.browser, v.challenge = open()
		for _, step := range steps {
			step()
		}
	}
}

// A visit is a login, consent or logout request of one browser. Its methods without
// arguments are the steps of walk.
type visit struct {
	*recorder
	calls                 calls
	scenario, state       string
	browser               *hydra.Browser
	challenge, redirectTo string
	kept                  map[string]bool
}

func (v *visit) get() {
	_ = v.calls.get(v.Context(), v.once("get", ""), v.challenge) // errors are recorded, too
}

func (v *visit) acceptAsOther() {
	if v.calls.acceptAsOther != nil {
		_ = v.calls.acceptAsOther(v.Context(), v.once("accept", "-"+v.calls.other), v.challenge) // errors are recorded, too
	}
}

func (v *visit) accept() {
	redirectTo, err := v.calls.accept(v.Context(), v.once("accept", ""), v.challenge)
	v.decided("accepted", redirectTo, err)
}

func (v *visit) reject() {
	redirectTo, err := v.calls.reject(v.Context(), v.once("reject", ""), v.challenge)
	v.decided("rejected", redirectTo, err)
}

// follow opens the last RedirectTo, if there is one, in the browser.
func (v *visit) follow() {
	if v.redirectTo == "" {
		return
	}
	v.watch("kit-"+v.scenario+"-"+v.state, v.browser, v.redirectTo)
	v.state = strings.TrimSuffix(v.state, "-used") + "-used"
}

// decided changes the state after an accept or reject that succeeded. A request that
// was used stays in its state.
func (v *visit) decided(state, redirectTo string, err error) {
	if err != nil {
		return
	}
	v.redirectTo = redirectTo
	if !strings.HasSuffix(v.state, "-used") {
		v.state = state
	}
}

// once returns the client. It records the next call if that is the first of its kind in this
// state.
func (v *visit) once(verb, suffix string) *client.AdminAPI {
	key := verb + v.state + suffix
	if v.kept[key] {
		return v.client
	}
	v.kept[key] = true
	return v.as("kit-" + v.scenario + "-" + v.state + suffix)
}
