// Command first-login accepts each login as alice.
package main

import (
	"log"
	"net/http"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func main() {
	admin, err := client.New("http://127.0.0.1:4445") // from Hydra v2 on: "http://127.0.0.1:4445/admin"
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{Addr: "127.0.0.1:3000", Handler: login(admin), ReadHeaderTimeout: time.Second}
	log.Fatal(server.ListenAndServe())
}

// login handles the login page, to which Hydra redirects browsers.
func login(admin *client.AdminAPI) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		req, err := admin.GetLoginRequest(r.Context(), r.URL.Query().Get("login_challenge"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		done, err := admin.AcceptLoginRequest(r.Context(), req.Challenge, models.AcceptLoginRequest{
			Subject:     "alice",
			Remember:    true,
			RememberFor: 3600, // seconds
		})
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		http.Redirect(w, r, done.RedirectTo, http.StatusSeeOther)
	}
}
