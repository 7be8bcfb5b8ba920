package clientweb_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clientweb"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func ExampleRedirect() {
	w := httptest.NewRecorder()
	clientweb.Redirect(w, httptest.NewRequest(http.MethodGet, "/login", nil), "https://auth.example.com/oauth2/auth?login_verifier=1")
	fmt.Println(w.Code, w.Header().Get("Location"))

	w = httptest.NewRecorder()
	clientweb.Redirect(w, httptest.NewRequest(http.MethodPost, "/login", nil), "https://auth.example.com/oauth2/auth?login_verifier=1")
	fmt.Println(w.Code, strings.Contains(w.Body.String(), `http-equiv="refresh"`))
	// Output:
	// 303 https://auth.example.com/oauth2/auth?login_verifier=1
	// 200 true
}

func ExampleOnce_Do() {
	var once clientweb.Once // of the whole provider
	submit := func() {
		done, err := once.Do(context.Background(), "the challenge", "alice", func(context.Context) (*models.CompletedRequest, error) {
			fmt.Println("AcceptLoginRequest is called")
			return &models.CompletedRequest{RedirectTo: "https://auth.example.com/oauth2/auth?login_verifier=1"}, nil
		})
		fmt.Println(done.RedirectTo, err)
	}
	submit()
	submit()
	// Output:
	// AcceptLoginRequest is called
	// https://auth.example.com/oauth2/auth?login_verifier=1 <nil>
	// https://auth.example.com/oauth2/auth?login_verifier=1 <nil>
}

func ExampleOnce_Decided() {
	const publicURL = "https://auth.example.com"
	var once clientweb.Once // of the whole provider
	show := func(w http.ResponseWriter, r *http.Request, req *models.ConsentRequest) {
		if err := once.Decided(req.Challenge); err != nil && clientweb.StartOver(w, r, err, publicURL, req.RequestURL) {
			return
		}
		_, _ = fmt.Fprint(w, "the consent page")
	}

	req := &models.ConsentRequest{Challenge: "the challenge", RequestURL: "https://auth.example.com/oauth2/auth?client_id=app"}
	w := httptest.NewRecorder()
	show(w, httptest.NewRequest(http.MethodGet, "/consent", nil), req)
	fmt.Println(w.Code, w.Body)

	_, err := once.Do(context.Background(), req.Challenge, "allow", func(context.Context) (*models.CompletedRequest, error) {
		return &models.CompletedRequest{RedirectTo: "https://auth.example.com/oauth2/auth?client_id=app&consent_verifier=1"}, nil
	})
	fmt.Println(err)

	w = httptest.NewRecorder() // the user goes back from the app
	show(w, httptest.NewRequest(http.MethodGet, "/consent", nil), req)
	location, _, _ := strings.Cut(w.Header().Get("Location"), "&again=")
	fmt.Println(w.Code, location)
	// Output:
	// 200 the consent page
	// <nil>
	// 303 https://auth.example.com/oauth2/auth?client_id=app
}

func ExampleStartOver() {
	const publicURL = "https://auth.example.com"
	fail := func(w http.ResponseWriter, r *http.Request, err error, requestURL string) {
		if clientweb.StartOver(w, r, err, publicURL, requestURL) {
			return
		}
		message := clientweb.Explain(err)
		http.Error(w, message.Title+". "+message.Text, message.Status)
	}

	w := httptest.NewRecorder()
	fail(w, httptest.NewRequest(http.MethodGet, "/login", nil), client.ErrResponseLost, "https://auth.example.com/oauth2/auth?client_id=app")
	location, _, _ := strings.Cut(w.Header().Get("Location"), "&again=")
	fmt.Println(w.Code, location)

	w = httptest.NewRecorder()
	fail(w, httptest.NewRequest(http.MethodGet, "/login", nil), client.ErrChallengeExpired, "")
	fmt.Print(w.Code, " ", w.Body)
	// Output:
	// 303 https://auth.example.com/oauth2/auth?client_id=app
	// 410 That took too long. Go back to the app and try again.
}

func ExampleExplain() {
	message := clientweb.Explain(client.ErrNotFound)
	fmt.Println(message.Status)
	fmt.Println(message.Title)
	fmt.Println(message.Text)
	// Output:
	// 404
	// This link does not work
	// It may be old, or incomplete. Go back to the app and try again.
}
