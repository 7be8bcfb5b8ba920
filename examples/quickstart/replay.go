package main

import (
	"cmp"
	"net/http/httptest"
	"slices"

	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
)

// startReplay starts a server that answers this program as Hydra did when it was
// recorded.
func startReplay() (*httptest.Server, error) {
	exchanges, err := fixture.Load(fixture.V1, "quickstart")
	if err != nil {
		return nil, err
	}
	slices.SortFunc(exchanges, func(a, b *fixture.Exchange) int { return cmp.Compare(a.Case, b.Case) })
	return httptest.NewServer(fixture.NewReplay(exchanges)), nil
}
