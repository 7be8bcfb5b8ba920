package clienttest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// consentPage grants what the app asks for, if the user presses the button.
func consentPage(api *client.AdminAPI) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		req, err := api.GetConsentRequest(r.Context(), r.FormValue("consent_challenge"))
		if err != nil {
			http.Error(w, "Please start over.", http.StatusBadRequest)
			return
		}
		if r.Method != http.MethodPost {
			_, _ = fmt.Fprint(w, `<form method="post"><button>Allow</button></form>`)
			return
		}
		done, err := api.AcceptConsentRequest(r.Context(), req.Challenge, models.AcceptConsentRequest{GrantScope: req.RequestedScope})
		if err != nil {
			http.Error(w, "Please start over.", http.StatusBadRequest)
			return
		}
		http.Redirect(w, r, done.RedirectTo, http.StatusSeeOther)
	}
}

func ExampleBrowser() {
	hydra := clienttest.New(t, clienttest.V2)
	provider := http.NewServeMux()
	provider.Handle("/login", loginPage(hydra.Client()))
	provider.Handle("/consent", consentPage(hydra.Client()))
	browser := hydra.Browser(provider)

	page := browser.Login("login_hint", "alice")
	fmt.Println(page.URL.Path, page.Buttons())
	page = page.Press("Allow", nil)
	fmt.Println(page.App().Get("error"), page.App().Get("scope"))

	page = browser.Login().PressTwice(clienttest.BeforeTheApp, "Allow", nil)
	fmt.Println(page.App().Get("error"), page.App().Get("error_description"))
	// Output:
	// /consent [Allow]
	//  openid offline read
	// access_denied The resource owner or authorization server denied the request. The consent verifier has already been used.
}

func ExampleBrowser_BackToKept() {
	hydra := clienttest.New(t, clienttest.V26)
	browser := hydra.Browser(yourProvider(hydra.Client(), hydra.PublicURL))
	browser.Login().Press("Sign in", map[string]string{"name": "alice", "password": "wonderland"})
	before := len(hydra.Calls())
	page := browser.BackToKept()
	fmt.Println(page.Buttons(), len(hydra.Calls())-before)
	// Output:
	// [Sign in Cancel] 0
}

func ExampleCheck() {
	var t *testing.T // of your test
	newProvider := func(hydra *clienttest.Server) http.Handler {
		return yourProvider(hydra.Client(), hydra.PublicURL) // the http.Handler to test
	}
	_ = func() { // a test calls it directly
		clienttest.Check(t, clienttest.V26, newProvider, clienttest.User{
			Login:  map[string]string{"name": "alice", "password": "wonderland"},
			Wrong:  map[string]string{"name": "alice", "password": "wrong"},
			SignIn: "Sign in", Cancel: "Cancel", Allow: "Allow", Deny: "Deny", SignOut: "Sign out", Stay: "Stay",
		})
	}
}

// devicePage is the handler of the page for user codes.
func devicePage(api *client.AdminAPI) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		done, err := api.AcceptUserCodeRequest(r.Context(), r.FormValue("device_challenge"), models.AcceptDeviceUserCodeRequest{UserCode: r.FormValue("user_code")})
		if err != nil {
			http.Error(w, "Please check the code.", http.StatusBadRequest)
			return
		}
		http.Redirect(w, r, done.RedirectTo, http.StatusSeeOther)
	}
}

func Example_device() {
	hydra := clienttest.New(t, clienttest.V26)
	provider := devicePage(hydra.Client())
	challenge := hydra.Open(clienttest.FreshDevice)

	wrong, right := httptest.NewRecorder(), httptest.NewRecorder()
	page := "/device?device_challenge=" + url.QueryEscape(challenge) + "&user_code="
	provider(wrong, httptest.NewRequest(http.MethodPost, page+"wrong", nil))
	provider(right, httptest.NewRequest(http.MethodPost, page+clienttest.UserCode, nil))

	fmt.Println(wrong.Code, wrong.Body)
	fmt.Println(right.Code, hydra.Follow(right.Header().Get("Location")).Path)
	// Output:
	// 400 Please check the code.
	//
	// 303 /login
}

func ExampleServer_Respond() {
	hydra := clienttest.New(t, clienttest.V1)
	hydra.Respond("getOAuth2Client", clienttest.Recorded("404-unknown"), clienttest.JSON(http.StatusOK, models.OAuth2Client{ClientID: "my-app"}))

	_, err := hydra.Client().GetOAuth2Client(t.Context(), "my-app")
	fmt.Println(err)
	c, _ := hydra.Client().GetOAuth2Client(t.Context(), "my-app")
	fmt.Println(c.ClientID)
	// Output:
	// hydra: getOAuth2Client: 404 Not Found: Unable to locate the resource
	// my-app
}

func ExampleBody() {
	hydra := clienttest.New(t, clienttest.V1)
	page := httptest.NewRequest(http.MethodGet, "/login?login_challenge="+hydra.Open(clienttest.FreshLogin), nil)
	loginPage(hydra.Client())(httptest.NewRecorder(), page)

	accepted := clienttest.Body[models.AcceptLoginRequest](hydra, "acceptLoginRequest")
	fmt.Println(accepted.Subject, accepted.Remember)
	// Output:
	// alice false
}

// With httpmock, the server responds to requests without a responder, or to those of
// one path. It needs no port for that.
func ExampleServer_RoundTrip() {
	hydra := clienttest.New(t, clienttest.V1)
	mock := httpmock.NewMockTransport()
	mock.RegisterResponder(http.MethodGet, "=~/clients/.*", httpmock.NewStringResponder(http.StatusServiceUnavailable, ""))
	mock.RegisterNoResponder(hydra.RoundTrip)
	api, err := client.New("http://hydra.example.com:4445", client.WithHTTPClient(&http.Client{Transport: mock}), client.WithRetries(0))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = api.GetOAuth2Client(t.Context(), "my-app")
	fmt.Println(err)
	login, _ := api.GetLoginRequest(t.Context(), hydra.Open(clienttest.FreshLogin))
	fmt.Println(login.Client.ClientName)
	// Output:
	// hydra: getOAuth2Client: 503 Service Unavailable
	// Example App
}
