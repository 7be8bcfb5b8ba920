// Package clienttest lets login, consent and logout providers, and whatever else
// uses package client, be tested without a Hydra.
//
// A [Server] runs inside the test and answers byte for byte as a real Hydra did when
// it was recorded, v1.11.10 or v2.3.0. Only hosts are other ones, and the challenges
// of requests after the first of their kind.
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
// [Server.Open] makes a login, consent or logout request, and returns its challenge.
// The [Scenario] says what it is like: new, remembered, handled, expired, unknown.
// It then behaves as in Hydra: v1 answers a second accept of a login with 409, and
// with 410 whoever reads a request that the browser came back with. [Server.Follow]
// plays that browser, and continues the flow: a login leads to a consent.
//
// The versions differ most in this. v2 does neither, and answers challenges that
// expired with 401. Run a test with both:
//
//	for _, version := range []clienttest.Version{clienttest.V1, clienttest.V2} {
//		t.Run(string(version), func(t *testing.T) { ...
//
// # Responses
//
// All other operations need an answer, and any operation can be given one:
// something of your own ([JSON], [Handler]), something that a real Hydra said
// ([Recorded], [EmptyList], [InternalServerError]), or a failure on the way
// ([BadGateway], [Reset], [Stall], [After]).
//
//	hydra.Respond("getOAuth2Client", clienttest.Recorded("404-unknown"))
//	hydra.Respond("getLoginRequest", clienttest.Reset, clienttest.AsHydra) // cut once, then work
//
// The client repeats some calls that fail; its options, given to [Server.Client],
// change that.
//
// # Calls
//
// [Server.Calls], [Server.WantCalls], [Server.WantBody] and [Body] tell what
// arrived. A call that the test did not prepare fails it.
//
// # Recordings of your own
//
// [Record] puts a server in front of your own Hydra and keeps what is said, without
// secrets. [Replay] answers from the files. With a flag, one test does both:
//
//	hydra := clienttest.Replay(t, "testdata/clients")
//
// or, to make the files anew,
//
//	hydra := clienttest.Record(t, clienttest.Recording{AdminURL: "http://127.0.0.1:4445", Dir: "testdata/clients"})
package clienttest
