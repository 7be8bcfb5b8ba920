// Command clientgo accepts a login with client-go v1.22.92.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	hydra "github.com/ory/client-go"
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
