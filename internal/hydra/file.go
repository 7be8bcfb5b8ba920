package hydra

import (
	"context"
	"net/url"
	"path/filepath"
)

// makeFile makes a database in a file of the folder, and returns its DSN. Hydra v1 loses one
// in memory when a browser breaks a request off, as on a double click: that closes the
// connection, and the database is gone.
func makeFile(dir, bin string) (dsn string, err error) {
	file := url.URL{Scheme: "sqlite", Path: filepath.ToSlash(filepath.Join(dir, "hydra.sqlite"))}
	dsn = file.String() + "?_fk=true&_journal_mode=WAL&_busy_timeout=10000"
	return dsn, migrate(context.Background(), bin, dsn)
}
