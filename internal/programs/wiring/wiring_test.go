package wiring

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

var ctx = context.Background()

func ExampleBaseURL() {
	for _, configured := range []string{"hydra:4445", "http://hydra:4445/", "http://hydra:4445/clients", "https://example.com/hydra/admin/clients/", "http://clients", "http://admin/"} {
		fmt.Println(BaseURL(configured, ""), BaseURL(configured, "/admin"))
	}
	// Output:
	// http://hydra:4445 http://hydra:4445/admin
	// http://hydra:4445 http://hydra:4445/admin
	// http://hydra:4445 http://hydra:4445/admin
	// https://example.com/hydra/admin https://example.com/hydra/admin
	// http://clients http://clients/admin
	// http://admin http://admin/admin
}

func ExampleFromEnv() {
	for _, env := range []map[string]string{
		{"HYDRA_ADMIN_URL": "http://hydra:4445"}, // of v1
		{"ORY_SDK_URL": "http://hydra:4445"},     // of v2
		{"HYDRA_ADMIN_URL": "http://hydra:4445/admin", "ORY_SDK_URL": "http://other:4445"},
		{},
	} {
		fmt.Printf("%q\n", FromEnv(func(name string) string { return env[name] }))
	}
	// Output:
	// "http://hydra:4445"
	// "http://hydra:4445/admin"
	// "http://hydra:4445/admin"
	// ""
}

func ExampleMust() {
	admin := Must(client.New(BaseURL("hydra:4445", ""))) // a field, a global variable, an argument
	fmt.Println(admin != nil)
	// Output: true
}

func TestMustPanicsForAMistakeOfTheConfiguration(t *testing.T) {
	t.Parallel()
	assert.Panics(t, func() { Must(client.New("hydra:4445")) })
}

// flaky is a server that fails twice and then works. It counts requests.
func flaky(requests *int) *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if *requests++; *requests < 3 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		_, _ = fmt.Fprint(w, `{"client_id":"app","active":true}`)
	}))
}

// The transport retries, and so the client does not: both would make nine attempts of three.
func ExampleRetrying() {
	requests := 0
	server := flaky(&requests)
	defer server.Close()
	retrying := &http.Client{Transport: Retrying{Next: client.NewTransport(), Attempts: 3}}
	admin := Must(client.New(server.URL, client.WithHTTPClient(retrying), client.WithRetries(0)))

	c, err := admin.GetOAuth2Client(ctx, "app")
	fmt.Println(c.ClientID, err, requests)
	requests = 0
	token, err := admin.IntrospectOAuth2Token(ctx, "token", client.IntrospectOAuth2TokenParams{}) // its body is sent again
	fmt.Println(token.Active, err, requests)
	requests = 0
	_, err = admin.CreateOAuth2Client(ctx, models.OAuth2Client{})
	fmt.Println(errors.Is(err, client.ErrServiceUnavailable), requests)
	// Output:
	// app <nil> 3
	// true <nil> 3
	// true 1
}

func TestRetriesOfTransportAndClientMultiply(t *testing.T) {
	t.Parallel()
	hydra := clienttest.New(t, clienttest.V2)
	hydra.Respond("getOAuth2Client", clienttest.Reset)
	for retries, attempts := range []int{3, 6} {
		before := len(hydra.Calls())
		admin := hydra.Client(client.WithHTTPClient(&http.Client{Transport: Retrying{Next: &http.Transport{DisableKeepAlives: true}, Attempts: 3}}), client.WithRetries(retries))
		_, err := admin.GetOAuth2Client(t.Context(), "app")
		require.Error(t, err)
		assert.Len(t, hydra.Calls()[before:], attempts)
	}
}

// A lost response is still told from one that never was, below a transport that retries.
func TestALostResponseBelowARetryingTransport(t *testing.T) {
	t.Parallel()
	hydra := clienttest.New(t, clienttest.V2)
	hydra.Respond("createOAuth2Client", clienttest.Reset)
	admin := hydra.Client(client.WithHTTPClient(&http.Client{Transport: Retrying{Next: http.DefaultTransport, Attempts: 3}}), client.WithRetries(0))
	_, err := admin.CreateOAuth2Client(t.Context(), models.OAuth2Client{})
	require.ErrorIs(t, err, client.ErrResponseLost)
	hydra.WantCalls("createOAuth2Client")
}

// A TLS configuration that a program has for its other clients.
func ExampleMust_tls() {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Println(r.Proto)
		w.WriteHeader(http.StatusNoContent)
	}))
	defer server.Close()
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	existing := &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}

	transport := client.NewTransport() // timeouts, proxy
	transport.TLSClientConfig = existing.Clone()
	defer transport.CloseIdleConnections()
	admin := Must(client.New(server.URL, client.WithHTTPClient(&http.Client{Transport: transport})))
	fmt.Println(admin.DeleteOAuth2Client(ctx, "app"))
	// Output:
	// HTTP/1.1
	// <nil>
}

// A source of tokens that a program has, for a proxy in front of the admin API.
func ExampleTokens() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Println(r.Header["Authorization"])
		w.WriteHeader(http.StatusNoContent)
	}))
	defer server.Close()
	fetched := 0
	source := func() (string, error) {
		fetched++
		return fmt.Sprint("token-", fetched), nil
	}
	tokens := &http.Client{Transport: Tokens{Next: client.NewTransport(), Source: source}}
	admin := Must(client.New(server.URL, client.WithHTTPClient(tokens)))
	for range 2 {
		fmt.Println(admin.DeleteOAuth2Client(ctx, "app"))
	}
	// Output:
	// [Bearer token-1]
	// <nil>
	// [Bearer token-2]
	// <nil>
}

func TestNothingIsSentWithoutAToken(t *testing.T) {
	t.Parallel()
	hydra := clienttest.New(t, clienttest.V2)
	away := errors.New("the token endpoint is away")
	tokens := &http.Client{Transport: Tokens{Next: http.DefaultTransport, Source: func() (string, error) { return "", away }}}
	_, err := hydra.Client(client.WithHTTPClient(tokens), client.WithRetries(0)).GetOAuth2Client(t.Context(), "app")
	require.ErrorIs(t, err, away)
	hydra.WantCalls()
}
