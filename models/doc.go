// Package models holds what the operations of Hydra's admin API take and return.
//
// It is generated from openapi/admin.yaml. All types are plain values. A zero field
// stands for an absent member and is not sent: Hydra treats both alike. A member that
// may be any JSON value, such as Metadata of [OAuth2Client] and Context of
// [AcceptLoginRequest], has the type [encoding/json.RawMessage]. Marshal a value of
// your own into it, and unmarshal it into a type of your own.
//
// Responses are decoded as by [encoding/json], but faster. If two members have the same
// name, the later one wins. Names match without regard to case, and bytes that are not
// UTF-8 become U+FFFD in strings. Raw JSON and members without a field stay unchanged, to
// the last digit.
//
// Comments name the versions of Hydra as package client does: v1 is v1.11, v2 is v2.0 to
// v2.3, and the releases after those are v25.4 and v26.2.
package models
