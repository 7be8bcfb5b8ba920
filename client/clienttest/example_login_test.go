package clienttest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

var t testing.TB = example{} // in a test this is its *testing.T

// loginPage is the handler to test. It logs every user in as alice.
func loginPage(api *client.AdminAPI) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		done, err := api.AcceptLoginRequest(r.Context(), r.URL.Query().Get("login_challenge"), models.AcceptLoginRequest{Subject: "alice"})
		if err != nil {
			http.Error(w, "Please start over.", http.StatusBadRequest)
			return
		}
		http.Redirect(w, r, done.RedirectTo, http.StatusSeeOther)
	}
}

func Example() {
	hydra := clienttest.New(t, clienttest.V1)
	provider := loginPage(hydra.Client())
	challenge := hydra.Open(clienttest.FreshLogin)

	first, second := httptest.NewRecorder(), httptest.NewRecorder()
	provider(first, httptest.NewRequest(http.MethodGet, "/login?login_challenge="+challenge, nil))
	provider(second, httptest.NewRequest(http.MethodGet, "/login?login_challenge="+challenge, nil))

	fmt.Println(first.Code, hydra.Follow(first.Header().Get("Location")).Path)
	fmt.Println(second.Code, second.Body)
	hydra.WantCalls("acceptLoginRequest", "acceptLoginRequest")
	// Output:
	// 303 /consent
	// 400 Please start over.
}
