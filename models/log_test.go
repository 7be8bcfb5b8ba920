package models_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/models"
)

func mark(member string) string { return "canary-" + member + "." }

// fill sets each member of a model that can hold text to a text with its name.
func fill(v reflect.Value, name string) {
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		return
	case v.Type() == reflect.TypeFor[json.RawMessage]():
		v.SetBytes([]byte(`"` + mark(name) + `"`))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("https://h/?" + mark(name))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
	case reflect.Struct:
		for i := range v.NumField() {
			member, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			fill(v.Field(i), member)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), name)
	case reflect.Map:
		element := reflect.New(v.Type().Elem()).Elem()
		fill(element, name)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("k"), element)
	case reflect.Interface:
		v.Set(reflect.ValueOf(mark(name)))
	default:
	}
}

// TestLogValue: package slog writes the members of a model, except secret ones and those
// that hold any JSON.
func TestLogValue(t *testing.T) {
	t.Parallel()
	doc, err := openapi3.NewLoader().LoadFromFile("../openapi/admin.yaml")
	require.NoError(t, err)
	for _, zero := range all {
		v := zero()
		model := reflect.TypeOf(v).Elem()
		fill(reflect.ValueOf(v).Elem(), "")
		var b bytes.Buffer
		slog.New(slog.NewJSONHandler(&b, nil)).Info("m", "v", v)
		slog.New(slog.NewTextHandler(&b, nil)).Info("m", "v", v)
		require.IsType(t, slog.Value{}, v.(slog.LogValuer).LogValue(), model.Name())
		for name, schema := range doc.Components.Schemas {
			if !strings.EqualFold(name, model.Name()) {
				continue
			}
			for member, property := range schema.Value.Properties {
				field, found := model.FieldByNameFunc(func(field string) bool {
					f, _ := model.FieldByName(field)
					tag, _, _ := strings.Cut(f.Tag.Get("json"), ",")
					return tag == member
				})
				require.True(t, found, "%s.%s", name, member)
				secret := property.Value.Extensions["x-secret"] != nil
				if secret || field.Type.Kind() == reflect.Interface || field.Type.Kind() == reflect.Map || field.Type == reflect.TypeFor[json.RawMessage]() {
					assert.NotContains(t, b.String(), mark(member), "%s.%s", name, member)
				} else if field.Type.Kind() == reflect.String {
					assert.Contains(t, b.String(), mark(member), "%s.%s", name, member)
				}
			}
		}
	}
}

// TestURLsInLogs: of a URL the place is written, and not the query, which has secrets.
func TestURLsInLogs(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ url, want string }{
		"with a query":        {"https://hydra.example.com:4444/oauth2/auth?login_verifier=canary", "https://hydra.example.com:4444/oauth2/auth"},
		"with a user":         {"https://u:canary@h/p#canary", "https://h/p"},
		"relative":            {"/oauth2/sessions/logout?logout_verifier=canary", "/oauth2/sessions/logout"},
		"one that is not one": {"https://h/%zz?login_verifier=canary", "[redacted]"},
	} {
		var b bytes.Buffer
		slog.New(slog.NewJSONHandler(&b, nil)).Info("m", "v", models.CompletedRequest{RedirectTo: test.url}, "w", models.LoginRequest{RequestURL: test.url})
		assert.Contains(t, b.String(), `"redirect_to":"`+test.want+`"`, name)
		assert.Contains(t, b.String(), `"request_url":"`+test.want+`"`, name)
		assert.NotContains(t, b.String(), "canary", name)
	}
}
