// Package compare gives this SDK and other clients of Hydra's admin API the same
// answers, and writes down what becomes of them:
//
//	cd internal/compare && go test ./... -update
//
// writes the table into SECURITY.md, and without -update checks that it is still
// true. Answers come from recordings of Hydra where there is one.
package compare

//go:generate go tool -modfile=../tools/go.mod oapi-codegen -config stock/cfg.yaml ../../openapi/admin.yaml
