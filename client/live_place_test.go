//go:build live

package client_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
)

// TestLivePlace: at the right base URL an operation that the release lacks is
// ErrNotSupported and nothing else, and at a wrong one ErrWrongBaseURL and nothing else.
func TestLivePlace(t *testing.T) {
	t.Parallel()
	hydra.EachVersion(t, testLivePlace)
}

func testLivePlace(t *testing.T, version hydra.Version) {
	t.Helper()
	server := hydra.Run(t, hydra.Config{Version: version})
	root := strings.TrimSuffix(server.AdminURL, "/admin")
	wrong := map[string]string{
		"the public port": server.PublicURL, "the public port with the prefix": server.PublicURL + "/admin",
		"another path": root + "/elsewhere", "a path below": server.AdminURL + "/clients", "the prefix twice": root + "/admin/admin",
	}
	right := map[string]string{"the admin API": server.AdminURL}
	switch {
	case version == hydra.V1:
		wrong["the prefix of v2"] = root + "/admin"
	case version.HasDeviceFlow():
		right["without the prefix"] = root
	default:
		wrong["without the prefix"] = root
	}
	a := &liveApp{v1: version == hydra.V1, version: version}
	operations := specOperations(t)
	check := func(where, base string, isRight bool) {
		api, err := client.New(base)
		require.NoError(t, err)
		for id, op := range partial {
			if id != "" && a.has(operations[id].Extensions) {
				if isRight {
					continue // it works
				}
				require.ErrorIs(t, op.call(t, api), client.ErrWrongBaseURL, "%s: %s", where, id)
				continue
			}
			err := op.call(t, api)
			assert.Equal(t, isRight, errors.Is(err, client.ErrNotSupported), "%s: %s: %v", where, id, err)
			assert.Equal(t, !isRight, errors.Is(err, client.ErrWrongBaseURL), "%s: %s: %v", where, id, err)
		}
	}
	for where, base := range right {
		check(where, base, true)
	}
	for where, base := range wrong {
		check(where, base, false)
	}
}
