// Package clientweb has what the pages of a login, consent and logout provider need in a
// browser. It is small: a function each for
//
//   - the redirect after an accept or reject: [Redirect]
//   - a form that was submitted twice: [Once]
//   - a request that has to start over, since it was handled before or its response was
//     lost: [StartOver]
//   - the text of a page about an error: [Explain]
//
// It brings no pages, sessions or routes. What to grant is in package models:
// [models.ConsentRequest.Grant], and prompt and max_age of a request are
// [models.LoginRequest.Prompt] and [models.LoginRequest.MaxAge].
//
// Redirects of Hydra carry a verifier, the part that proves to Hydra what the provider
// decided. That of a consent is good for one use, and with v1 that of a login as well: where the
// documentation says that a verifier was used, a browser has followed the redirect.
//
// # Checklist
//
//   - Forms of other sites are refused: wrap the handler in [net/http.CrossOriginProtection].
//   - Each page of your own has Cache-Control: no-store, a Content-Security-Policy with
//     frame-ancestors 'none', and Referrer-Policy: same-origin, as its URL holds a challenge.
//   - The challenge is in a hidden field of the form, and not in a cookie, which all tabs share.
//   - Pages are made with html/template. The names of apps and scopes come from others.
//   - A GET decides nothing, unless Skip is true. A form reads the request again first.
//   - After a wrong password, redirect with status 303 to GET /login with the challenge and a
//     word for the message. Nothing that was typed belongs in a URL. Back to the response to a
//     form would show "Confirm Form Resubmission".
//   - Accept and reject in [Once.Do], with the decision, and go on with [Redirect].
//   - The consent page asks [Once.Decided] when it is opened.
//   - All errors go to [StartOver] first, with Hydra's public URL and the RequestURL, and then
//     to a page with the text of [Explain]. The error itself is for the log.
//   - After "Stay signed in" at a logout, reject it and redirect to a page that says so: Hydra
//     does not lead on from there.
//   - A user_code in the link to the page for devices fills in the form, and is accepted when the
//     user has compared it with the device and pressed a button: the link may come from others.
//   - The device flow ends at a page of the provider, at the URL in Hydra's setting
//     urls.device.success, such as /device/done.
//   - The [net/http.Server] has a ReadHeaderTimeout and a ReadTimeout, and forms are bounded
//     with [net/http.MaxBytesHandler].
//
// Package clienttest takes a provider through what users and browsers do. The example of this
// package, in example_provider_test.go, is a whole provider. The program [login-consent] in the
// repository is a larger one, with pages to look at, passwords, and tests in a browser.
//
// [login-consent]: https://github.com/hydra-sdk/hydra-admin-go/tree/main/examples/login-consent
package clientweb
