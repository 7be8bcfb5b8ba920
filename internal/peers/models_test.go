package peers

import (
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	clientgo "github.com/ory/client-go"
	v1118 "github.com/ory/hydra-client-go"
	v221 "github.com/ory/hydra-client-go/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/models"
)

// A model is a type of this SDK with those of other clients for the same JSON, or nil. The
// types of client-go have the names of those of v2.2.1.
type model struct{ here, v1118, v221 reflect.Type }

func typeOf[T any]() reflect.Type { return reflect.TypeFor[T]() }

var modelsOfAll = []model{
	{typeOf[models.LoginRequest](), typeOf[v1118.LoginRequest](), typeOf[v221.OAuth2LoginRequest]()},
	{typeOf[models.AcceptLoginRequest](), typeOf[v1118.AcceptLoginRequest](), typeOf[v221.AcceptOAuth2LoginRequest]()},
	{typeOf[models.ConsentRequest](), typeOf[v1118.ConsentRequest](), typeOf[v221.OAuth2ConsentRequest]()},
	{typeOf[models.OpenIDConnectContext](), typeOf[v1118.OpenIDConnectContext](), typeOf[v221.OAuth2ConsentRequestOpenIDConnectContext]()},
	{typeOf[models.AcceptConsentRequest](), typeOf[v1118.AcceptConsentRequest](), typeOf[v221.AcceptOAuth2ConsentRequest]()},
	{typeOf[models.ConsentRequestSession](), typeOf[v1118.ConsentRequestSession](), typeOf[v221.AcceptOAuth2ConsentRequestSession]()},
	{typeOf[models.RejectRequest](), typeOf[v1118.RejectRequest](), typeOf[v221.RejectOAuth2Request]()},
	{typeOf[models.CompletedRequest](), typeOf[v1118.CompletedRequest](), typeOf[v221.OAuth2RedirectTo]()},
	{typeOf[models.LogoutRequest](), typeOf[v1118.LogoutRequest](), typeOf[v221.OAuth2LogoutRequest]()},
	{typeOf[models.AcceptDeviceUserCodeRequest](), nil, typeOf[clientgo.AcceptDeviceUserCodeRequest]()},
	{typeOf[models.PreviousConsentSession](), typeOf[v1118.PreviousConsentSession](), typeOf[v221.OAuth2ConsentSession]()},
	{typeOf[models.OAuth2TokenIntrospection](), typeOf[v1118.OAuth2TokenIntrospection](), typeOf[v221.IntrospectedOAuth2Token]()},
	{typeOf[models.FlushInactiveOAuth2TokensRequest](), typeOf[v1118.FlushInactiveOAuth2TokensRequest](), nil},
	{typeOf[models.OAuth2Client](), typeOf[v1118.OAuth2Client](), typeOf[v221.OAuth2Client]()},
	{typeOf[models.PatchDocument](), typeOf[v1118.PatchDocument](), typeOf[v221.JsonPatch]()},
	{typeOf[models.UpdateOAuth2ClientLifespans](), nil, typeOf[v221.OAuth2ClientTokenLifespans]()},
	{typeOf[models.JSONWebKeySet](), typeOf[v1118.JSONWebKeySet](), typeOf[v221.JsonWebKeySet]()},
	{typeOf[models.JSONWebKey](), typeOf[v1118.JSONWebKey](), typeOf[v221.JsonWebKey]()},
	{typeOf[models.JSONWebKeySetGeneratorRequest](), typeOf[v1118.JsonWebKeySetGeneratorRequest](), typeOf[v221.CreateJsonWebKeySet]()},
	{typeOf[models.TrustedJWTGrantIssuer](), typeOf[v1118.TrustedJwtGrantIssuer](), typeOf[v221.TrustedOAuth2JwtGrantIssuer]()},
	{typeOf[models.TrustedJSONWebKey](), typeOf[v1118.TrustedJsonWebKey](), typeOf[v221.TrustedOAuth2JwtGrantJsonWebKey]()},
	{typeOf[models.TrustJWTGrantIssuerBody](), typeOf[v1118.TrustJwtGrantIssuerBody](), typeOf[v221.TrustOAuth2JwtGrantIssuer]()},
	{typeOf[models.HealthStatus](), typeOf[v1118.HealthStatus](), typeOf[v221.HealthStatus]()},
	{typeOf[models.HealthStatus](), typeOf[v1118.InlineResponse200](), typeOf[v221.IsReady200Response]()},
	{typeOf[models.Version](), typeOf[v1118.InlineResponse2001](), typeOf[v221.GetVersion200Response]()},
}

