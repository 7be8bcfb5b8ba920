package secret_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/hydra-sdk/hydra-admin-go/internal/secret"
)

func TestValues(t *testing.T) {
	t.Parallel()
	for document, want := range map[string][]string{
		`{"client_secret":"a","client_name":"b"}`:    {"a"},
		`{"jwks":{"keys":[{"kty":"EC","d":"a"}]}}`:   {"a"},
		`[{"k":"a"},{"k":"b"}]`:                      {"a", "b"},
		`{"d":{"kid":"a","n":[1,"b"]}}`:              {"1", "a", "b"},
		`{"d":null,"k":true}`:                        nil,
		`{"client_secret":"with \"quotes\" and \\"}`: {`with "quotes" and \`},
		`{"client_secret`:                            nil,
		`"client_secret"`:                            nil,
	} {
		assert.ElementsMatch(t, want, secret.Values([]byte(document)), document)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []string{"challenge", "client_secret", "d", "dp", "dq", "k", "login_challenge", "p", "q", "qi", "registration_access_token", "user_code"}, secret.Members())
	assert.Equal(t, []string{"consent_challenge", "device_challenge", "login_challenge", "logout_challenge", "token"}, secret.Parameters())
	assert.True(t, secret.IsMember("d"))
	assert.False(t, secret.IsMember("n"))
}
