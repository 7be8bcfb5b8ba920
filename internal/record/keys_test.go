//go:build live

package record

import (
	"net/http"

	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func keys(r *recorder) {
	ctx := r.Context()
	generate := func(name, set string, req models.JSONWebKeySetGeneratorRequest) error {
		_, err := r.as(name).CreateJSONWebKeySet(ctx, set, req)
		return err
	}
	for _, k := range [][2]string{{"rsa", "RS256"}, {"ecdsa-p256", "ES256"}, {"ecdsa-p521", "ES512"}, {"eddsa", "EdDSA"}, {"hmac-256", "HS256"}, {"hmac-512", "HS512"}} {
		require.NoError(r, generate(k[0], k[0], models.JSONWebKeySetGeneratorRequest{Alg: k[1], Kid: "one", Use: "sig"}))
	}
	require.NoError(r, generate("kid-made-up", "ecdsa-p256", models.JSONWebKeySetGeneratorRequest{Alg: "ES256"}))
	require.ErrorIs(r, generate("unknown-alg", "rsa", models.JSONWebKeySetGeneratorRequest{Alg: "rs256"}), client.ErrBadRequest)
	require.ErrorIs(r, generate("exists", "hmac-256", models.JSONWebKeySetGeneratorRequest{Alg: "HS256", Kid: "one"}), client.ErrConflict)
	r.raw(500, "", "two-documents", http.MethodPost, "/keys/two-documents", `{"alg":"ES256","kid":1}`)

	set, err := r.as("rsa").GetJSONWebKeySet(ctx, "rsa")
	require.NoError(r, err)
	_, err = r.as("certificate").GetJSONWebKeySet(ctx, "hydra.https-tls")
	require.NoError(r, err)
	_, err = r.as("unknown").GetJSONWebKeySet(ctx, "nothing")
	require.ErrorIs(r, err, client.ErrNotFound)

	one, err := r.as("one").GetJSONWebKey(ctx, "ecdsa-p256", "private:one")
	require.NoError(r, err)
	require.Len(r, one.Keys, 1)
	_, err = r.as("unknown").GetJSONWebKey(ctx, "ecdsa-p256", "one")
	require.ErrorIs(r, err, client.ErrNotFound)

	_, err = r.as("replaced").UpdateJSONWebKey(ctx, "ecdsa-p256", "private:one", one.Keys[0])
	require.NoError(r, err)
	_, err = r.as("added").UpdateJSONWebKey(ctx, "own set", "own key?#+%", publicKey(r, "own key?#+%"))
	require.NoError(r, err)
	_, err = r.as("unknown-kty").UpdateJSONWebKey(ctx, "own set", "k", models.JSONWebKey{Kid: "k", Kty: "XYZ"})
	require.ErrorIs(r, err, client.ErrInternalServerError)
	r.raw(500, "", "no-body", http.MethodPut, "/keys/own%20set/k", "")

	_, err = r.as("read-and-written-back").UpdateJSONWebKeySet(ctx, "rsa", *set)
	require.NoError(r, err)
	_, err = r.as("emptied").UpdateJSONWebKeySet(ctx, "hmac-512", models.JSONWebKeySet{Keys: []models.JSONWebKey{}})
	require.NoError(r, err)
	r.raw(200, "", "single-key", http.MethodPut, "/keys/hmac-256", `{"kty":"oct","kid":"one","k":"dGhyb3ctYXdheQ"}`)
	_, err = r.as("one-kid-twice").UpdateJSONWebKeySet(ctx, "rsa", models.JSONWebKeySet{Keys: []models.JSONWebKey{publicKey(r, "k"), publicKey(r, "k")}})
	require.ErrorIs(r, err, client.ErrConflict)
	_, err = r.as("unknown-kty").UpdateJSONWebKeySet(ctx, "rsa", models.JSONWebKeySet{Keys: []models.JSONWebKey{{Kid: "k", Kty: "XYZ"}}})
	require.ErrorIs(r, err, client.ErrInternalServerError)

	// What would happen without a guard for empty arguments.
	r.raw(307, "router", "delete-no-kid", http.MethodDelete, "/keys/rsa/", "")
	r.raw(307, "router", "put-no-kid", http.MethodPut, "/keys/rsa/", `{"kty":"oct","kid":"one","k":"dGhyb3ctYXdheQ"}`)
	r.raw(301, "router", "get-no-kid", http.MethodGet, "/keys/rsa/", "")

	require.NoError(r, r.as("escaped").DeleteJSONWebKey(ctx, "own set", "own key?#+%"))
	require.NoError(r, r.as("unknown").DeleteJSONWebKey(ctx, "nothing", "nothing"))
	require.NoError(r, r.as("done").DeleteJSONWebKeySet(ctx, "rsa"))
	require.NoError(r, r.as("unknown").DeleteJSONWebKeySet(ctx, "rsa"))
}
