package main

import (
	"testing"

	"github.com/hydra-sdk/hydra-admin-go/internal/peers/contest"
)

func BenchmarkCalls(b *testing.B) { contest.Run(b, makers) }
