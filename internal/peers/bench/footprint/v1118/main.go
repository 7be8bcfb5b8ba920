// Command v1118 accepts a login with hydra-client-go v1.11.8.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	hydra "github.com/ory/hydra-client-go"
)

func main() {
	cfg := hydra.NewConfiguration()
	cfg.Servers = hydra.ServerConfigurations{{URL: os.Args[1]}}
	done, resp, err := hydra.NewAPIClient(cfg).AdminApi.AcceptLoginRequest(context.Background()).LoginChallenge(os.Args[2]).AcceptLoginRequest(hydra.AcceptLoginRequest{Subject: "alice"}).Execute()
	if err != nil {
		log.Fatal(err)
	}
	_ = resp.Body.Close()
	fmt.Println(done.RedirectTo)
}
