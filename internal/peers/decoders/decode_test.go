// Package decoders compares the decoders that were to choose from.
package decoders

import (
	"encoding/json"
	"testing"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/hydra-sdk/hydra-admin-go/internal/decode"
	"github.com/hydra-sdk/hydra-admin-go/internal/peers/contest"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func generated(data []byte, v any) error { return decode.Unmarshal(data, v) }

func mirror(data []byte, v any) error { return jsonv2.Unmarshal(data, v) }

// BenchmarkDecode reads a page of clients and a consent request.
func BenchmarkDecode(b *testing.B) {
	page, consent := contest.PageOfClients(), contest.ConsentRequest()
	for _, bb := range []struct {
		name string
		data []byte
		into func() any
		by   func(data []byte, v any) error
	}{
		{"clients/decoder=generated", page, func() any { return new([]models.OAuth2Client) }, generated},
		{"clients/decoder=json-v2-mirror", page, func() any { return new([]contest.FloorClient) }, mirror},
		{"clients/decoder=encoding-json", page, func() any { return new([]contest.FloorClient) }, json.Unmarshal},
		{"consent-request/decoder=generated", consent, func() any { return new(models.ConsentRequest) }, generated},
		{"consent-request/decoder=json-v2-mirror", consent, func() any { return new(contest.FloorConsent) }, mirror},
		{"consent-request/decoder=encoding-json", consent, func() any { return new(contest.FloorConsent) }, json.Unmarshal},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := bb.by(bb.data, bb.into()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
