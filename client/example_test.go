package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

var ctx = context.Background()

// replayV1 returns a client of a server that replays recordings of Hydra v1. A program
// calls client.New instead.
func replayV1(recordings ...string) *client.AdminAPI {
	return replayVersion(fixture.V1, recordings...)
}

// replayVersion does the same with recordings of any version.
func replayVersion(version string, recordings ...string) *client.AdminAPI {
	exchanges, err := fixture.Load(version)
	if err != nil {
		log.Panic(err)
	}
	exchanges = slices.DeleteFunc(exchanges, func(e *fixture.Exchange) bool { return !slices.Contains(recordings, e.Name()) })
	if len(exchanges) != len(recordings) {
		log.Panicf("only %d are recorded of %v", len(exchanges), recordings)
	}
	base := "http://" + fixture.AdminHost
	if len(exchanges) > 0 && strings.HasPrefix(exchanges[0].Target, "/admin/") {
		base += "/admin"
	}
	replay := inProcess{fixture.NewReplay(exchanges)}
	admin, err := client.New(base, client.WithHTTPClient(&http.Client{Transport: replay}))
	if err != nil {
		log.Panic(err)
	}
	return admin
}

// inProcess calls a handler in place of a connection.
type inProcess struct{ http.Handler }

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	return w.Result(), nil
}

func ExampleNew() {
	admin, err := client.New("https://hydra-admin.internal/",
		client.WithUserAgent("my-idp/1.4"),
		client.WithBearerToken("for the proxy in front of Hydra"),
		client.WithTimeout(5*time.Second),
	)
	fmt.Println(admin != nil, err)
	_, err = client.New("localhost:4445")
	fmt.Println(err)
	// Output:
	// true <nil>
	// hydra: invalid argument: baseURL must start with http:// or https://
}

func ExampleAdminAPI_AcceptLoginRequest() {
	admin := replayV1("getLoginRequest/200-fresh.http", "acceptLoginRequest/200-everything.http")
	const challenge = "from the query parameter login_challenge"

	login, err := admin.GetLoginRequest(ctx, challenge)
	if err != nil {
		log.Panic(err)
	}
	subject := login.Subject
	if !login.Skip {
		subject = "alice" // after she has given her password
	}
	done, err := admin.AcceptLoginRequest(ctx, challenge, models.AcceptLoginRequest{
		Subject:     subject,
		Remember:    true,
		RememberFor: 3600,
		AMR:         []string{"pwd"},
	})
	if err != nil {
		log.Panic(err)
	}
	fmt.Println("requested by", login.Client.ClientID, "for", login.OIDCContext.LoginHint)
	fmt.Println("redirect the browser:", len(done.RedirectTo) > 0)
	// Output:
	// requested by login-app for alice@example.com
	// redirect the browser: true
}

func ExampleAdminAPI_AcceptConsentRequest() {
	admin := replayV1("getConsentRequest/200-fresh.http", "acceptConsentRequest/200-everything.http")
	const challenge = "from the query parameter consent_challenge"

	consent, err := admin.GetConsentRequest(ctx, challenge)
	if err != nil {
		log.Panic(err)
	}
	done, err := admin.AcceptConsentRequest(ctx, challenge, models.AcceptConsentRequest{
		// Never more than the client requested: Hydra does not check.
		GrantScope:               consent.RequestedScope,
		GrantAccessTokenAudience: consent.RequestedAccessTokenAudience,
		Session:                  models.ConsentRequestSession{IDToken: map[string]any{"email": "alice@example.com"}},
	})
	if err != nil {
		log.Panic(err)
	}
	fmt.Println(consent.Subject, "grants", consent.RequestedScope)
	fmt.Println("redirect the browser:", len(done.RedirectTo) > 0)
	// Output:
	// alice grants [openid offline read]
	// redirect the browser: true
}

func ExampleAdminAPI_AcceptLogoutRequest() {
	admin := replayV1("getLogoutRequest/200-by-client.http", "acceptLogoutRequest/200-by-client.http")
	const challenge = "from the query parameter logout_challenge"

	logout, err := admin.GetLogoutRequest(ctx, challenge)
	if err != nil {
		log.Panic(err)
	}
	done, err := admin.AcceptLogoutRequest(ctx, challenge)
	if err != nil {
		log.Panic(err)
	}
	fmt.Println(logout.Subject, "leaves", logout.Client.ClientID)
	fmt.Println("redirect the browser:", len(done.RedirectTo) > 0)
	// Output:
	// carol leaves logout-app
	// redirect the browser: true
}

