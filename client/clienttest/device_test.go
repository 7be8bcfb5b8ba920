package clienttest_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/internal/wrongprovider"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

var typed = models.AcceptDeviceUserCodeRequest{UserCode: clienttest.UserCode}

func TestDeviceLeadsToALogin(t *testing.T) {
	t.Parallel()
	hydra := clienttest.New(t, clienttest.V26)
	api := hydra.Client()
	challenge := hydra.Open(clienttest.FreshDevice)
	for _, wrong := range []string{"wrong", "cvytwcfh"} {
		_, err := api.AcceptUserCodeRequest(t.Context(), challenge, models.AcceptDeviceUserCodeRequest{UserCode: wrong})
		require.ErrorIs(t, err, client.ErrBadRequest)
	}
	first, err := api.AcceptUserCodeRequest(t.Context(), challenge, typed)
	require.NoError(t, err, "the challenge can be used again")
	again, err := api.AcceptUserCodeRequest(t.Context(), challenge, typed)
	require.NoError(t, err)
	assert.NotEqual(t, first.RedirectTo, again.RedirectTo)

	next := hydra.Follow(again.RedirectTo)
	assert.Equal(t, "/login", next.Path)
	login, err := api.GetLoginRequest(t.Context(), next.Query().Get("login_challenge"))
	require.NoError(t, err)
	done, err := api.AcceptLoginRequest(t.Context(), login.Challenge, alice)
	require.NoError(t, err)
	next = hydra.Follow(done.RedirectTo)
	assert.Equal(t, "/consent", next.Path)
	done, err = api.AcceptConsentRequest(t.Context(), next.Query().Get("consent_challenge"), models.AcceptConsentRequest{GrantScope: []string{"openid"}})
	require.NoError(t, err)
	assert.Equal(t, clienttest.ProviderURL+"/device/done?client_id="+login.Client.ClientID, hydra.Follow(done.RedirectTo).String())

	_, err = api.AcceptUserCodeRequest(t.Context(), challenge, models.AcceptDeviceUserCodeRequest{UserCode: "wrong"})
	require.ErrorIs(t, err, client.ErrBadRequest)
}

func TestABrowserComesToThePageAfterADevice(t *testing.T) {
	t.Parallel()
	hydra := clienttest.New(t, clienttest.V26)
	browser := hydra.Browser(wrongprovider.Case{Name: "no mistake"}.New(hydra.Client(), hydra.PublicURL))
	done, err := hydra.Client().AcceptUserCodeRequest(t.Context(), hydra.Open(clienttest.FreshDevice), typed)
	require.NoError(t, err)
	page := browser.Open(done.RedirectTo).Press("Sign in", map[string]string{"name": "alice", "password": "wonderland"}).Press("Allow", nil)
	assert.Equal(t, "/device/done", page.URL.Path)
	assert.Equal(t, http.StatusNotFound, page.Status, "this provider has no such page")
}

func TestDevicesAreSeparate(t *testing.T) {
	t.Parallel()
	hydra := clienttest.New(t, clienttest.V26)
	api := hydra.Client()
	first, second := hydra.Open(clienttest.FreshDevice), hydra.Open(clienttest.FreshDevice)
	require.NotEqual(t, first, second)
	firstDone, err := api.AcceptUserCodeRequest(t.Context(), first, typed)
	require.NoError(t, err)
	secondDone, err := api.AcceptUserCodeRequest(t.Context(), second, typed)
	require.NoError(t, err)
	require.NotEqual(t, firstDone.RedirectTo, secondDone.RedirectTo)
	assert.NotEqual(t, hydra.Follow(firstDone.RedirectTo).Query(), hydra.Follow(secondDone.RedirectTo).Query())
}

func TestVerificationURIOpensADevice(t *testing.T) {
	t.Parallel()
	hydra := clienttest.New(t, clienttest.V26)
	for page, code := range map[string]string{
		"/oauth2/device/verify":                                  "",
		"/oauth2/device/verify?user_code=" + clienttest.UserCode: clienttest.UserCode,
	} {
		next := hydra.Follow(hydra.PublicURL + page)
		assert.Equal(t, "/device", next.Path)
		assert.Equal(t, code, next.Query().Get("user_code"))
		_, err := hydra.Client().AcceptUserCodeRequest(t.Context(), next.Query().Get("device_challenge"), typed)
		require.NoError(t, err)
	}
}

func TestDeviceScenariosBeginInTheirState(t *testing.T) {
	t.Parallel()
	for scenario, want := range map[clienttest.Scenario]error{
		clienttest.ExpiredDevice: client.ErrChallengeExpired,
		clienttest.UnknownDevice: client.ErrNotFound,
	} {
		t.Run(string(scenario), func(t *testing.T) {
			t.Parallel()
			hydra := clienttest.New(t, clienttest.V26)
			_, err := hydra.Client().AcceptUserCodeRequest(t.Context(), hydra.Open(scenario), typed)
			require.ErrorIs(t, err, want)
		})
	}
}

func TestEarlierVersionsHaveNoDeviceFlow(t *testing.T) {
	t.Parallel()
	for _, version := range []clienttest.Version{clienttest.V1, clienttest.V2} {
		for _, scenario := range []clienttest.Scenario{clienttest.FreshDevice, clienttest.ExpiredDevice, clienttest.UnknownDevice} {
			t.Run(string(version)+" "+string(scenario), func(t *testing.T) {
				t.Parallel()
				output := failure(t, func(tb testing.TB) {
					tb.Helper()
					clienttest.New(tb, version).Open(scenario)
				})
				assert.Contains(t, output, string(version)+" has no device flow")
				assert.Contains(t, output, "needs V26")
			})
		}
		t.Run(string(version)+" "+"call", func(t *testing.T) {
			t.Parallel()
			hydra := clienttest.New(t, version)
			hydra.Respond("acceptUserCodeRequest", clienttest.Recorded("404-unknown"))
			_, err := hydra.Client().AcceptUserCodeRequest(t.Context(), "any", typed)
			require.ErrorIs(t, err, client.ErrNotSupported)
			require.NotErrorIs(t, err, client.ErrWrongBaseURL)
			hydra.WantCalls("acceptUserCodeRequest")
		})
	}
}
