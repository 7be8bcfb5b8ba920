package models_test

import (
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// all has a function for each model that a method of the client takes or returns, or that
// is part of such a model. It returns a pointer to a zero value.
var all = func() (zeros []func() any) {
	found := make(map[reflect.Type]bool)
	var find func(t reflect.Type)
	find = func(t reflect.Type) {
		switch t.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Func:
			for _, part := range parts(t) {
				find(part)
			}
		case reflect.Struct:
			isModel := t.PkgPath() == reflect.TypeFor[models.OAuth2Client]().PkgPath()
			isPage := strings.HasPrefix(t.Name(), "Page[")
			if !isModel && !isPage || found[t] {
				return
			}
			found[t] = true
			for field := range t.Fields() {
				find(field.Type)
			}
			if isModel {
				zeros = append(zeros, func() any { return reflect.New(t).Interface() })
			}
		default:
		}
	}
	api := reflect.TypeFor[*client.AdminAPI]()
	for method := range api.Methods() {
		find(method.Type)
	}
	find(reflect.TypeFor[models.RequestWasHandledResponse]()) // returned in an error
	return zeros
}()

// parts returns the types that a type consists of.
func parts(t reflect.Type) (all []reflect.Type) {
	if t.Kind() != reflect.Func {
		return []reflect.Type{t.Elem()}
	}
	for in := range t.Ins() {
		all = append(all, in)
	}
	for out := range t.Outs() {
		all = append(all, out)
	}
	return all
}

func TestAllModelsAreFound(t *testing.T) {
	t.Parallel()
	declared, err := os.ReadFile("models.gen.go")
	require.NoError(t, err)
	var names []string
	for _, m := range regexp.MustCompile(`(?m)^type (\w+) struct`).FindAllSubmatch(declared, -1) {
		names = append(names, string(m[1]))
	}
	var found []string
	for _, zero := range all {
		found = append(found, reflect.TypeOf(zero()).Elem().Name())
	}
	assert.ElementsMatch(t, names, found)
}

// TestZeroModels: a zero value encodes required members only.
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

// FuzzModels checks that a model stays the same when it is encoded and decoded again. Each
// of the first rounds may drop one level of empty objects.
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
