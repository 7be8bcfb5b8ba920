// Package licenses checks the licences of the modules that are linked with the SDK,
// and of those that only its tests need. It has nothing but tests.
package licenses
