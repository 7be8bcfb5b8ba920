package decode_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/internal/decode"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func list(n int, element func(i int) string) string {
	elements := make([]string, n)
	for i := range elements {
		elements[i] = element(i)
	}
	return "[" + strings.Join(elements, ",") + "]"
}

// TestWhatHydraSendsFits: neither large responses nor pages of nearly empty items take too
// much memory, whether they are read here or by encoding/json.
func TestWhatHydraSendsFits(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 100)
	uris := list(20, func(i int) string { return fmt.Sprintf(`"https://h/%d/%s"`, i, long) })
	key := func(i int) string {
		return fmt.Sprintf(`{"kid":"%d","kty":"EC","alg":"ES256","use":"sig","crv":"P-256","x":%q,"y":%q,"key_ops":["verify"]}`, i, long[:43], long[:43])
	}
	claims := func(value string) string {
		return `{"active":true,"ext":{"groups":[` + strings.TrimSuffix(strings.Repeat(value+",", 100_000/(len(value)+1)), ",") + "]}}"
	}
	tests := map[string]struct {
		v    any
		body string
	}{
		"500 large clients": {new([]models.OAuth2Client), list(500, func(i int) string {
			return fmt.Sprintf(`{"client_id":"%d","redirect_uris":%s,"post_logout_redirect_uris":%s,"metadata":{"a":%q},"later":1,"jwks":{"keys":[%s]}}`, i, uris, uris, long, key(i))
		})},
		"500 clients with nothing but an ID":  {new([]models.OAuth2Client), list(500, func(int) string { return `{"client_id":"c"}` })},
		"1000 recorded clients":               {new([]models.OAuth2Client), list(1000, func(int) string { return recordedClient(t) })},
		"500 sessions with nothing in them":   {new([]models.PreviousConsentSession), list(500, func(int) string { return `{}` })},
		"500 sessions with claims":            {new([]models.PreviousConsentSession), list(500, func(int) string { return `{"session":{"id_token":{"groups":["a","b"],"address":{"city":"c"},"id":7}}}` })},
		"500 trusted issuers":                 {new([]models.TrustedJWTGrantIssuer), list(500, func(int) string { return `{"id":"i","scope":["a","b"]}` })},
		"800 keys":                            {new(models.JSONWebKeySet), `{"keys":` + list(800, key) + `}`},
		"100 kB of claims, numbers":           {new(models.OAuth2TokenIntrospection), claims("101")},
		"100 kB of claims, texts":             {new(models.OAuth2TokenIntrospection), claims(`"a"`)},
		"100 kB of claims, objects":           {new(models.OAuth2TokenIntrospection), claims(`{"rsid":"1","scopes":["a"]}`)},
		"100 kB of claims, a member for each": {new(models.OAuth2TokenIntrospection), `{"active":true,"ext":{` + strings.Trim(list(8000, func(i int) string { return fmt.Sprintf(`"%d":true`, i) }), "[]") + `}}`},
		"100 kB of metadata":                  {new(models.OAuth2Client), `{"metadata":` + list(50_000, func(int) string { return "1" }) + `}`},
		"5000 redirect URIs":                  {new(models.OAuth2Client), `{"redirect_uris":` + list(5000, func(int) string { return `"https://h/"` }) + `}`},
		"100 members of a later version":      {new(models.OAuth2Client), "{" + strings.Trim(list(100, func(i int) string { return fmt.Sprintf(`"later_%d":{}`, i) }), "[]") + "}"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.NoError(t, decode.Unmarshal([]byte(tt.body), tt.v))
			last := strings.LastIndex(tt.body, "}")
			escaped := tt.body[:last] + `,"\u0061":0` + tt.body[last:] // encoding/json alone reads an escaped name
			escaped = strings.Replace(escaped, "{,", "{", 1)
			require.True(t, json.Valid([]byte(escaped)))
			require.NoError(t, decode.Unmarshal([]byte(escaped), tt.v))
		})
	}
}

