package models_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/internal/decode"
	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// mirror returns t without its methods, recursively, so that encoding/json decodes it on
// its own.
func mirror(t reflect.Type) reflect.Type {
	switch {
	case t == reflect.TypeFor[time.Time]() || t == reflect.TypeFor[json.RawMessage]():
		return t
	case t.Kind() == reflect.Pointer:
		return reflect.PointerTo(mirror(t.Elem()))
	case t.Kind() == reflect.Slice:
		return reflect.SliceOf(mirror(t.Elem()))
	case t.Kind() != reflect.Struct:
		return t
	}
	var fields []reflect.StructField
	for f := range t.Fields() {
		f.Type = mirror(f.Type)
		fields = append(fields, reflect.StructField{Name: f.Name, Type: f.Type, Tag: f.Tag})
	}
	return reflect.StructOf(fields)
}

// same compares a model with its mirror, which has no unknown members.
func same(t *testing.T, path string, got, want reflect.Value) {
	t.Helper()
	switch {
	case got.Type() == want.Type():
		assert.Equal(t, want.Interface(), got.Interface(), path)
	case got.Kind() == reflect.Pointer:
		if assert.Equal(t, want.IsNil(), got.IsNil(), path) && !got.IsNil() {
			same(t, path, got.Elem(), want.Elem())
		}
	case got.Kind() == reflect.Slice:
		if assert.Equal(t, want.IsNil(), got.IsNil(), path) && assert.Equal(t, want.Len(), got.Len(), path) {
			for i := range got.Len() {
				same(t, path+"[]", got.Index(i), want.Index(i))
			}
		}
	default:
		for i := range got.NumField() {
			if name := got.Type().Field(i).Name; name != "AdditionalProperties" {
				same(t, path+"."+name, got.Field(i), want.Field(i))
			}
		}
	}
}

// checkUnmarshal decodes data three times: with Unmarshal, as a user of encoding/json,
// and with encoding/json into types without methods.
func checkUnmarshal(t *testing.T, zero func() any, data []byte) {
	t.Helper()
	fast, user := zero(), zero()
	model := reflect.TypeOf(fast).Elem()
	plain := reflect.New(mirror(model))
	errFast, errUser, errPlain := decode.Unmarshal(data, fast), json.Unmarshal(data, user), json.Unmarshal(data, plain.Interface())
	if errors.Is(errFast, decode.ErrTooLarge) {
		return // TestTooLarge
	}
	require.Equal(t, errFast, errUser, "%s", data)
	introspection := strings.Contains(model.String(), "OAuth2TokenIntrospection") // reads more: TestFormsOfAnIntrospection
	if errPlain == nil || !introspection {
		require.Equal(t, errPlain == nil, errFast == nil, "%s: %v, but encoding/json: %v", data, errFast, errPlain)
	}
	if errFast == nil && errPlain == nil {
		same(t, model.Name(), reflect.ValueOf(fast).Elem(), plain.Elem())
	}
	if errFast == nil {
		assert.Equal(t, user, fast)
		checkUnknown(t, fast, data)
	}
}

// checkUnknown compares the unknown members with those that encoding/json finds.
func checkUnknown(t *testing.T, v any, data []byte) {
	t.Helper()
	m := reflect.ValueOf(v).Elem()
	if m.Kind() != reflect.Struct || !m.FieldByName("AdditionalProperties").IsValid() {
		return
	}
	var want map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(data, &want))
	for name := range want {
		for i := range m.NumField() {
			if field, _, _ := strings.Cut(m.Type().Field(i).Tag.Get("json"), ","); strings.EqualFold(field, name) {
				delete(want, name)
			}
		}
	}
	if len(want) == 0 {
		want = nil
	}
	assert.Equal(t, want, m.FieldByName("AdditionalProperties").Interface(), "%s", data)
}

