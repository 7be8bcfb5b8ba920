// Command consumer imports the packages that every user of the SDK imports, and no others.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func main() {
	admin, err := client.New("http://127.0.0.1:4445")
	if err == nil {
		_, err = admin.AcceptLoginRequest(context.Background(), "", models.AcceptLoginRequest{Subject: "alice"})
	}
	fmt.Fprintln(os.Stderr, err)
}