func ExampleRequestWasHandledError() {
	admin := replayV1("getLoginRequest/410-handled.http")
	login := func(w http.ResponseWriter, r *http.Request) {
		_, err := admin.GetLoginRequest(r.Context(), r.URL.Query().Get("login_challenge"))
		var handled *client.RequestWasHandledError
		switch {
		case errors.As(err, &handled):
			to, err := handled.Location("http://127.0.0.1:4444") // the public URL of Hydra
			if err != nil {
				http.Error(w, "Please try again.", http.StatusInternalServerError)
				return
			}
			http.Redirect(w, r, to, http.StatusSeeOther)
		case errors.Is(err, client.ErrNotFound):
			http.Error(w, "This link is no longer good.", http.StatusNotFound)
		case err != nil:
			http.Error(w, "Please try again.", http.StatusInternalServerError)
		}
	}

	w := httptest.NewRecorder()
	login(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/login?login_challenge=c", nil))
	fmt.Println(w.Code, http.StatusText(w.Code))
	// Output: 303 See Other
}

// The redirect of a logout is relative.
func ExampleRequestWasHandledError_Location() {
	admin := replayV1("getLogoutRequest/410-handled.http")
	_, err := admin.GetLogoutRequest(ctx, "challenge")
	if handled, ok := errors.AsType[*client.RequestWasHandledError](err); ok {
		to, err := handled.Location("https://auth.example.com/")
		if err != nil {
			log.Panic(err)
		}
		page, _, _ := strings.Cut(to, "?")
		fmt.Println(page)
	}
	// Output: https://auth.example.com/oauth2/sessions/logout
}

func ExampleError() {
	admin := replayV1("createOAuth2Client/400-short-secret.http")
	_, err := admin.CreateOAuth2Client(ctx, models.OAuth2Client{ClientSecret: "short"})
	if e, ok := errors.AsType[*client.Error](err); ok {
		fmt.Println(e.Operation.ID, e.Operation.Method, e.Operation.Path, e.StatusCode)
	}
	if jsonErr, ok := errors.AsType[*client.JSONError](err); ok {
		fmt.Println(jsonErr.Name)
	}
	// Output:
	// createOAuth2Client POST /clients 400
	// invalid_client_metadata
}

func ExampleArgumentError() {
	admin := replayV1() // no recordings: nothing is sent
	err := admin.DeleteJSONWebKey(ctx, "hydra.openid.id-token", "")
	fmt.Println(err)
	fmt.Println(errors.Is(err, client.ErrInvalidArgument))
	// Output:
	// hydra: deleteJsonWebKey: invalid argument: kid is empty: the request would reach the whole collection
	// true
}

func ExampleAdminAPI_AllOAuth2Clients() {
	admin := replayV1("listOAuth2Clients/200-all.http")
	for c, err := range admin.AllOAuth2Clients(ctx, client.ListOAuth2ClientsParams{}) {
		if err != nil {
			log.Panic(err)
		}
		if c.Owner == "team-b" {
			fmt.Println(c.ClientID)
			break
		}
	}
	// Output: client-3
}

func ExampleWithPagesInFlight() {
	admin := replayV1(
		"listOAuth2Clients/200-limit-2-offset-0.http", "listOAuth2Clients/200-limit-2-offset-2.http",
		"listOAuth2Clients/200-limit-2-offset-4.http", "listOAuth2Clients/200-limit-2-offset-6.http",
	)
	for c, err := range admin.AllOAuth2Clients(ctx, client.ListOAuth2ClientsParams{Limit: 2}, client.WithPagesInFlight(3)) {
		if err != nil {
			log.Panic(err)
		}
		fmt.Print(c.ClientID, " ")
	}
	// Output: client-0 client-1 client-2 client-3 client-4 client-5 client-6
}

func ExampleAdminAPI_ListOAuth2Clients() {
	admin := replayV1("listOAuth2Clients/200-limit-2-offset-0.http", "listOAuth2Clients/200-limit-2-offset-2.http")
	page, err := admin.ListOAuth2Clients(ctx, client.ListOAuth2ClientsParams{Limit: 2})
	if err != nil {
		log.Panic(err)
	}
	fmt.Println(len(page.Items), "of", page.Total)
	// Next is a cursor. Another process can continue with it, at any later time.
	page, err = admin.ListOAuth2Clients(ctx, client.ListOAuth2ClientsParams{Cursor: page.Next})
	if err != nil {
		log.Panic(err)
	}
	fmt.Println(page.Items[0].ClientID, "and so on; more:", page.Next != "")
	// Output:
	// 2 of 7
	// client-2 and so on; more: true
}

func ExampleNotSupportedError() {
	admin := replayVersion(fixture.V2, "flushInactiveOAuth2Tokens/404-all.http", "listOAuth2Clients/200-limit-2-offset-0.http")
	err := admin.FlushInactiveOAuth2Tokens(ctx, models.FlushInactiveOAuth2TokensRequest{})
	if missing, ok := errors.AsType[*client.NotSupportedError](err); ok {
		fmt.Println(missing.Operation.ID+":", missing.Reason)
	}
	// Output: flushInactiveOAuth2Tokens: this Hydra is newer than the last release with the operation, v1.11
}

// Hydra v2 rejects challenges that have expired.
func ExampleError_challengeExpired() {
	admin := replayVersion(fixture.V2, "getLoginRequest/401-expired.http")
	_, err := admin.GetLoginRequest(ctx, "challenge")
	if errors.Is(err, client.ErrChallengeExpired) {
		fmt.Println("ask the user to start over at the app")
	}
	// Output: ask the user to start over at the app
}

// A login that was accepted before has no new RedirectTo on Hydra v1.
func ExampleError_conflict() {
	admin := replayV1("acceptLoginRequest/409-again.http")
	_, err := admin.AcceptLoginRequest(ctx, "challenge", models.AcceptLoginRequest{Subject: "alice"})
	if errors.Is(err, client.ErrConflict) {
		fmt.Println("ask the user to start over at the app")
	}
	// Output: ask the user to start over at the app
}

// A proxy in front of Hydra responds with its own login page.
func ExampleError_invalidResponse() {
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<html>Sign in</html>")
	}))
	defer proxy.Close()
	admin, err := client.New(proxy.URL)
	if err != nil {
		log.Panic(err)
	}
	_, err = admin.GetOAuth2Client(ctx, "app")
	fmt.Println(errors.Is(err, client.ErrInvalidResponse))
	if e, ok := errors.AsType[*client.Error](err); ok {
		fmt.Println(e.StatusCode, e.Header.Get("Content-Type"))
	}
	// Output:
	// true
	// 200 text/html
}

