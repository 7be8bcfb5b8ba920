package v1106

import (
	"flag"
	"net/http"
	"os"
	"regexp"
	"testing"

	runtimeclient "github.com/go-openapi/runtime/client"
	hydra "github.com/ory/hydra-client-go/client"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/internal/peers/sends"
)

var update = flag.Bool("update", false, "write the table of parameters into docs/migration.md")

// TestParameters compares what can be sent with this SDK, and what docs/migration.md says of
// it, or writes that.
func TestParameters(t *testing.T) {
	t.Parallel()
	r := sends.New()
	transport := runtimeclient.NewWithClient("hydra", "/", []string{"http"}, &http.Client{Transport: r})
	c := hydra.New(transport, nil)
	r.CallAll(c.Admin)
	sdk, err := sends.SDK()
	require.NoError(t, err)
	table, problems := r.Differences(sdk, nil, map[string]string{
		"rejectLogoutRequest": "no version of Hydra reads a body",
		"listOAuth2Clients":   "Hydra v1.11.10 calls it `client_name`",
	})
	assert.Empty(t, problems)

	const guide = "../../../docs/migration.md"
	b, err := os.ReadFile(guide)
	require.NoError(t, err)
	block := regexp.MustCompile(`(?s)<!-- parameters V1106 -->\n.*?<!-- /parameters -->`)
	want := block.ReplaceAllLiteral(b, []byte("<!-- parameters V1106 -->\n"+table+"<!-- /parameters -->"))
	if *update {
		require.NoError(t, os.WriteFile(guide, want, 0o600))
		return
	}
	if string(want) != string(b) {
		t.Error("docs/migration.md is not up to date: run go test . -update in internal/peers/v1106")
	}
}
