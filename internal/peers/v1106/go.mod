// Module v1106 has hydra-client-go v1.10.6, the last that go-swagger generated. Its
// import path is that of v1.11.8, so the two cannot be in one program.
module github.com/hydra-sdk/hydra-admin-go/internal/peers/v1106

go 1.26.0

replace (
	github.com/hydra-sdk/hydra-admin-go => ../../..
	github.com/hydra-sdk/hydra-admin-go/internal/peers => ..
)

// What package contest is in requires v1.11.8, and does not import it there.
exclude github.com/ory/hydra-client-go v1.11.8

require (
	github.com/go-openapi/runtime v0.19.31
	github.com/go-openapi/strfmt v0.20.2
	github.com/hydra-sdk/hydra-admin-go v0.0.0-00010101000000-000000000000
	github.com/hydra-sdk/hydra-admin-go/internal/peers v0.0.0-00010101000000-000000000000
	github.com/ory/hydra-client-go v1.10.6
	github.com/stretchr/testify v1.12.1
)

require (
	github.com/PuerkitoBio/purell v1.1.1 // indirect
	github.com/PuerkitoBio/urlesc v0.0.0-20170810143723-de5bf2ad4578 // indirect
	github.com/apapsch/go-jsonmerge/v2 v2.0.0 // indirect
	github.com/asaskevich/govalidator v0.0.0-20200907205600-7a23bdc65eef // indirect
	github.com/go-openapi/analysis v0.20.0 // indirect
	github.com/go-openapi/errors v0.20.1 // indirect
	github.com/go-openapi/jsonpointer v0.22.5 // indirect
	github.com/go-openapi/jsonreference v0.19.5 // indirect
	github.com/go-openapi/loads v0.20.2 // indirect
	github.com/go-openapi/spec v0.20.3 // indirect
	github.com/go-openapi/swag v0.19.15 // indirect
	github.com/go-openapi/swag/jsonname v0.25.5 // indirect
	github.com/go-openapi/validate v0.20.2 // indirect
	github.com/go-stack/stack v1.8.0 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/josharian/intern v1.0.0 // indirect
	github.com/mailru/easyjson v0.7.7 // indirect
	github.com/mitchellh/mapstructure v1.4.1 // indirect
	github.com/oapi-codegen/runtime v1.8.0 // indirect
	github.com/oklog/ulid v1.3.1 // indirect
	github.com/opentracing/opentracing-go v1.2.0 // indirect
	go.mongodb.org/mongo-driver v1.5.1 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/net v0.62.0 // indirect
	golang.org/x/text v0.43.0 // indirect
	gopkg.in/yaml.v2 v2.4.0 // indirect
)