// If the connection breaks before the response, Hydra may have accepted the login or not.
func ExampleError_responseLost() {
	hydra := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	defer hydra.Close()
	admin, err := client.New(hydra.URL)
	if err != nil {
		log.Panic(err)
	}
	_, err = admin.AcceptLoginRequest(ctx, "challenge", models.AcceptLoginRequest{Subject: "alice"})
	if errors.Is(err, client.ErrResponseLost) {
		fmt.Println("send the browser to RequestURL of the login request")
	}
	// Output: send the browser to RequestURL of the login request
}

// The base URL of Hydra v2 ends in /admin.
func ExampleError_wrongBaseURL() {
	admin := replayVersion(fixture.V2, "router/307-no-prefix-on-v2.http")
	_, err := admin.GetOAuth2Client(ctx, "app")
	fmt.Println(err)
	fmt.Println(errors.Is(err, client.ErrWrongBaseURL))
	// Output:
	// hydra: getOAuth2Client: 307 Temporary Redirect: this is Hydra v2: its base URL ends in /admin
	// true
}

func ExampleAdminAPI_CreateOAuth2Client() {
	admin := replayV1("createOAuth2Client/201-all-defaults.http")
	c, err := admin.CreateOAuth2Client(ctx, models.OAuth2Client{
		ClientName:   "My app",
		RedirectURIs: []string{"https://app.example.com/callback"},
		GrantTypes:   []string{"authorization_code", "refresh_token"},
		Scope:        "openid offline",
		Metadata:     json.RawMessage(`{"tier":"gold"}`),

		AuthorizationCodeGrantAccessTokenLifespan: (15 * time.Minute).String(),
	})
	if err != nil {
		log.Panic(err)
	}
	fmt.Println("the secret is shown this once:", len(c.ClientSecret), "characters")
	// Output: the secret is shown this once: 26 characters
}

