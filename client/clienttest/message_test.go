package clienttest

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/hydra-sdk/hydra-admin-go/internal/wrongprovider"
)

// TestCheckSaysWhatIsWrong: one failure for one fault, with what there is to see. Each message
// begins with "clienttest: ".
func TestCheckSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	a := func(mistake string) newHandler { return wrongprovider.Case{Name: mistake}.New }
	right := a("no mistake")
	changed := func(change func(u *User)) User {
		u := user("alice", "wonderland")
		change(&u)
		return u
	}
	alice := changed(func(*User) {})
	for _, tt := range []struct {
		name        string
		version     Version
		newProvider newHandler
		user        User
		hazard      string
		want        string // empty for no failure
	}{
		{"a token that the second page replaces", V26, aNewToken(), alice, "two logins at once",
			"two apps start a login in the same browser, the user signs in to the first, and no login is accepted: the user sees status 403 at http://127.0.0.1:3000/login: The form is old. " +
				"What the second page sets, such as a token in a cookie, must not spoil the first: keep one for each form, or the same for all of them"},
		{"a token with SameSite=Strict", V1, aToken(http.SameSiteStrictMode), alice, "two logins at once",
			"two apps start a login in the same browser, the user signs in to the first, and no login is accepted: the user sees status 403 at http://127.0.0.1:3000/login: The form is old. " +
				"What the second page sets, such as a token in a cookie, must not spoil the first: keep one for each form, or the same for all of them"},
		{"Skip for another subject", V1, a("accepts Skip for another"), alice, "Hydra remembers the login",
			`Hydra remembers the user "alice", and the login is accepted for "bob": use LoginRequest.Subject`},
		{"Skip for another subject", V26, a("accepts Skip for another"), alice, "Hydra remembers the login",
			`Hydra remembers the user "alice", and the login is accepted for "bob": use LoginRequest.Subject`},
		{"a field that the login page does not have", V1, right, changed(func(u *User) { u.Login = map[string]string{"username": "alice", "password": "wonderland"} }), "signs in and grants",
			`the form at http://127.0.0.1:3000/login has no field "username", which User.Login has; it has ["challenge" "name" "password"]`},
		{"a field that the consent page does not have", V1, right, changed(func(u *User) { u.Grant = map[string]string{"profile": "yes"} }), "signs in and grants",
			`the form at http://127.0.0.1:3000/consent has no field "profile"; it has ["challenge" "scope"]`},
		{"SignIn", V2, right, changed(func(u *User) { u.SignIn = "Log in" }), "signs in and grants",
			`the page has no button "Log in"; it has ["Sign in" "Cancel"], and says with status 200 at http://127.0.0.1:3000/login: ` +
				`Provider Sign in To go on to Example App. Sign in Cancel`},
		{"Cancel", V2, right, changed(func(u *User) { u.Cancel = "No" }), "refuses",
			`the page has no button "No"; it has ["Sign in" "Cancel"], and says with status 200 at http://127.0.0.1:3000/login: ` +
				`Provider Sign in To go on to Example App. Sign in Cancel`},
		{"Allow", V2, right, changed(func(u *User) { u.Allow = "Yes" }), "signs in and grants",
			`the page has no button "Yes"; it has ["Allow" "Deny"]. The user sees status 200 at http://127.0.0.1:3000/consent: Provider Allow? Example App asks, alice. openid offline read Allow Deny`},
		{"no Allow", V2, right, changed(func(u *User) { u.Allow = "" }), "signs in and grants",
			`the page at http://127.0.0.1:3000/consent asks for a consent, and User.Allow is empty; the page has the buttons ["Allow" "Deny"]`},
		{"Deny", V2, right, changed(func(u *User) { u.Deny = "No" }), "refuses",
			`the page has no button "No"; it has ["Allow" "Deny"], and says with status 200 at http://127.0.0.1:3000/consent: ` +
				`Provider Allow? Example App asks, alice. openid offline read Allow Deny`},
		{"SignOut", V26, right, changed(func(u *User) { u.SignOut = "Leave" }), "signs out",
			`the page has no button "Leave"; it has ["Sign out" "Stay"]. The user sees status 200 at http://127.0.0.1:3000/logout: Provider Sign out? Sign out Stay`},
		{"Stay", V26, right, changed(func(u *User) { u.Stay = "Keep" }), "signs out",
			`the page has no button "Keep"; it has ["Sign out" "Stay"]. The user sees status 200 at http://127.0.0.1:3000/logout: Provider Sign out? Sign out Stay`},
		{"Deny accepts", V1, a("Deny accepts"), alice, "refuses",
			`after "Deny" the app has a code, as if the user agreed. Call RejectConsentRequest`},
		{"rejects with an error of the server", V1, a("rejects with server_error"), changed(func(u *User) { u.Deny = "" }), "refuses",
			`after "Cancel" the app should be told access_denied, but the user sees the app with the error "server_error". Set RejectRequest.Error: ` +
				"Hydra sends the app what it says, and an error that OAuth 2.0 does not have if it is empty"},
		{"Deny accepts, with two clicks", V1, a("Deny accepts"), alice, "two clicks on the consent", ""},
		{"Cancel has a page of its own", V1, a("Cancel shows a page"), alice, "refuses",
			`after "Cancel" the app should be told access_denied, but the user sees status 200 at http://127.0.0.1:3000/login: Provider Goodbye. Redirect to the RedirectTo of RejectLoginRequest`},
		{"Cancel has a page of its own, with two clicks", V1, a("Cancel shows a page"), alice, "two clicks on the login", ""},
		{"Explain without StartOver", V1, a("does not start over"), alice, "goes back from the app",
			"After Back from the app: the user should come to the app, with a code, but sees status 409 at http://127.0.0.1:3000/consent: Provider This was already completed. " +
				"If that is the page of clientweb.Explain: ask StartOver first, with hydra.PublicURL"},
		{"another user who is refused", V1, right, changed(func(u *User) { u.Other = u.Wrong }), "another user after the first",
			"after User.Other was typed, the login page is there again: status 200 at http://127.0.0.1:3000/login: Provider Wrong password To go on to Example App. Sign in Cancel"},
		{"a page that could start over", V1, a("ends where it could start over"), alice, "lost responses",
			"The response to acceptLoginRequest is lost, and the user tries again: the user sees status 409 at http://127.0.0.1:3000/login: Provider Please start over in the app. " +
				"The request can start over: redirect to its RequestURL, as clientweb.StartOver does if it is given that, or link to it"},
	} {
		t.Run(tt.name+" "+string(tt.version), func(t *testing.T) {
			t.Parallel()
			if tt.want != "" {
				tt.want = "clienttest: " + tt.want + "\n"
			}
			assert.Equal(t, tt.want, outcomeOf(t, tt.version, tt.newProvider, tt.user, named(tt.hazard)))
		})
	}
}

// TestTokensThatAreRightElsewhere: the wrong ones above fail in no other hazard.
func TestTokensThatAreRightElsewhere(t *testing.T) {
	t.Parallel()
	for _, h := range hazards {
		if !strings.HasPrefix(h.name, "two") && h.name != "a second tab" {
			assert.Empty(t, outcomeOf(t, V26, aToken(http.SameSiteStrictMode), user("alice", "wonderland"), h), h.name)
		}
	}
}

func TestCheckSaysWhatItLeavesOut(t *testing.T) {
	t.Parallel()
	assert.Empty(t, user("alice", "wonderland").leavesOut())
	assert.Equal(t, []string{
		"a wrong password (Wrong)", "the subject of the login (Subject)", "another user in the same browser, and the password of another user (Other)", "refusing the login (Cancel)",
		"what the consent page says, and what its boxes grant (Allow)", "refusing the consent (Deny)", "logout (SignOut)",
	}, User{}.leavesOut())
	assert.Contains(t, User{SignOut: "Sign out"}.leavesOut(), "refusing the logout (Stay)")
	assert.NotContains(t, User{FirstParty: true}.leavesOut(), "refusing the consent (Deny)")
}
