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

func TestNothingIsSignedForAnIssuerThatIsNotTrusted(t *testing.T) {
	t.Parallel()
	hydra := clienttest.New(t, clienttest.V1)
	hydra.Respond("trustJwtGrantIssuer", clienttest.Recorded("409-exists"))
	require.ErrorIs(t, run(t.Context(), hydra.Client(), "http://nowhere.invalid", io.Discard), client.ErrConflict)
	hydra.WantCalls("trustJwtGrantIssuer")
}
