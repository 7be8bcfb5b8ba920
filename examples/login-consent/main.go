// Command login-consent is a complete login, consent and logout provider for ORY Hydra, to
// run, read and copy:
//
//	go run ./examples/login-consent -admin http://127.0.0.1:4445 -public http://127.0.0.1:4444
//
// Package provider next to it has the pages. The command in demo runs it together
// with a real Hydra and an app.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/examples/login-consent/provider"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "login-consent:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	flags := flag.NewFlagSet("login-consent", flag.ContinueOnError)
	setting := func(name, env, fallback, usage string) *string {
		return flags.String(name, cmp.Or(os.Getenv(env), fallback), usage+"; or "+env)
	}
	listen := setting("listen", "LISTEN", "127.0.0.1:3000", "where to listen")
	adminURL := setting("admin", "HYDRA_ADMIN_URL", "http://127.0.0.1:4445", "base URL of Hydra's admin API, for v2 with /admin")
	publicURL := setting("public", "HYDRA_PUBLIC_URL", "http://127.0.0.1:4444", "base URL of Hydra's public API")
	addressHeader := setting("address-header", "ADDRESS_HEADER", "", "header in which the proxy in front of this says where a request comes from, such as X-Forwarded-For; its last element counts")
	if err := flags.Parse(args); err != nil {
		return err
	}

	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	handler, err := newHandler(*adminURL, *publicURL, *addressHeader, log)
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler: handler, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 40 * time.Second, IdleTimeout: time.Minute,
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", *listen)
	if err != nil {
		return err
	}
	log.Info("listening", "address", listener.Addr().String())
	return serve(ctx, server, listener)
}

// newHandler returns the provider. addressHeader is the header in which a proxy says where
// a request comes from, or empty.
func newHandler(adminURL, publicURL, addressHeader string, log *slog.Logger) (http.Handler, error) {
	admin, err := client.New(adminURL, client.WithUserAgent("login-consent/1.0"))
	if err != nil {
		return nil, err
	}
	if public, err := url.Parse(publicURL); err != nil || public.Host == "" {
		return nil, errors.New("the public URL of Hydra is not a URL")
	}
	users, err := provider.DemoUsers()
	if err != nil {
		return nil, err
	}
	address := provider.RemoteAddress
	if addressHeader != "" {
		address = func(r *http.Request) string { return provider.ForwardedAddress(r, addressHeader) }
	}
	return provider.New(provider.Config{Admin: admin, PublicURL: publicURL, Users: users, Log: log, Address: address}), nil
}

// serve runs the server until ctx ends, and then lets requests finish.
func serve(ctx context.Context, server *http.Server, listener net.Listener) error {
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return server.Shutdown(ctx)
}
