// Package demo runs a real Hydra, the provider of examples/login-consent and an app to log
// in to. The demo command and the browser tests use it.
package demo

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/examples/login-consent/provider"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// A Demo is a running demo.
type Demo struct {
	// AppURL is the page to open, and ProviderURL the base URL of the provider.
	AppURL, ProviderURL string
	Admin               *client.AdminAPI
	Hydra               *hydra.Server

	servers []*http.Server
}

// Config says how a demo runs. The zero value is one of Hydra v1.
type Config struct {
	Version hydra.Version
	// Log receives the logs of Hydra and the provider.
	Log io.Writer
	// Transport carries the calls of the provider to Hydra, and App wraps the handler of the
	// app, so that tests can make them slow or break them. Both may be nil.
	Transport http.RoundTripper
	App       func(http.Handler) http.Handler
}

// Start starts everything on free ports.
func Start(ctx context.Context, cfg Config) (*Demo, error) {
	if cfg.Log == nil {
		cfg.Log = io.Discard
	}
	d := &Demo{}
	providerListener, err := listen(ctx)
	if err != nil {
		return nil, err
	}
	appListener, err := listen(ctx)
	if err != nil {
		return nil, errors.Join(err, providerListener.Close())
	}
	d.ProviderURL, d.AppURL = "http://"+providerListener.Addr().String(), "http://"+appListener.Addr().String()
	if d.Hydra, err = hydra.Start(ctx, hydra.Config{Version: cfg.Version, ProviderURL: d.ProviderURL, Log: cfg.Log}); err != nil {
		return nil, errors.Join(err, providerListener.Close(), appListener.Close())
	}
	handlers := map[net.Listener]http.Handler{}
	handlers[providerListener], err = d.provider(cfg)
	if err == nil {
		handlers[appListener], err = d.app(ctx)
		if cfg.App != nil && err == nil {
			handlers[appListener] = cfg.App(handlers[appListener])
		}
	}
	if err != nil {
		return nil, errors.Join(err, providerListener.Close(), appListener.Close(), d.Hydra.Stop())
	}
	for l, h := range handlers {
		server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
		d.servers = append(d.servers, server)
		go server.Serve(l) //nolint:errcheck // it ends with Close
	}
	return d, nil
}

func listen(ctx context.Context) (net.Listener, error) {
	return new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
}

func (d *Demo) provider(cfg Config) (http.Handler, error) {
	var err error
	if d.Admin, err = client.New(d.Hydra.AdminURL); err != nil {
		return nil, err
	}
	admin := d.Admin
	if cfg.Transport != nil {
		if admin, err = client.New(d.Hydra.AdminURL, client.WithHTTPClient(&http.Client{Transport: cfg.Transport})); err != nil {
			return nil, err
		}
	}
	users, err := provider.DemoUsers()
	if err != nil {
		return nil, err
	}
	return provider.New(provider.Config{Admin: admin, PublicURL: d.Hydra.PublicURL, Users: users, Log: slog.New(slog.NewTextHandler(cfg.Log, nil))}), nil
}

// app registers the app at Hydra, and its kiosk if Hydra has the device flow, and returns
// their handler.
func (d *Demo) app(ctx context.Context) (http.Handler, error) {
	app, err := d.register(ctx, models.OAuth2Client{
		ClientID: "bakery", ClientName: "Corner Bakery",
		RedirectURIs: []string{d.AppURL + "/callback"}, PostLogoutRedirectURIs: []string{d.AppURL + "/"},
		GrantTypes: []string{"authorization_code", "refresh_token"}, ResponseTypes: []string{"code"},
		Scope: "openid offline profile email", Audience: []string{"https://api.bakery.example.com"},
	})
	if err != nil {
		return nil, err
	}
	app.RedirectURI = d.AppURL + "/callback"
	var device *hydra.App
	if d.Hydra.Version.HasDeviceFlow() {
		if device, err = d.register(ctx, models.OAuth2Client{
			ClientID: "kiosk", ClientName: "Corner Bakery Kiosk",
			GrantTypes: []string{deviceGrant, "refresh_token"}, Scope: "openid offline profile",
		}); err != nil {
			return nil, err
		}
	}
	return newApp(*app, d.AppURL, device), nil
}

func (d *Demo) register(ctx context.Context, c models.OAuth2Client) (*hydra.App, error) {
	registered, err := d.Admin.CreateOAuth2Client(ctx, c)
	if err != nil {
		return nil, err
	}
	return &hydra.App{PublicURL: d.Hydra.PublicURL, ID: registered.ClientID, Secret: registered.ClientSecret}, nil
}

// Stop ends everything.
func (d *Demo) Stop() error {
	var errs []error
	for _, s := range d.servers {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, d.Hydra.Stop())...)
}
