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
// The example of the package is a whole provider. The program [login-consent] in the
// repository is a larger one, with pages to look at, passwords, and tests in a browser.
//
// [login-consent]: https://github.com/hydra-sdk/hydra-admin-go/tree/main/examples/login-consent
package clientweb
