// Command v2 accepts a login with hydra-client-go v2.2.1.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	hydra "github.com/ory/hydra-client-go/v2"
)

func main() {
	cfg := hydra.NewConfiguration()
	cfg.Servers = hydra.ServerConfigurations{{URL: os.Args[1]}}
	done, resp, err := hydra.NewAPIClient(cfg).OAuth2API.AcceptOAuth2LoginRequest(context.Background()).LoginChallenge(os.Args[2]).AcceptOAuth2LoginRequest(hydra.AcceptOAuth2LoginRequest{Subject: "alice"}).Execute()
	if err != nil {
		log.Fatal(err)
	}
	_ = resp.Body.Close()
	fmt.Println(done.RedirectTo)
}
