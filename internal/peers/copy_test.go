package peers

import (
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	hydra "github.com/ory/client-go"
)

// TestCopies: client-go has all methods of hydra-client-go v2.2.1 by the same names, but
// for the health checks, so the code for it is a copy.
func TestCopies(t *testing.T) {
	t.Parallel()
	other := strings.NewReplacer("github.com/ory/hydra-client-go/v2", "github.com/ory/client-go", "V221", "ClientGo")
	for _, dir := range []string{"", "bench/"} {
		b, err := os.ReadFile(dir + "v221_test.go")
		require.NoError(t, err)
		want := "// Code generated from v221_test.go by go test . -update in internal/peers. DO NOT EDIT.\n\n" + other.Replace(string(b))
		copied := dir + "clientgo_test.go"
		if *update {
			require.NoError(t, os.WriteFile(copied, []byte(want), 0o600))
		}
		b, err = os.ReadFile(copied)
		require.NoError(t, err)
		assert.Equal(t, want, string(b), "run go test . -update in internal/peers")
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
