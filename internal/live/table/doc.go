// Package table measures what becomes of calls when proxies, servers, databases and
// networks fail, and prints it as a table:
//
//	cd internal/live/table && go test -tags live -v ./...
//
// That takes some minutes and checks what must hold. With -long it makes the whole table,
// which takes an hour; -length says how long the mixed load is, and -out names a file that
// gets the table.
package table
