// Package models holds what the operations of Hydra's admin API take and return.
//
// It is generated from openapi/admin.yaml. All types are plain values: a zero
// field stands for a member that is absent, which is also what Hydra takes it
// for, and is not sent. Where a member may be any JSON value, as Metadata of
// [OAuth2Client] and Context of [AcceptLoginRequest], its type is
// [encoding/json.RawMessage], which keeps it as it is: marshal into it, and
// unmarshal out of it into a type of your own.
//
// What Hydra sends is read as [encoding/json] reads it, though faster; see [Unmarshal].
// So of two members of one name the later one wins, names match without regard to
// case, and bytes that are not UTF-8 become U+FFFD in strings. Raw JSON and members
// without a field stay as they came, to the last digit.
package models
