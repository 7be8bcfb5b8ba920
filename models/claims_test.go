package models_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/models"
)

// TestClaimsKeepIntegers: a user ID of 64 bits is not rounded, at any depth, and is sent
// back as it came.
func TestClaimsKeepIntegers(t *testing.T) {
	t.Parallel()
	const document = `{"id":9007199254740993,"list":[9007199254740993,1.5],"nested":{"id":-9007199254740993},"small":7}`
	var claims models.Claims
	require.NoError(t, json.Unmarshal([]byte(document), &claims))
	assert.Equal(t, models.Claims{
		"id":     json.Number("9007199254740993"),
		"list":   []any{json.Number("9007199254740993"), 1.5},
		"nested": map[string]any{"id": json.Number("-9007199254740993")},
		"small":  7.0,
	}, claims)
	sent, err := json.Marshal(claims)
	require.NoError(t, err)
	assert.Equal(t, document, string(sent)) //nolint:testifylint // JSONEq would round the numbers
}
