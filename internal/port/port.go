// Package port finds ports for servers that are told their port when they start.
package port

import (
	"math/rand/v2"
	"net"
	"strconv"
)

// Free returns a port of 127.0.0.1 that no server listens at. It is below those that the
// system gives to connections and other listeners, one of which might take it before the
// server does that it is for.
func Free() (port int, err error) {
	const first, ports, attempts = 20000, 10000, 100
	for range attempts {
		port = first + rand.IntN(ports) //nolint:gosec // no secret
		if err = Check(port); err == nil {
			return port, nil
		}
	}
	return 0, err
}

// Check returns an error that names the port and says why, if no server can listen at it.
func Check(port int) error {
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port))) //nolint:noctx // local and instant
	if err != nil {
		return err
	}
	return l.Close()
}
