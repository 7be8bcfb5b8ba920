//go:build live

package main

import (
	"cmp"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/examples/internal/onhydra"
)

func TestExampleOnHydra(t *testing.T) {
	t.Parallel()
	onhydra.Run(t, func(t *testing.T, version string, admin *client.AdminAPI) {
		t.Helper()
		assert.Equal(t, cmp.Or(wantOutput[version], wantOutput["v2.3.0"]), rotations(t, admin))
	})
}
