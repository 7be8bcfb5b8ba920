// Module peers compares this SDK with other clients of the same API. It is apart so
// that users of the SDK do not download them.
module github.com/hydra-sdk/hydra-admin-go/internal/peers

go 1.26.0

require (
	github.com/go-analyze/charts v0.6.4
	github.com/go-json-experiment/json v0.0.0-20260213210345-44df1a37e875
	github.com/hydra-sdk/hydra-admin-go v0.0.0-00010101000000-000000000000
	github.com/oapi-codegen/runtime v1.8.0
	github.com/ory/client-go v1.22.92
	github.com/ory/hydra-client-go v1.11.8
	github.com/ory/hydra-client-go/v2 v2.2.1
	github.com/stretchr/testify v1.12.1
	golang.org/x/oauth2 v0.37.0
	golang.org/x/perf v0.0.0-20260908200009-22c9c6c9d4da
)

require (
	github.com/aclements/go-moremath v0.0.0-20210112150236-f10218a38794 // indirect
	github.com/apapsch/go-jsonmerge/v2 v2.0.0 // indirect
	github.com/dustin/go-humanize v1.0.1 // indirect
	github.com/go-analyze/bulk v0.1.6 // indirect
	github.com/golang/freetype v0.0.0-20170609003504-e2365dfdc4a0 // indirect
	github.com/google/uuid v1.6.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/image v0.46.0 // indirect
	golang.org/x/net v0.62.0 // indirect
)

replace github.com/hydra-sdk/hydra-admin-go => ../..