// noModel says why a type or field of another client has no counterpart.
var noModel = map[string]string{
	"DeviceAuthorization":                     "of the public port",
	"ErrorOAuth2":                             "of the public port",
	"OAuth2TokenExchange":                     "of the public port",
	"NullableString":                          "a value takes its place",
	"RotateOAuth2ClientSecretBody":            "`Do` can send it",
	"OAuth2ConsentSessionExpiresAt":           "no Hydra that was recorded sends it",
	"OAuth2LoginRequest.RequestedResources":   "no Hydra that was recorded sends it",
	"OAuth2ConsentRequest.RequestedResources": "no Hydra that was recorded sends it",
	"OAuth2ConsentSession.ExpiresAt":          "no Hydra that was recorded sends it",
}

// TestConfiguration: the guide says what becomes of each field of a configuration, and of
// each value of a context.
func TestConfiguration(t *testing.T) {
	t.Parallel()
	text := documents(t)["docs/migration.md"]
	_, rest, _ := strings.Cut(text, "<!-- configuration -->\n")
	table, _, found := strings.Cut(rest, "<!-- /configuration -->")
	require.True(t, found)
	for _, configuration := range []reflect.Type{typeOf[v1118.Configuration](), typeOf[v221.Configuration](), typeOf[clientgo.Configuration]()} {
		for field := range configuration.Fields() {
			assert.Contains(t, table, "`"+field.Name, configuration)
		}
		for method := range reflect.PointerTo(configuration).Methods() {
			assert.Contains(t, table, "`"+method.Name, configuration)
		}
	}
	for _, value := range []string{"AccessToken", "BasicAuth", "OAuth2", "ServerIndex", "OperationServerIndices", "ServerVariables", "OperationServerVariables", "APIKeys", "HttpSignatureAuth"} {
		assert.Contains(t, table, "`Context"+value+"`")
	}
	options := namesOfClient(t)
	for _, m := range regexp.MustCompile("`(With\\w+)").FindAllStringSubmatch(table, -1) {
		assert.Contains(t, options, m[1])
	}
}

// TestModels compares the tables of types and fields in the guide with the types of the
// clients, or writes them. Each type that an operation takes or returns is there, and each
// field that has another name here.
func TestModels(t *testing.T) {
	t.Parallel()
	tables := map[string]string{"models": modelTable(), "fields": fieldTable(t), "fieldtypes": typeTable()}
	guideFile.Lock()
	defer guideFile.Unlock()
	b, err := os.ReadFile(guide)
	require.NoError(t, err)
	got := modelBlock.ReplaceAllStringFunc(string(b), func(block string) string {
		m := modelBlock.FindStringSubmatch(block)
		table := m[1] + tables[m[2]] + m[3]
		delete(tables, m[2])
		return table
	})
	require.Empty(t, tables, "docs/migration.md has no place for these tables")
	if *update {
		require.NoError(t, os.WriteFile(guide, []byte(got), 0o600))
	} else if got != string(b) {
		t.Error("docs/migration.md is not up to date: run go test . -update in internal/peers")
	}

	v1, v2, other := newClientV1118(""), newClientV221(""), newClientClientGo("")
	known := make(map[string]bool)
	for _, m := range modelsOfAll {
		for _, theirs := range []reflect.Type{m.v1118, m.v221} {
			if theirs != nil {
				known[theirs.Name()] = true
			}
		}
	}
	for _, api := range []any{v1.AdminApi, v1.MetadataApi, v2.OAuth2API, v2.JwkAPI, v2.MetadataAPI, other.OAuth2API, other.JwkAPI, other.MetadataAPI} {
		for theirs := range modelsIn(api) {
			if !known[theirs.Name()] && noModel[theirs.Name()] == "" {
				t.Errorf("%s is in no row of modelsOfAll", theirs)
			}
		}
	}
}

var modelBlock = regexp.MustCompile(`(?s)(<!-- (models|fields|fieldtypes) -->\n).*?(<!-- /(?:models|fields|fieldtypes) -->)`)

// modelsIn returns the structs that the requests of an API take and return.
func modelsIn(api any) map[reflect.Type]bool {
	found := make(map[reflect.Type]bool)
	var add func(t reflect.Type)
	add = func(t reflect.Type) {
		switch {
		case t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map:
			add(t.Elem())
		case t.Kind() == reflect.Struct && strings.Contains(t.PkgPath(), "/ory/") && !found[t]:
			found[t] = true
			for field := range t.Fields() {
				add(field.Type)
			}
		}
	}
	for method := range reflect.TypeOf(api).Methods() {
		if method.Type.NumOut() != 1 {
			continue
		}
		for m := range method.Type.Out(0).Methods() {
			if m.Name == "Execute" && m.Type.NumOut() == 3 {
				add(m.Type.Out(0))
			} else if m.Type.NumIn() == 2 {
				add(m.Type.In(1))
			}
		}
	}
	return found
}

func modelTable() string {
	name := func(t reflect.Type) string {
		if t == nil {
			return "none"
		}
		return "`" + t.Name() + "`"
	}
	var out strings.Builder
	out.WriteString("| v1.11.8 | v2.2.1, client-go | here |\n|---|---|---|\n")
	for _, m := range modelsOfAll {
		out.WriteString("| " + name(m.v1118) + " | " + name(m.v221) + " | `models." + m.here.Name() + "` |\n")
	}
	return out.String()
}

