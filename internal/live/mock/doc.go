// Package mock tests that the OpenAPI documents of Hydra's own servers allow the requests
// of the SDK, with a mock made of each document that checks what it is sent:
//
//	cd internal/live/mock && npm ci && go test -tags live .
//
// The documents are not part of this repository. The tests look for hydra-<version>.json
// in the directory that SERVER_SPECS names with an absolute path, or in shared/specs next
// to the repository.
package mock
