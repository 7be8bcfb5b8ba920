// Package clienttest tests login, consent, logout and device providers, and other users
// of package client, without a Hydra.
//
// A [Server] runs inside the test and sends the responses of a real Hydra, as they were
// recorded: of [V1], [V2] or [V26]. Only hosts, challenges, and what the app and the provider
// themselves sent differ from the recording: the subject of a login is that of its consent,
// and the app gets the error that the provider rejected with.
//
// # Providers
//
// [Check] runs a login, consent and logout provider in front of that Hydra, with an app and
// a [Browser], and does to it what users and browsers do: going back, clicking twice, a wrong
// password, a second tab, an app that asks for a new login, responses that are lost, and so
// on. It fails where a user would be stuck in a real browser, and says why. Its comment lists
// what it checks and what it does not.
//
//	func TestProvider(t *testing.T) {
//		for _, version := range []clienttest.Version{clienttest.V1, clienttest.V2, clienttest.V26} {
//			t.Run(string(version), func(t *testing.T) {
//				clienttest.Check(t, version, func(hydra *clienttest.Server) http.Handler {
//					return NewProvider(hydra.Client(), hydra.PublicURL) // the http.Handler to test
//				}, clienttest.User{
//					Login:  map[string]string{"name": "alice", "password": "wonderland"},
//					Wrong:  map[string]string{"name": "alice", "password": "wrong"},
//					SignIn: "Sign in", Cancel: "Cancel", Allow: "Allow", Deny: "Do not allow", SignOut: "Sign out",
//				})
//			})
//		}
//	}
//
// With a Browser, a test says itself what the user does:
//
//	page := hydra.Browser(provider).Login("prompt", "login") // the app starts a login
//	page = page.Press("Sign in", map[string]string{"name": "alice", "password": "wonderland"})
//	page = page.Press("Allow", nil)
//	code := page.App().Get("code")
//	accepted := clienttest.Body[models.AcceptLoginRequest](hydra, "acceptLoginRequest")
//
// The browser runs no scripts. The provider is at [ProviderURL], the app at [AppURL], which is
// another site. Package golang.org/x/net/html reads the pages; only tests link it.
//
// # Scenarios
//
// Without a browser, [Server.Open] opens a login, consent, logout or device request and
// returns its challenge. The [Scenario] is its state: new, remembered, handled, expired,
// unknown. From then on the request changes as in Hydra. [Server.Follow] takes one step of a
// browser, and continues the flow: a login leads to a consent. [Server.StartURL] is where an
// app starts a login, with its prompt, max_age and login_hint.
//
// Here the versions differ most. With [V1] a second accept of a login is status 409, and
// reading a login or consent after the browser came back is status 410. Later versions allow
// both calls, and respond to an expired challenge with status 401.
//
// With two tabs, the later login takes the cookie of the earlier one: on [V1] of any app, and
// later of the same app. The user of the first tab comes to the app with request_forbidden,
// after the login or the consent, and can start again there. No provider can change that.
//
// Hydra remembers a login or consent that was accepted with Remember, for the browser or the
// subject, and a browser that did not start a login cannot go on with it. A consent that is
// accepted with scopes or audiences that the app did not ask for fails the test.
//
// The device flow is in [V26] only: [FreshDevice] waits for [UserCode], and a device leads to
// a login. After the consent, Hydra sends the browser to the page /device/done of the provider.
// A refusal of a device is not as in Hydra: that shows an error with status 400, and the
// browser here comes to the app.
//
// # Responses
//
// All other operations need a response, and any operation can be given one: your own
// ([JSON], [Handler]), one of a real Hydra ([Recorded], [EmptyList],
// [InternalServerError]), or a failure of the network ([BadGateway], [Reset],
// [Stall], [After]), before Hydra acts or after it ([Lost]).
//
//	hydra.Respond("getOAuth2Client", clienttest.Recorded("404-unknown"))
//	hydra.Respond("getLoginRequest", clienttest.Reset, clienttest.AsHydra) // fails once, then works
//
// The client retries some calls that fail. Options given to [Server.Client], such as
// [client.WithRetries], change that.
//
// # Calls
//
// [Server.Calls], [Server.WantCalls], [Server.WantBody] and [Body] check the calls that
// the server received. A call without a response fails the test.
//
// # Recordings of your own
//
// [Record] puts a server in front of your own Hydra and writes the exchanges to files,
// without secrets. [Replay] reads the files. With a flag, one test does both:
//
//	hydra := clienttest.Replay(t, "testdata/clients")
//
// or, to write the files again,
//
//	hydra := clienttest.Record(t, clienttest.Recording{AdminURL: "http://127.0.0.1:4445", Dir: "testdata/clients"})
package clienttest
