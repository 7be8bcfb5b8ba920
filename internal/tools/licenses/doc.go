// Package licenses tests the licences of the modules that are linked with the SDK, and of
// those that only its tests need.
package licenses
