package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/internal/peers/contest"
)

// The floor is what one would write by hand in an afternoon with net/http and
// encoding/json, without options, checks, repetition or a timeout. Values that may be
// anything it keeps as they are, which is the cheapest thing to do with them.

type floorClient struct {
	ID                                string          `json:"client_id"`
	Name                              string          `json:"client_name"`
	Secret                            string          `json:"client_secret,omitempty"`
	SecretExpiresAt                   int64           `json:"client_secret_expires_at"`
	RedirectURIs                      []string        `json:"redirect_uris"`
	GrantTypes                        []string        `json:"grant_types"`
	ResponseTypes                     []string        `json:"response_types"`
	Scope                             string          `json:"scope"`
	Audience                          []string        `json:"audience"`
	Owner                             string          `json:"owner"`
	PolicyURI                         string          `json:"policy_uri"`
	AllowedCORSOrigins                []string        `json:"allowed_cors_origins"`
	TermsOfServiceURI                 string          `json:"tos_uri"`
	ClientURI                         string          `json:"client_uri"`
	LogoURI                           string          `json:"logo_uri"`
	Contacts                          []string        `json:"contacts"`
	SubjectType                       string          `json:"subject_type"`
	SectorIdentifierURI               string          `json:"sector_identifier_uri,omitempty"`
	JWKSURI                           string          `json:"jwks_uri,omitempty"`
	JWKS                              json.RawMessage `json:"jwks,omitempty"`
	TokenEndpointAuthMethod           string          `json:"token_endpoint_auth_method"`
	TokenEndpointAuthSigningAlg       string          `json:"token_endpoint_auth_signing_alg,omitempty"`
	RequestURIs                       []string        `json:"request_uris,omitempty"`
	RequestObjectSigningAlg           string          `json:"request_object_signing_alg,omitempty"`
	UserinfoSignedResponseAlg         string          `json:"userinfo_signed_response_alg"`
	CreatedAt                         time.Time       `json:"created_at"`
	UpdatedAt                         time.Time       `json:"updated_at"`
	FrontChannelLogoutURI             string          `json:"frontchannel_logout_uri,omitempty"`
	FrontChannelLogoutSessionRequired bool            `json:"frontchannel_logout_session_required,omitempty"`
	BackChannelLogoutURI              string          `json:"backchannel_logout_uri,omitempty"`
	BackChannelLogoutSessionRequired  bool            `json:"backchannel_logout_session_required,omitempty"`
	PostLogoutRedirectURIs            []string        `json:"post_logout_redirect_uris,omitempty"`
	Metadata                          json.RawMessage `json:"metadata,omitempty"`
	AuthorizationCodeAccessToken      string          `json:"authorization_code_grant_access_token_lifespan"`
	AuthorizationCodeIDToken          string          `json:"authorization_code_grant_id_token_lifespan"`
	AuthorizationCodeRefreshToken     string          `json:"authorization_code_grant_refresh_token_lifespan"`
	ClientCredentialsAccessToken      string          `json:"client_credentials_grant_access_token_lifespan"`
	ImplicitAccessToken               string          `json:"implicit_grant_access_token_lifespan"`
	ImplicitIDToken                   string          `json:"implicit_grant_id_token_lifespan"`
	JWTBearerAccessToken              string          `json:"jwt_bearer_grant_access_token_lifespan"`
	PasswordAccessToken               string          `json:"password_grant_access_token_lifespan"`
	PasswordRefreshToken              string          `json:"password_grant_refresh_token_lifespan"`
	RefreshTokenIDToken               string          `json:"refresh_token_grant_id_token_lifespan"`
	RefreshTokenAccessToken           string          `json:"refresh_token_grant_access_token_lifespan"`
	RefreshTokenRefreshToken          string          `json:"refresh_token_grant_refresh_token_lifespan"`
	RegistrationAccessToken           string          `json:"registration_access_token,omitempty"`
	RegistrationClientURI             string          `json:"registration_client_uri,omitempty"`
}

type floorConsent struct {
	Challenge         string   `json:"challenge"`
	RequestedScope    []string `json:"requested_scope"`
	RequestedAudience []string `json:"requested_access_token_audience"`
	Skip              bool     `json:"skip"`
	Subject           string   `json:"subject"`
	OIDCContext       struct {
		ACRValues         []string        `json:"acr_values"`
		UILocales         []string        `json:"ui_locales"`
		Display           string          `json:"display"`
		IDTokenHintClaims json.RawMessage `json:"id_token_hint_claims"`
		LoginHint         string          `json:"login_hint"`
	} `json:"oidc_context"`
	Client         floorClient     `json:"client"`
	RequestURL     string          `json:"request_url"`
	LoginChallenge string          `json:"login_challenge"`
	LoginSessionID string          `json:"login_session_id"`
	ACR            string          `json:"acr"`
	AMR            []string        `json:"amr"`
	Context        json.RawMessage `json:"context"`
}

