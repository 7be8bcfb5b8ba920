//go:build live

package record

import (
	"context"
	"strings"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// calls are the operations on a kind of request. What they return is RedirectTo.
type calls struct {
	get            func(context.Context, *client.AdminAPI, string) error
	accept, reject func(context.Context, *client.AdminAPI, string) (string, error)
	// other accepts a login that is skipped as somebody else.
	other func(context.Context, *client.AdminAPI, string) error
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
		other: func(ctx context.Context, a *client.AdminAPI, challenge string) error {
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
			return "", a.RejectLogoutRequest(ctx, challenge, models.RejectRequest{})
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

// walk takes requests of a scenario through their states, and keeps what each call
// is answered with in each of them.
func (r *recorder) walk(scenario string, c calls, open func() (*hydra.Browser, string)) {
	v := visit{recorder: r, scenario: scenario, calls: c, kept: map[string]bool{}}
	for _, path := range []string{"goagaraffgar", "grgragrffgar"} {
		v.state, v.redirectTo = "fresh", ""
		v.browser, v.challenge = open()
		for _, step := range path {
			v.step(step)
		}
	}
}

// A visit is a request on its way. Its state is named after what was done to it.
type visit struct {
	*recorder
	calls
	scenario, state       string
	browser               *hydra.Browser
	challenge, redirectTo string
	kept                  map[string]bool
}

func (v *visit) step(step rune) {
	ctx := v.Context()
	var to, next string
	var err error
	switch step {
	case 'g':
		_ = v.get(ctx, v.once("get", ""), v.challenge) // the answer is what it is
	case 'o':
		if v.other != nil && strings.HasPrefix(v.scenario, "remembered") {
			_ = v.other(ctx, v.once("accept", "-other-subject"), v.challenge)
		}
	case 'a':
		to, err = v.accept(ctx, v.once("accept", ""), v.challenge)
		next = "accepted"
	case 'r':
		to, err = v.reject(ctx, v.once("reject", ""), v.challenge)
		next = "rejected"
	case 'f':
		if v.redirectTo != "" {
			v.use()
		}
	}
	if err != nil || next == "" {
		return
	}
	v.redirectTo = to
	if !strings.HasSuffix(v.state, "-used") {
		v.state = next
	}
}

// use opens the last redirect in the browser.
func (v *visit) use() {
	v.watch("kit-"+v.scenario+"-"+v.state, v.browser, v.redirectTo)
	v.state = strings.TrimSuffix(v.state, "-used") + "-used"
}

// once keeps a call if it is the first of its kind in this state.
func (v *visit) once(verb, special string) *client.AdminAPI {
	key := verb + v.state + special
	if v.kept[key] {
		return v.client
	}
	v.kept[key] = true
	return v.as("kit-" + v.scenario + "-" + v.state + special)
}
