// Module consumer is a program outside of the SDK that uses it, to see what comes
// along.
module github.com/hydra-sdk/hydra-admin-go/internal/consumer

go 1.26.0

replace github.com/hydra-sdk/hydra-admin-go => ../..

require github.com/hydra-sdk/hydra-admin-go v0.0.0

require (
	github.com/apapsch/go-jsonmerge/v2 v2.0.0 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/oapi-codegen/runtime v1.8.0 // indirect
)
