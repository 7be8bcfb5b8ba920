package client_test

import (
	"fmt"
	"net/url"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func handled(redirectTo string) *client.RequestWasHandledError {
	return &client.RequestWasHandledError{RequestWasHandledResponse: models.RequestWasHandledResponse{RedirectTo: redirectTo}}
}

func TestLocationIsAbsolute(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ public, redirectTo, want string }{
		"login of v1":            {"http://127.0.0.1:4444", "http://127.0.0.1:4444/oauth2/auth?client_id=app", "http://127.0.0.1:4444/oauth2/auth?client_id=app&again="},
		"other parameters stay":  {"http://h", "http://h/oauth2/auth?state=a%20b+c;d&scope=openid%20x", "http://h/oauth2/auth?state=a%20b+c;d&scope=openid%20x&again="},
		"started over before":    {"http://h", "http://h/oauth2/auth?again=1&state=x", "http://h/oauth2/auth?state=x&again="},
		"auth URL of a gateway":  {"https://h", "https://login.example.com/auth?x=1", "https://login.example.com/auth?x=1&again="},
		"logout":                 {"https://h", "/oauth2/sessions/logout?state=bye", "https://h/oauth2/sessions/logout?state=bye&again="},
		"logout without a query": {"https://h/", "/oauth2/sessions/logout", "https://h/oauth2/sessions/logout?again="},
		"logout below a path":    {"https://h/auth/?x=1#y", "/oauth2/sessions/logout?state=a", "https://h/auth/oauth2/sessions/logout?state=a&again="},
		"IPv6 and port":          {"http://[::1]:4444", "/oauth2/sessions/logout", "http://[::1]:4444/oauth2/sessions/logout?again="},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := handled(tt.redirectTo)
			first, err := e.Location(tt.public)
			require.NoError(t, err)
			assert.Regexp(t, "^"+regexp.QuoteMeta(tt.want)+"[A-Z2-7]{26}$", first)
			second, err := e.Location(tt.public)
			require.NoError(t, err)
			assert.NotEqual(t, first, second, "the first may be in the cache")
			_, err = url.Parse(first)
			assert.NoError(t, err)
		})
	}
}

func TestLocationRefuses(t *testing.T) {
	t.Parallel()
	for _, public := range []string{"", "127.0.0.1:4444", "hydra.example.com", "/relative", "ftp://h", "https://", "http://h:port", "javascript:alert(1)"} {
		for _, redirectTo := range []string{"/oauth2/sessions/logout", "http://h/oauth2/auth"} {
			_, err := handled(redirectTo).Location(public)
			require.ErrorIs(t, err, client.ErrInvalidArgument, public)
		}
	}
	for _, redirectTo := range []string{"", "oauth2/auth", "//evil.example.com/oauth2", "javascript:alert(1)", "http:/oauth2", "ftp://h/", "http://[::1/", "\x00", "mailto:alice@example.com"} {
		_, err := handled(redirectTo).Location("https://h")
		require.ErrorIs(t, err, client.ErrInvalidResponse, redirectTo)
	}
}

// TestErrorsOfMocks: an error that a mock makes matches what that of a response does.
func TestErrorsOfMocks(t *testing.T) {
	t.Parallel()
	for _, err := range []error{handled("http://h/oauth2/auth"), fmt.Errorf("wrapped: %w", handled("")), &client.Error{StatusCode: 410}} {
		require.ErrorIs(t, err, client.ErrRequestWasHandled)
		require.NotErrorIs(t, err, client.ErrNotFound)
		require.NotErrorIs(t, err, client.ErrConflict)
	}
	require.EqualError(t, &client.Error{StatusCode: 404}, "hydra: 404 Not Found")
	require.EqualError(t, &client.Error{StatusCode: 404, Operation: client.Operation{ID: "getLoginRequest"}}, "hydra: getLoginRequest: 404 Not Found")
}
