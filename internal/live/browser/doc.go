// Package browser tests the provider of examples/login-consent with Chromium in
// front of a real Hydra:
//
//	cd internal/live/browser && go test -tags live ./...
//
// With -update it makes the screenshots of the example.
package browser
