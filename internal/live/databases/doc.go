// Package databases tests how Hydra differs by its database, as docs/compatibility.md says:
//
//	cd internal/live/databases && go test -tags live ./...
package databases
