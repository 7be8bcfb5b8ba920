package client

import (
	"context"
	"net"
	"runtime/debug"
)

// RuleIDs are the IDs of the operations that have a row in rules.
func RuleIDs() (ids []string) {
	for op := range rules {
		ids = append(ids, op.ID)
	}
	return ids
}

// VersionIn is the version in the User-Agent header.
func VersionIn(deps []*debug.Module, module string) string { return versionIn(deps, module) }

// BoundDial bounds a dial as the default transport does.
func BoundDial(dial func(context.Context, string, string) (net.Conn, error)) func(context.Context, string, string) (net.Conn, error) {
	return boundDial(dial)
}
