// Command stock accepts a login with what oapi-codegen generates by itself.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/hydra-sdk/hydra-admin-go/internal/peers/stock"
)

func main() {
	c, err := stock.NewClientWithResponses(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	done, err := c.AcceptLoginRequestWithResponse(context.Background(), &stock.AcceptLoginRequestParams{Challenge: os.Args[2]}, stock.AcceptLoginRequest{Subject: "alice"})
	if err != nil || done.JSON200 == nil {
		log.Fatal("no value: ", err)
	}
	fmt.Println(done.JSON200.RedirectTo)
}
