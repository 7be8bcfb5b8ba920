// Command trust-issuer makes Hydra trust another issuer of JWTs for a moment, and gets an
// access token for one of its assertions (RFC 7523):
//
//	HYDRA_ADMIN_URL=http://127.0.0.1:4445 HYDRA_PUBLIC_URL=http://127.0.0.1:4444 go run ./examples/trust-issuer
package main

import (
	"cmp"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer" //nolint:gosec // no credential

func main() {
	admin, err := client.NewFromEnv() // at HYDRA_ADMIN_URL
	if err == nil {
		err = run(context.Background(), admin, cmp.Or(os.Getenv("HYDRA_PUBLIC_URL"), "http://127.0.0.1:4444")+"/oauth2/token", os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "trust-issuer:", err)
		os.Exit(1)
	}
}

// run leaves nothing in Hydra.
func run(ctx context.Context, admin *client.AdminAPI, tokenURL string, out io.Writer) (err error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	key := jose.JSONWebKey{Key: private, KeyID: rand.Text(), Algorithm: string(jose.ES256), Use: "sig"}
	body := models.TrustJWTGrantIssuerBody{Issuer: "https://idp.example.com", Subject: "alice", Scope: []string{"read"}, ExpiresAt: time.Now().Add(time.Hour)}
	public, err := key.Public().MarshalJSON()
	if err == nil {
		err = json.Unmarshal(public, &body.JWK)
	}
	if err != nil {
		return err
	}
	trusted, err := admin.TrustJWTGrantIssuer(ctx, body)
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, admin.DeleteTrustedJWTGrantIssuer(context.WithoutCancel(ctx), trusted.ID))
	}()
	app, err := admin.CreateOAuth2Client(ctx, models.OAuth2Client{GrantTypes: []string{jwtBearer}, Scope: "read", TokenEndpointAuthMethod: "client_secret_post"})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, admin.DeleteOAuth2Client(context.WithoutCancel(ctx), app.ClientID)) }()

	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key}, nil)
	if err != nil {
		return err
	}
	assertion, err := jwt.Signed(signer).Claims(jwt.Claims{
		Issuer: body.Issuer, Subject: body.Subject, Audience: jwt.Audience{tokenURL}, ID: rand.Text(),
		IssuedAt: jwt.NewNumericDate(time.Now()), Expiry: jwt.NewNumericDate(time.Now().Add(time.Minute)),
	}).Serialize()
	if err != nil {
		return err
	}
	token, err := exchange(ctx, tokenURL, url.Values{"grant_type": {jwtBearer}, "assertion": {assertion}, "scope": {"read"}, "client_id": {app.ClientID}, "client_secret": {app.ClientSecret}})
	if err != nil {
		return err
	}
	info, err := admin.IntrospectOAuth2Token(ctx, token, client.IntrospectOAuth2TokenParams{})
	if err == nil {
		_, _ = fmt.Fprintf(out, "active: %t, subject: %s, scope: %s\n", info.Active, info.Subject, info.Scope)
	}
	return err
}

// exchange sends a form to the token endpoint, and returns the access token. A real app uses
// a library such as golang.org/x/oauth2.
func exchange(ctx context.Context, tokenURL string, form url.Values) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, tokenURL, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := (&http.Client{Timeout: 10 * time.Second}).Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	var token struct {
		AccessToken string `json:"access_token"`
		Description string `json:"error_description"`
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, 1<<20)).Decode(&token); err != nil {
		return "", fmt.Errorf("no token: %s: %w", resp.Status, err)
	}
	if token.AccessToken == "" {
		return "", fmt.Errorf("no token: %s: %s", resp.Status, token.Description)
	}
	return token.AccessToken, nil
}
