package clienttest

import "strings"

// A Scenario is a kind of login, consent, logout or device request in a certain state.
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
	// later versions.
	RememberedLogin Scenario = "remembered-login"
	// AcceptedLogin was accepted, and the browser has not come back to Hydra yet.
	// Accepting or rejecting it again is status 409 in v1, and allowed in later
	// versions.
	AcceptedLogin Scenario = "login/accepted"
	// HandledLogin was accepted, and the browser came back. Reading it is status 410 in v1;
	// later versions respond as before.
	HandledLogin Scenario = "login/accepted-used"
	// ExpiredLogin was not accepted in time. It is status 401, but in v1 only the browser
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
	// 410 and accepting it 409; later versions respond as before.
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

// Scenarios of the device flow, in which a user types the code that a device shows
// (RFC 8628). Only V26 has them.
const (
	// FreshDevice waits for the user to type UserCode. Any other code is status 400,
	// after which the request waits on.
	FreshDevice Scenario = "device"
	// ExpiredDevice was not accepted in time. It is status 401.
	ExpiredDevice Scenario = "expired-device"
	// UnknownDevice is status 404.
	UnknownDevice Scenario = "unknown-device"
)

// UserCode is the code that the device shows in [FreshDevice].
const UserCode = "CvYtWCFh"

// deviceKind is the kind of the scenarios of the device flow.
const deviceKind = "UserCode"

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

// kind returns Login, Consent, Logout or UserCode, as in the names of operations.
func (sc Scenario) kind() string {
	if strings.Contains(string(sc), "device") {
		return deviceKind
	}
	for _, kind := range []string{"Login", "Consent", "Logout"} {
		if strings.Contains(string(sc), strings.ToLower(kind)) {
			return kind
		}
	}
	return ""
}
