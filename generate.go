// Package hydra is the root of a Go SDK for the admin API of ORY Hydra.
//
// Import [github.com/hydra-sdk/hydra-admin-go/client] to make calls and
// [github.com/hydra-sdk/hydra-admin-go/models] for what they take and return.
// This package holds nothing but the directives that generate both from
// openapi/admin.yaml.
package hydra

//go:generate -command generate go tool -modfile=internal/tools/go.mod oapi-codegen
//go:generate generate -config openapi/models.cfg.yaml openapi/admin.yaml
//go:generate generate -config openapi/log.cfg.yaml openapi/admin.yaml
//go:generate generate -config openapi/decode.cfg.yaml openapi/admin.yaml
//go:generate generate -config openapi/client.cfg.yaml openapi/admin.yaml
//go:generate generate -config openapi/members.cfg.yaml openapi/admin.yaml
//go:generate generate -config openapi/secret.cfg.yaml openapi/admin.yaml
//go:generate generate -config openapi/clienttest.cfg.yaml openapi/admin.yaml
