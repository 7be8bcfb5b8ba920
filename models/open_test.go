package models_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/models"
)

// TestUnknownMembersSurvive decodes and encodes members that a later Hydra might send.
func TestUnknownMembersSurvive(t *testing.T) {
	t.Parallel()
	for name, object := range map[string]string{
		"none":                    `{"client_id":"c"}`,
		"one":                     `{"client_id":"c","skip_consent":true}`,
		"only one":                `{"later":1}`,
		"of every kind":           `{"a":null,"b":false,"c":12345678901234567890,"d":1e400,"e":"","f":[],"g":{},"h":{"client_id":"not this one"},"client_id":"c"}`,
		"awkward names":           `{"":1,"with \"quotes\"":2,"é\u0000":3,"<&>":4}`,
		"a known name inside":     `{"metadata":{"later":1,"client_id":"x"},"later":{"client_id":"y"}}`,
		"strings with everything": `{"client_name":"\\\"},{\"later\":1","later":"\\\""}`,
		"in a key":                `{"jwks":{"keys":[{"kty":"EC","key_ops":["sign"],"ext":true}]}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var c models.OAuth2Client
			require.NoError(t, json.Unmarshal([]byte(object), &c))
			again, err := json.Marshal(c)
			require.NoError(t, err)
			assert.Equal(t, exact(t, object), exact(t, string(again)))
		})
	}
}

func TestAdditionalPropertiesAreUnknownMembers(t *testing.T) {
	t.Parallel()
	var c models.OAuth2Client
	require.NoError(t, json.Unmarshal([]byte(`{"CLIENT_ID":"c","client\u005fname":"n","later":1,"owner":"o"}`), &c))
	assert.Equal(t, "c", c.ClientID, "encoding/json reads names without regard to case")
	assert.Equal(t, "n", c.ClientName)
	assert.Equal(t, map[string]json.RawMessage{"later": json.RawMessage("1")}, c.AdditionalProperties)

	require.NoError(t, json.Unmarshal([]byte(`{"owner":"o"}`), &c))
	assert.Nil(t, c.AdditionalProperties, "the members of the earlier object are gone")

	c.AdditionalProperties = map[string]json.RawMessage{"Owner": json.RawMessage(`"two"`), "later": json.RawMessage(`2`)}
	b, err := json.Marshal(c)
	require.NoError(t, err)
	assert.JSONEq(t, `{"client_id":"c","client_name":"n","owner":"o","later":2}`, string(b), "a field wins")

	c.AdditionalProperties = map[string]json.RawMessage{"later": json.RawMessage(`{`)}
	_, err = json.Marshal(c)
	require.Error(t, err)
	require.Error(t, json.Unmarshal([]byte(`[]`), &c))
}

// TestKeySetOfAClient: Hydra sends an empty set for clients without keys, and
// refuses it in clients with a JWKSURI.
func TestKeySetOfAClient(t *testing.T) {
	t.Parallel()
	for _, empty := range []string{`{}`, `null`, `{"keys":null}`, `{"keys":[]}`} {
		var c models.OAuth2Client
		require.NoError(t, json.Unmarshal([]byte(`{"jwks_uri":"https://a/jwks","jwks":`+empty+`}`), &c))
		b, err := json.Marshal(c)
		require.NoError(t, err)
		assert.JSONEq(t, `{"jwks_uri":"https://a/jwks"}`, string(b), empty)
	}
}

// FuzzOAuth2Client checks that a client keeps its unknown members when it is decoded and
// encoded.
func FuzzOAuth2Client(f *testing.F) {
	f.Add(`{"client_id":"c","redirect_uris":["a"],"metadata":{"a":[1,{}]},"jwks":{"keys":[{"kty":"EC","x":"y","z":1}]},"later":{"a":1}}`)
	f.Add(`{"CLIENT_ID":"c","\u0063lient_id":"d","":null}`)
	f.Add(`{"created_at":"2026-01-02T03:04:05.678901Z","client_secret_expires_at":0,"later":"\ud800"}`)
	f.Fuzz(func(t *testing.T, data string) {
		var c, again models.OAuth2Client
		if json.Unmarshal([]byte(data), &c) != nil {
			return
		}
		b, err := json.Marshal(c)
		if err != nil {
			// Years beyond 9999 can be read but not be written.
			assert.Contains(t, err.Error(), "Time.MarshalJSON")
			return
		}
		require.NoError(t, json.Unmarshal(b, &again), "%s", b)
		twice, err := json.Marshal(again)
		require.NoError(t, err)
		assert.Equal(t, string(b), string(twice), "the second round changes nothing")

		var members, kept map[string]json.RawMessage
		require.NoError(t, json.Unmarshal([]byte(data), &members))
		require.NoError(t, json.Unmarshal(b, &kept))
		for name := range c.AdditionalProperties {
			assert.Contains(t, members, name)
			assert.Equal(t, exact(t, string(members[name])), exact(t, string(kept[name])))
		}
	})
}

// exact decodes JSON. It keeps numbers as text, so that they do not change.
func exact(t *testing.T, s string) (v map[string]any) {
	t.Helper()
	var wrapped struct{ V json.RawMessage }
	require.NoError(t, json.Unmarshal([]byte(`{"V":`+s+`}`), &wrapped))
	return map[string]any{"v": decodeExactly(t, wrapped.V)}
}

func decodeExactly(t *testing.T, raw json.RawMessage) any {
	t.Helper()
	switch raw[0] {
	case '{':
		var m map[string]json.RawMessage
		require.NoError(t, json.Unmarshal(raw, &m))
		out := make(map[string]any, len(m))
		for k, v := range m {
			out[k] = decodeExactly(t, v)
		}
		return out
	case '[':
		var list []json.RawMessage
		require.NoError(t, json.Unmarshal(raw, &list))
		out := make([]any, len(list))
		for i, v := range list {
			out[i] = decodeExactly(t, v)
		}
		return out
	case '"':
		var s string
		require.NoError(t, json.Unmarshal(raw, &s))
		return s
	default:
		return string(raw)
	}
}
