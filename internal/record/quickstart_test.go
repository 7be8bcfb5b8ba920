//go:build live

package record

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
)

// quickstart records the exchanges of examples/quickstart with a real Hydra, at both
// ports. The example replays them if it has no Hydra.
func quickstart(t *testing.T, version hydra.Version, recorded map[string][]byte) {
	t.Helper()
	named := make(map[string][]byte)
	r := recordBoth(t, hydra.Config{Version: version}, named)
	r.expect("quickstart", "", 0)
	cmd := exec.CommandContext(t.Context(), "go", "run", "../../examples/quickstart")
	cmd.Env = append(os.Environ(), "HYDRA_ADMIN_URL="+r.url+r.prefix, "HYDRA_PUBLIC_URL="+r.PublicURL)
	out, err := cmd.CombinedOutput()
	require.NoErrorf(t, err, "%s", out)
	t.Logf("%s", out)
	for name, file := range named {
		recorded[strings.TrimPrefix(name, "quickstart/")] = file
	}
}
