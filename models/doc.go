// Package models holds what the operations of Hydra's admin API take and return.
//
// It is generated from openapi/admin.yaml. All types are plain values: a zero
// field stands for a member that is absent, which is also what Hydra takes it
// for, and is not sent. Where a member may be any JSON value, as Metadata of
// [OAuth2Client] and Context of [AcceptLoginRequest], its type is
// [encoding/json.RawMessage], which keeps it as it is: marshal into it, and
// unmarshal out of it into a type of your own.
package models
