package clienttest

import "strings"

// A Scenario is a kind of login, consent or logout request in a certain state.
// [Server.Open] opens one.
//
// In all scenarios the user is alice. The client is named Example App, and requests the
// scopes openid, offline and read and the audience https://api.example.com.
type Scenario string

// Scenarios of login requests.
const (
	// FreshLogin waits for the user to log in.
	FreshLogin Scenario = "login"
	// RememberedLogin has Skip and the Subject of the session: Hydra remembers the user.
	// Accepting it for another subject is status 400 in v1, and starts a new login in
	// v2.
	RememberedLogin Scenario = "remembered-login"
	// AcceptedLogin was accepted, and the browser has not come back to Hydra yet.
	// Accepting or rejecting it again is status 409 in v1, and allowed in v2.
	AcceptedLogin Scenario = "login/accepted"
	// HandledLogin was accepted, and the browser came back. Reading it is status 410 in v1;
	// v2 responds as before.
	HandledLogin Scenario = "login/accepted-used"
	// ExpiredLogin was not accepted in time. It is status 401 in v2. In v1 only the browser
	// gets an error, when it comes back.
	ExpiredLogin Scenario = "expired-login"
	// UnknownLogin is status 404.
	UnknownLogin Scenario = "unknown-login"
)

// Scenarios of consent requests.
const (
	// FreshConsent waits for the user to decide.
	FreshConsent Scenario = "consent"
	// RememberedConsent has Skip: the user has granted the same before.
	RememberedConsent Scenario = "remembered-consent"
	// HandledConsent was accepted, and the browser came back. In v1 reading it is status
	// 410 and accepting it 409; v2 responds as before.
	HandledConsent Scenario = "consent/accepted-used"
	// ExpiredConsent was not accepted in time, see ExpiredLogin.
	ExpiredConsent Scenario = "expired-consent"
	// UnknownConsent is status 404.
	UnknownConsent Scenario = "unknown-consent"
)

// Scenarios of logout requests.
const (
	// FreshLogout was started by the client, with a post_logout_redirect_uri.
	FreshLogout Scenario = "logout"
	// UserLogout was started by the user, at Hydra. It has no Client.
	UserLogout Scenario = "logout-by-user"
	// HandledLogout was accepted, and the browser came back. Reading it is status 410, with
	// a RedirectTo relative to PublicURL.
	HandledLogout Scenario = "logout/accepted-used"
	// UnknownLogout is status 404, but rejecting it is status 204 in v1.
	UnknownLogout Scenario = "unknown-logout"
)

const unknown = "unknown-"

// split returns the name of a scenario in the names of its recordings, and its first
// state.
func (sc Scenario) split() (name, state string) {
	name, state, _ = strings.Cut(string(sc), "/")
	if state == "" {
		state = "fresh"
	}
	return name, state
}

// kind returns Login, Consent or Logout, as in the names of operations.
func (sc Scenario) kind() string {
	for _, kind := range []string{"Login", "Consent", "Logout"} {
		if strings.Contains(string(sc), strings.ToLower(kind)) {
			return kind
		}
	}
	return ""
}