// recordedClient is about as large as what Hydra sends for a client with few members.
func recordedClient(t *testing.T) string {
	t.Helper()
	b, err := json.Marshal(models.OAuth2Client{
		ClientID: "00000000-0000-4000-8000-000000000000", ClientName: "name", RedirectURIs: []string{"https://a/callback"}, GrantTypes: []string{"authorization_code"},
		ResponseTypes: []string{"code"}, Scope: "offline_access offline openid", SubjectType: "public", TokenEndpointAuthMethod: "client_secret_basic", UserinfoSignedResponseAlg: "none",
	})
	require.NoError(t, err)
	return string(b)
}

// TestTooLarge: what takes too much memory is an error wherever the values are, and whether
// the reader or encoding/json would read them.
func TestTooLarge(t *testing.T) {
	t.Parallel()
	const many = 1 << 18
	flood := func(element string) string { return strings.TrimSuffix(strings.Repeat(element+",", many), ",") }
	tests := map[string]struct {
		v    any
		body string
	}{
		"items":                      {new([]models.OAuth2Client), "[" + flood("{}") + "]"},
		"items of another kind":      {new([]models.OAuth2Client), "[" + flood("0") + "]"},
		"items, an escaped name":     {new([]models.OAuth2Client), `[{"\u0061":0},` + flood("{}") + "]"},
		"keys":                       {new(models.JSONWebKeySet), `{"keys":[` + flood("{}") + "]}"},
		"keys, a name in upper case": {new(models.JSONWebKeySet), `{"KEYS":[` + flood("null") + "]}"},
		"keys, an escaped name":      {new(models.JSONWebKeySet), `{"\u006beys":[` + flood("{}") + "]}"},
		"keys of a client":           {new(models.OAuth2Client), `{"jwks":{"keys":[` + flood("{}") + "]}}"},
		"claims":                     {new(models.OAuth2TokenIntrospection), `{"ext":{"a":[` + flood("{}") + "]}}"},
		"claims, an escaped name":    {new(models.OAuth2TokenIntrospection), `{"\u0065xt":{"a":[` + flood("{}") + "]}}"},
		"claims, members":            {new(models.OAuth2TokenIntrospection), `{"ext":{"a":[` + flood(`{"":0}`) + "]}}"},
		"claims, 300 deep":           {new(models.OAuth2TokenIntrospection), `{"ext":{"a":` + strings.Repeat("[", 300) + flood("{}") + strings.Repeat("]", 300) + "}}"},
		"any value":                  {new(models.PatchDocument), `{"value":[` + flood("{}") + "]}"},
		"unknown members":            {new(models.OAuth2Client), "{" + flood(`"a":0`) + "}"},
		"texts, another case":        {new(models.OAuth2Client), `{"Contacts":[` + flood(`""`) + "]}"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.True(t, json.Valid([]byte(tt.body)))
			assert.Equal(t, decode.ErrTooLarge, decode.Unmarshal([]byte(tt.body), tt.v))
		})
	}
}

// TestRoomGrowsWithTheDocument: also where an int has 32 bits.
func TestRoomGrowsWithTheDocument(t *testing.T) {
	t.Parallel()
	for n := 1; n < math.MaxInt32/2; n *= 2 {
		assert.GreaterOrEqual(t, decode.Room(2*n), decode.Room(n), n)
		assert.Greater(t, decode.Room(n), n)
	}
}

// TestInvalidDocumentsTakeNoRoom: an error of syntax takes no memory, and is said.
func TestInvalidDocumentsTakeNoRoom(t *testing.T) {
	t.Parallel()
	err := decode.Unmarshal([]byte(`{"KEYS":[`+strings.Repeat("{}", 10)+"]}"), new(models.JSONWebKeySet))
	var syntax *json.SyntaxError
	require.ErrorAs(t, err, &syntax)
}
