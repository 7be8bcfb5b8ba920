// Package stock is what oapi-codegen generates from the document by itself.
package stock

// Claims is what the generator makes of free objects: the document names a type of
// package models for them.
type Claims = map[string]any
