// Command rotate-keys adds a key to the set that Hydra signs ID tokens with, and
// deletes the oldest ones:
//
//	HYDRA_ADMIN_URL=http://127.0.0.1:4445 go run ./examples/rotate-keys
//
// Hydra signs with the newest key of a set. Older ones have to stay until the tokens
// that they signed have expired.
package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// keep is the number of keys that stay in the set, including the new one.
const keep = 2

func main() {
	admin, err := client.New(cmp.Or(os.Getenv("HYDRA_ADMIN_URL"), "http://127.0.0.1:4445"))
	if err == nil {
		err = rotate(context.Background(), admin, "hydra.openid.id-token", "RS256", os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "rotate-keys:", err)
		os.Exit(1)
	}
}

func rotate(ctx context.Context, admin *client.AdminAPI, set, alg string, out io.Writer) error {
	if _, err := admin.CreateJSONWebKeySet(ctx, set, models.JSONWebKeySetGeneratorRequest{Alg: alg, Use: "sig"}); err != nil {
		return err
	}
	keys, err := admin.GetJSONWebKeySet(ctx, set) // the newest first, with their private parts
	if err != nil {
		return err
	}
	var newest []string
	deleted := 0
	for _, key := range keys.Keys {
		id := plain(key.Kid)
		if len(newest) == 0 || newest[len(newest)-1] != id {
			newest = append(newest, id)
		}
		if len(newest) <= keep {
			continue
		}
		if err := admin.DeleteJSONWebKey(ctx, set, key.Kid); err != nil {
			return err
		}
		deleted++
	}
	_, _ = fmt.Fprintf(out, "%d keys, %d entries deleted\n", min(len(newest), keep), deleted)
	return nil
}

// plain returns the ID of a key. Hydra v1 keeps the two halves of a key as separate
// entries, each with a prefix.
func plain(kid string) string {
	return strings.TrimPrefix(strings.TrimPrefix(kid, "private:"), "public:")
}
