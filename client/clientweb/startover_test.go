package clientweb_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clientweb"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func handled(redirectTo string) error {
	return fmt.Errorf("wrapped: %w", &client.RequestWasHandledError{RequestWasHandledResponse: models.RequestWasHandledResponse{RedirectTo: redirectTo}})
}

const (
	public     = "https://auth.example.com/"
	requestURL = "https://auth.example.com/oauth2/auth?client_id=app&state=a%2Bb"
)

// startsOver returns where the browser goes, or nil.
func startsOver(t *testing.T, err error, publicURL, requestURL string) *url.URL {
	t.Helper()
	w := httptest.NewRecorder()
	if !clientweb.StartOver(w, httptest.NewRequest(http.MethodGet, "/login", nil), err, publicURL, requestURL) {
		assert.Empty(t, w.Header(), "nothing was written")
		return nil
	}
	assert.Equal(t, http.StatusSeeOther, w.Code)
	to, err := w.Result().Location()
	require.NoError(t, err)
	return to
}

func TestHandledRequestsStartOver(t *testing.T) {
	t.Parallel()
	for range 3 { // each time: the user may go back as often as he likes
		to := startsOver(t, handled(requestURL), public, "")
		require.NotNil(t, to)
		assert.Equal(t, "a+b", to.Query().Get("state"))
	}
	to := startsOver(t, handled("/oauth2/sessions/logout"), public, "")
	require.NotNil(t, to)
	assert.Equal(t, "auth.example.com", to.Host)
}

func TestStartOverNeedsThePublicURL(t *testing.T) {
	t.Parallel()
	for _, publicURL := range []string{"", "auth.example.com", "/", "ftp://auth.example.com", "http://", "http://[::1"} {
		for _, err := range []error{handled(requestURL), client.ErrResponseLost, errors.New("any")} {
			assert.PanicsWithValue(t, "clientweb: publicURL of StartOver is empty or wrong: it is the URL of Hydra's public API, such as https://auth.example.com",
				func() { startsOver(t, err, publicURL, requestURL) }, publicURL)
		}
	}
}

func TestDecidedConsentsStartOverEachTime(t *testing.T) {
	t.Parallel()
	at := requestURL
	for range 3 {
		to := startsOver(t, fmt.Errorf("wrapped: %w", clientweb.ErrDecidedBefore), public, at)
		require.NotNil(t, to)
		assert.Equal(t, "a+b", to.Query().Get("state"))
		assert.NotEqual(t, at, to.String(), "that may be in the cache")
		at = to.String()
	}
	assert.NotNil(t, startsOver(t, client.ErrResponseLost, public, at), "nothing was lost yet")
	assert.Nil(t, startsOver(t, clientweb.ErrDecidedBefore, public, ""))
}

func TestLostRequestsStartOverOnce(t *testing.T) {
	t.Parallel()
	for _, err := range []error{client.ErrConflict, client.ErrResponseLost, fmt.Errorf("wrapped: %w", client.ErrResponseLost)} {
		to := startsOver(t, err, public, requestURL)
		require.NotNil(t, to, err)
		assert.Equal(t, "a+b", to.Query().Get("state"))
		assert.NotEqual(t, requestURL, to.String(), "that may be in the cache")
		// Hydra has the parameter in RequestURL of the new request.
		assert.Nil(t, startsOver(t, err, public, to.String()), "a circle")
		handledLater := startsOver(t, handled(to.String()), public, "")
		require.NotNil(t, handledLater)
		assert.NotNil(t, startsOver(t, err, public, handledLater.String()), "the user went back since")
		for _, unusable := range []string{"", "/oauth2/sessions/logout", "http://[::1"} {
			assert.Nil(t, startsOver(t, err, public, unusable), unusable)
		}
	}
}

func TestOtherErrorsDoNotStartOver(t *testing.T) {
	t.Parallel()
	for _, err := range []error{nil, client.ErrNotFound, client.ErrChallengeExpired, client.ErrBadGateway, client.ErrInvalidArgument, errors.New("any")} {
		assert.Nil(t, startsOver(t, err, public, requestURL), err)
	}
}
