package client

import "github.com/hydra-sdk/hydra-admin-go/models"

// A RequestWasHandledError says that a login, consent or logout request was
// accepted or rejected before, typically because the user went back in the browser or
// opened a bookmark. Redirect the browser to RedirectTo. For a logout request it
// is relative to the public URL of Hydra, not to that of the admin API.
type RequestWasHandledError struct {
	models.RequestWasHandledResponse
}

// Error leaves RedirectTo out, which carries the user's OAuth 2.0 parameters.
func (e *RequestWasHandledError) Error() string {
	return "the request was handled before; redirect the browser to RedirectTo"
}
