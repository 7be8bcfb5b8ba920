// Package record records the fixtures of internal/fixture from real Hydra servers.
//
// Versions that internal/hydra cannot build are recorded if HYDRA_BINARIES names their
// binaries.
//
// Its tests run scenarios with the SDK and compare the exchanges with the files; with
// -update they write the files. They need a server, so they have the build tag live:
//
//	go test -tags live ./internal/record -update
package record
