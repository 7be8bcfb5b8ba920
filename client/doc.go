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
// An [AdminAPI] has one method for each operation, named as in Hydra's own
// documentation. What is required is an argument, the rest is a field of the
// Params or the body, and what is zero is not sent. [Option] values change how
// calls are made, all of them when given to [New], or one when given to a method.
//
// # Where to start
//
// This leads from a task to the method for it, whose documentation says which errors come
// back, and where the versions of Hydra differ.
//
//   - log a user in: [AdminAPI.GetLoginRequest], then [AdminAPI.AcceptLoginRequest] or
//     [AdminAPI.RejectLoginRequest]
//   - ask for consent: [AdminAPI.GetConsentRequest], then [AdminAPI.AcceptConsentRequest] or
//     [AdminAPI.RejectConsentRequest]
//   - log a user out: [AdminAPI.GetLogoutRequest], then [AdminAPI.AcceptLogoutRequest] or
//     [AdminAPI.RejectLogoutRequest]
//   - connect a device, from v25.4 on: [AdminAPI.AcceptUserCodeRequest]
//   - see what a user has granted: [AdminAPI.AllSubjectConsentSessions]
//   - revoke that, with its tokens: [AdminAPI.RevokeConsentSessions]
//   - revoke a session, so that the user has to log in again: [AdminAPI.RevokeAuthenticationSession]
//   - find a client: [AdminAPI.GetOAuth2Client] by its ID, [AdminAPI.AllOAuth2Clients] by name
//     or owner
//   - register a client: [AdminAPI.CreateOAuth2Client]
//   - change a client: [AdminAPI.ModifyOAuth2Client], or [AdminAPI.PatchOAuth2Client] for single
//     members, and [AdminAPI.UpdateOAuth2ClientLifespans] for the lifespans of its tokens
//   - delete a client: [AdminAPI.DeleteOAuth2Client]
//   - rotate a client secret: [AdminAPI.RotateOAuth2ClientSecret], and later
//     [AdminAPI.DeleteRotatedOAuth2ClientSecrets]; up to v26.2 [AdminAPI.ModifyOAuth2Client] sets
//     another ClientSecret, and the old one is invalid at once
//   - rotate a key: [AdminAPI.CreateJSONWebKeySet] adds one to a set, and
//     [AdminAPI.DeleteJSONWebKey] removes the old one
//   - read or import keys: [AdminAPI.GetJSONWebKeySet], [AdminAPI.UpdateJSONWebKey]
//   - introspect a token: [AdminAPI.IntrospectOAuth2Token]
//   - revoke the access tokens of a client: [AdminAPI.DeleteOAuth2Token]
//   - clean up expired tokens, on v1: [AdminAPI.FlushInactiveOAuth2Tokens]
//   - trust the issuer of JWT assertions: [AdminAPI.TrustJWTGrantIssuer],
//     [AdminAPI.AllTrustedJWTGrantIssuers], [AdminAPI.DeleteTrustedJWTGrantIssuer]
//   - check health: [AdminAPI.IsReady] with its database, [AdminAPI.IsAlive] without,
//     [AdminAPI.GetVersion]
//   - call anything else: [AdminAPI.Do]
//
// The repository has programs to copy in examples, a guide for operators in
// docs/production.md, and one for those who come from hydra-client-go in docs/migration.md.
// Package [github.com/hydra-sdk/hydra-admin-go/client/clienttest] is for tests.
//
// # Errors
//
// A call that returns no error did what it says. Every response outside of 2xx is an
// [*Error], which says what was called and what came back. Tell errors apart by
// status:
//
//	switch {
//	case errors.Is(err, client.ErrNotFound): // 404
//	case errors.Is(err, client.ErrConflict): // 409
//	}
//
// Status 404 that does not come from Hydra's admin API, but from a proxy or from another
// port, is [ErrWrongBaseURL] as well. Ask for that first where a call takes
// [ErrNotFound] for "was deleted before".
//
// The text that Hydra sends with an error is found as a [*JSONError], or as a
// [*GenericError] where no operation matched; what a gateway says in its own shape is found
// in the same way. It is part of the text of the error, on one line and of at most 1 kB.
// Its Name is no stable code.
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
// A response of status 2xx that is not what the operation promises is an [*Error] as
// well, and is [ErrInvalidResponse]: HTML of a proxy, more or less than one JSON document,
// a body where there is none, an object, or one in a list, without what the operation is
// for, such as a RedirectTo that is a URL or the ID of a client, and a status other than
// 200, 201, 203 and 204. The Content-Type does not matter. A failure on the way is found as net/http reports it:
// [context.DeadlineExceeded], [*net.OpError].
//
// # What is not sent
//
// Some requests do something else on the server than they seem to. Deleting the
// key "" of a set deletes the set; a path element with a slash reaches another
// resource, even escaped; writing a set with nil keys empties it. Such arguments
// are refused with an [*ArgumentError] before anything is sent, and so are those
// that Hydra would refuse anyway: an empty challenge, a login without a subject.
// Redirects are never followed, since Hydra redirects unclean paths to other
// resources; they are [ErrRedirect].
//
// # Lists
//
// A list method returns one [Page]. The methods that start with All iterate over
// all pages, and yield each item once:
//
//	for c, err := range admin.AllOAuth2Clients(ctx, client.ListOAuth2ClientsParams{Owner: "team-a"}) {
//		if err != nil {
//			return err
//		}
//		...
//	}
//
// Next of a page is the cursor of the page after it: given back as Cursor, in this
// process or in another one, it continues the list. That of Hydra v25.4 and later
// expires after an hour, which is [ErrCursorExpired]. Links of Hydra are not followed
// where it pages by offset: there they lead on for ever in an empty list, and are wrong
// for consent sessions on v2.
//
// An iterator prefetches the next page while its caller works with one, and several with
// [WithPagesInFlight]. It holds no more than that in memory, besides the challenges of the
// consent sessions that it yielded. A break cancels the requests in flight. A server that
// sends a page twice, a token twice or more items than its total ends the list with an
// error. As with any paging by offset, an item can be missed or seen twice when others are
// created or deleted meanwhile. Consent sessions come in no fixed order on some databases:
// their iterator yields each once, or ends with [ErrListIncomplete].
//
// Hydra v25.4 and later page by tokens that can only be followed, and do not say how long
// a list is: there Total is -1, and Offset is [ErrNotSupported].
//
// # Memory
//
// A call allocates at most 5 MiB and 32 bytes for each byte of the response, its body
// after decompression, even if all that becomes garbage on the way is counted. A body that
// would take more, such as a list of a million empty objects, is [ErrInvalidResponse].
// What Hydra sends takes a few bytes for each. A body may have 64 MiB, or 1 MiB with a
// status outside of 2xx, so that the bound of a call is about 2 GiB; [WithMaxResponseBytes]
// lowers that. Not counted are the transport, what the retries before took, and, in
// [AdminAPI.Do], results of types that are not of package models.
//
// # Time
//
// Each call, or page of an iterator, may take 30 seconds; [WithTimeout] changes
// that.
//
// Without [WithHTTPClient], a dial takes 5 seconds at most, all addresses of the host
// together, and the handshake of TLS another 5. An idle connection is closed after 30
// seconds, before the usual proxies do that; [WithIdleTimeout] is for others. A silent
// HTTP/2 connection is found by a ping within 8 seconds.
//
// An attempt of a read, introspection or write that does the same when it is sent twice
// ends after half of the time that the call has left, and after 10 seconds at most, if it
// can be retried. Then idle connections are closed, which may be as silent, and the next
// attempts may take all the time that is left. Attempts of other operations have all of it.
//
// # Retries
//
// A call is retried after a failure that may pass. Which one that is depends on the
// operation:
//
//   - all: after a failed connection, that is dialling, a proxy that cannot be reached or
//     the handshake of TLS, but not after a wrong certificate or at a server without TLS;
//     after a connection that the server had closed before the request was written; and
//     after status 429
//   - reads, introspection, and writes that do the same when they are sent twice: also
//     after any other failure on the way, and after status 502, 503, 504 and those from 520
//     to 524 of Cloudflare
//   - reads with method GET: also after status 500, which Hydra sends while its database is
//     away
//   - creating, patching, accepting and rejecting a login, and deleting a client or
//     a trusted issuer: also after other failures before anything of the request was written
//
// Retries of the first kind go on for as long as the call has time. Of all others, and
// where the name of the host is not found or a proxy refuses to connect, a call makes two
// at most; [WithRetries] changes that, and 0 turns off all retries. If neither the call
// nor its context has a deadline, those of the first kind count as well.
//
// The pauses between attempts are random, and grow from 100 milliseconds to 5 seconds, each
// half more or less. A Retry-After header, or X-Ratelimit-Reset with status 429, sets another
// pause: what it asks for, and a random time on top of up to as long again, at most 5 seconds.
// A call that would be over by then ends at once with the error at hand, and so does one
// without a deadline that would wait for five minutes or more.
//
// An AdminAPI has a budget for the retries that are not of the first kind: 50 of them, of
// which it gets back one a second, and one for ten responses that do not have status 429
// or one from 500 on. When it is empty, a call ends with the error at hand, so that an
// outage costs little more requests than there are calls. The budget is shared by copies
// and by all calls, whatever their options are. [WithLogger] and a [RetryObserver] tell
// that it was empty. Retries of the first kind do not take from it: their request was not
// processed, and many callers who are told to wait should all come to their turn. While
// no connection can be made, all calls of an AdminAPI together make five retries, and
// then one a second. When one of them gets a response the others go on.
//
// Where a call of the last kind fails after it was written, or a gateway responds in
// place of Hydra with status 502, 504, 520, 522, 524 or a success of its own, Hydra may have
// carried out the request or not. The error is [ErrResponseLost] then, and its text says what
// to do. Status 503 says that a gateway has not forwarded the request, and is not
// ErrResponseLost, unless it is that of Envoy for a broken connection. A transport that
// neither sends through that of net/http nor looks at the body of the request may have sent
// it. For [AdminAPI.AcceptLoginRequest] a lost response means to send the browser to
// RequestURL of the login request, as StartOver of package clientweb does: on v1 a second
// call would fail with [ErrConflict], and the lost RedirectTo cannot be fetched again.
//
// # Secrets
//
// The text of an error has no secret of its call: no challenge, token, user code, client
// secret or private key, no value of a claim of a consent session or of a body given to
// [AdminAPI.Do], no header field of an option but User-Agent and X-Forwarded-Proto, and
// no password of the base URL. They are removed from what a server, a proxy or a
// transport says as well, also if that is percent-encoded, has the escapes of JSON, Go or
// HTML, or is cut: sixteen characters in a row are enough. Values of less than six
// characters, words of OAuth 2.0 such as openid, and words of the operation stay. So do,
// of header fields, claims and bodies of Do, names of less than twelve letters, and IP
// addresses in header fields.
//
// That holds for [Error] and the errors behind it that [errors.Unwrap] returns, for the
// lines of [WithLogger], for package log/slog, and for the verbs of package fmt, which do
// not print what an [AdminAPI] holds either. Package log/slog writes models and a [Page]
// without what is secret in them.
//
// These are as they came or as they were given: Body and Header of an [Error], the error of
// a transport that [errors.As] finds, models that package fmt or encoding/json writes, and
// with them slices of models, into which package log/slog does not look.
//
// # Proxies, TLS and tracing
//
// The *http.Client given to [WithHTTPClient] decides about all of that. A Hydra
// that is told of a proxy that ends TLS asks for [WithForwardedProto].
//
// # Logs and traces
//
// [WithLogger] writes a line for each call. A transport given to [WithHTTPClient]
// learns from [OperationFromContext] what a request is for, and the module
// github.com/hydra-sdk/hydra-admin-go/client/clientotel makes spans and metrics of
// that.
//
// # Other operations
//
// [AdminAPI.Do] calls an operation that has no method here.
//
// # Versions
//
// Everything here is recorded from and tested against Hydra v1.11.10, v2.3.0 and
// v26.2.0, and tested against v25.4.0. From v2 on the base URL ends in /admin; one that
// is not of the admin API is [ErrWrongBaseURL]. Nothing else has to be chosen: a list is
// asked for in the styles of all versions until the first page shows which one it is.
//
// Where the versions differ, the documentation of a method says how, and
// docs/compatibility.md in the repository has it all in a table. What a version does not
// have is a [*NotSupportedError] when it is asked for, and members that only later
// versions know are sent only if they are set. Do not build on [ErrConflict] and
// [ErrRequestWasHandled] for logins and consents: from v2 on Hydra takes such calls
// again. It refuses challenges that have expired, with [ErrChallengeExpired], where v1
// leaves that to the browser.
//
// [models.OAuth2Client] and [models.JSONWebKey] keep members that this package does not
// know in AdditionalProperties, so that a client of a later Hydra can be read and written
// back without a loss. Numbers in [models.Claims] and in raw JSON keep all their digits.
//
// # Ory Network
//
// A project of Ory Network is a Hydra behind a gateway:
//
//	admin, err := client.New("https://"+slug+".projects.oryapis.com/admin", client.WithBearerToken(apiKey))
//
// It limits the rate of requests: after status 429 a call waits as long as the header
// X-Ratelimit-Reset asks for. A bad key is [ErrUnauthorized].
package client
