package clienttest_test

import (
	"context"
	"log"
	"testing"
)

// example stands for the test that an Example has no access to.
type example struct{ testing.TB }

func (example) Helper()                           {}
func (example) Cleanup(func())                    {}
func (example) Context() context.Context          { return context.Background() }
func (example) Errorf(format string, args ...any) { log.Panicf(format, args...) }
func (example) Fatalf(format string, args ...any) { log.Panicf(format, args...) }
