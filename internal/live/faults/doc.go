// Package faults tests the SDK on a faulty network in front of a real Hydra:
//
//	cd internal/live/faults && go test -tags live ./...
package faults
