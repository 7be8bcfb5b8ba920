package clientotel_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clientotel"
)

func ExampleTransport() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	defer server.Close()

	transport := clientotel.Transport(client.NewTransport(), clientotel.Config{}) // the providers of package otel
	admin, err := client.New(server.URL, client.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		log.Panic(err)
	}
	fmt.Println(admin.DeleteOAuth2Client(context.Background(), "app"))
	// Output: <nil>
}
