package peers

import (
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	hydra "github.com/ory/client-go"
)

// TestCopies: client-go has all methods of hydra-client-go v2.2.1 by the same names but
// for the health checks, so the code for it is a copy. So is that of v1.11.8 as far as the
// benchmark calls it, with other names.
func TestCopies(t *testing.T) {
	t.Parallel()
	clientGo := strings.NewReplacer("hydra-client-go/v2", "client-go", "V221", "ClientGo")
	v1118 := strings.NewReplacer("hydra-client-go/v2", "hydra-client-go", "V221", "V1118",
		"OAuth2API", "AdminApi", "AcceptOAuth2", "Accept", "GetOAuth2", "Get",
		"PageSize(int64(limit)).PageToken(strconv.Itoa(offset))", "Limit(int64(limit)).Offset(int64(offset))",
		"hydra.ErrorOAuth2", "hydra.JsonError", "hydra.OAuth2RedirectTo", "hydra.RequestWasHandledResponse")
	for _, c := range []struct {
		from, to string
		names    *strings.Replacer
	}{
		{"v221_test.go", "clientgo_test.go", clientGo},
		{"bench/v221_test.go", "bench/clientgo_test.go", clientGo},
		{"bench/v221_test.go", "bench/v1118_test.go", v1118},
	} {
		b, err := os.ReadFile(c.from)
		require.NoError(t, err)
		want := "// Code generated from v221_test.go by go test . -update in internal/peers. DO NOT EDIT.\n\n" + c.names.Replace(string(b))
		if *update {
			require.NoError(t, os.WriteFile(c.to, []byte(want), 0o600))
		}
		b, err = os.ReadFile(c.to)
		require.NoError(t, err)
		if want != string(b) {
			t.Errorf("%s is not up to date: run go test . -update in internal/peers", c.to)
		}
	}
}

// The functions below have the calls that only one of the two has.

func allCallsOfV221(t *testing.T, url string) map[string]func() error {
	t.Helper()
	calls := callsOfV221(t, url)
	maps.Copy(calls, moreCallsOfV221(t, url))
	return calls
}

func moreCallsOfV221(t *testing.T, url string) map[string]func() error {
	t.Helper()
	c, ctx := newClientV221(strings.TrimSuffix(url, "/admin")), t.Context()
	return map[string]func() error{
		"acceptUserCodeRequest":            nil,
		"rotateOAuth2ClientSecret":         nil,
		"deleteRotatedOAuth2ClientSecrets": nil,
		"isAlive":                          func() error { return third(c.MetadataAPI.IsAlive(ctx).Execute()) },
		"isReady":                          func() error { return third(c.MetadataAPI.IsReady(ctx).Execute()) },
	}
}

func allCallsOfClientGo(t *testing.T, url string) map[string]func() error {
	t.Helper()
	calls := callsOfClientGo(t, url)
	maps.Copy(calls, moreCallsOfClientGo(t, url))
	return calls
}

func moreCallsOfClientGo(t *testing.T, url string) map[string]func() error {
	t.Helper()
	c, ctx := newClientClientGo(strings.TrimSuffix(url, "/admin")), t.Context()
	userCode := hydra.AcceptDeviceUserCodeRequest{UserCode: new("aBcDeFgH")}
	return map[string]func() error{
		"acceptUserCodeRequest": func() error {
			return third(c.OAuth2API.AcceptUserCodeRequest(ctx).DeviceChallenge(challenge).AcceptDeviceUserCodeRequest(userCode).Execute())
		},
		"rotateOAuth2ClientSecret":         func() error { return third(c.OAuth2API.RotateOAuth2ClientSecret(ctx, clientID).Execute()) },
		"deleteRotatedOAuth2ClientSecrets": func() error { return third(c.OAuth2API.DeleteRotatedOAuth2ClientSecrets(ctx, clientID).Execute()) },
		"isAlive":                          nil,
		"isReady":                          nil,
	}
}
