//go:build live

package record

import (
	"net/http"

	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func router(r *recorder) {
	r.raw(404, "router", "json", http.MethodGet, "/nothing", "")
	r.raw(404, "router", "html", http.MethodGet, "/nothing", "", "Accept", "text/html")
	r.raw(405, "router", "method", http.MethodDelete, "/clients", "")
	r.raw(400, "router", "bad-escape", http.MethodGet, "/clients/%zz", "")
	r.raw(byVersion(r, 301, 301, 404), "router", "letter-case", http.MethodGet, "/Clients", "")
	wrongBaseURL(r)
}

// wrongBaseURL makes calls below a prefix that is not that of the version.
func wrongBaseURL(r *recorder) {
	r.group = "router"
	defer func() { r.group = "" }()
	ctx := r.Context()
	base := byVersion(r, r.url+"/admin", r.url, r.url+"/elsewhere")
	name := byVersion(r, "admin-prefix-on-v1", "no-prefix-on-v2", "wrong-prefix")
	elsewhere, err := client.New(base)
	require.NoError(r, err)
	r.as(name)
	_, err = elsewhere.GetOAuth2Client(ctx, "app")
	require.ErrorIs(r, err, client.ErrWrongBaseURL)
	r.as(name + "-delete")
	require.ErrorIs(r, elsewhere.DeleteOAuth2Client(ctx, "app"), client.ErrWrongBaseURL)
	r.as(name + "-post")
	_, err = elsewhere.CreateOAuth2Client(ctx, models.OAuth2Client{ClientID: "elsewhere"})
	require.ErrorIs(r, err, client.ErrWrongBaseURL)
	if r.afterV2() {
		withoutPrefix(r)
	}
}

// withoutPrefix makes a call without the prefix to a version that takes that.
func withoutPrefix(r *recorder) {
	atRoot, err := client.New(r.url)
	require.NoError(r, err)
	r.as("no-prefix-on-v26")
	_, err = atRoot.GetOAuth2Client(r.Context(), "nobody")
	require.ErrorIs(r, err, client.ErrNotFound)
	require.NotErrorIs(r, err, client.ErrWrongBaseURL)
}

// behindProxy makes calls to a server that expects the header of a proxy that
// terminates TLS, without and with it.
func behindProxy(r *recorder) {
	ctx := r.Context()
	r.group = "router"
	_, err := r.as("no-forwarded-proto").GetOAuth2Client(ctx, "app")
	require.ErrorIs(r, err, client.ErrBadGateway)
	_, err = r.as("forwarded-proto").GetOAuth2Client(ctx, "app", client.WithForwardedProto())
	require.ErrorIs(r, err, client.ErrNotFound)
}

func plainToTLS(r *recorder) {
	r.group = "router"
	_, err := r.as("plain-http-to-tls").GetOAuth2Client(r.Context(), "app")
	require.ErrorIs(r, err, client.ErrBadRequest)
}
