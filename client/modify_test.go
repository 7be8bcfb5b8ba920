package client_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func TestModifyOAuth2Client(t *testing.T) {
	t.Parallel()
	var written string
	api := faulty(t, func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodGet {
			return httpmock.NewStringResponse(200, `{"client_id":"c","client_name":"Old","jwks":{},"jwks_uri":"https://a","later":12345678901234567890,"metadata":{"big":9007199254740993}}`), nil
		}
		b, err := io.ReadAll(r.Body)
		written = string(b)
		return httpmock.NewStringResponse(200, written), err
	})
	rename := func(c *models.OAuth2Client) error { c.ClientName = "New"; return nil }
	c, err := api.ModifyOAuth2Client(t.Context(), "c", rename)
	require.NoError(t, err)
	assert.Equal(t, "New", c.ClientName)
	assert.Equal(t, map[string]json.RawMessage{"later": json.RawMessage("12345678901234567890")}, c.AdditionalProperties)
	assert.Equal(t, `{"client_id":"c","client_name":"New","jwks_uri":"https://a","metadata":{"big":9007199254740993},"later":12345678901234567890}`, written) //nolint:testifylint // each digit counts

	written = ""
	refusal := errors.New("not this one")
	_, err = api.ModifyOAuth2Client(t.Context(), "c", func(*models.OAuth2Client) error { return refusal })
	assert.Equal(t, refusal, err, "the error of the function is not wrapped")
	_, err = api.ModifyOAuth2Client(t.Context(), "c", func(c *models.OAuth2Client) error { c.ClientID = "d"; return nil })
	require.ErrorIs(t, err, client.ErrInvalidArgument)
	assert.Empty(t, written)

	_, err = silent(t).ModifyOAuth2Client(t.Context(), "c", nil)
	require.ErrorIs(t, err, client.ErrInvalidArgument)
	_, err = silent(t).ModifyOAuth2Client(t.Context(), "", rename)
	require.ErrorIs(t, err, client.ErrInvalidArgument)
	_, err = faulty(t, httpmock.NewStringResponder(404, "")).ModifyOAuth2Client(t.Context(), "c", rename)
	require.ErrorIs(t, err, client.ErrNotFound)
}

// TestOptionsOfModify: they are those of the read and of the write.
func TestOptionsOfModify(t *testing.T) {
	t.Parallel()
	var sent []string
	api := faulty(t, func(r *http.Request) (*http.Response, error) {
		sent = append(sent, r.Method+" "+r.Header.Get("X-Own"))
		return httpmock.NewStringResponse(200, `{"client_id":"c"}`), nil
	})
	_, err := api.ModifyOAuth2Client(t.Context(), "c", func(*models.OAuth2Client) error { return nil }, client.WithHeader("X-Own", "1"))
	require.NoError(t, err)
	assert.Equal(t, []string{"GET 1", "PUT 1"}, sent)
}

// TestModifyWithoutRegardToCase: a database that finds the client C by c has not been asked to
// change its ID.
func TestModifyWithoutRegardToCase(t *testing.T) {
	t.Parallel()
	api := faulty(t, httpmock.NewStringResponder(200, `{"client_id":"C"}`))
	_, err := api.ModifyOAuth2Client(t.Context(), "c", func(c *models.OAuth2Client) error { c.Owner = "o"; return nil })
	require.NoError(t, err)
	for _, other := range []string{"", "c", "d"} {
		_, err := api.ModifyOAuth2Client(t.Context(), "c", func(c *models.OAuth2Client) error { c.ClientID = other; return nil })
		require.ErrorIs(t, err, client.ErrInvalidArgument, other)
	}
}
