// Package peers puts this SDK beside other clients of Hydra's admin API. Its tests
// keep documents true: the table of hazards in SECURITY.md, docs/migration.md, whose code
// is quoted from here and whose calls are made with both clients, and the code, links and
// names of all others.
//
//	go test . -update
//
// writes what they say. Package bench measures what calls cost. Module v1106 has the
// client that cannot be in one program with v1.11.8.
package peers

//go:generate go tool -modfile=../tools/go.mod oapi-codegen -config stock/cfg.yaml ../../openapi/admin.yaml
