package clientweb

import (
	"errors"
	"net/http"
	"strings"

	"github.com/hydra-sdk/hydra-admin-go/client"
)

// A Message is what a page tells its user about an error.
type Message struct {
	// Status is the status of the page. It says which message this is, for texts of your
	// own: 404, 409, 410 or 503.
	Status int
	// Title and Text are English, and plain text.
	Title, Text string
}

// Explain says what a user can do about an error of this SDK. It holds nothing of the error
// itself, whose text is for your log. Ask [StartOver] first.
//
//   - 404: the challenge is unknown, missing or garbled, or this Hydra has none of its kind
//   - 409: the request was completed before, as by another tab
//   - 410: the challenge has expired
//   - 503: everything else, which the user cannot help. Log the error: it may be an outage,
//     or a mistake of the provider
func Explain(err error) Message {
	switch {
	case errors.Is(err, client.ErrWrongBaseURL): // which may be 404 as well
		return unavailable
	case errors.Is(err, client.ErrChallengeExpired):
		return Message{http.StatusGone, "That took too long", "Go back to the app and try again."}
	case errors.Is(err, client.ErrConflict), errors.Is(err, client.ErrRequestWasHandled):
		return Message{http.StatusConflict, "This was already completed", "Go back to the app. If you are not signed in there, try again."}
	case errors.Is(err, client.ErrNotFound), isUnreadable(err):
		return Message{http.StatusNotFound, "This link does not work", "It may be old, or incomplete. Go back to the app and try again."}
	}
	return unavailable
}

var unavailable = Message{http.StatusServiceUnavailable, "Signing in does not work right now", "Go back to the app and try again in a few minutes."}

// isUnreadable reports whether err is about a challenge that cannot be one.
func isUnreadable(err error) bool {
	if refused, ok := errors.AsType[*client.ArgumentError](err); ok {
		return strings.EqualFold(refused.Argument, "challenge")
	}
	e, ok := errors.AsType[*client.Error](err)
	return ok && e.StatusCode == http.StatusBadRequest && e.Operation.Method == http.MethodGet
}
