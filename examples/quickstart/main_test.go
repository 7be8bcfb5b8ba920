package main

import (
	"log"
	"os"
)

// Without a server the program prints the same each time.
func Example() {
	if err := os.Unsetenv("HYDRA_ADMIN_URL"); err != nil {
		log.Panic(err)
	}
	if err := run(); err != nil {
		log.Panic(err)
	}
	// Output:
	// Replaying recordings of a real Hydra. Set HYDRA_ADMIN_URL to do this for real.
	//
	// Register a client
	//   client "quickstart", with a secret of 26 characters
	//
	// Log a user in
	//   "Quickstart" requests [openid offline]
	//   accepted as alice, remembered for an hour
	//
	// The user goes back and opens the login page again
	//   hydra: getLoginRequest: 410 Gone: the request was handled before; redirect the browser to Location
	//   the redirect starts a new login
	//
	// Grant what the client requests
	//   granted [openid offline] to "quickstart", which has its token now
	//
	// Introspect the token
	//   active: true, subject: alice, scope: "openid offline", extra: map[tenant:acme]
	//
	// Iterate over all clients
	//   quickstart, created 2026-01-02
	//
	// Delete the client, and read it again
	//   hydra: getOAuth2Client: 404 Not Found: Unable to locate the resource
}

// talk runs the program against a replay of a version after v1, as against a server.
func talk(version string) {
	replay, err := startReplay(version)
	if err != nil {
		log.Panic(err)
	}
	defer replay.Close()
	for name, url := range map[string]string{"HYDRA_ADMIN_URL": replay.URL + "/admin", "HYDRA_PUBLIC_URL": replay.URL} {
		if err := os.Setenv(name, url); err != nil {
			log.Panic(err)
		}
	}
	if err := run(); err != nil {
		log.Panic(err)
	}
}

// Hydra v2 has its admin API at /admin.
func Example_v2() {
	talk("v2.3.0")
	// Output:
	// Talking to the Hydra at HYDRA_ADMIN_URL.
	//
	// Register a client
	//   client "quickstart", with a secret of 26 characters
	//
	// Log a user in
	//   "Quickstart" requests [openid offline]
	//   accepted as alice, remembered for an hour
	//
	// The user goes back and opens the login page again
	//   this Hydra returns it again, and would accept it again
	//
	// Grant what the client requests
	//   granted [openid offline] to "quickstart", which has its token now
	//
	// Introspect the token
	//   active: true, subject: alice, scope: "openid offline", extra: map[tenant:acme]
	//
	// Iterate over all clients
	//   quickstart, created 2026-01-02
	//
	// Delete the client, and read it again
	//   hydra: getOAuth2Client: 404 Not Found: Unable to locate the resource
}

// So has Hydra v26.2.
func Example_v26() {
	talk("v26.2.0")
	// Output:
	// Talking to the Hydra at HYDRA_ADMIN_URL.
	//
	// Register a client
	//   client "quickstart", with a secret of 26 characters
	//
	// Log a user in
	//   "Quickstart" requests [openid offline]
	//   accepted as alice, remembered for an hour
	//
	// The user goes back and opens the login page again
	//   this Hydra returns it again, and would accept it again
	//
	// Grant what the client requests
	//   granted [openid offline] to "quickstart", which has its token now
	//
	// Introspect the token
	//   active: true, subject: alice, scope: "openid offline", extra: map[tenant:acme]
	//
	// Iterate over all clients
	//   quickstart, created 2026-01-02
	//
	// Delete the client, and read it again
	//   hydra: getOAuth2Client: 404 Not Found: Unable to locate the resource
}
