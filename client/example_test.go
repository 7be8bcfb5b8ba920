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

// hydraV1 returns a client of a server that sends recorded responses of Hydra v1. A program
// calls client.New instead.
func hydraV1(recordings ...string) *client.AdminAPI { return recordedHydra(fixture.V1, recordings) }

// hydraV2 does the same with responses of v2.
func hydraV2(recordings ...string) *client.AdminAPI { return recordedHydra(fixture.V2, recordings) }

// hydraNext does the same with responses of the release after v26.2.
func hydraNext(recordings ...string) *client.AdminAPI { return recordedHydra(fixture.Next, recordings) }

func recordedHydra(version string, recordings []string) *client.AdminAPI {
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
	ctx := context.Background()
	// A recorded Hydra responds here. A program calls client.New.
	admin := hydraV1("getLoginRequest/200-fresh.http", "acceptLoginRequest/200-everything.http")
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
	ctx := context.Background()
	// A recorded Hydra responds here. A program calls client.New.
	admin := hydraV1("getConsentRequest/200-fresh.http", "acceptConsentRequest/200-everything.http")
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
	ctx := context.Background()
	// A recorded Hydra responds here. A program calls client.New.
	admin := hydraV1("getLogoutRequest/200-by-client.http", "acceptLogoutRequest/200-by-client.http")
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
	ctx := context.Background()
	// A recorded Hydra responds here. A program calls client.New.
	admin := hydraV1("getLoginRequest/410-handled.http")
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
	ctx := context.Background()
	// A recorded Hydra responds here. A program calls client.New.
	admin := hydraV1("getLogoutRequest/410-handled.http")
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
	ctx := context.Background()
	// A recorded Hydra responds here. A program calls client.New.
	admin := hydraV1("createOAuth2Client/400-short-secret.http")
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
	ctx := context.Background()
	admin := hydraV1() // has no response: nothing is sent
	err := admin.DeleteJSONWebKey(ctx, "hydra.openid.id-token", "")
	fmt.Println(err)
	fmt.Println(errors.Is(err, client.ErrInvalidArgument))
	// Output:
	// hydra: deleteJsonWebKey: invalid argument: kid is empty: the request would reach the whole collection
	// true
}

