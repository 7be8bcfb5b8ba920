// Package database runs database servers for real Hydra servers: PostgreSQL and MariaDB,
// as Linux distributions package them. Each keeps its files in a temporary directory,
// listens on a free port of the loopback interface, and ends with the process that has
// started it.
package database

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/internal/port"
)

// A Kind is a kind of database, by its scheme in the DSN of Hydra.
type Kind string

// The kinds of databases that this package can run.
const (
	Postgres Kind = "postgres"
	MySQL    Kind = "mysql" // MariaDB
)

// ErrNotInstalled is the error for a database whose programs are not on this machine.
var ErrNotInstalled = errors.New("not installed")

// A Server is a running database server.
type Server struct {
	Kind Kind

	programs programs
	dir      string
	port     int

	keeper *exec.Cmd
	orders io.WriteCloser // to the keeper
	done   *bufio.Scanner // a line for each order that the keeper has carried out

	mu        sync.Mutex
	templates map[string]error // the result of preparing each
	databases int
}

// keep is a script that starts and stops the server as told by its standard input, and
// removes its directory at the end of that. So the server ends with the process that
// holds the other end, however that ends.
const keep = `
dir=$1 signal=$2
shift 2
stop() { [ -z "$server" ] || { kill -"$signal" "$server"; wait "$server"; server=; }; }
trap '' INT
while read -r order; do
	case $order in
	start) (trap - INT; exec "$@") >&2 & server=$! ;;
	stop) stop ;;
	esac
	echo "$order"
done
stop
rm -rf "$dir"
`

// Start starts a database server and waits until it is ready. The end of ctx does not end
// it: call [Server.Stop].
func Start(ctx context.Context, kind Kind) (*Server, error) {
	p, err := find(kind)
	if err != nil {
		return nil, err
	}
	owner, err := unprivileged(p.users...)
	if err != nil {
		return nil, err
	}
	s := &Server{Kind: kind, programs: p, templates: map[string]error{}}
	if s.dir, err = os.MkdirTemp("", "database"); err != nil {
		return nil, err
	}
	fail := func(err error) (*Server, error) {
		return nil, errors.Join(fmt.Errorf("starting %s: %w", kind, err), os.RemoveAll(s.dir))
	}
	if err := owner.own(s.dir); err != nil {
		return fail(err)
	}
	if s.port, err = port.Free(); err != nil {
		return fail(err)
	}
	install := exec.CommandContext(ctx, p.install[0], s.arguments(p.install[1:])...) //nolint:gosec // nothing here comes from outside
	install.Dir = s.dir
	owner.run(install)
	if out, err := install.CombinedOutput(); err != nil {
		return fail(fmt.Errorf("%w: %s", err, out))
	}
	serve := append([]string{"-c", keep, "sh", s.dir, p.signal, p.serve[0]}, s.arguments(p.serve[1:])...)
	s.keeper = exec.Command("sh", serve...) //nolint:gosec,noctx // nothing here comes from outside, and it outlives ctx
	s.keeper.Dir = s.dir
	log, err := os.Create(filepath.Join(s.dir, "log"))
	if err != nil {
		return fail(err)
	}
	defer log.Close() //nolint:errcheck // the server writes it
	s.keeper.Stderr = log
	owner.run(s.keeper)
	if s.orders, err = s.keeper.StdinPipe(); err != nil {
		return fail(err)
	}
	stdout, err := s.keeper.StdoutPipe()
	if err != nil {
		return fail(err)
	}
	s.done = bufio.NewScanner(stdout)
	if err := s.keeper.Start(); err != nil {
		return fail(err)
	}
	if err := s.Resume(ctx); err != nil {
		output, _ := os.ReadFile(log.Name())
		return nil, errors.Join(fmt.Errorf("starting %s: %w: %s", kind, err, output), s.Stop())
	}
	return s, nil
}

// Pause stops the server, and keeps its data and its port.
func (s *Server) Pause() error { return s.order("stop") }

// Resume starts a server that was paused, and waits until it is ready.
func (s *Server) Resume(ctx context.Context) error {
	if err := s.order("start"); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		_, err := s.Query(ctx, s.programs.initial, "SELECT 1")
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s is not ready: %w", s.Kind, err)
		case <-tick.C:
		}
	}
}

func (s *Server) order(order string) error {
	if _, err := fmt.Fprintln(s.orders, order); err != nil {
		return err
	}
	if !s.done.Scan() {
		return fmt.Errorf("the keeper of %s has ended: %w", s.Kind, s.done.Err())
	}
	return nil
}

// Stop ends the server and removes its data.
func (s *Server) Stop() error {
	return errors.Join(s.orders.Close(), s.keeper.Wait())
}

// DSN returns the address of a database in Hydra's form.
func (s *Server) DSN(database string) string {
	if s.Kind == MySQL {
		return fmt.Sprintf("mysql://root@tcp(127.0.0.1:%d)/%s?parseTime=true&max_conns=8", s.port, database)
	}
	return fmt.Sprintf("postgres://hydra@127.0.0.1:%d/%s?sslmode=disable&max_conns=8", s.port, database)
}

// Query runs SQL statements and returns the rows of their results, one a line.
func (s *Server) Query(ctx context.Context, database, sql string) (string, error) {
	query := s.programs.query
	cmd := exec.CommandContext(ctx, query[0], append(s.arguments(query[1:]), database)...) //nolint:gosec // the programs of the database
	cmd.Stdin = strings.NewReader(sql)
	var problem strings.Builder
	cmd.Stderr = &problem
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w: %s", s.Kind, err, problem.String())
	}
	return strings.TrimSpace(string(out)), nil
}

// Create creates a database and returns its name. It is a copy of a template, which
// prepare fills when the template is asked for the first time.
func (s *Server) Create(ctx context.Context, template string, prepare func(dsn string) error) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	template = "template_" + template
	err, prepared := s.templates[template]
	if !prepared {
		if _, err = s.Query(ctx, s.programs.initial, `CREATE DATABASE `+template); err == nil {
			err = prepare(s.DSN(template))
		}
		s.templates[template] = err
	}
	if err != nil {
		return "", err
	}
	s.databases++
	name := fmt.Sprintf("hydra_%d", s.databases)
	if s.Kind == Postgres {
		_, err := s.Query(ctx, s.programs.initial, `CREATE DATABASE `+name+` TEMPLATE `+template)
		return name, err
	}
	if _, err := s.Query(ctx, s.programs.initial, `CREATE DATABASE `+name); err != nil {
		return "", err
	}
	dump := exec.CommandContext(ctx, s.programs.dump[0], append(s.arguments(s.programs.dump[1:]), template)...) //nolint:gosec // the programs of the database
	tables, err := dump.Output()
	if err != nil {
		return "", fmt.Errorf("copying %s: %w", template, err)
	}
	_, err = s.Query(ctx, name, string(tables))
	return name, err
}

// arguments fills in the directory and the port.
func (s *Server) arguments(templates []string) []string {
	fill := strings.NewReplacer("{dir}", s.dir, "{data}", filepath.Join(s.dir, "data"), "{port}", strconv.Itoa(s.port))
	arguments := make([]string, len(templates))
	for i, t := range templates {
		arguments[i] = fill.Replace(t)
	}
	return arguments
}
