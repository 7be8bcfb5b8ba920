//go:build race

package client_test

func init() { floodSize = 16 << 10 } //nolint:gochecknoinits // it depends on a build tag
