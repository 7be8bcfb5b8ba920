// Package client is a client of the admin API of ORY Hydra, the OAuth 2.0 and
// OpenID Connect server. Login, consent and logout providers accept and reject
// Hydra's requests with it, and services manage OAuth 2.0 clients, keys, tokens and
// trust.
//
//	admin, err := client.New("http://127.0.0.1:4445")
//	...
//	login, err := admin.GetLoginRequest(ctx, r.URL.Query().Get("login_challenge"))
//	...
//	done, err := admin.AcceptLoginRequest(ctx, login.Challenge, models.AcceptLoginRequest{Subject: "alice"})
//	...
//	http.Redirect(w, r, done.RedirectTo, http.StatusSeeOther)
//
// [New] makes an [AdminAPI], which has one method for each operation, named as in Hydra's
// own documentation. What is required is an argument, the rest is a field of the
// Params or the body, and what is zero is not sent. [Option] values change how
// calls are made, all of them when given to [New], or one when given to a method.
//
// # Where to start
//
// From a task to its method, whose documentation says which errors come back, and where the
// versions of Hydra differ:
//
//   - log a user in: [AdminAPI.GetLoginRequest], then [AdminAPI.AcceptLoginRequest] or
//     [AdminAPI.RejectLoginRequest]
//   - ask for consent: [AdminAPI.GetConsentRequest], then [AdminAPI.AcceptConsentRequest] or
//     [AdminAPI.RejectConsentRequest]
//   - log a user out: [AdminAPI.GetLogoutRequest], then [AdminAPI.AcceptLogoutRequest] or
//     [AdminAPI.RejectLogoutRequest]
//   - connect a device, from v25.4 on: [AdminAPI.AcceptUserCodeRequest]
//   - see what a user has granted: [AdminAPI.AllSubjectConsentSessions]
//   - end the sessions and grants of a user: [AdminAPI.RevokeAuthenticationSession] and
//     [AdminAPI.RevokeConsentSessions], see Recipes
//   - find a client: [AdminAPI.GetOAuth2Client] by its ID, [AdminAPI.AllOAuth2Clients] by name
//     or owner
//   - register a client: [AdminAPI.CreateOAuth2Client], and see Recipes
//   - change a client: [AdminAPI.ModifyOAuth2Client], or [AdminAPI.PatchOAuth2Client] for single
//     members, and [AdminAPI.UpdateOAuth2ClientLifespans] for the lifespans of its tokens
//   - delete a client: [AdminAPI.DeleteOAuth2Client]; many of them, see Recipes
//   - rotate a client secret: [AdminAPI.RotateOAuth2ClientSecret], and later
//     [AdminAPI.DeleteRotatedOAuth2ClientSecrets]; up to v26.2 [AdminAPI.ModifyOAuth2Client] sets
//     another ClientSecret, and the old one is invalid at once
//   - rotate the signing keys: [AdminAPI.CreateJSONWebKeySet], and later
//     [AdminAPI.DeleteJSONWebKey], see Recipes
//   - read or import keys: [AdminAPI.GetJSONWebKeySet], [AdminAPI.UpdateJSONWebKey]; the
//     program [keys] makes a JSON Web Key of a PEM file (PKCS#8 and others) or a crypto.Signer
//   - check a token: [AdminAPI.IntrospectOAuth2Token], see Recipes
//   - revoke the access tokens of a client: [AdminAPI.DeleteOAuth2Token]
//   - clean up expired tokens, on v1: [AdminAPI.FlushInactiveOAuth2Tokens]
//   - trust the issuer of JWT assertions: [AdminAPI.TrustJWTGrantIssuer],
//     [AdminAPI.AllTrustedJWTGrantIssuers], [AdminAPI.DeleteTrustedJWTGrantIssuer]
//   - check health: [AdminAPI.IsReady] with its database, [AdminAPI.IsAlive] without,
//     [AdminAPI.GetVersion]; the first two do not find a wrong base URL, but a list does
//   - call anything else: [AdminAPI.Do]
//
// The repository has [programs to copy], a [guide for operators], a [table of versions], and
// a [migration guide] for those who come from hydra-client-go. Package
// [github.com/hydra-sdk/hydra-admin-go/client/clientweb] is for the pages of a provider, and
// [github.com/hydra-sdk/hydra-admin-go/client/clienttest] for tests.
//
// # Versions
//
// In this documentation, v1 is Hydra v1.11, and v2 is v2.0 to v2.3. The releases after those
// are v25.4 and v26.2: "from v2 on" and "later versions" include them. Everything is recorded
// from and tested against v1.11.10, v2.3.0 and v26.2.0, and tested against v25.4.0. Before
// v2.2, v2 acts as v1 where a login is accepted twice, and refuses a ClientID of your choice.
//
// From v2 on the base URL given to [New] ends in /admin; where a response shows that it is not
// that of the admin API, a call fails with [ErrWrongBaseURL]. Nothing else has to be chosen: a
// list is asked for in the styles of all versions until the first page shows which one it is.
//
// What a version does not have is a [*NotSupportedError] when it is asked for. Members that
// only some versions know are sent only if they are set. Do not build on [ErrConflict] and
// [ErrRequestWasHandled] for logins and consents, which are of v1: later versions take such
// calls again. They refuse challenges that have expired, with [ErrChallengeExpired], where v1
// leaves that to the browser.
//
// [models.OAuth2Client] and [models.JSONWebKey] keep members that this package does not
// know in AdditionalProperties, so that a client of a later Hydra can be read and written
// back without a loss. Integers in [models.Claims], and all numbers in raw JSON, keep their
// digits; other numbers in Claims become a float64.
//
// # Ory Network
//
// A project of Ory Network is a Hydra behind a gateway:
//
//	admin, err := client.New("https://"+slug+".projects.oryapis.com/admin", client.WithBearerToken(apiKey))
//
// The gateway limits the rate of requests: after status 429 a call waits as long as the header
// X-Ratelimit-Reset asks for. A bad key is [ErrUnauthorized].
//
// # Recipes
//
// Create a client, or change it if it exists: call [AdminAPI.CreateOAuth2Client] with a
// ClientID of your own. After [ErrConflict] the client exists, and after [ErrResponseLost] it
// may: set its members with [AdminAPI.ModifyOAuth2Client], and create it after
// [ErrNotFound]. With a ClientSecret of your own, a lost response costs nothing.
//
// Delete all clients of an owner: collect their IDs from [AdminAPI.AllOAuth2Clients] first, and
// then call [AdminAPI.DeleteOAuth2Client] for each. A loop that deletes what it reads misses
// some where Hydra pages by offset. After an error, start again.
//
// Rotate the signing keys: Hydra signs ID tokens with the set hydra.openid.id-token, and
// access tokens that are JWTs with hydra.jwt.access-token, with the newest key of each.
// [AdminAPI.CreateJSONWebKeySet] adds a key, with a Kid of your own. Keep the old key until no
// token that it has signed is valid, and then delete it with [AdminAPI.DeleteJSONWebKey]. On
// v1 a key is two entries, private:kid and public:kid. The program [rotate-keys] does this.
//
// End all sessions of a user: two calls are needed. [AdminAPI.RevokeAuthenticationSession] logs
// her out of Hydra, so that the next login asks for her password, but tokens stay active and
// grants remembered. [AdminAPI.RevokeConsentSessions] with All takes her grants away, and with
// them the access and refresh tokens, but she stays logged in. JWTs are valid until they
// expire for those who do not introspect them.
//
// Check a token: [AdminAPI.IntrospectOAuth2Token], and trust Active alone. While its database
// is away Hydra may call valid tokens inactive, so ask [AdminAPI.IsReady] before you refuse
// one. In a middleware give [WithTimeout], so that a user does not wait for 30 seconds.
//
// # Errors
//
// A call that returns no error did what it says. Every response outside of 2xx is an
// [*Error], which says what was called and what came back. Tell errors apart with
// [errors.Is]:
//
//	switch {
//	case errors.Is(err, client.ErrNotSupported), errors.Is(err, client.ErrWrongBaseURL): // before the statuses
//	case errors.Is(err, client.ErrNotFound): // 404
//	case errors.Is(err, client.ErrConflict): // 409
//	}
//
// One error can match a status and a meaning: a 404 of a server that lacks the operation is
// [ErrNotFound] and [ErrNotSupported], and a 404 of a proxy is [ErrNotFound] and
// [ErrWrongBaseURL]. So ask for a meaning first, before [ErrNotFound] and [ErrBadRequest]:
// [ErrNotSupported], [ErrWrongBaseURL], [ErrChallengeExpired], [ErrCursorExpired] and
// [ErrResponseLost].
//
// A wrong base URL gets the same 404 from a router as an operation that the version does not
// have. So the client then asks for a page of clients. Where that does not show which of the
// two it is, as behind a gateway that refuses it, the error is both.
//
// A method documents what it returns besides the following, which every call can return:
//
//   - [ErrInvalidArgument]: an argument was refused and nothing was sent. An argument that is
//     required is empty, or would reach another resource; see What is not sent
//   - [ErrUnauthorized] and [ErrForbidden]: a proxy or Ory Network refuses the credentials.
//     Hydra has none: it sends 401 for expired challenges alone, and no version was seen to
//     send 403
//   - [ErrTooManyRequests]: a gateway limits the rate, and the call had no time to wait
//   - [ErrInternalServerError]: Hydra has a fault, or its database is away
//   - [ErrBadGateway], [ErrServiceUnavailable] and [ErrGatewayTimeout]: a gateway got no
//     response from Hydra
//   - [ErrWrongBaseURL]: what responds is not the admin API
//   - [ErrRedirect]: something redirects, and redirects are not followed
//   - [ErrInvalidResponse]: a response of status 2xx is not what the operation promises
//   - [ErrResponseLost], of the operations of class C in section Retries: Hydra may have
//     carried out the request; see Lost responses
//   - [context.DeadlineExceeded], [context.Canceled], [*net.OpError] and others of net/http:
//     the call had no more time, or there was no connection
//   - what a transport of [WithHTTPClient] returns, such as one that gets no token
//
// These are of some methods alone: [ErrBadRequest], [ErrNotFound], [ErrConflict],
// [ErrRequestWasHandled], [ErrNotSupported], [ErrChallengeExpired], [ErrCursorExpired] and
// [ErrListIncomplete].
//
// The text that Hydra sends with an error is found as a [*JSONError], or as a
// [*GenericError] where no operation matched; what a gateway says in its own shape is found
// in the same way. It is part of the text of the error, on one line and of at most 1 kB.
// Do not compare the Name of a JSONError: it is a code, the text of a status or a sentence,
// depending on the part of Hydra that failed.
//
// A logout request that was accepted before is reported with status 410 when it is
// read, and by Hydra v1 so are login and consent requests. Redirect the browser then, to
// Location, given the URL of Hydra's public API:
//
//	var handled *client.RequestWasHandledError
//	if errors.As(err, &handled) {
//		to, err := handled.Location("http://127.0.0.1:4444")
//		...
//		http.Redirect(w, r, to, http.StatusSeeOther)
//	}
//
// Package [github.com/hydra-sdk/hydra-admin-go/client/clientweb] does that, and what else
// the pages of a provider need in a browser: redirects after forms, forms that are sent
// twice, lost responses, and texts for errors.
//
// [ErrInvalidResponse] is a response of status 2xx with
//
//   - HTML, such as the sign-in page of a proxy; the Content-Type does not matter
//   - more or less than one JSON document, or any body where Hydra sends none
//   - an object, or an object in a list, that lacks its essential member: for example a client
//     without its ID, or an accept without a RedirectTo that is a URL
//   - a status other than 200, 201, 203 and 204, except for [AdminAPI.Do]
//
// # What is not sent
//
// Some requests do something else on the server than they seem to. Deleting the
// key "" of a set deletes the set; a path element with a slash reaches another
// resource, even escaped; writing a set with nil keys empties it. Such arguments
// are refused with an [*ArgumentError], which is [ErrInvalidArgument], before anything is
// sent. So are those that Hydra would refuse anyway: for all methods an empty argument that
// is required, such as a challenge, an ID or the Subject of a login. No method lists that
// among its errors, and it is never [ErrBadRequest].
//
// Redirects are never followed, since Hydra redirects unclean paths to other
// resources; they are [ErrRedirect].
//
// # Lists
//
// A list method returns one [Page]. The methods that start with All iterate over
// all pages, and yield each item once if the list does not change meanwhile:
//
//	for c, err := range admin.AllOAuth2Clients(ctx, client.ListOAuth2ClientsParams{Owner: "team-a"}) {
//		if err != nil {
//			return err
//		}
//		...
//	}
//
// Next of a page is the cursor of the page after it: given back as Cursor, in this
// process or in another one, it continues the list. A cursor of Hydra v25.4 or later expires
// after an hour, which is [ErrCursorExpired]; those of earlier versions do not. The links that
// Hydra sends are not followed where it pages by offset: there they lead on for ever in an
// empty list, and for consent sessions on v2 they are wrong.
//
// An iterator prefetches the next page while its caller works with one, and several with
// [WithPagesInFlight]. Besides these it holds, of each page, a checksum and the token that
// leads on, and the challenges of the consent sessions that it yielded. A break cancels the
// requests in flight. A server that sends a page twice, a token twice or more items than its
// total ends the list with an error; a page of consent sessions that is not full and comes
// again ends their list without one. If items are created or deleted while a list is read by
// offset, an item can be missed or yielded twice. Consent sessions come in no fixed order on
// some databases: their iterator yields each once, or ends with [ErrListIncomplete].
//
// Hydra v25.4 and later page by tokens that can only be followed, and do not say how long
// a list is: there Total is -1, and Offset is [ErrNotSupported].
//
// # Time
//
// Each call, or page of an iterator, may take 30 seconds; [WithTimeout] changes that. It ends
// the context of the request: a transport of yours that does not heed it, for example while it
// fetches a token, makes the call longer.
//
// Without [WithHTTPClient], a dial takes 5 seconds at most, all addresses of the host
// together, and the handshake of TLS another 5. An idle connection is closed after 30
// seconds, before the usual proxies do that; for other proxies there is [WithIdleTimeout]. A
// silent HTTP/2 connection is found by a ping within 8 seconds.
//
// An attempt of an operation that is safe to send twice (classes A and B below) gets half of
// the time that the call has left, and 10 seconds at most. If it has no response by then, idle
// connections, which may be as silent, are closed, and all further attempts may take the time
// that is left. Attempts of class C have all of it, and so have those that no retry can follow.
//
// # Retries
//
// Whether a call is retried depends on its operation and on the failure. There are three
// classes of operations:
//
//   - class A: those with method GET
//   - class B: introspection, and writes that do the same when they are sent twice, such as
//     [AdminAPI.UpdateOAuth2Client] and [AdminAPI.AcceptConsentRequest]
//   - class C: [AdminAPI.AcceptLoginRequest], [AdminAPI.RejectLoginRequest],
//     [AdminAPI.CreateOAuth2Client], [AdminAPI.PatchOAuth2Client],
//     [AdminAPI.DeleteOAuth2Client], [AdminAPI.RotateOAuth2ClientSecret],
//     [AdminAPI.CreateJSONWebKeySet], [AdminAPI.TrustJWTGrantIssuer],
//     [AdminAPI.DeleteTrustedJWTGrantIssuer], and [AdminAPI.Do] with another method than GET
//
// And there are four kinds of failures:
//
//	                                                 retried in class   counts
//	1  there was no connection, or status 429        A  B  C            no
//	2  nothing was written, for another reason       A  B  C            yes
//	3  any other failure on the way,                 A  B               yes
//	   or status 502, 503, 504, 520 to 524
//	4  status 500, while Hydra's database is away    A                  yes
//
// Failure 1 is one of dialling, of reaching a proxy or of the handshake of TLS, and a connection
// that the server had closed before the request was written. A wrong certificate, and a server
// without TLS, are never retried. Failure 2 is for example a host whose name is not found, or a
// proxy that refuses to connect.
//
// A call makes two retries at most that count; [WithRetries] changes that, and 0 turns off all
// retries. Those that do not count go on for as long as the call has time. If neither the
// call nor its context has a deadline, all count.
//
// A transport of yours must not add the header Idempotency-Key or X-Idempotency-Key: net/http
// sends such a request again by itself when a connection breaks, of class C as well.
// [WithHeader] refuses both.
//
// The pauses between attempts grow from 100 milliseconds to 5 seconds, and each is at random up
// to half shorter or longer. A Retry-After header, or X-Ratelimit-Reset with status 429, sets
// another pause: what it asks for, and a random time on top of up to as long again, at most 5
// seconds. A call that would be over by then ends at once with the error at hand, and so does
// one without a deadline that would wait for five minutes or more.
//
// An AdminAPI has a budget of 50 retries after failures 2, 3 and 4. It gets one back each
// second, and one for ten responses that have neither status 429 nor one from 500 on. When it
// is empty, a call ends with the error at hand, so that an outage costs little more requests
// than there are calls. The budget is shared by copies of the AdminAPI and by all calls,
// whatever their options are. [WithLogger] and a [RetryObserver] tell that it was empty.
// Retries after failure 1 do not take from it, since their request was not processed. While no
// connection can be made, all calls of an AdminAPI together make five retries, and then one a
// second; when one of them gets a response, the others go on.
//
// # Lost responses
//
// A call of class C is [ErrResponseLost] if Hydra may have carried out the request or not: it
// failed after it was written, or a gateway responds in place of Hydra with status 502, 504,
// 520, 522, 524 or a success of its own. The text of the error says what to do. Status 503 says
// that a gateway has not forwarded the request, and is not ErrResponseLost, unless it is that of
// Envoy for a broken connection.
//
// How far a request came is known from the trace of net/http. With a transport that does not
// send through net/http, a request with a body counts as not sent while its body is not read,
// and one without a body counts as sent.
//
// After a lost response to [AdminAPI.AcceptLoginRequest], send the browser to RequestURL of the
// login request, as [StartOver] of package clientweb does: on v1 a second call would fail with
// [ErrConflict], and the lost RedirectTo cannot be fetched again.
//
// # Memory
//
// A call allocates at most 5 MiB and 32 bytes for each byte of the response, its body
// after decompression, even if all that becomes garbage on the way is counted. A body that
// would take more, such as a list of a million empty objects, is [ErrInvalidResponse].
// What Hydra sends takes a few bytes for each. A body may have 64 MiB, or 1 MiB with a
// status outside of 2xx, so that the bound of a call is about 2 GiB; [WithMaxResponseBytes]
// lowers that. Not counted are the transport, what earlier attempts of the call took, and, in
// [AdminAPI.Do], results of types that are not of package models.
//
// # Secrets
//
// The text of an error has no secret of its call: no challenge, token, user code, client
// secret or private key, no value of a claim of a consent session or of a body given to
// [AdminAPI.Do], no header field of an option but User-Agent and X-Forwarded-Proto, and
// no password of the base URL. They are removed from what a server, a proxy or a
// transport says as well, also if that is percent-encoded, has the escapes of JSON, Go or
// HTML, or is cut: sixteen characters in a row are enough.
//
// These values are not removed:
//
//   - those of less than six characters
//   - words of OAuth 2.0, such as openid, and words of the operation
//   - in header fields, claims and bodies of Do: those of less than twelve characters without a
//     digit, which cannot be told from words, unless the name of the header field says that it
//     is secret
//   - IP addresses in header fields
//   - those that a transport of yours adds, such as a bearer token, or sends elsewhere, such as
//     the secret for a token endpoint: they are not known here
//   - those that are written in yet another way, such as in capitals, or with other characters
//     in between
//
// All of this holds for [Error] and the errors behind it that [errors.Unwrap] returns, for
// the lines of [WithLogger], for package log/slog, and for the verbs of package fmt, which do
// not print what an [AdminAPI] holds either. Package log/slog writes models and a [Page]
// without what is secret in them.
//
// These have all that came or was given: Body and Header of an [Error], the error of
// a transport that [errors.As] finds, and models that package fmt or encoding/json writes.
// So have slices of models in package log/slog, which does not look into slices.
//
// # Proxies, TLS and tracing
//
// The *http.Client given to [WithHTTPClient] decides about all of that; [NewTransport] is a
// transport to start from. A Hydra that is told of a proxy that ends TLS asks for
// [WithForwardedProto].
//
// [WithLogger] writes a line for each call; methods that call several operations, such as
// [AdminAPI.ModifyOAuth2Client], have a line for each of them. A transport given to
// [WithHTTPClient] learns from [OperationFromContext] what a request is for, and the module
// github.com/hydra-sdk/hydra-admin-go/client/clientotel makes spans and metrics of that.
//
// # Testing
//
// Package [github.com/hydra-sdk/hydra-admin-go/client/clienttest] is a Hydra inside a test,
// with the responses of a recorded one.
//
// [programs to copy]: https://github.com/hydra-sdk/hydra-admin-go/tree/main/examples
// [guide for operators]: https://github.com/hydra-sdk/hydra-admin-go/blob/main/docs/production.md
// [table of versions]: https://github.com/hydra-sdk/hydra-admin-go/blob/main/docs/compatibility.md
// [migration guide]: https://github.com/hydra-sdk/hydra-admin-go/blob/main/docs/migration.md
// [StartOver]: https://pkg.go.dev/github.com/hydra-sdk/hydra-admin-go/client/clientweb#StartOver
// [keys]: https://github.com/hydra-sdk/hydra-admin-go/blob/main/examples/keys/jwk.go
// [rotate-keys]: https://github.com/hydra-sdk/hydra-admin-go/blob/main/examples/rotate-keys/main.go
package client
