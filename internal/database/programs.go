package database

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
)

// programs says how a kind of database is run: programs and their arguments, in which
// {dir}, {data} and {port} are filled in.
type programs struct {
	install, serve, query, dump []string

	initial string   // the database that is always there
	signal  string   // that stops the server in order
	users   []string // that own the server, if root starts it
}

// find finds the programs of a database.
func find(kind Kind) (programs, error) {
	p := programs{}
	switch kind {
	case Postgres:
		// The data protects nothing and does not outlive the process: nothing waits for
		// the disk.
		p = programs{
			install: []string{"initdb", "-D", "{data}", "-U", "hydra", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"},
			serve: []string{
				"postgres", "-D", "{data}", "-h", "127.0.0.1", "-p", "{port}", "-k", "{dir}",
				"-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "max_connections=500",
				// Hydra asks for a table that is not there, before it is migrated.
				"-c", "log_min_messages=fatal",
			},
			query:   []string{"psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", "{port}", "-U", "hydra", "-d"},
			initial: "postgres", signal: "INT", users: []string{"postgres", "nobody"},
		}
	case MySQL:
		p = programs{
			install: []string{"mariadb-install-db", "--no-defaults", "--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db"},
			serve: []string{
				"mariadbd", "--no-defaults", "--datadir={data}", "--bind-address=127.0.0.1", "--port={port}", "--socket={dir}/socket",
				"--pid-file={dir}/pid", "--innodb-flush-log-at-trx-commit=0", "--max-connections=500", "--log-warnings=0",
			},
			query:   []string{"mariadb", "--no-defaults", "-N", "-B", "-h", "127.0.0.1", "-P", "{port}", "-u", "root"},
			dump:    []string{"mariadb-dump", "--no-defaults", "-h", "127.0.0.1", "-P", "{port}", "-u", "root"},
			initial: "mysql", signal: "TERM", users: []string{"mysql", "nobody"},
		}
	default:
		return p, fmt.Errorf("there is no database %q: name %s or %s", kind, Postgres, MySQL)
	}
	for _, command := range [][]string{p.install, p.serve, p.query, p.dump} {
		if len(command) == 0 {
			continue
		}
		var err error
		if command[0], err = look(command[0]); err != nil {
			return p, err
		}
	}
	return p, nil
}

// look finds a program in PATH and where Debian keeps those of servers.
func look(program string) (string, error) {
	if path, err := exec.LookPath(program); err == nil {
		return path, nil
	}
	for _, pattern := range []string{"/usr/sbin/", "/usr/lib/postgresql/*/bin/"} {
		if found, _ := filepath.Glob(pattern + program); len(found) > 0 {
			return slices.Max(found), nil
		}
	}
	return "", fmt.Errorf("%s: %w", program, ErrNotInstalled)
}
