package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/hydra-sdk/hydra-admin-go/client"
)

// A check before a deployment. The base URL of Hydra v1 has no /admin: IsReady does not see
// that, and a list does.
func ExampleErrWrongBaseURL() {
	ctx := context.Background()
	hydra := http.NewServeMux() // of v1
	hydra.HandleFunc("GET /health/ready", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"status":"ok"}`) })
	hydra.HandleFunc("GET /clients", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `[]`) })
	check := func(admin *client.AdminAPI) error {
		_, err := admin.ListOAuth2Clients(ctx, client.ListOAuth2ClientsParams{Limit: 1})
		return err
	}

	for _, base := range []string{"http://hydra:4445/admin", "http://hydra:4445"} {
		admin, err := client.New(base, client.WithHTTPClient(&http.Client{Transport: inProcess{hydra}}))
		if err != nil {
			fmt.Println(err)
			return
		}
		_, notReady := admin.IsReady(ctx)
		fmt.Println(base, "is ready:", notReady == nil, "is wrong:", errors.Is(check(admin), client.ErrWrongBaseURL))
	}
	// Output:
	// http://hydra:4445/admin is ready: true is wrong: true
	// http://hydra:4445 is ready: true is wrong: false
}
