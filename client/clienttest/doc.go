// Package clienttest tests login, consent, logout and device providers, and other users
// of package client, without a Hydra.
//
// A [Server] runs inside the test and sends the responses of a real Hydra, v1.11.10,
// v2.3.0 or v26.2.0, as they were recorded. Only hosts differ, and the challenges of requests
// after the first of their scenario.
//
//	func TestLogin(t *testing.T) {
//		hydra := clienttest.New(t, clienttest.V1)
//		provider := NewProvider(hydra.Client()) // the http.Handler to test
//
//		challenge := hydra.Open(clienttest.FreshLogin)
//		page := httptest.NewRecorder()
//		provider.ServeHTTP(page, httptest.NewRequest("GET", "/login?login_challenge="+url.QueryEscape(challenge), nil))
//		...
//		accepted := clienttest.Body[models.AcceptLoginRequest](hydra, "acceptLoginRequest")
//		next := hydra.Follow(page.Header().Get("Location"))
//	}
//
// # Scenarios
//
// [Server.Open] opens a login, consent, logout or device request and returns its
// challenge. The [Scenario] is its state: new, remembered, handled, expired, unknown. From then
// on the request changes as in Hydra: with v1 a second accept of a login is status
// 409, and reading a request after the browser came back is status 410.
// [Server.Follow] is that browser, and continues the flow: a login leads to a consent.
//
// This is where the versions differ most. Later ones allow both, and their response to
// an expired challenge is status 401. Run a test with all:
//
//	for _, version := range []clienttest.Version{clienttest.V1, clienttest.V2, clienttest.V26} {
//		t.Run(string(version), func(t *testing.T) { ...
//
// The device flow is in [V26] only: [FreshDevice] waits for [UserCode], and a device
// leads to a login.
//
// # Responses
//
// All other operations need a response, and any operation can be given one: your own
// ([JSON], [Handler]), one of a real Hydra ([Recorded], [EmptyList],
// [InternalServerError]), or a failure of the network ([BadGateway], [Reset],
// [Stall], [After]).
//
//	hydra.Respond("getOAuth2Client", clienttest.Recorded("404-unknown"))
//	hydra.Respond("getLoginRequest", clienttest.Reset, clienttest.AsHydra) // fails once, then works
//
// The client retries some calls that fail. Its options, given to [Server.Client],
// change that.
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
