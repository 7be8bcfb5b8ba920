// Command rotate-keys adds a key to the set that Hydra signs ID tokens with, and
// deletes the oldest ones:
//
//	HYDRA_ADMIN_URL=http://127.0.0.1:4445 go run ./examples/rotate-keys
//
// Hydra signs with the newest key of a set. An older key has to stay until all tokens that it
// has signed have expired. Two keys stay here, so the time from one rotation to the next has
// to be longer than the lifespan of the tokens.
//
// The order in which Hydra lists keys does not say which is the newest: those of the same
// second come in any order on some databases. So the time is in the ID of each key made
// here.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// made is what the IDs of keys made here begin with. The time follows.
const made = "rotated-"

// keep is the number of keys that stay in the set, including the new one.
const keep = 2

func main() {
	admin, err := client.NewFromEnv() // at HYDRA_ADMIN_URL
	if err == nil {
		err = rotate(context.Background(), admin, "hydra.openid.id-token", "RS256", made+time.Now().UTC().Format("20060102T150405.000000000Z"), os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "rotate-keys:", err)
		os.Exit(1)
	}
}

// rotate adds the key kid, and deletes the old ones. If it fails after the key was made, the
// next rotation deletes what this one has left.
func rotate(ctx context.Context, admin *client.AdminAPI, set, alg, kid string, out io.Writer) error {
	if _, err := admin.CreateJSONWebKeySet(ctx, set, models.JSONWebKeySetGeneratorRequest{Alg: alg, Kid: kid, Use: "sig"}); err != nil {
		return err
	}
	keys, err := admin.GetJSONWebKeySet(ctx, set) // with their private parts
	if err != nil {
		return err
	}
	var ids []string // Hydra v1 has two entries for each key
	for _, key := range keys.Keys {
		if id := plain(key.Kid); !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if !slices.Contains(ids, kid) {
		return errors.New("the new key is not in the set: nothing is deleted")
	}
	old := outdated(ids, kid)
	deleted := 0
	for _, key := range keys.Keys {
		if !slices.Contains(old, plain(key.Kid)) {
			continue
		}
		// Hydra reports no error where another rotation was faster.
		if err := admin.DeleteJSONWebKey(ctx, set, key.Kid); err != nil {
			return err
		}
		deleted++
	}
	_, _ = fmt.Fprintf(out, "%d keys, %d entries deleted\n", len(ids)-len(old), deleted)
	return nil
}

// outdated returns those of ids that have to go; never the new one. Keys that were not made
// here have no time in their ID. They are older, and go when there are enough others.
func outdated(ids []string, newest string) []string {
	var ours, others []string
	for _, id := range ids {
		switch {
		case id == newest:
		case strings.HasPrefix(id, made):
			ours = append(ours, id)
		default:
			others = append(others, id)
		}
	}
	if len(ours) < keep-1 {
		return nil
	}
	slices.Sort(ours) // by time
	return append(others, ours[:len(ours)-(keep-1)]...)
}

// plain returns the ID of a key. Hydra v1 keeps the two halves of a key as separate
// entries, each with a prefix.
func plain(kid string) string {
	return strings.TrimPrefix(strings.TrimPrefix(kid, "private:"), "public:")
}
