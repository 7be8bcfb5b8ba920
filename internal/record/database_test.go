//go:build live

package record

import (
	"bytes"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/internal/database"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
)

// otherOn has the recordings that differ on another database than the one in memory, of
// which the fixtures are. docs/compatibility.md says how they differ.
var otherOn = map[database.Kind][]string{
	database.Postgres: {
		"browser/302-kit-logout-accepted-used.http",         // another text for the user
		"browser/302-kit-logout-by-user-accepted-used.http", // another text for the user
		"getTrustedJwtGrantIssuer/404-unknown.http",         // with an ID that is a UUID
	},
	database.MySQL: { // with keys of one second in another order
		"getJsonWebKeySet/200-certificate.http",
		"getJsonWebKeySet/200-rsa.http",
		"updateJsonWebKeySet/200-read-and-written-back.http",
	},
}

var (
	longAgo = time.Date(2020, time.January, 1, 0, 0, 0, 0, time.UTC)
	farOff  = time.Date(2040, time.January, 1, 0, 0, 0, 0, time.UTC)
)

// The timestamps of MariaDB end in 2038: what expires in 2040 expires there in 2037.
func init() {
	if hydra.Database() == database.MySQL {
		farOff = farOff.AddDate(-3, 0, 0)
	}
}

// onAnyDatabase returns a recording as it is with the database in memory.
func onAnyDatabase(recording []byte) string {
	if hydra.Database() == database.MySQL {
		recording = bytes.ReplaceAll(recording, []byte("2037-01-01T"), []byte("2040-01-01T"))
	}
	return string(recording)
}
