package decode_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/decode"
	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
)

// resultOf returns a pointer to what a method of the client decodes the responses of an
// operation into, or nil if it returns nothing.
func resultOf(t *testing.T, operation string) any {
	t.Helper()
	method, found := reflect.TypeFor[*client.AdminAPI]().MethodByName(strings.NewReplacer("Json", "JSON", "Jwt", "JWT").Replace(strings.ToUpper(operation[:1]) + operation[1:]))
	require.True(t, found, operation)
	if method.Type.NumOut() == 1 {
		return nil
	}
	result := method.Type.Out(0).Elem()
	if items, isPage := result.FieldByName("Items"); isPage {
		result = items.Type
	}
	return reflect.New(result).Interface()
}

// left are the recorded responses that are left to encoding/json, and why.
var left = map[string]string{}

// TestReaderReadsWhatHydraSends: a reader that leaves a class of responses to encoding/json
// would be right, and slow. It is said here for each of them.
func TestReaderReadsWhatHydraSends(t *testing.T) {
	t.Parallel()
	read, found := 0, make(map[string]bool)
	for _, version := range append(fixture.Versions(), fixture.Next) {
		exchanges, err := fixture.Load(version)
		require.NoError(t, err)
		for _, e := range exchanges {
			name := version + "/" + e.Name()
			body := e.Response.Body
			switch {
			case e.Host != fixture.AdminHost || len(body) == 0:
			case e.Status/100 == 2 && e.Group != "router":
				v := resultOf(t, e.Group)
				if v == nil {
					continue
				}
				read++
				_, isLeft := left[name]
				found[name] = isLeft
				assert.Equal(t, !isLeft, decode.Reads(body, v), name)
			case slices.Contains([]byte(`{["`), body[0]):
				assert.True(t, decode.Skips(body), name)
				for _, value := range decode.Members(decode.First(body)) {
					assert.True(t, value[0] != '"' || decode.ReadsText(value), "%s: %s", name, value)
				}
			}
		}
	}
	assert.Greater(t, read, 200)
	for name := range left {
		assert.True(t, found[name], "%s is gone", name)
	}
}

// TestReaderReads: each form of a value that the recordings have few of, or none.
func TestReaderReads(t *testing.T) {
	t.Parallel()
	for operation, bodies := range map[string][]string{
		"getOAuth2Client": {
			`{}`, ` { } `, "\t{\n\"client_id\"\r:\"c\" ,\"owner\" : null}\n", `{"client_name":"ä\u00e4\n\"\\\/\b\f\r\t😀\u0000"}`, `{"redirect_uris":[null,"a","ä","\u0061"],"contacts":[],"audience":null}`,
			`{"client_secret_expires_at":-0,"skip_consent":true,"skip_logout_consent":false,"jwks":{"keys":null}}`, `{"client_secret_expires_at":123456789012345678}`, `{"client_secret_expires_at":-123456789012345678}`,
			`{"created_at":"2026-01-02T03:04:05.123456789+01:30","updated_at":null}`, `{"metadata":{"a":[1.5e+3,-0.1E-2,true,false,null,"\ud800"],"ä":{}}}`, `{"metadata":0}`, `{"metadata":1e5}`, `{"metadata":-0.5}`,
			`{"later":[],"even_later":{"\u0061":1},"":0}`, `{"client_ip":"of the same length as client_id"}`,
			`{"metadata":` + strings.Repeat("[", 199) + strings.Repeat("]", 199) + "}", `{"a":0,"b":1,"c":2,"d":3,"e":4,"f":5,"g":6,"h":7,"i":8}`,
		},
		"introspectOAuth2Token": {
			`{"active":true,"ext":{"a":[1,-1.5,1e3,"b\u0061",true,false,null,{},[],[[]]],"ä":{"\u0061":123456789012345}},"exp":1,"aud":["a"]}`, `{"active":false}`, `{"active":null,"ext":null}`,
		},
		"listOAuth2Clients": {`[]`, ` [ { } , null ] `, `[{},{},{},{},{},{}]`, `[{"client_id":"a"},{"client_id":"b"}]`, `null`},
		"getJsonWebKeySet":  {`{"keys":[{"kty":"EC","x5c":["a"],"x5t#S256":"a","key_ops":["sign"]},{},{},{},{},{},{}],"later":1}`, `null`},
	} {
		for _, body := range bodies {
			require.True(t, json.Valid([]byte(body)), body)
			assert.True(t, decode.Reads([]byte(body), resultOf(t, operation)), body)
		}
	}
}

// TestReaderLeaves: the reader does not decide what is rare or wrong.
func TestReaderLeaves(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		``, ` `, `{`, `{"`, `{"a`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `{"a":1,}`, `{,}`, `{}}`, `{}x`, `[]`, `nul`, `tru`, `"a"`, `{"a":01}`, `{"a":1.}`, `{"a":.5}`, `{"a":1e}`, `{"a":+1}`, `{"a":-}`, `{"a":tru}`, `{"a":[1,]}`, `{"a":[1 2]}`, `{"a" 1}`, `{a:1}`,
		`{"CLIENT_ID":"c"}`, `{"client_iD":"c"}`, `{"\u0063lient_id":"c"}`, `{"ſcope":"a"}`, "{\"cl\xffient_id\":1}",
		`{"client_name":"\ud83d\ude00"}`, `{"client_name":"\udfff"}`, "{\"client_name\":\"\xff\"}", "{\"client_name\":\"\x80\"}", "{\"client_name\":\"\xff\\n\"}", "{\"client_name\":\"\n\"}", "{\"client_name\":\"\x1f\"}", `{"client_name":"\x"}`, `{"client_name":"\u12"}`, `{"client_name":"\u12g4"}`, `{"client_name":"\`,
		`{"client_id":1}`, `{"client_id":{}}`, `{"redirect_uris":{}}`, `{"redirect_uris":[1]}`, `{"redirect_uris":["a"],"redirect_uris":[]}`, `{"jwks":{"keys":[],"keys":[]}}`, `{"jwks":[]}`,
		`{"client_secret_expires_at":1.0}`, `{"client_secret_expires_at":1e3}`, `{"client_secret_expires_at":1234567890123456789}`, `{"client_secret_expires_at":"1"}`,
		`{"skip_consent":1}`, `{"skip_consent":"true"}`, `{"skip_logout_consent":1}`, `{"created_at":1}`, `{"created_at":"2026-01-02"}`, `{"created_at":"2026-01-02T03:04:05\u005a"}`,
		`{"metadata":` + strings.Repeat("[", 200) + strings.Repeat("]", 200) + "}",
	} {
		assert.False(t, decode.Reads([]byte(body), resultOf(t, "getOAuth2Client")), body)
	}
	for _, body := range []string{`{"ext":[]}`, `{"ext":{"a":1234567890123456}}`, `{"ext":{"a":1e999}}`, `{"ext":{"a":[1,]}}`, `{"ext":{"a"}}`, `{"ext":{"\ud800":1}}`, `{"active":"true"}`, `{"aud":"a"}`, `{"exp":1.5}`} {
		assert.False(t, decode.Reads([]byte(body), resultOf(t, "introspectOAuth2Token")), body)
	}
}
