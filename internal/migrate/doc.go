// Package migrate keeps MIGRATING.md true. Its tests hold the code that is quoted
// there, before and after, and call each operation with each client, to see that
// the same request arrives.
//
//	go test . -update
//
// writes the tables and the code into the guide. Package v1106, a module of its own,
// has the part of the client that cannot be in one program with v1.11.8.
package migrate
