package models_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/internal/decode"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// TestFormsOfAnIntrospection: what RFC 7662 and RFC 7519 allow is read, and written as Hydra
// writes it.
func TestFormsOfAnIntrospection(t *testing.T) {
	t.Parallel()
	for document, want := range map[string]string{
		`{"active":true,"aud":["a","b"],"exp":1700000000}`:                                 `{"active":true,"aud":["a","b"],"exp":1700000000}`,
		`{"active":true,"aud":"a"}`:                                                        `{"active":true,"aud":["a"]}`,
		`{"active":true,"aud":"a\u0026\ud83d\ude00"}`:                                      `{"active":true,"aud":["a\u0026😀"]}`,
		`{"active":true,"aud":[]}`:                                                         `{"active":true}`,
		`{"active":true,"aud":null,"exp":null}`:                                            `{"active":true}`,
		`{"active":true,"exp":1.7e9,"iat":1700000000.0,"nbf":1700000000.999}`:              `{"active":true,"exp":1700000000,"iat":1700000000,"nbf":1700000000}`,
		`{"active":true,"EXP":1.5,"Aud":"a"}`:                                              `{"active":true,"aud":["a"],"exp":1}`,
		`{"active":true,"exp":9007199254740993}`:                                           `{"active":true,"exp":9007199254740993}`,
		`{"active":true,"nbf":-0.5,"ext":{"aud":"x","exp":1.5,"id":12345678901234567890}}`: `{"active":true,"nbf":-1,"ext":{"aud":"x","exp":1.5,"id":12345678901234567890}}`,
	} {
		var user, fast models.OAuth2TokenIntrospection
		require.NoError(t, json.Unmarshal([]byte(document), &user), document)
		require.NoError(t, decode.Unmarshal([]byte(document), &fast), document)
		assert.Equal(t, user, fast)
		again, err := json.Marshal(user)
		require.NoError(t, err)
		assert.Equal(t, decodeExactly(t, json.RawMessage(want)), decodeExactly(t, again), document)
	}
	for _, document := range []string{
		`{"aud":1}`, `{"aud":{}}`, `{"aud":[1]}`, `{"aud":true}`, `{"exp":"1700000000"}`, `{"exp":true}`, `{"exp":[]}`, `{"exp":1e300}`, `{"exp":9223372036854775808}`,
		`{"active":"true"}`, `{"active":1}`, `{"scope":["a"]}`, `[]`, `"a"`,
	} {
		var v models.OAuth2TokenIntrospection
		require.Error(t, json.Unmarshal([]byte(document), &v), document)
		require.Error(t, decode.Unmarshal([]byte(document), &v), document)
	}
}

// TestIntrospectionKeepsAbsentMembers: fields of absent members keep their values.
func TestIntrospectionKeepsAbsentMembers(t *testing.T) {
	t.Parallel()
	v := models.OAuth2TokenIntrospection{Active: true, Audience: []string{"a"}, ExpiresAt: 1, IssuedAt: 2, NotBefore: 3, Subject: "s"}
	want := v
	require.NoError(t, json.Unmarshal([]byte(`{"iat":null}`), &v))
	assert.Equal(t, want, v)
}