func ExampleAdminAPI_PatchOAuth2Client() {
	admin := replayV1("patchOAuth2Client/200-replace.http")
	c, err := admin.PatchOAuth2Client(ctx, "patched", []models.PatchDocument{
		models.PatchReplace("/client_name", "Patched"),
		models.PatchReplace("/frontchannel_logout_session_required", false),
	})
	if err != nil {
		log.Panic(err)
	}
	fmt.Println(c.ClientName)
	// Output: Patched
}

func ExampleAdminAPI_ModifyOAuth2Client() {
	admin := replayV1("getOAuth2Client/200-full.http", "updateOAuth2Client/200-read-and-written-back.http")
	c, err := admin.ModifyOAuth2Client(ctx, "full", func(c *models.OAuth2Client) error {
		c.ClientName = "Renamed"
		return nil
	})
	if err != nil {
		log.Panic(err)
	}
	fmt.Println(c.ClientName, "and still with", string(c.Metadata))
	// Output: Renamed and still with {"id":12345678901234567890,"nested":{"empty":{},"null":null}}
}

func ExampleAdminAPI_RevokeConsentSessions() {
	admin := replayV1("revokeConsentSessions/204-client.http")
	err := admin.RevokeConsentSessions(ctx, client.RevokeConsentSessionsParams{Subject: "dave"})
	fmt.Println(err)
	err = admin.RevokeConsentSessions(ctx, client.RevokeConsentSessionsParams{Subject: "dave", Client: "sessions-app"})
	fmt.Println(err)
	// Output:
	// hydra: revokeConsentSessions: invalid argument: params has neither Client nor All: one of them says which grants to revoke
	// <nil>
}

func ExampleAdminAPI_CreateJSONWebKeySet() {
	admin := replayV1("createJsonWebKeySet/201-ecdsa-p256.http")
	set, err := admin.CreateJSONWebKeySet(ctx, "ecdsa-p256", models.JSONWebKeySetGeneratorRequest{Alg: "ES256", Kid: "one", Use: "sig"})
	if err != nil {
		log.Panic(err)
	}
	for _, key := range set.Keys {
		fmt.Println(key.Kid, key.Kty, key.Crv)
	}
	// Output:
	// private:one EC P-256
	// public:one EC P-256
}

func ExampleAdminAPI_IntrospectOAuth2Token() {
	admin := replayV1("introspectOAuth2Token/200-access-token.http")
	info, err := admin.IntrospectOAuth2Token(ctx, "the token", client.IntrospectOAuth2TokenParams{Scope: "read"})
	if err != nil {
		log.Panic(err)
	}
	if !info.Active {
		log.Panic("unknown, expired, revoked, or without the scope")
	}
	fmt.Println(info.Subject, info.ClientID, info.Extra["tenant"])
	// Output: alice tokens-app acme
}

func ExampleAdminAPI_TrustJWTGrantIssuer() {
	admin := replayV1("trustJwtGrantIssuer/201-subject.http")
	trust, err := admin.TrustJWTGrantIssuer(ctx, models.TrustJWTGrantIssuerBody{
		Issuer:    "https://idp.example.com",
		Subject:   "erin",
		Scope:     []string{"read"},
		JWK:       models.JSONWebKey{Kid: "issuer-key", Kty: "EC", Crv: "P-256", X: "the public", Y: "key"},
		ExpiresAt: time.Date(2040, time.January, 1, 0, 0, 0, 0, time.UTC),
	})
	if err != nil {
		log.Panic(err)
	}
	fmt.Println(trust.Issuer, "until", trust.ExpiresAt.Year(), "with the key", trust.PublicKey.Kid)
	// Output: https://idp.example.com until 2040 with the key issuer-key
}
