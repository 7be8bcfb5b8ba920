// Package table measures what becomes of calls when proxies, servers, databases and
// networks fail, and prints it as a table:
//
//	cd internal/live && go test -tags live -count=1 -v ./table
//	cd internal/live && go test -tags live -count=1 -v -timeout 2h ./table -long -length 10m -out FILE
//
// The first takes some minutes and checks what must hold. The second makes the whole
// table, which takes an hour, and writes it into a file. The mixed load runs for -length.
package table
