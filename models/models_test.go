package models_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/models"
)

// all makes a zero value of each model.
var all = []func() any{
	func() any { return new(models.JSONWebKey) },
	func() any { return new(models.JSONWebKeySet) },
	func() any { return new(models.AcceptConsentRequest) },
	func() any { return new(models.AcceptLoginRequest) },
	func() any { return new(models.CompletedRequest) },
	func() any { return new(models.ConsentRequest) },
	func() any { return new(models.ConsentRequestSession) },
	func() any { return new(models.FlushInactiveOAuth2TokensRequest) },
	func() any { return new(models.GenericError) },
	func() any { return new(models.JSONError) },
	func() any { return new(models.JSONWebKeySetGeneratorRequest) },
	func() any { return new(models.LoginRequest) },
	func() any { return new(models.LogoutRequest) },
	func() any { return new(models.OAuth2Client) },
	func() any { return new(models.OAuth2TokenIntrospection) },
	func() any { return new(models.OpenIDConnectContext) },
	func() any { return new(models.PatchDocument) },
	func() any { return new(models.PreviousConsentSession) },
	func() any { return new(models.RejectRequest) },
	func() any { return new(models.RequestWasHandledResponse) },
	func() any { return new(models.TrustJWTGrantIssuerBody) },
	func() any { return new(models.TrustedJSONWebKey) },
	func() any { return new(models.TrustedJWTGrantIssuer) },
	func() any { return new(models.UpdateOAuth2ClientLifespans) },
}

// TestZeroModels: a zero value says nothing that it does not have to say.
func TestZeroModels(t *testing.T) {
	t.Parallel()
	for want, v := range map[string]any{
		`{}`:             models.OAuth2Client{},
		`{"subject":""}`: models.AcceptLoginRequest{},
		`{"keys":null}`:  models.JSONWebKeySet{},
	} {
		b, err := json.Marshal(v)
		require.NoError(t, err)
		assert.JSONEq(t, want, string(b))
	}
	b, err := json.Marshal([]any{models.AcceptConsentRequest{}, models.RejectRequest{}, models.FlushInactiveOAuth2TokensRequest{}, models.UpdateOAuth2ClientLifespans{}})
	require.NoError(t, err)
	assert.JSONEq(t, `[{},{},{},{}]`, string(b), "Hydra refuses unknown members, and reads a zero time as a time")
}

// FuzzModels: what a model reads it writes, and reads again as the same. An object
// that turns out to say nothing goes one level with each writing.
func FuzzModels(f *testing.F) {
	for i := range all {
		f.Add(uint8(i), `{"subject":"s","remember_for":1,"context":{"a":[null]},"client":{"client_id":"c"},"keys":[{"kid":"k"}],"amr":["a"],"expires_at":"2026-01-02T03:04:05Z"}`)
		f.Add(uint8(i), `{"session":{"id_token":{"a":1e300}},"ext":null,"handled_at":"2026-01-02T03:04:05.678901234Z","op":"remove","path":"/a","value":false,"x":{"x":1}}`)
	}
	f.Fuzz(func(t *testing.T, index uint8, data string) {
		zero := all[int(index)%len(all)]
		first := zero()
		if json.Unmarshal([]byte(data), first) != nil {
			return
		}
		b, err := json.Marshal(first)
		if err != nil {
			assert.Contains(t, err.Error(), "Time.MarshalJSON", "years beyond 9999 can be read but not be written")
			return
		}
		const levels = 3
		var before string
		for range levels {
			before = string(b)
			next := zero()
			require.NoError(t, json.Unmarshal(b, next), "%s", b)
			b, err = json.Marshal(next)
			require.NoError(t, err)
		}
		assert.Equal(t, before, string(b))
	})
}
