// Command trust-issuer makes Hydra trust another issuer of JWTs, and gets an access
// token for one of its assertions (RFC 7523):
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
	admin, err := client.New(cmp.Or(os.Getenv("HYDRA_ADMIN_URL"), "http://127.0.0.1:4445"))
	if err == nil {
		err = run(context.Background(), admin, cmp.Or(os.Getenv("HYDRA_PUBLIC_URL"), "http://127.0.0.1:4444")+"/oauth2/token", os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "trust-issuer:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, admin *client.AdminAPI, tokenURL string, out io.Writer) error {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	key := jose.JSONWebKey{Key: private, KeyID: rand.Text(), Algorithm: string(jose.ES256), Use: "sig"}
	trusted := models.TrustJWTGrantIssuerBody{Issuer: "https://idp.example.com", Subject: "alice", Scope: []string{"read"}, ExpiresAt: time.Now().Add(time.Hour)}
	if public, err := key.Public().MarshalJSON(); err != nil || json.Unmarshal(public, &trusted.JWK) != nil {
		return fmt.Errorf("the key cannot be encoded: %w", err)
	}
	if _, err := admin.TrustJWTGrantIssuer(ctx, trusted); err != nil {
		return err
	}
	app, err := admin.CreateOAuth2Client(ctx, models.OAuth2Client{GrantTypes: []string{jwtBearer}, Scope: "read", TokenEndpointAuthMethod: "client_secret_post"})
	if err != nil {
		return err
	}

	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key}, nil)
	if err != nil {
		return err
	}
	assertion, err := jwt.Signed(signer).Claims(jwt.Claims{
		Issuer: trusted.Issuer, Subject: trusted.Subject, Audience: jwt.Audience{tokenURL}, ID: rand.Text(),
		IssuedAt: jwt.NewNumericDate(time.Now()), Expiry: jwt.NewNumericDate(time.Now().Add(time.Minute)),
	}).Serialize()
	if err != nil {
		return err
	}
	form := url.Values{"grant_type": {jwtBearer}, "assertion": {assertion}, "scope": {"read"}, "client_id": {app.ClientID}, "client_secret": {app.ClientSecret}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, tokenURL, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	var token struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&token); err != nil || resp.StatusCode != http.StatusOK {
		return fmt.Errorf("no token: %s: %w", resp.Status, err)
	}
	info, err := admin.IntrospectOAuth2Token(ctx, token.AccessToken, client.IntrospectOAuth2TokenParams{})
	if err == nil {
		_, _ = fmt.Fprintf(out, "active: %t, subject: %s, scope: %s\n", info.Active, info.Subject, info.Scope)
	}
	return err
}
