package models_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/models"
)

func TestPatchDocuments(t *testing.T) {
	t.Parallel()
	for want, patch := range map[string]models.PatchDocument{
		`{"op":"replace","path":"/client_name","value":"x"}`:                            models.PatchReplace("/client_name", "x"),
		`{"op":"replace","path":"/owner","value":null}`:                                 models.PatchReplace("/owner", nil),
		`{"op":"replace","path":"/a","value":false}`:                                    models.PatchReplace("/a", false),
		`{"op":"add","path":"/contacts/-","value":""}`:                                  models.PatchAdd("/contacts/-", ""),
		`{"op":"add","path":"/metadata/a","value":0}`:                                   models.PatchAdd("/metadata/a", 0),
		`{"op":"test","path":"/owner","value":[]}`:                                      models.PatchTest("/owner", []string{}),
		`{"op":"remove","path":"/contacts/0"}`:                                          models.PatchRemove("/contacts/0"),
		`{"from":"/owner","op":"copy","path":"/client_name"}`:                           models.PatchCopy("/owner", "/client_name"),
		`{"from":"/metadata/a","op":"move","path":"/metadata/b"}`:                       models.PatchMove("/metadata/a", "/metadata/b"),
		`{"op":"add","path":"/a","value":{"big":12345678901234567890}}`:                 models.PatchAdd("/a", json.RawMessage(`{"big":12345678901234567890}`)),
		`{"op":"replace","path":"/owner","value":""}`:                                   models.PatchClear("/owner"),
		`{"op":"replace","path":"/contacts","value":[]}`:                                models.PatchClear("/contacts"),
		`{"op":"replace","path":"/frontchannel_logout_session_required","value":false}`: models.PatchClear("/frontchannel_logout_session_required"),
		`{"op":"replace","path":"/jwks","value":null}`:                                  models.PatchClear("/jwks"),
		`{"op":"replace","path":"/metadata","value":null}`:                              models.PatchClear("/metadata"),
		`{"op":"replace","path":"/implicit_grant_id_token_lifespan","value":null}`:      models.PatchClear("/implicit_grant_id_token_lifespan"),
	} {
		b, err := json.Marshal(patch)
		require.NoError(t, err)
		assert.Equal(t, want, string(b))
	}
}
