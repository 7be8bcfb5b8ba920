package peers

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/internal/peers/sends"
)

// public are the operations of the public port, which OAuth 2.0 libraries are for.
var public = []string{"GET /oauth2/auth", "POST /oauth2/token", "POST /oauth2/revoke", "POST /oauth2/device/auth", "GET /oauth2/device/verify"}

// reasons say why this SDK cannot send what another client can.
var reasons = map[string]map[string]string{
	"V1118":    {"rejectLogoutRequest": "no version of Hydra reads a body"},
	"V221":     {"listTrustedJwtGrantIssuers": "Hydra does not read these names"},
	"ClientGo": {"rotateOAuth2ClientSecret": "servers up to v26.2 have no such operation, and the document of the release after does not have this member; `Do` can send it"},
}

// differences compares the parameters and members that each client can send with those of
// this SDK, as rows of the guide.
func differences(t *testing.T) map[string]string {
	t.Helper()
	recorders := map[string]*sends.Recorder{"V1118": sends.New(), "V221": sends.New(), "ClientGo": sends.New()}
	transport := func(version string) *http.Client { return &http.Client{Transport: recorders[version]} }

	v1118 := newClientV1118("http://hydra")
	v1118.GetConfig().HTTPClient = transport("V1118")
	v221 := newClientV221("http://hydra")
	v221.GetConfig().HTTPClient = transport("V221")
	clientGo := newClientClientGo("http://hydra")
	clientGo.GetConfig().HTTPClient = transport("ClientGo")
	for version, apis := range map[string][]any{
		"V1118":    {v1118.AdminApi, v1118.MetadataApi},
		"V221":     {v221.OAuth2API, v221.JwkAPI, v221.MetadataAPI},
		"ClientGo": {clientGo.OAuth2API, clientGo.JwkAPI, clientGo.MetadataAPI},
	} {
		for _, api := range apis {
			recorders[version].CallAll(api)
		}
	}

	sdk, err := sends.SDK()
	require.NoError(t, err)
	for _, operation := range operations(t) {
		found := false
		for _, id := range sdk.IDs {
			found = found || id == operation
		}
		assert.True(t, found, "package sends has sent no %s: this SDK refuses the arguments, see sends.valid", operation)
	}
	tables := make(map[string]string)
	for version, r := range recorders {
		table, problems := r.Differences(sdk, public, reasons[version])
		tables[version] = table
		for _, problem := range problems {
			t.Errorf("%s: %s", version, problem)
		}
	}
	return tables
}
