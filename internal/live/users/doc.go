// Package users tests the users of examples/login-consent in a real PostgreSQL:
//
//	cd internal/live && go test -tags live ./users
package users
