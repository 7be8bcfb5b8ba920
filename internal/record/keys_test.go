//go:build live

package record

import (
	"errors"
	"net/http"

	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func keys(r *recorder) {
	ctx := r.Context()
	generate := func(name, set string, req models.JSONWebKeySetGeneratorRequest) error {
		for attempt := 1; ; attempt++ {
			_, err := r.as(name).CreateJSONWebKeySet(ctx, set, req)
			if attempt == 5 || !errors.Is(err, client.ErrResponseLost) {
				return err
			}
			// On a busy machine an RSA key takes longer than the 10 seconds after which Hydra
			// closes the connection. It may have stored the key.
			for _, kid := range []string{req.Kid, "private:" + req.Kid, "public:" + req.Kid} {
				require.NoError(r, r.as("").DeleteJSONWebKey(ctx, set, kid))
			}
		}
	}
	for _, k := range []struct {
		set, alg string
		v1, v2   error
	}{
		{"rsa", "RS256", nil, nil},
		{"ecdsa-p256", "ES256", nil, nil},
		{"ecdsa-p384", "ES384", client.ErrNotSupported, nil},
		{"ecdsa-p521", "ES512", nil, nil},
		{"eddsa", "EdDSA", nil, nil},
		{"hmac-256", "HS256", nil, client.ErrNotSupported},
		{"hmac-512", "HS512", nil, client.ErrNotSupported},
	} {
		r.requireError(generate(k.set, k.set, models.JSONWebKeySetGeneratorRequest{Alg: k.alg, Kid: "one", Use: "sig"}), k.v1, k.v2)
	}
	kid := "private:one" // v1 stores the two halves of a key as keys
	if r.afterV1() {
		kid = "one"
	}
	require.NoError(r, generate("kid-made-up", "ecdsa-p256", models.JSONWebKeySetGeneratorRequest{Alg: "ES256"}))
	// A set that Hydra signs with gets a key, and loses it again.
	const signing = "hydra.openid.id-token"
	require.NoError(r, generate("signing-key", signing, models.JSONWebKeySetGeneratorRequest{Alg: "RS256", Kid: "autumn", Use: "sig"}))
	if r.afterV1() {
		require.NoError(r, r.as("signing-key").DeleteJSONWebKey(ctx, signing, "autumn"))
	} else {
		require.NoError(r, r.as("signing-key-private").DeleteJSONWebKey(ctx, signing, "private:autumn"))
		require.NoError(r, r.as("signing-key-public").DeleteJSONWebKey(ctx, signing, "public:autumn"))
	}
	require.ErrorIs(r, generate("unknown-alg", "rsa", models.JSONWebKeySetGeneratorRequest{Alg: "rs256"}), client.ErrBadRequest)
	require.ErrorIs(r, generate("exists", "ecdsa-p256", models.JSONWebKeySetGeneratorRequest{Alg: "ES256", Kid: "one"}), client.ErrConflict)
	r.raw(r.insteadOf500(400), "", "kid-a-number", http.MethodPost, "/keys/kid-a-number", `{"alg":"ES256","kid":1}`)

	set, err := r.as("rsa").GetJSONWebKeySet(ctx, "rsa")
	require.NoError(r, err)
	if !r.afterV1() { // v2 makes a certificate only if it uses it
		_, err = r.as("certificate").GetJSONWebKeySet(ctx, "hydra.https-tls")
		require.NoError(r, err)
	}
	_, err = r.as("unknown").GetJSONWebKeySet(ctx, "nothing")
	require.ErrorIs(r, err, client.ErrNotFound)

	one, err := r.as("one").GetJSONWebKey(ctx, "ecdsa-p256", kid)
	require.NoError(r, err)
	require.Len(r, one.Keys, 1)
	_, err = r.as("unknown").GetJSONWebKey(ctx, "ecdsa-p256", "two")
	require.ErrorIs(r, err, client.ErrNotFound)

	_, err = r.as("replaced").UpdateJSONWebKey(ctx, "ecdsa-p256", kid, one.Keys[0])
	require.NoError(r, err)
	_, err = r.as("added").UpdateJSONWebKey(ctx, "own set", "own key?#+%", publicKey(r, "own key?#+%"))
	require.NoError(r, err)
	_, err = r.as("unknown-kty").UpdateJSONWebKey(ctx, "own set", "k", models.JSONWebKey{Kid: "k", Kty: "XYZ"})
	r.requireError(err, client.ErrInternalServerError, client.ErrBadRequest)
	r.raw(r.insteadOf500(400), "", "no-body", http.MethodPut, "/keys/own%20set/k", "")

	_, err = r.as("read-and-written-back").UpdateJSONWebKeySet(ctx, "rsa", *set)
	require.NoError(r, err)
	_, err = r.as("emptied").UpdateJSONWebKeySet(ctx, "eddsa", models.JSONWebKeySet{Keys: []models.JSONWebKey{}})
	require.NoError(r, err)
	r.raw(200, "", "single-key", http.MethodPut, "/keys/ecdsa-p521", `{"kty":"oct","kid":"one","k":"dGhyb3ctYXdheQ"}`)
	_, err = r.as("one-kid-twice").UpdateJSONWebKeySet(ctx, "rsa", models.JSONWebKeySet{Keys: []models.JSONWebKey{publicKey(r, "k"), publicKey(r, "k")}})
	require.ErrorIs(r, err, client.ErrConflict)
	_, err = r.as("unknown-kty").UpdateJSONWebKeySet(ctx, "rsa", models.JSONWebKeySet{Keys: []models.JSONWebKey{{Kid: "k", Kty: "XYZ"}}})
	r.requireError(err, client.ErrInternalServerError, client.ErrBadRequest)

	// The client refuses empty arguments because of these responses.
	r.raw(byVersion(r, 307, 307, 204), "router", "delete-no-kid", http.MethodDelete, "/keys/rsa/", "")
	r.raw(byVersion(r, 307, 307, 200), "router", "put-no-kid", http.MethodPut, "/keys/rsa/", `{"kty":"oct","kid":"one","k":"dGhyb3ctYXdheQ"}`)
	r.raw(byVersion(r, 301, 301, 404), "router", "get-no-kid", http.MethodGet, "/keys/rsa/", "")

	require.NoError(r, r.as("escaped").DeleteJSONWebKey(ctx, "own set", "own key?#+%"))
	require.NoError(r, r.as("unknown").DeleteJSONWebKey(ctx, "nothing", "nothing"))
	require.NoError(r, r.as("done").DeleteJSONWebKeySet(ctx, "rsa"))
	require.NoError(r, r.as("unknown").DeleteJSONWebKeySet(ctx, "rsa"))

	// The client refuses a slash because of these: some versions take it for the one that
	// separates the set from the key.
	r.raw(byVersion(r, 200, 200, 404), "router", "slash", http.MethodGet, "/keys/ecdsa-p256%2F"+kid, "")
	if r.afterV2() {
		r.raw(201, "router", "post-slash", http.MethodPost, "/keys/a%2Fb", `{"alg":"ES256","kid":"one","use":"sig"}`)
		r.raw(200, "router", "get-slash", http.MethodGet, "/keys/a%2Fb", "")
		r.raw(204, "router", "delete-slash", http.MethodDelete, "/keys/a%2Fb", "")
	}
}
