// Package record records the fixtures of internal/fixture from real Hydra servers.
//
// Its tests drive the scenarios through the SDK and compare what crosses the wire
// with the files; with -update they write the files. They need a server, so they
// are built with the tag live only:
//
//	go test -tags live ./internal/record -update
package record
