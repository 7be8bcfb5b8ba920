// Module compare runs this SDK and other clients of the same API against the same
// answers. It is apart so that nobody who uses the SDK downloads the others.
module github.com/hydra-sdk/hydra-admin-go/internal/compare

go 1.26.0

require (
	github.com/hydra-sdk/hydra-admin-go v0.0.0-00010101000000-000000000000
	github.com/oapi-codegen/runtime v1.8.0
	github.com/ory/hydra-client-go v1.11.8
	github.com/ory/hydra-client-go/v2 v2.2.1
	github.com/stretchr/testify v1.12.1
)

require (
	github.com/apapsch/go-jsonmerge/v2 v2.0.0 // indirect
	github.com/cenkalti/backoff/v5 v5.0.3 // indirect
	github.com/google/uuid v1.6.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/oauth2 v0.21.0 // indirect
)

replace github.com/hydra-sdk/hydra-admin-go => ../..