// member is the name of a field in JSON.
func member(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// clientGoTypes are the models of client-go by name.
var clientGoTypes = sync.OnceValue(func() map[string]reflect.Type {
	types := make(map[string]reflect.Type)
	c := newClientClientGo("")
	for _, api := range []any{c.OAuth2API, c.JwkAPI, c.MetadataAPI} {
		for t := range modelsIn(api) {
			types[t.Name()] = t
		}
	}
	return types
})

// pairs calls f for each field of another client, with that of the same name in JSON here.
func (m model) pairs(f func(theirs reflect.StructField, here *reflect.StructField, version string)) {
	byMember := make(map[string]reflect.StructField)
	for field := range m.here.Fields() {
		byMember[member(field)] = field
	}
	for _, other := range []struct {
		t       reflect.Type
		version string
	}{{m.v1118, "v1.11.8"}, {m.v221, "v2.2.1"}, {clientGoTypes()[m.v221Name()], "client-go"}} {
		if other.t == nil {
			continue
		}
		for theirs := range other.t.Fields() {
			if theirs.Name == "AdditionalProperties" {
				continue
			}
			if here, ok := byMember[member(theirs)]; ok {
				f(theirs, &here, other.version)
			} else {
				f(theirs, nil, other.version)
			}
		}
	}
}

func fieldTable(t *testing.T) string {
	t.Helper()
	var out strings.Builder
	out.WriteString("| `models.` | there → here |\n|---|---|\n")
	for _, m := range modelsOfAll {
		renamed := make(map[string]bool)
		m.pairs(func(theirs reflect.StructField, here *reflect.StructField, version string) {
			switch reason := noModel[m.v221Name()+"."+theirs.Name]; {
			case here == nil && reason == "":
				t.Errorf("%s of %s has no field in models.%s, and no reason in noModel", theirs.Name, version, m.here.Name())
			case here == nil:
				renamed["`"+theirs.Name+"` → none: "+reason] = true
			case here.Name != theirs.Name:
				renamed["`"+theirs.Name+"` → `"+here.Name+"`"] = true
			}
		})
		if len(renamed) > 0 {
			out.WriteString("| `" + m.here.Name() + "` | " + strings.Join(slices.Sorted(maps.Keys(renamed)), ", ") + " |\n")
		}
	}
	return out.String()
}

func (m model) v221Name() string {
	if m.v221 == nil {
		return ""
	}
	return m.v221.Name()
}

// typeTable lists the fields of another type than a pointer or a model with another name.
func typeTable() string {
	counterpart := make(map[string]string)
	for _, m := range modelsOfAll {
		for _, theirs := range []reflect.Type{m.v1118, m.v221, clientGoTypes()[m.v221Name()]} {
			if theirs != nil {
				counterpart[theirs.String()] = m.here.String()
			}
		}
	}
	plain := func(t reflect.Type) string {
		name := strings.ReplaceAll(strings.TrimLeft(t.String(), "*"), "interface {}", "any")
		element := strings.TrimPrefix(name, "[]")
		if here := counterpart[element]; here != "" {
			return strings.TrimSuffix(name, element) + here
		}
		return name
	}
	type field struct{ there, here, name string }
	versions := make(map[field][]string)
	var all []field
	for _, m := range modelsOfAll {
		m.pairs(func(theirs reflect.StructField, here *reflect.StructField, version string) {
			if here == nil || plain(theirs.Type) == plain(here.Type) {
				return
			}
			f := field{plain(theirs.Type), plain(here.Type), m.here.Name() + "." + here.Name}
			if versions[f] == nil {
				all = append(all, f)
			}
			versions[f] = append(versions[f], version)
		})
	}
	fields := make(map[string][]string) // by the rest of the row
	for _, f := range all {
		row := "`" + f.there + "` | `" + f.here + "` | " + strings.Join(versions[f], ", ")
		fields[row] = append(fields[row], "`"+f.name+"`")
	}
	var out strings.Builder
	out.WriteString("| there | here | in | fields |\n|---|---|---|---|\n")
	for _, row := range slices.Sorted(maps.Keys(fields)) {
		out.WriteString("| " + row + " | " + strings.Join(fields[row], ", ") + " |\n")
	}
	return out.String()
}

// TestFreeMembers runs what the guide shows of members that hold any JSON.
func TestFreeMembers(t *testing.T) {
	t.Parallel()
	var c models.OAuth2Client
	for _, want := range []string{"", "gold"} {
		if want != "" {
			require.NoError(t, setPlan(&c, want))
		}
		got, err := plan(&c)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
	body := grant(&models.ConsentRequest{RequestedScope: []string{"openid"}}, "alice@example.com")
	written, err := json.Marshal(body)
	require.NoError(t, err)
	assert.JSONEq(t, `{"grant_scope":["openid"],"session":{"id_token":{"email":"alice@example.com"}}}`, string(written))
}