// odd is JSON that decoders may disagree about.
var odd = []string{
	``, ` `, `null`, `nul`, `nullx`, `true`, `1`, `""`, `[]`, `{}`, `{} {}`, `{}x`, ` { } `, `{,}`, `{"a"}`, `{"a":}`, `{"a":1,}`, `{"a":1 "b":2}`,
	`{"client_id":"a","client_id":"b"}`, `{"client_id":null}`, `{"client_id":1}`, `{"CLIENT_ID":"a"}`, `{"Client_Id":"a","client_id":"b"}`,
	`{"\u0063lient_id":"a"}`, `{"ſcope":"a"}`, `{"x5t#s256":"a"}`, `{"X5T#S256":"a","x5t#S256":"b"}`, "{\"cl\xffient_id\":1}", "{\"a\":\"\xff\",\"client_name\":\"\xff\"}",
	`{"client_name":"\ud83d\ude00"}`, `{"client_name":"\ud83d"}`, `{"client_name":"\u00e4\n\t\"\\\/\b\f\r\u0026\u0000"}`, `{"client_name":"ä"}`, `{"client_name":"\x"}`, `{"client_name":"\u12"}`, "{\"client_name\":\"\n\"}", "{\"client_name\":\"a",
	`{"redirect_uris":["a","b"],"redirect_uris":[null]}`, `{"redirect_uris":null}`, `{"redirect_uris":[]}`, `{"redirect_uris":["a",]}`, `{"redirect_uris":[1]}`, `{"redirect_uris":{}}`, `{"redirect_uris":["a","b","c","d","e","f","g","h","i","j"]}`,
	`{"exp":1,"iat":-1,"nbf":-0}`, `{"exp":01}`, `{"exp":1.0}`, `{"exp":1e3}`, `{"exp":9223372036854775807}`, `{"exp":9223372036854775808}`, `{"exp":-}`, `{"exp":"1"}`, `{"exp":999999999999999999}`,
	`{"active":true}`, `{"active":false}`, `{"active":null}`, `{"active":truE}`, `{"active":"true"}`, `{"active":1}`,
	`{"created_at":null}`, `{"created_at":"2026-01-02T03:04:05Z"}`, `{"created_at":"2026-01-02"}`, `{"created_at":1}`, `{"created_at":"2026-01-02T03:04:05\u005a"}`, `{"created_at":"2026-01-02T03:04:05.123456789+01:30"}`,
	`{"metadata": { "a" : [ 1 , {} ] } }`, `{"metadata":null}`, `{"metadata":1}`, `{"metadata":1.5e+3}`, `{"metadata":-0.1E-2}`, `{"metadata":1.}`, `{"metadata":.5}`, `{"metadata":1e}`, `{"metadata":tru}`, `{"metadata":"\ud800"}`, "{\"metadata\":{\"\xff\":\"\x01\"}}",
	`{"client":null}`, `{"client":{}}`, `{"client":{"later":1},"client":{"client_id":"c"}}`, `{"client":[]}`, `{"client":{"jwks":{"keys":[{"kid":"a","z":1}]},"jwks":{"keys":[{"kty":"b"}]}}}`,
	`{"jwks":{"keys":null}}`, `{"jwks":null}`, `{"keys":[{},null,{"kid":"a"}]}`, `{"keys":[]}`, `{"later":{"a":"}"},"even_later":[],"":0}`, `{"later":1,"later":2}`,
	`{"ext":{"a":1},"ext":{"b":2}}`, `{"ext":null}`, `{"ext":[]}`, `{"ext":{"a":1e999}}`, `{"id_token_hint_claims":{"a":12345678901234567890}}`,
	`{"exp":null}`, `{"skip_logout_consent":"x"}`, `{"ext":{"a":[1,"b",true,false,null,{}],"b":{}}}`, `{"ext":{"a":[1,]}}`,
	`{"x5t#S256":"a","x5u":"a","extend_session_lifespan":true,"force_subject_identifier":"a","identity_provider_session_id":"a","notAfter":"2026-01-02T03:04:05Z","sector_identifier_uri":"a","username":"a"}`,
	`{"from":"/a","op":"move","path":"/b","value":1,"error":"a","error_debug":"b","error_description":"c","error_hint":"d","status_code":1,"allow_any_subject":true,"issuer":"a","jwk":{"kid":"a"},"subject":"a"}`,
	"\xef\xbb\xbf{}", "{\"client_id\":\"a\"}\x00", "[{\"client_id\":\"a\"},{\"client_id\":\"a\"}]", `[null]`, `[{}`, `[{},]`,
	`{"a":` + strings.Repeat("[", 300) + strings.Repeat("]", 300) + `}`, `{"a":` + strings.Repeat("[", 10_001) + strings.Repeat("]", 10_001) + `}`,
}

