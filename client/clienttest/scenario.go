package clienttest

import "strings"

// A Scenario is a login, consent or logout request in the state that a provider
// meets it in. [Server.Open] makes one.
//
// In all of them the user is alice, and the client is called Example App and asks
// for the scopes openid, offline and read and the audience
// https://api.example.com.
type Scenario string

// What happens to a login request.
const (
	// FreshLogin waits for the user to log in.
	FreshLogin Scenario = "login"
	// RememberedLogin has Skip and the Subject of the session: Hydra remembers the
	// user. To accept it as somebody else is status 400 in v1, and begins a new login
	// in v2.
	RememberedLogin Scenario = "remembered-login"
	// AcceptedLogin was accepted, and the browser has not come back to Hydra yet. To
	// accept or reject it again is status 409 in v1, and allowed in v2.
	AcceptedLogin Scenario = "login/accepted"
	// HandledLogin was accepted, and the browser came back. To read it is status 410 in
	// v1, and v2 answers as before.
	HandledLogin Scenario = "login/accepted-used"
	// ExpiredLogin was left alone for too long. It is status 401 in v2. In v1 only the
	// browser learns of it, when it comes back.
	ExpiredLogin Scenario = "expired-login"
	// UnknownLogin is status 404.
	UnknownLogin Scenario = "unknown-login"
)

// What happens to a consent request.
const (
	// FreshConsent waits for the user to decide.
	FreshConsent Scenario = "consent"
	// RememberedConsent has Skip: the user has granted the same before.
	RememberedConsent Scenario = "remembered-consent"
	// HandledConsent was accepted, and the browser came back. In v1 to read it is status
	// 410 and to accept it 409; v2 answers as before.
	HandledConsent Scenario = "consent/accepted-used"
	// ExpiredConsent is to consent what ExpiredLogin is to login.
	ExpiredConsent Scenario = "expired-consent"
	// UnknownConsent is status 404.
	UnknownConsent Scenario = "unknown-consent"
)

// What happens to a logout request.
const (
	// FreshLogout was begun by the client, which wants the user back afterwards.
	FreshLogout Scenario = "logout"
	// UserLogout was begun by the user, at Hydra. It has no Client.
	UserLogout Scenario = "logout-by-user"
	// HandledLogout was accepted, and the browser came back. To read it is status 410,
	// with a RedirectTo relative to PublicURL.
	HandledLogout Scenario = "logout/accepted-used"
	// UnknownLogout is status 404. In v1 to reject it is status 204 nevertheless.
	UnknownLogout Scenario = "unknown-logout"
)

const unknown = "unknown-"

// split returns the name that the recordings of a scenario have, and the state that
// it begins in.
func (sc Scenario) split() (name, state string) {
	name, state, _ = strings.Cut(string(sc), "/")
	if state == "" {
		state = "fresh"
	}
	return name, state
}

// kind is Login, Consent or Logout, as in the names of operations.
func (sc Scenario) kind() string {
	for _, kind := range []string{"Login", "Consent", "Logout"} {
		if strings.Contains(string(sc), strings.ToLower(kind)) {
			return kind
		}
	}
	return ""
}