func ExampleAdminAPI_AllOAuth2Clients() {
	ctx := context.Background()
	// A recorded Hydra responds here. A program calls client.New.
	admin := hydraV1("listOAuth2Clients/200-all.http")
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
	ctx := context.Background()
	// A recorded Hydra responds here. A program calls client.New.
	admin := hydraV1(
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
	ctx := context.Background()
	// A recorded Hydra responds here. A program calls client.New.
	admin := hydraV1("listOAuth2Clients/200-limit-2-offset-0.http", "listOAuth2Clients/200-limit-2-offset-2.http")
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
	ctx := context.Background()
	// A recorded Hydra responds here. A program calls client.New.
	admin := hydraV2("flushInactiveOAuth2Tokens/404-all.http", "listOAuth2Clients/200-limit-2-offset-0.http")
	err := admin.FlushInactiveOAuth2Tokens(ctx, models.FlushInactiveOAuth2TokensRequest{})
	if missing, ok := errors.AsType[*client.NotSupportedError](err); ok {
		fmt.Println(missing.Operation.ID+":", missing.Reason)
	}
	// Output: flushInactiveOAuth2Tokens: this Hydra is newer than the last release with the operation, v1.11
}

// Hydra v2 rejects challenges that have expired.
func ExampleError_challengeExpired() {
	ctx := context.Background()
	// A recorded Hydra responds here. A program calls client.New.
	admin := hydraV2("getLoginRequest/401-expired.http")
	_, err := admin.GetLoginRequest(ctx, "challenge")
	if errors.Is(err, client.ErrChallengeExpired) {
		fmt.Println("ask the user to start over at the app")
	}
	// Output: ask the user to start over at the app
}

// A login that was accepted before has no new RedirectTo on Hydra v1.
func ExampleError_conflict() {
	ctx := context.Background()
	// A recorded Hydra responds here. A program calls client.New.
	admin := hydraV1("acceptLoginRequest/409-again.http")
	_, err := admin.AcceptLoginRequest(ctx, "challenge", models.AcceptLoginRequest{Subject: "alice"})
	if errors.Is(err, client.ErrConflict) {
		fmt.Println("ask the user to start over at the app")
	}
	// Output: ask the user to start over at the app
}

// A proxy in front of Hydra responds with its own login page.
func ExampleError_invalidResponse() {
	ctx := context.Background()
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
	ctx := context.Background()
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
	ctx := context.Background()
	// A recorded Hydra responds here. A program calls client.New.
	admin := hydraV2("router/307-no-prefix-on-v2.http")
	_, err := admin.GetOAuth2Client(ctx, "app")
	fmt.Println(err)
	fmt.Println(errors.Is(err, client.ErrWrongBaseURL))
	// Output:
	// hydra: getOAuth2Client: 307 Temporary Redirect: this is Hydra v2: its base URL ends in /admin
	// true
}

func ExampleAdminAPI_CreateOAuth2Client() {
	ctx := context.Background()
	// A recorded Hydra responds here. A program calls client.New.
	admin := hydraV1("createOAuth2Client/201-all-defaults.http")
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
	ctx := context.Background()
	// A recorded Hydra responds here. A program calls client.New.
	admin := hydraV1("patchOAuth2Client/200-replace.http")
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
	ctx := context.Background()
	// A recorded Hydra responds here. A program calls client.New.
	admin := hydraV1("getOAuth2Client/200-full.http", "updateOAuth2Client/200-read-and-written-back.http")
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

// Two calls end all that a user has: her logins, and what she has granted with its tokens.
func ExampleAdminAPI_RevokeAuthenticationSession() {
	ctx := context.Background()
	// A recorded Hydra responds here. A program calls client.New.
	admin := hydraV1("revokeAuthenticationSession/204-done.http", "revokeConsentSessions/204-all.http")
	if err := admin.RevokeAuthenticationSession(ctx, client.RevokeAuthenticationSessionParams{Subject: "dave"}); err != nil {
		log.Panic(err)
	}
	if err := admin.RevokeConsentSessions(ctx, client.RevokeConsentSessionsParams{Subject: "dave", All: true}); err != nil {
		log.Panic(err)
	}
	fmt.Println("logged out, without grants")
	// Output: logged out, without grants
}

func ExampleAdminAPI_AllSubjectConsentSessions() {
	ctx := context.Background()
	// A recorded Hydra responds here. A program calls client.New.
	admin := hydraV2("listSubjectConsentSessions/200-three.http")
	for session, err := range admin.AllSubjectConsentSessions(ctx, "frank", client.ListSubjectConsentSessionsParams{}) {
		if err != nil {
			log.Panic(err)
		}
		fmt.Println(session.ConsentRequest.Client.ClientID, "may", session.GrantScope)
	}
	// Output:
	// client-2-sessions may [openid offline read]
	// client-1-sessions may [openid offline read]
	// client-0-sessions may [openid offline read]
}

// Up to v26.2 that is ErrNotSupported, which comes before ErrNotFound: it is both.
func ExampleAdminAPI_RotateOAuth2ClientSecret() {
	ctx := context.Background()
	// A recorded Hydra responds here. A program calls client.New.
	admin := hydraNext("rotateOAuth2ClientSecret/200-done.http", "deleteRotatedOAuth2ClientSecrets/200-done.http")
	c, err := admin.RotateOAuth2ClientSecret(ctx, "rotated")
	switch {
	case errors.Is(err, client.ErrNotSupported):
		log.Panic("set another ClientSecret with ModifyOAuth2Client")
	case errors.Is(err, client.ErrNotFound):
		log.Panic("the client is gone")
	case err != nil:
		log.Panic(err)
	}
	fmt.Println("the new secret is shown this once:", len(c.ClientSecret), "characters")

	// When the app has the new secret, the old one can go.
	_, err = admin.DeleteRotatedOAuth2ClientSecrets(ctx, c.ClientID)
	fmt.Println(err)
	// Output:
	// the new secret is shown this once: 26 characters
	// <nil>
}

func ExampleAdminAPI_RevokeConsentSessions() {
	ctx := context.Background()
	// A recorded Hydra responds here. A program calls client.New.
	admin := hydraV1("revokeConsentSessions/204-client.http")
	err := admin.RevokeConsentSessions(ctx, client.RevokeConsentSessionsParams{Subject: "dave"})
	fmt.Println(err)
	err = admin.RevokeConsentSessions(ctx, client.RevokeConsentSessionsParams{Subject: "dave", Client: "sessions-app"})
	fmt.Println(err)
	// Output:
	// hydra: revokeConsentSessions: invalid argument: params has neither Client nor All: one of them says which grants to revoke
	// <nil>
}

// Hydra signs ID tokens with the newest key of this set from now on.
func ExampleAdminAPI_CreateJSONWebKeySet() {
	ctx := context.Background()
	// A recorded Hydra responds here. A program calls client.New.
	admin := hydraV2("createJsonWebKeySet/201-signing-key.http")
	set, err := admin.CreateJSONWebKeySet(ctx, "hydra.openid.id-token", models.JSONWebKeySetGeneratorRequest{Alg: "RS256", Kid: "autumn", Use: "sig"})
	if err != nil {
		log.Panic(err)
	}
	for _, key := range set.Keys { // two on v1, private:autumn and public:autumn
		fmt.Println(key.Kid, key.Kty, key.Alg)
	}
	// Output: autumn RSA RS256
}

// A key is deleted when no token that it has signed is valid any more.
func ExampleAdminAPI_DeleteJSONWebKey() {
	ctx := context.Background()
	// A recorded Hydra responds here. A program calls client.New.
	admin := hydraV2("deleteJsonWebKey/204-signing-key.http")
	fmt.Println(admin.DeleteJSONWebKey(ctx, "hydra.openid.id-token", "autumn"))
	// Output: <nil>
}

func ExampleAdminAPI_IntrospectOAuth2Token() {
	ctx := context.Background()
	// A recorded Hydra responds here. A program calls client.New.
	admin := hydraV1("introspectOAuth2Token/200-access-token.http")
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
	ctx := context.Background()
	// A recorded Hydra responds here. A program calls client.New.
	admin := hydraV1("trustJwtGrantIssuer/201-subject.http")
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
