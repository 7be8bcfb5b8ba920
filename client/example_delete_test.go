package client_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// deleteClients deletes all clients of an owner. It reads the list to its end first: where
// Hydra pages by offset, each deletion moves the clients behind it, and a loop that deletes
// what it reads misses some. After an error it can be called again.
func deleteClients(ctx context.Context, admin *client.AdminAPI, owner string) error {
	var ids []string
	for c, err := range admin.AllOAuth2Clients(ctx, client.ListOAuth2ClientsParams{Owner: owner}) {
		if err != nil {
			return err
		}
		ids = append(ids, c.ClientID)
	}
	for _, id := range ids {
		if err := admin.DeleteOAuth2Client(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// Delete all clients of an owner.
func Example_deleteClientsOfAnOwner() {
	ctx := context.Background()
	// A server that pages as Hydra v1 does. A program calls client.New.
	hydra, left := hydraWithClients("team-a", 1201)
	admin, err := client.New("http://hydra:4445", client.WithHTTPClient(&http.Client{Transport: inProcess{hydra}}))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(deleteClients(ctx, admin, "team-a"), left())
	// Output: <nil> 0
}

// hydraWithClients lists and deletes clients of an owner.
func hydraWithClients(owner string, n int) (handler http.Handler, left func() int) {
	clients := make([]models.OAuth2Client, n)
	for i := range clients {
		clients[i] = models.OAuth2Client{ClientID: "app-" + strconv.Itoa(i), Owner: owner}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /clients", func(w http.ResponseWriter, r *http.Request) {
		limit, _ := strconv.Atoi(r.FormValue("limit"))
		offset, _ := strconv.Atoi(r.FormValue("offset"))
		w.Header().Set("X-Total-Count", strconv.Itoa(len(clients)))
		from := min(offset, len(clients))
		_ = json.NewEncoder(w).Encode(clients[from:min(from+limit, len(clients))])
	})
	mux.HandleFunc("DELETE /clients/{id}", func(w http.ResponseWriter, r *http.Request) {
		clients = slices.DeleteFunc(clients, func(c models.OAuth2Client) bool { return c.ClientID == r.PathValue("id") })
		w.WriteHeader(http.StatusNoContent)
	})
	return mux, func() int { return len(clients) }
}
