package hydra

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/hydra-sdk/hydra-admin-go/models"
)

// A Browser plays the browser of a user at Hydra's public port. It keeps cookies and
// follows one redirect at a time.
type Browser struct{ client *http.Client }

// NewBrowser returns a browser without cookies.
func NewBrowser() *Browser {
	jar, _ := cookiejar.New(nil) // cannot fail without options
	return &Browser{&http.Client{
		Jar:           jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Follow opens a page that redirects, and returns the target.
func (b *Browser) Follow(ctx context.Context, page string) (*url.URL, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, page, nil)
	if err != nil {
		return nil, err
	}
	resp, err := b.client.Do(req)
	if err != nil {
		return nil, err
	}
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<10))
	_ = resp.Body.Close()
	location, err := resp.Location()
	if err != nil {
		return nil, fmt.Errorf("the page does not redirect: %s: %s", resp.Status, body)
	}
	return location, nil
}

// FollowTo opens a page that redirects, and returns the query parameter param of the
// target, such as login_challenge or code.
func (b *Browser) FollowTo(ctx context.Context, page, param string) (string, error) {
	location, err := b.Follow(ctx, page)
	if err != nil {
		return "", err
	}
	v := location.Query().Get(param)
	if v == "" {
		return "", fmt.Errorf("redirected to %s, without a %s", location, param)
	}
	return v, nil
}

// An App plays an OAuth 2.0 client at Hydra's public port.
type App struct {
	PublicURL, ID, Secret, RedirectURI string
}

// Verifier is the PKCE code verifier of all apps (RFC 7636).
const Verifier = "throw-away-code-verifier-of-the-recorded-flows"

// AuthURL returns the URL that starts an authorization code flow. Extra are pairs of
// names and values to add to its query.
func (a App) AuthURL(scope string, extra ...string) string {
	challenge := sha256.Sum256([]byte(Verifier))
	q := url.Values{
		"client_id": {a.ID}, "redirect_uri": {a.RedirectURI}, "response_type": {"code"}, "scope": {scope},
		"state": {"state-of-the-app"}, "nonce": {"nonce-of-the-app"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])}, "code_challenge_method": {"S256"},
	}
	for i := 0; i+1 < len(extra); i += 2 {
		q.Set(extra[i], extra[i+1])
	}
	return a.PublicURL + "/oauth2/auth?" + q.Encode()
}

// A Token is a response of the token endpoint.
type Token struct {
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	IDToken      string `json:"id_token"`
}

// Exchange redeems an authorization code.
func (a App) Exchange(ctx context.Context, code string) (Token, error) {
	return a.Token(ctx, "authorization_code", "code", code, "redirect_uri", a.RedirectURI, "code_verifier", Verifier)
}

// Token asks the token endpoint for a token. Extra are pairs of names and values.
func (a App) Token(ctx context.Context, grantType string, extra ...string) (t Token, err error) {
	err = a.post(ctx, "/oauth2/token", append(extra, "grant_type", grantType), &t)
	return t, err
}

// post sends a form, of pairs of names and values, to Hydra's public port, and decodes
// the response.
func (a App) post(ctx context.Context, path string, pairs []string, into any) error {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.PublicURL+path, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth(url.QueryEscape(a.ID), url.QueryEscape(a.Secret))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	if resp.StatusCode != http.StatusOK {
		body, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<10))
		return fmt.Errorf("%s: %s: %s", path, resp.Status, body)
	}
	return json.NewDecoder(resp.Body).Decode(into)
}

// DeviceCode is the grant type of RFC 8628.
const DeviceCode = "urn:ietf:params:oauth:grant-type:device_code"

// A Device is an app on a device without a browser, which waits for its user. It shows
// UserCode and VerificationURI.
type Device struct {
	App App `json:"-"`

	Code            string `json:"device_code"`
	UserCode        string `json:"user_code"`
	VerificationURI string `json:"verification_uri"`
	// VerificationURIComplete has the code in it.
	VerificationURIComplete string `json:"verification_uri_complete"`
}

// Device starts the flow of a device. Extra are pairs of names and values.
func (a App) Device(ctx context.Context, scope string, extra ...string) (d Device, err error) {
	d.App = a
	err = a.post(ctx, "/oauth2/device/auth", append(extra, "client_id", a.ID, "scope", scope), &d)
	return d, err
}

// Poll asks for the token of the device. Until the user has granted it, the error has
// the text authorization_pending.
func (d Device) Poll(ctx context.Context) (Token, error) {
	return d.App.Token(ctx, DeviceCode, "client_id", d.App.ID, "device_code", d.Code)
}

// JWTBearer is the grant type of RFC 7523.
const JWTBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer" //nolint:gosec // no credential

// AssertionKey returns a key to sign assertions with. It is the same in every run and
// protects nothing.
func AssertionKey(kid string) jose.JSONWebKey {
	scalar := make([]byte, 32)
	for i := range scalar {
		scalar[i] = byte(i + 1)
	}
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), scalar)
	if err != nil {
		panic(err) // a constant
	}
	return jose.JSONWebKey{Key: key, KeyID: kid, Algorithm: string(jose.ES256), Use: "sig"}
}

// PublicKey returns the public half of [AssertionKey] as a model of the SDK.
func PublicKey(kid string) (key models.JSONWebKey, err error) {
	private := AssertionKey(kid)
	b, err := private.Public().MarshalJSON()
	if err == nil {
		err = json.Unmarshal(b, &key)
	}
	return key, err
}

// Assertion returns a signed JWT bearer assertion for Hydra's token endpoint.
func (a App) Assertion(key jose.JSONWebKey, issuer, subject string) (string, error) {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key}, nil)
	if err != nil {
		return "", err
	}
	now := time.Now()
	return jwt.Signed(signer).Claims(jwt.Claims{
		Issuer: issuer, Subject: subject, ID: fmt.Sprint(now.UnixNano()),
		Audience: jwt.Audience{a.PublicURL + "/oauth2/token"},
		IssuedAt: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(time.Hour)),
	}).Serialize()
}
