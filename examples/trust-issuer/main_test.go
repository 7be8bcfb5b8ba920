package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func TestAssertionIsSignedWithTheTrustedKey(t *testing.T) {
	t.Parallel()
	hydra := clienttest.New(t, clienttest.V1)
	hydra.Respond("trustJwtGrantIssuer", clienttest.Recorded("201-subject"))
	hydra.Respond("createOAuth2Client", clienttest.Recorded("201-all-defaults"))
	hydra.Respond("introspectOAuth2Token", clienttest.Recorded("200-jwt-bearer"))
	cleansUp(hydra)
	token := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		trusted := clienttest.Body[models.TrustJWTGrantIssuerBody](hydra, "trustJwtGrantIssuer")
		var key jose.JSONWebKey
		encoded, err := json.Marshal(trusted.JWK)
		assert.NoError(t, err)
		assert.NoError(t, key.UnmarshalJSON(encoded))
		assert.True(t, key.IsPublic())
		assertion, err := jwt.ParseSigned(r.PostFormValue("assertion"), []jose.SignatureAlgorithm{jose.ES256})
		assert.NoError(t, err)
		var claims jwt.Claims
		assert.NoError(t, assertion.Claims(key, &claims))
		assert.NoError(t, claims.Validate(jwt.Expected{Issuer: trusted.Issuer, Subject: trusted.Subject, AnyAudience: jwt.Audience{"http://" + r.Host + "/oauth2/token"}}))
		_, _ = io.WriteString(w, `{"access_token":"throw-away"}`)
	}))
	t.Cleanup(token.Close)
	var out strings.Builder
	require.NoError(t, run(t.Context(), hydra.Client(), token.URL+"/oauth2/token", &out))
	assert.Equal(t, "active: true, subject: erin, scope: read\n", out.String())
}

func cleansUp(hydra *clienttest.Server) {
	hydra.Respond("deleteOAuth2Client", clienttest.Recorded("204-done"))
	hydra.Respond("deleteTrustedJwtGrantIssuer", clienttest.Recorded("204-done"))
}

func TestNothingIsLeftWithoutAToken(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		status     int
		body, want string
	}{
		"an error of Hydra": {http.StatusBadRequest, `{"error":"invalid_grant","error_description":"The assertion is old."}`, "no token: 400 Bad Request: The assertion is old."},
		"a page of a proxy": {http.StatusBadGateway, "<html>", "no token: 502 Bad Gateway: invalid character"},
		"an empty object":   {http.StatusOK, "{}", "no token: 200 OK"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hydra := clienttest.New(t, clienttest.V1)
			hydra.Respond("trustJwtGrantIssuer", clienttest.Recorded("201-subject"))
			hydra.Respond("createOAuth2Client", clienttest.Recorded("201-all-defaults"))
			cleansUp(hydra)
			token := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(tt.status)
				_, _ = io.WriteString(w, tt.body)
			}))
			t.Cleanup(token.Close)
			err := run(t.Context(), hydra.Client(), token.URL, io.Discard)
			require.ErrorContains(t, err, tt.want)
			assert.NotContains(t, err.Error(), "%!")
			hydra.WantCalls("trustJwtGrantIssuer", "createOAuth2Client", "deleteOAuth2Client", "deleteTrustedJwtGrantIssuer")
		})
	}
}

func TestNothingIsSignedForAnIssuerThatIsNotTrusted(t *testing.T) {
	t.Parallel()
	hydra := clienttest.New(t, clienttest.V1)
	hydra.Respond("trustJwtGrantIssuer", clienttest.Recorded("409-exists"))
	require.ErrorIs(t, run(t.Context(), hydra.Client(), "http://nowhere.invalid", io.Discard), client.ErrConflict)
	hydra.WantCalls("trustJwtGrantIssuer")
}
