package client_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// Each error asks for something else. The case of ErrWrongBaseURL comes before that of
// ErrNotFound: the status 404 of a proxy is both.
func ExampleError_switch() {
	ctx := context.Background()
	const publicURL = "https://auth.example.com"
	// A recorded Hydra responds here. A program calls client.New.
	admin := hydraV1("getLoginRequest/410-handled.http")
	_, err := admin.GetLoginRequest(ctx, "challenge")

	var handled *client.RequestWasHandledError
	switch {
	case err == nil:
	case errors.As(err, &handled): // 410: the user went back, or opened a bookmark
		to, err := handled.Location(publicURL)
		fmt.Println("redirect the browser:", to != "", err)
	case errors.Is(err, client.ErrNotSupported), errors.Is(err, client.ErrWrongBaseURL): // asked first: its 404 is ErrNotFound as well
		log.Print("another release of Hydra, or another server: ", err)
	case errors.Is(err, client.ErrNotFound): // 404
		fmt.Println("this link is no longer good")
	case errors.Is(err, client.ErrConflict), errors.Is(err, client.ErrChallengeExpired): // 409 of v1, 401 of later versions
		fmt.Println("start over at the app")
	case errors.Is(err, client.ErrResponseLost): // Hydra may have acted: the text says what to do
		fmt.Println("start over at RequestURL of the login request")
	case errors.Is(err, client.ErrInvalidArgument): // nothing was sent
		fmt.Println("the challenge cannot be one of Hydra")
	default: // a timeout, a broken connection, 5xx
		log.Print(err) // without the secrets of the call
	}
	// Output: redirect the browser: true <nil>
}

// loginRequests is what a page needs of the client, so that a test can mock it.
type loginRequests interface {
	GetLoginRequest(ctx context.Context, challenge string, opts ...client.Option) (*models.LoginRequest, error)
}

// mocked is a mock that returns an error.
type mocked struct{ err error }

func (m mocked) GetLoginRequest(context.Context, string, ...client.Option) (*models.LoginRequest, error) {
	return nil, m.err
}

// A mock of the client returns errors that match those of Hydra.
func ExampleError_mock() {
	ctx := context.Background()
	page := func(hydra loginRequests) string {
		_, err := hydra.GetLoginRequest(ctx, "challenge")
		var handled *client.RequestWasHandledError
		switch {
		case errors.As(err, &handled):
			return "redirect to Location"
		case errors.Is(err, client.ErrNotFound):
			return "404"
		case errors.Is(err, client.ErrConflict):
			return "409"
		case errors.Is(err, client.ErrResponseLost):
			return "start over"
		}
		return "log " + err.Error()
	}
	handled := &client.RequestWasHandledError{RequestWasHandledResponse: models.RequestWasHandledResponse{RedirectTo: "https://auth.example.com/oauth2/auth?client_id=app"}}
	for _, err := range []error{
		&client.Error{StatusCode: http.StatusNotFound}, // or client.ErrNotFound, where no code asks for *client.Error
		&client.Error{StatusCode: http.StatusConflict},
		handled, // is client.ErrRequestWasHandled too
		fmt.Errorf("broken pipe: %w", client.ErrResponseLost),
		context.DeadlineExceeded,
	} {
		fmt.Println(page(mocked{err}))
	}
	// Output:
	// 404
	// 409
	// redirect to Location
	// start over
	// log context deadline exceeded
}

// A proxy in front of Hydra closes idle connections after 5 seconds, and users wait 10.
func ExampleWithIdleTimeout() {
	admin, err := client.New("https://hydra-admin.internal/admin",
		client.WithIdleTimeout(2500*time.Millisecond), // half of the 5 seconds of the proxy
		client.WithTimeout(8*time.Second),             // less than the 10 of the page that makes the call
		client.WithMaxResponseBytes(4<<20),            // a call allocates at most 5 MiB + 32 * 4 MiB
		client.WithLogger(slog.Default()),
		client.WithUserAgent("my-idp/1.4"),
	)
	fmt.Println(admin != nil, err)
	// Output: true <nil>
}

// A readiness probe asks once, and does not wait longer than the prober does.
func ExampleAdminAPI_IsReady() {
	ctx := context.Background()
	admin := replayStatus(http.StatusServiceUnavailable)
	ready := func(w http.ResponseWriter, r *http.Request) {
		_, err := admin.IsReady(r.Context(), client.WithTimeout(2*time.Second), client.WithRetries(0))
		if err != nil {
			http.Error(w, "Hydra or its database is away", http.StatusServiceUnavailable)
		}
	}

	w := httptest.NewRecorder()
	ready(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/ready", nil))
	fmt.Println(w.Code)
	// Output: 503
}

// replayStatus returns a client of a server that responds with a status.
func replayStatus(status int) *client.AdminAPI {
	server := inProcess{http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })}
	admin, err := client.New("http://hydra", client.WithHTTPClient(&http.Client{Transport: server}))
	if err != nil {
		log.Panic(err)
	}
	return admin
}
