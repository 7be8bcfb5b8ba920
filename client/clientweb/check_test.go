package clientweb_test

import (
	"log/slog"
	"net/http"
	"testing"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
)

// TestTheExampleHolds: the provider of the example stands what users and browsers do.
func TestTheExampleHolds(t *testing.T) { //nolint:tparallel // Check decides for its subtests
	t.Parallel()
	for _, version := range []clienttest.Version{clienttest.V1, clienttest.V2, clienttest.V26} {
		t.Run(string(version), func(t *testing.T) {
			clienttest.Check(t, version, func(hydra *clienttest.Server) http.Handler {
				p := &provider{
					admin: hydra.Client(client.WithRetries(0)), publicURL: hydra.PublicURL,
					passwords: map[string]string{"alice": "wonderland", "bob": "builder"}, log: slog.New(slog.DiscardHandler),
				}
				return p.handler()
			}, clienttest.User{
				Login: map[string]string{"name": "alice", "password": "wonderland"}, Wrong: map[string]string{"name": "alice", "password": "wrong"},
				Other: map[string]string{"name": "bob", "password": "builder"}, Subject: "alice",
				SignIn: "Sign in", Cancel: "Cancel", Allow: "Allow", Deny: "Deny", SignOut: "Sign out",
			})
		})
	}
}
