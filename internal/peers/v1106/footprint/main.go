// Command footprint accepts a login with hydra-client-go v1.10.6.
package main

import (
	"fmt"
	"log"
	"os"

	"github.com/go-openapi/strfmt"
	hydra "github.com/ory/hydra-client-go/client"
	"github.com/ory/hydra-client-go/client/admin"
	"github.com/ory/hydra-client-go/models"
)

func main() {
	c := hydra.NewHTTPClientWithConfig(strfmt.Default, &hydra.TransportConfig{Schemes: []string{"http"}, Host: os.Args[1], BasePath: "/"})
	subject := "alice"
	ok, err := c.Admin.AcceptLoginRequest(admin.NewAcceptLoginRequestParams().WithLoginChallenge(os.Args[2]).WithBody(&models.AcceptLoginRequest{Subject: &subject}))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(*ok.Payload.RedirectTo)
}
