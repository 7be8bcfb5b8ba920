package client_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/client"
)

// deletes is a server that calls seen, and responds as to a deleted client.
func deletes(seen func(r *http.Request)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen(r)
		w.WriteHeader(http.StatusNoContent)
	})
}

// A Hydra, or a proxy in front of it, that listens on a unix socket.
func ExampleWithHTTPClient_unixSocket() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "hydra")
	if err != nil {
		log.Panic(err)
	}
	defer os.RemoveAll(dir)
	socket := filepath.Join(dir, "admin.sock")
	listener, err := (&net.ListenConfig{}).Listen(ctx, "unix", socket)
	if err != nil {
		log.Panic(err)
	}
	server := &httptest.Server{Listener: listener, Config: &http.Server{Handler: deletes(func(r *http.Request) { fmt.Println(r.Method, r.Host, r.URL) })}}
	server.Start()
	defer server.Close()

	transport := client.NewTransport()
	transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, "unix", socket)
	}
	defer transport.CloseIdleConnections()
	admin, err := client.New("http://hydra/admin", client.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		log.Panic(err)
	}
	fmt.Println(admin.DeleteOAuth2Client(ctx, "app"))
	// Output:
	// DELETE hydra /admin/clients/app
	// <nil>
}

// A gateway that asks for a key, as that of Ory Network does.
func ExampleWithBearerToken() {
	ctx := context.Background()
	gateway := httptest.NewServer(deletes(func(r *http.Request) { fmt.Println(r.Header.Get("Authorization")) }))
	defer gateway.Close()
	const apiKey = "ory_pat_from_a_secret_store"

	admin, err := client.New(gateway.URL, client.WithBearerToken(apiKey)) // for all calls
	if err != nil {
		log.Panic(err)
	}
	fmt.Println(admin.DeleteOAuth2Client(ctx, "app"))
	fmt.Println(admin.DeleteOAuth2Client(ctx, "app", client.WithBearerToken("another key"))) // for one call
	// Output:
	// Bearer ory_pat_from_a_secret_store
	// <nil>
	// Bearer another key
	// <nil>
}

// A proxy that requires a client certificate.
func ExampleWithHTTPClient_mutualTLS() {
	ctx := context.Background()
	server := httptest.NewUnstartedServer(deletes(func(r *http.Request) { fmt.Println(len(r.TLS.PeerCertificates), "client certificate") }))
	server.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert, MinVersion: tls.VersionTLS13}
	server.StartTLS()
	defer server.Close()
	// A program loads both with tls.LoadX509KeyPair and x509.CertPool.AppendCertsFromPEM.
	certificate, authorities := server.TLS.Certificates[0], x509.NewCertPool()
	authorities.AddCert(server.Certificate())

	transport := client.NewTransport()
	transport.TLSClientConfig.Certificates = []tls.Certificate{certificate}
	transport.TLSClientConfig.RootCAs = authorities
	defer transport.CloseIdleConnections()
	admin, err := client.New(server.URL, client.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		log.Panic(err)
	}
	fmt.Println(admin.DeleteOAuth2Client(ctx, "app"))
	// Output:
	// 1 client certificate
	// <nil>
}

// A forward proxy between the program and Hydra.
func ExampleWithHTTPClient_proxy() {
	ctx := context.Background()
	proxy := httptest.NewServer(deletes(func(r *http.Request) { fmt.Println("requested", r.URL) }))
	defer proxy.Close()
	proxyURL, err := url.Parse(proxy.URL)
	if err != nil {
		log.Panic(err)
	}
	transport := client.NewTransport()
	transport.Proxy = http.ProxyURL(proxyURL)
	defer transport.CloseIdleConnections()
	admin, err := client.New("http://hydra-admin.internal", client.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		log.Panic(err)
	}
	fmt.Println(admin.DeleteOAuth2Client(ctx, "app"))
	// Output:
	// requested http://hydra-admin.internal/clients/app
	// <nil>
}

// counting is a transport that counts requests by operation.
type counting struct {
	next   http.RoundTripper
	counts map[string]int
}

func (c counting) RoundTrip(r *http.Request) (*http.Response, error) {
	if op, ok := client.OperationFromContext(r.Context()); ok {
		c.counts[op.Method+" "+op.Path]++
	}
	return c.next.RoundTrip(r)
}

// The operation is the same in all calls of a method. The URL is not.
func ExampleOperationFromContext() {
	ctx := context.Background()
	server := httptest.NewServer(deletes(func(*http.Request) {}))
	defer server.Close()
	counts := map[string]int{}
	base := client.NewTransport()
	defer base.CloseIdleConnections()
	transport := counting{base, counts}
	admin, err := client.New(server.URL, client.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		log.Panic(err)
	}
	for _, id := range []string{"one", "two"} {
		if err := admin.DeleteOAuth2Client(ctx, id); err != nil {
			log.Panic(err)
		}
	}
	fmt.Println(counts)
	// Output: map[DELETE /clients/{id}:2]
}

func ExampleWithLogger() {
	ctx := context.Background()
	// A recorded Hydra responds here. A program calls client.New.
	admin := hydraV1("getOAuth2Client/404-unknown.http")
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey || a.Key == "duration" {
			return slog.Attr{} // differs from run to run
		}
		return a
	}}))
	_, _ = admin.GetOAuth2Client(ctx, "nobody", client.WithLogger(logger))
	// Output: level=INFO msg="call of Hydra's admin API" operation=getOAuth2Client method=GET path=/clients/{id} status=404 attempts=1 error="hydra: getOAuth2Client: 404 Not Found: Unable to locate the resource"
}

// An operation that the client has no method for.
func ExampleAdminAPI_Do() {
	ctx := context.Background()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Println(r.Method, r.URL)
		_, _ = w.Write([]byte(`{"version":"v2.3.0"}`))
	}))
	defer server.Close()
	admin, err := client.New(server.URL)
	if err != nil {
		log.Panic(err)
	}
	var result struct{ Version string }
	err = admin.Do(ctx, client.Request{Operation: client.Operation{ID: "getVersion", Method: http.MethodGet, Path: "/version"}}, &result)
	fmt.Println(strings.TrimPrefix(result.Version, "v"), err)
	// Output:
	// GET /version
	// 2.3.0 <nil>
}