type floorToken struct {
	Active            bool            `json:"active"`
	Scope             string          `json:"scope"`
	ClientID          string          `json:"client_id"`
	Subject           string          `json:"sub"`
	ObfuscatedSubject string          `json:"obfuscated_subject"`
	ExpiresAt         int64           `json:"exp"`
	IssuedAt          int64           `json:"iat"`
	NotBefore         int64           `json:"nbf"`
	Username          string          `json:"username"`
	Audience          []string        `json:"aud"`
	Issuer            string          `json:"iss"`
	TokenType         string          `json:"token_type"`
	TokenUse          string          `json:"token_use"`
	Extra             json.RawMessage `json:"ext"`
}

type floorLogin struct {
	Subject     string         `json:"subject"`
	Remember    bool           `json:"remember,omitempty"`
	RememberFor int64          `json:"remember_for,omitempty"`
	ACR         string         `json:"acr,omitempty"`
	AMR         []string       `json:"amr,omitempty"`
	Context     map[string]any `json:"context,omitempty"`
}

type floorError struct {
	Name        string `json:"error"`
	Description string `json:"error_description"`
	RedirectTo  string `json:"redirect_to"`
	status      int
}

func (e *floorError) Error() string { return fmt.Sprint(e.status, " ", e.Name) }

type floorAPI struct {
	base string
	hc   *http.Client
}

func (a floorAPI) call(ctx context.Context, method, path string, query url.Values, contentType string, body io.Reader, v any) error {
	req, err := http.NewRequestWithContext(ctx, method, a.base+path+"?"+query.Encode(), body)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "application/json")
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	resp, err := a.hc.Do(req)
	if err != nil {
		return err
	}
	defer func() {
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}()
	if resp.StatusCode != http.StatusOK {
		e := &floorError{status: resp.StatusCode}
		_ = json.NewDecoder(resp.Body).Decode(e)
		return e
	}
	return json.NewDecoder(resp.Body).Decode(v)
}

func floor(base string, hc *http.Client) (contest.Calls, error) {
	if hc == nil {
		hc = http.DefaultClient
	}
	a := floorAPI{base, hc}
	return contest.Calls{
		AcceptLogin: func(ctx context.Context, challenge string, l contest.Login) (string, error) {
			b, err := json.Marshal(floorLogin{l.Subject, l.Remember, l.RememberFor, l.ACR, l.AMR, l.Context})
			if err != nil {
				return "", err
			}
			var done struct {
				RedirectTo string `json:"redirect_to"`
			}
			err = a.call(ctx, http.MethodPut, "/oauth2/auth/requests/login/accept", url.Values{"login_challenge": {challenge}}, "application/json", bytes.NewReader(b), &done)
			return done.RedirectTo, err
		},
		GetConsent: func(ctx context.Context, challenge string) (contest.Consent, error) {
			var r floorConsent
			err := a.call(ctx, http.MethodGet, "/oauth2/auth/requests/consent", url.Values{"consent_challenge": {challenge}}, "", nil, &r)
			return contest.Consent{Subject: r.Subject, ClientName: r.Client.Name, RequestURL: r.RequestURL, Scopes: len(r.RequestedScope)}, err
		},
		Introspect: func(ctx context.Context, token string) (contest.Token, error) {
			var t floorToken
			err := a.call(ctx, http.MethodPost, "/oauth2/introspect", nil, "application/x-www-form-urlencoded", strings.NewReader(url.Values{"token": {token}}.Encode()), &t)
			return contest.Token{Active: t.Active, Subject: t.Subject, Scope: t.Scope, ExpiresAt: t.ExpiresAt}, err
		},
		GetLogin: func(ctx context.Context, challenge string) (int, string) {
			var v struct{}
			err := a.call(ctx, http.MethodGet, "/oauth2/auth/requests/login", url.Values{"login_challenge": {challenge}}, "", nil, &v)
			if e, ok := err.(*floorError); ok { //nolint:errorlint // by hand one would
				return e.status, e.Description + e.RedirectTo
			}
			return 0, ""
		},
		ListPage: func(ctx context.Context, limit, offset int) ([]string, error) {
			var list []floorClient
			err := a.call(ctx, http.MethodGet, "/clients", url.Values{"limit": {fmt.Sprint(limit)}, "offset": {fmt.Sprint(offset)}}, "", nil, &list)
			return idsOf(list, func(c *floorClient) string { return c.ID }), err
		},
	}, nil
}
