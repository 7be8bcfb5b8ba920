// Package browser tests the provider of examples/login-consent with Chromium in
// front of a real Hydra:
//
//	cd internal/live/browser && go test -tags live ./...
//
// The environment variable HYDRA_BINARIES names binaries of later versions of Hydra, with
// which the device flow is tested as well.
//
// TestWrongProviders takes the providers of internal/wrongprovider through Chromium: each has
// a mistake that client/clienttest knows, and the two have to agree.
//
// TestTabs, TestBack and TestKeptPages show what client/clienttest says of tabs and of going
// back: it has to agree with a real Hydra and Chromium.
//
// With -update it makes the screenshots of the example.
package browser
