package main

import (
	"bytes"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/internal/peers/contest"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// measureUnknown compares decoding a page of clients of which each has members that the
// model does not know, and keeps, with decoding the same page without those members.
// That is more than keeping costs, since whoever drops them must read them as well.
func measureUnknown(rounds int) (interval, error) {
	known := contest.PageOfClients()
	unknown := bytes.ReplaceAll(known, []byte(`{"client_id":`), []byte(`{"require_pushed_authorization_requests":true,"dpop":{"bound":true},"client_id":`))
	decode := func(page []byte) (time.Duration, error) {
		start := time.Now()
		for range 4 {
			var clients []models.OAuth2Client
			if err := models.Unmarshal(page, &clients); err != nil {
				return 0, err
			}
		}
		return time.Since(start), nil
	}
	var times [2][]float64
	for range rounds {
		for i, page := range [][]byte{known, unknown} {
			d, err := decode(page)
			if err != nil {
				return interval{}, err
			}
			times[i] = append(times[i], float64(d))
		}
	}
	return medianOf(ratios(times[1], times[0])), nil
}