func TestUnmarshalAgreesWithEncodingJSON(t *testing.T) {
	t.Parallel()
	for _, zero := range lists(all) {
		for _, data := range odd {
			checkUnmarshal(t, zero, []byte(data))
		}
	}
	exchanges, err := fixture.Load("v1.11.10")
	require.NoError(t, err)
	for _, e := range exchanges {
		for _, zero := range lists(all) {
			checkUnmarshal(t, zero, e.Response.Body)
		}
	}
}

// lists adds to each model a slice of it.
func lists(zeros []func() any) (both []func() any) {
	for _, zero := range zeros {
		both = append(both, zero, func() any {
			return reflect.New(reflect.SliceOf(reflect.TypeOf(zero()).Elem())).Interface()
		})
	}
	return both
}

// TestUnmarshalKeepsAbsentMembers: fields of absent members keep their values, as with
// encoding/json.
func TestUnmarshalKeepsAbsentMembers(t *testing.T) {
	t.Parallel()
	for _, data := range odd {
		fill := func() *models.LogoutRequest {
			return &models.LogoutRequest{Subject: "s", Client: models.OAuth2Client{ClientID: "c", RedirectURIs: []string{"a", "b"}, Metadata: json.RawMessage(`{"a":1}`)}}
		}
		fast, slow := fill(), fill()
		errFast, errSlow := decode.Unmarshal([]byte(data), fast), json.Unmarshal([]byte(data), slow)
		require.Equal(t, errSlow, errFast)
		if errSlow == nil {
			assert.Equal(t, slow, fast, data)
		}
	}
}

// TestUnmarshalCopies: a decoded value does not share memory with the data.
func TestUnmarshalCopies(t *testing.T) {
	t.Parallel()
	const text = `{"client_id":"c","client_name":"a\u0026b","redirect_uris":["a"],"metadata":{"a":1},"later":[1],"jwks":{"keys":[{"kid":"k"}]}}`
	for _, zero := range []func() any{func() any { return new(models.OAuth2Client) }, func() any { return new([]models.OAuth2Client) }} {
		data, v, want := []byte(text), zero(), zero()
		if _, list := v.(*[]models.OAuth2Client); list {
			data = []byte("[" + text + "," + text + "]")
		}
		require.NoError(t, decode.Unmarshal(append([]byte{}, data...), want))
		require.NoError(t, decode.Unmarshal(data, v))
		for i := range data {
			data[i] = 'x'
		}
		assert.Equal(t, want, v)
	}
}

func TestUnmarshalOtherTypes(t *testing.T) {
	t.Parallel()
	var n int
	require.NoError(t, decode.Unmarshal([]byte(`7`), &n))
	assert.Equal(t, 7, n)
	require.Error(t, decode.Unmarshal([]byte(`{}`), nil))
	require.Error(t, decode.Unmarshal([]byte(`{}`), models.OAuth2Client{}))
	require.Error(t, decode.Unmarshal([]byte(`{}`), (*models.OAuth2Client)(nil)))
	require.Error(t, decode.Unmarshal([]byte(`[]`), (*[]models.OAuth2Client)(nil)))
}

// FuzzUnmarshal checks that Unmarshal fails if and only if encoding/json fails, and that
// both return the same value otherwise.
func FuzzUnmarshal(f *testing.F) {
	exchanges, err := fixture.Load("v1.11.10")
	require.NoError(f, err)
	zeros := lists(all)
	for i, data := range odd {
		f.Add(uint8(i), []byte(data)) // TestUnmarshalAgreesWithEncodingJSON decodes each into each model
	}
	for i, e := range exchanges {
		if len(e.Response.Body) < 10_000 {
			f.Add(uint8(i), e.Response.Body)
			f.Add(uint8(i), e.Request.Body)
		}
	}
	f.Fuzz(func(t *testing.T, index uint8, data []byte) {
		checkUnmarshal(t, zeros[int(index)%len(zeros)], data)
	})
}
