// Command sdk accepts a login with this SDK.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func main() {
	c, err := client.New(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	done, err := c.AcceptLoginRequest(context.Background(), os.Args[2], models.AcceptLoginRequest{Subject: "alice"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(done.RedirectTo)
}
