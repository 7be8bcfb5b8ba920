package main

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func TestFirstLogin(t *testing.T) {
	t.Parallel()
	for _, version := range []clienttest.Version{clienttest.V1, clienttest.V2, clienttest.V26} {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			hydra := clienttest.New(t, version)
			hydra.Respond("createOAuth2Client", clienttest.Recorded("409-exists")) // by an earlier run
			s := &site{hydra.Client(client.WithRetries(0)), "http://127.0.0.1:3000", hydra.PublicURL, "state"}
			handler, err := s.handler(t.Context())
			require.NoError(t, err)
			get := func(page string) *httptest.ResponseRecorder {
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, page, nil))
				return w
			}

			start, err := url.Parse(get("/").Header().Get("Location"))
			require.NoError(t, err)
			assert.Equal(t, "http://127.0.0.1:3000/callback", start.Query().Get("redirect_uri"))
			consent := hydra.Follow(get("/login?login_challenge=" + url.QueryEscape(hydra.Open(clienttest.FreshLogin))).Header().Get("Location"))
			hydra.WantBody("acceptLoginRequest", models.AcceptLoginRequest{Subject: "alice"})
			app := hydra.Follow(get(consent.RequestURI()).Header().Get("Location"))
			assert.NotEmpty(t, app.Query().Get("code"))

			unknown := get("/login?login_challenge=" + hydra.Open(clienttest.UnknownLogin))
			assert.Equal(t, http.StatusNotFound, unknown.Code)
			assert.Equal(t, "This link does not work. It may be old, or incomplete. Go back to the app and try again.\n", unknown.Body.String())
			hydra.Respond("acceptLoginRequest", clienttest.Reset)
			lost := get("/login?login_challenge=" + url.QueryEscape(hydra.Open(clienttest.FreshLogin)))
			assert.Contains(t, lost.Header().Get("Location"), "/oauth2/auth?", "it starts over")
		})
	}
}
