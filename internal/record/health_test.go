//go:build live

package record

import (
	"github.com/stretchr/testify/require"
)

// health records the operations at the root of the admin port.
func health(r *recorder) {
	ctx := r.Context()
	_, err := r.as("alive").IsAlive(ctx)
	require.NoError(r, err)
	_, err = r.as("ready").IsReady(ctx)
	require.NoError(r, err)
	_, err = r.as("version").GetVersion(ctx)
	require.NoError(r, err)
}
