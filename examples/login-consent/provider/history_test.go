package provider_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestHistory(t *testing.T) {
	t.Parallel()
	against(t, history)
}

var (
	right = map[string]string{"name": "alice", "password": "wonderland"}
	wrong = map[string]string{"name": "alice", "password": "wrong"}
)

// history has what a user finds who goes back, as in Chromium.
var history = map[string]func(s site){
	"back to a wrong password": func(s site) {
		b := s.Browser(s.handler)
		p := b.Login().Press("Sign in", wrong)
		assert.Contains(s, p.Text(), "do not belong together")
		require.Contains(s, p.Press("Sign in", right).Buttons(), "Allow")
		p = b.Back()
		require.Equal(s, http.StatusOK, p.Status, "not the page of the browser")
		assert.NotEmpty(s, p.Press("Sign in", right).Press("Allow", nil).App().Get("code"))
	},
	"back to a code that does not work": func(s site) {
		s.Respond("acceptUserCodeRequest", codeRefused)
		b := s.Browser(s.handler)
		b.Open(showDevice).Press("Connect", map[string]string{"code": "wrong"})
		b.Open("/device/done")
		assert.Contains(s, b.Back().Text(), "This code does not work")
	},
	"back to staying signed in": func(s site) {
		b := s.Browser(s.handler)
		b.Logout().Press("Stay signed in", nil)
		b.Open("/error")
		assert.Contains(s, b.Back().Text(), "You are still signed in")
	},
	"decides again": func(s site) {
		for _, first := range []string{"Allow", "Do not allow"} {
			for _, second := range []string{"Allow", "Do not allow"} {
				b := s.Browser(s.handler)
				b.Login().Press("Sign in", right).Press(first, nil)
				p := b.Back().Press("Sign in", right).Press(second, nil)
				if second == "Allow" {
					assert.NotEmpty(s, p.App().Get("code"), first)
				} else {
					assert.Equal(s, "The user did not allow it.", p.App().Get("error_description"), first)
				}
			}
		}
	},
	"back to tick a box": func(s site) {
		if s.v1 { // a new login
			return
		}
		b := s.Browser(s.handler)
		b.Login().Press("Sign in", right)
		b.Back().Press("Sign in", map[string]string{"name": "alice", "password": "wonderland", "remember": "yes"})
		calls := s.Calls("acceptLoginRequest")
		require.Len(s, calls, 2)
		assert.NotContains(s, string(calls[0].Body), `"remember":true`)
		assert.Contains(s, string(calls[1].Body), `"remember":true`)
	},
	"a later tab takes the cookie": func(s site) {
		b := s.Browser(s.handler)
		first, second := b.Login(), b.Login()
		assert.Equal(s, "request_forbidden", first.Press("Sign in", right).App().Get("error"))
		assert.NotEmpty(s, second.Press("Sign in", right).Press("Allow", nil).App().Get("code"))
	},
	"fills in a page that the browser has kept": func(s site) {
		b := s.Browser(s.handler)
		b.Login().Press("Sign in", right)
		p := b.BackToKept().Press("Sign in", right)
		if s.v1 { // Hydra says that the login was handled
			p = p.Press("Sign in", right)
		}
		assert.NotEmpty(s, p.Press("Allow", nil).App().Get("code"))
	},
}
