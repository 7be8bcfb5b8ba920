package main

import (
	"encoding/json"
	"testing"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/internal/peers/contest"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func BenchmarkCalls(b *testing.B) {
	for _, op := range contest.Names {
		for name, maker := range makers {
			b.Run("call="+op+"/client="+name, func(b *testing.B) {
				calls, err := maker.Calls("")
				require.NoError(b, err)
				b.ReportAllocs()
				for b.Loop() {
					if err := calls.Run(b.Context(), op); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkDecode compares the decoders that were to choose from, for a page of clients
// and for a consent request.
func BenchmarkDecode(b *testing.B) {
	page := contest.PageOfClients()
	consent := contest.ConsentRequest()
	decoders := []struct {
		name                    string
		clients, consentRequest func() error
	}{
		{
			"generated",
			func() error { return models.Unmarshal(page, new([]models.OAuth2Client)) },
			func() error { return models.Unmarshal(consent, new(models.ConsentRequest)) },
		},
		{
			"json-v2-mirror",
			func() error { return jsonv2.Unmarshal(page, new([]floorClient)) },
			func() error { return jsonv2.Unmarshal(consent, new(floorConsent)) },
		},
		{
			"encoding-json",
			func() error { return json.Unmarshal(page, new([]floorClient)) },
			func() error { return json.Unmarshal(consent, new(floorConsent)) },
		},
	}
	for _, d := range decoders {
		for name, decode := range map[string]func() error{"clients": d.clients, "consent-request": d.consentRequest} {
			b.Run(name+"/decoder="+d.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := decode(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
