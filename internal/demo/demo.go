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

// Start starts everything on free ports. The logs of Hydra and the provider
// go to log.
func Start(ctx context.Context, version hydra.Version, log io.Writer) (*Demo, error) {
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
	if d.Hydra, err = hydra.Start(ctx, hydra.Config{Version: version, ProviderURL: d.ProviderURL, Log: log}); err != nil {
		return nil, errors.Join(err, providerListener.Close(), appListener.Close())
	}
	handlers := map[net.Listener]http.Handler{}
	handlers[providerListener], err = d.provider(log)
	if err == nil {
		handlers[appListener], err = d.app(ctx)
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

func (d *Demo) provider(log io.Writer) (http.Handler, error) {
	var err error
	if d.Admin, err = client.New(d.Hydra.AdminURL); err != nil {
		return nil, err
	}
	users, err := provider.DemoUsers()
	if err != nil {
		return nil, err
	}
	return provider.New(provider.Config{Admin: d.Admin, PublicURL: d.Hydra.PublicURL, Users: users, Log: slog.New(slog.NewTextHandler(log, nil))}), nil
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
