package hydra

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/hydra-sdk/hydra-admin-go/internal/database"
)

// DSNEnv is the environment variable that names the kind of database of all servers that
// do not choose one: "postgres", or "mysql" for MariaDB. Each server gets a database of
// its own. If it is empty, that is a temporary file.
const DSNEnv = "HYDRA_DSN"

// Database returns the kind of database that [DSNEnv] names. It is empty for none.
func Database() database.Kind {
	kind, _, _ := strings.Cut(os.Getenv(DSNEnv), ":")
	if kind == "memory" {
		return ""
	}
	return database.Kind(kind)
}

// common is the database server of all servers of this process that do not choose one.
// It runs as long as one of them does.
var common struct {
	mu     sync.Mutex
	server *database.Server
	users  int
}

// ErrNotOnMariaDB is the error of a version that MariaDB cannot hold.
var ErrNotOnMariaDB = errors.New("from v2 on, Hydra cannot make its tables in MariaDB: it casts text to JSON, which only MySQL can")

// chooseDatabase fills in the DSN of the server, and returns what to do after its end.
func (cfg *Config) chooseDatabase(ctx context.Context, bin string) (release func() error, err error) {
	release = func() error { return nil }
	if cfg.Database == nil && Database() == "" { // a file, of which start takes care
		return release, nil
	}
	if kind := cmp.Or(cfg.kind(), Database()); kind == database.MySQL && cfg.Version != V1 {
		return nil, fmt.Errorf("%s: %w", cfg.Version.Name, ErrNotOnMariaDB)
	}
	server := cfg.Database
	if server == nil {
		if server, err = acquire(ctx); err != nil {
			return nil, err
		}
		release = releaseCommon
	}
	cfg.name, err = server.Create(ctx, templateName(cfg.Version), func(dsn string) error { return migrate(ctx, bin, dsn) })
	if err != nil {
		return nil, errors.Join(err, release())
	}
	cfg.dsn, cfg.Database = server.DSN(cfg.name), server
	return release, nil
}

// Migrate makes the tables of a version in a database server.
func Migrate(ctx context.Context, version Version, server *database.Server) error {
	bin, err := version.Build(ctx, io.Discard)
	if err != nil {
		return err
	}
	_, err = server.Create(ctx, templateName(version), func(dsn string) error { return migrate(ctx, bin, dsn) })
	return err
}

// RunDatabase runs a database server for the time of a test, for servers that are to be
// interrupted or need this kind. The test is skipped if it is not installed.
func RunDatabase(tb testing.TB, kind database.Kind) *database.Server {
	tb.Helper()
	s, err := database.Start(tb.Context(), kind)
	if errors.Is(err, database.ErrNotInstalled) {
		tb.Skip("needs a database: ", err)
	}
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Stop(); err != nil {
			tb.Errorf("stopping %s: %v", kind, err)
		}
	})
	return s
}

func acquire(ctx context.Context) (*database.Server, error) {
	common.mu.Lock()
	defer common.mu.Unlock()
	if common.users == 0 {
		var err error
		if common.server, err = database.Start(ctx, Database()); err != nil {
			return nil, fmt.Errorf("%s: %w", DSNEnv, err)
		}
	}
	common.users++
	return common.server, nil
}

func releaseCommon() error {
	common.mu.Lock()
	defer common.mu.Unlock()
	if common.users--; common.users > 0 {
		return nil
	}
	return common.server.Stop()
}

// kind returns the kind of the chosen database, which is empty if none is chosen.
func (cfg *Config) kind() database.Kind {
	if cfg.Database == nil {
		return ""
	}
	return cfg.Database.Kind
}

func templateName(v Version) string {
	return strings.NewReplacer(".", "_", "-", "_").Replace(v.Name)
}

// migrate makes Hydra's tables.
func migrate(ctx context.Context, bin, dsn string) error {
	cmd := exec.CommandContext(ctx, bin, "migrate", "sql", "-e", "-y")
	cmd.Env = append(os.Environ(), "DSN="+dsn, "SQA_OPT_OUT=true")
	if out, err := cmd.CombinedOutput(); err != nil {
		_, reason, found := bytes.Cut(out, []byte(" ERROR ---")) // after all statements so far
		if !found {
			reason = out
		}
		return fmt.Errorf("migrating: %w: %s", err, reason[:min(len(reason), 1000)])
	}
	return nil
}
