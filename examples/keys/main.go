// Command keys imports keys into a set of Hydra, and prints the public half of the set:
//
//	openssl genpkey -algorithm ed25519 -out key.pem
//	HYDRA_ADMIN_URL=http://127.0.0.1:4445 go run ./examples/keys my-set key.pem
//
// Without a file it prints the public half of what is there. The functions in jwk.go can be
// copied: they turn PEM (PKCS#8, PKCS#1, SEC 1, PKIX, certificates) and the keys of package
// crypto, such as a crypto.Signer that is an *ecdsa.PrivateKey, into those of Hydra, and back,
// with github.com/go-jose/go-jose/v4.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/hydra-sdk/hydra-admin-go/client"
)

func main() {
	admin, err := client.NewFromEnv() // at HYDRA_ADMIN_URL
	switch {
	case err != nil:
	case len(os.Args) < 2:
		err = errors.New("usage: keys SET [FILE...]")
	default:
		err = run(context.Background(), admin, os.Args[1], os.Args[2:], os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "keys:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, admin *client.AdminAPI, set string, files []string, out io.Writer) error {
	for _, name := range files {
		file, err := os.ReadFile(name) //nolint:gosec // its user names it
		if err != nil {
			return err
		}
		key, err := fromPEM(file)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		// This adds a key. UpdateJSONWebKeySet would replace all others.
		if _, err := admin.UpdateJSONWebKey(ctx, set, key.Kid, key); err != nil {
			return err
		}
	}
	keys, err := admin.GetJSONWebKeySet(ctx, set) // with their private parts
	if err != nil {
		return err
	}
	public, err := publicSet(*keys)
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(public)
}
