package hydra

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/internal/database"
	"github.com/hydra-sdk/hydra-admin-go/internal/port"
)

// Config says how a server runs. The zero value is a server of [V1] on free
// ports that needs nothing else.
type Config struct {
	Version Version
	// AdminPort and PublicPort default to free ports.
	AdminPort, PublicPort int
	// PublicURL is the public URL in the server's configuration. Empty means the URL of
	// its public port.
	PublicURL string
	// ProviderURL is where the pages /login, /consent, /logout, /device and /error are.
	// There need not be a server. Empty means http://127.0.0.1:3000.
	ProviderURL string
	// BehindProxy makes the server require X-Forwarded-Proto: https.
	BehindProxy bool
	// TLS makes the server use TLS with a self-signed certificate.
	TLS bool
	// ChallengeTTL is the time after which login and consent requests expire. Zero means
	// the default of the server.
	ChallengeTTL time.Duration
	// UserCodeTTL is the time after which user codes expire. Zero means the default of the
	// server.
	UserCodeTTL time.Duration
	// Log receives the output of the server and its build.
	Log io.Writer
	// Database is where the server gets a database of its own. Nil means a temporary file, or
	// what the environment variable HYDRA_DSN says.
	Database *database.Server

	name, dsn string // of its database
	nonce     string // by which the server knows that it is the one that was started
}

// A Server is a running Hydra.
type Server struct {
	Version Version
	// AdminURL is the base URL of the admin API, and PublicURL that of the rest.
	AdminURL, PublicURL string

	cfg     Config
	bin     string
	release func() error // of its database
	cmd     *exec.Cmd
	done    chan error // receives the exit of the process
	dir     string     // of its configuration, and of a database in a file
}

// Run starts a server for the time of a test.
func Run(tb testing.TB, cfg Config) *Server {
	tb.Helper()
	cfg.Log = tb.Output()
	s, err := Start(tb.Context(), cfg)
	if errors.Is(err, database.ErrNotInstalled) || errors.Is(err, ErrNotOnMariaDB) {
		tb.Skip("needs another database: ", err)
	}
	if err != nil {
		tb.Fatalf("starting Hydra: %v", err)
	}
	tb.Cleanup(func() {
		if err := s.Stop(); err != nil {
			tb.Errorf("stopping Hydra: %v", err)
		}
	})
	return s
}

// Start builds Hydra if need be, starts it and waits until it is ready. The end of
// ctx does not end the server: call [Server.Stop].
func Start(ctx context.Context, cfg Config) (*Server, error) {
	if cfg.Version.Name == "" {
		cfg.Version = V1
	}
	if cfg.Log == nil {
		cfg.Log = io.Discard
	}
	bin, err := cfg.Version.Build(ctx, cfg.Log)
	if err != nil {
		return nil, err
	}
	release, err := cfg.chooseDatabase(ctx, bin)
	if err != nil {
		return nil, err
	}
	s, err := startOnFreePorts(ctx, bin, cfg)
	if err != nil {
		return nil, errors.Join(err, release())
	}
	s.release = release
	return s, nil
}

func startOnFreePorts(ctx context.Context, bin string, cfg Config) (*Server, error) {
	for attempts := 3; ; attempts-- {
		s, err := start(bin, cfg)
		if err != nil {
			return nil, err
		}
		if err = s.waitUntilReady(ctx, cfg.TLS); err == nil {
			return s, nil
		}
		err = errors.Join(err, s.stop())
		// Another process may have taken a port between choosing and using it.
		if chosen := cfg.AdminPort == 0 || cfg.PublicPort == 0; attempts == 1 || !chosen || ctx.Err() != nil {
			return nil, err
		}
	}
}

func start(bin string, cfg Config) (*Server, error) {
	for _, p := range []*int{&cfg.AdminPort, &cfg.PublicPort} {
		var err error
		if *p == 0 {
			*p, err = port.Free()
		} else {
			err = port.Check(*p)
		}
		if err != nil {
			return nil, err
		}
	}
	s := &Server{
		bin:       bin,
		Version:   cfg.Version,
		AdminURL:  "http://" + address(cfg.AdminPort) + cfg.Version.prefix,
		PublicURL: "http://" + address(cfg.PublicPort),
		done:      make(chan error, 1),
	}
	cfg.nonce = rand.Text()
	if cfg.PublicURL == "" {
		cfg.PublicURL = s.PublicURL
		if cfg.TLS || cfg.BehindProxy {
			cfg.PublicURL = strings.Replace(cfg.PublicURL, "http:", "https:", 1)
		}
	}
	if cfg.ProviderURL == "" {
		cfg.ProviderURL = "http://127.0.0.1:3000"
	}
	var err error
	if s.dir, err = os.MkdirTemp("", "hydra"); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(s.dir, "hydra.yml"), []byte(cfg.yaml()), 0o600); err != nil {
		return nil, err
	}
	if cfg.dsn == "" {
		if cfg.dsn, err = makeFile(s.dir, bin); err != nil {
			return nil, errors.Join(err, os.RemoveAll(s.dir))
		}
	}
	s.cfg = cfg
	if err := s.run(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.dir))
	}
	return s, nil
}

func (s *Server) run() error {
	args := []string{"serve", "all", "-c", filepath.Join(s.dir, "hydra.yml")}
	if !s.cfg.TLS && !s.cfg.BehindProxy {
		args = append(args, s.Version.plain)
	}
	cmd := exec.Command(s.bin, args...) //nolint:gosec,noctx // it outlives the context of Start
	cmd.Env = append(os.Environ(), "DSN="+s.cfg.dsn, "SQA_OPT_OUT=true")
	cmd.Stdout, cmd.Stderr = s.cfg.Log, s.cfg.Log
	s.cmd = cmd
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() { s.done <- cmd.Wait() }()
	return nil
}

// Kill ends the server as a crash does: without a chance to finish its responses.
func (s *Server) Kill() error {
	if err := s.cmd.Process.Kill(); err != nil {
		return err
	}
	<-s.done //nolint:errcheck // it was killed
	return nil
}

// Restart starts the server again after [Server.Kill], on the same ports and database.
func (s *Server) Restart(ctx context.Context) error {
	if err := s.run(); err != nil {
		return err
	}
	return s.waitUntilReady(ctx, s.cfg.TLS)
}

// Query runs SQL statements in the database of the server, and returns the rows of their
// results, one a line.
func (s *Server) Query(ctx context.Context, sql string) (string, error) {
	if s.cfg.Database == nil {
		return "", errors.New("the database is a file")
	}
	return s.cfg.Database.Query(ctx, s.cfg.name, sql)
}

// yaml returns the server's configuration. Its secrets protect nothing.
func (cfg Config) yaml() string {
	termination := "[]"
	if cfg.BehindProxy {
		termination = "[127.0.0.0/8]"
	}
	var ttl []string
	if cfg.ChallengeTTL > 0 {
		ttl = append(ttl, fmt.Sprintf("login_consent_request: %s", cfg.ChallengeTTL))
	}
	if cfg.UserCodeTTL > 0 {
		ttl = append(ttl, fmt.Sprintf("device_user_code: %s", cfg.UserCodeTTL))
	}
	device := ""
	if cfg.Version.HasDeviceFlow() { // other versions refuse the setting
		device = fmt.Sprintf("  device: {verification: %[1]q, success: %[2]q}\n", cfg.ProviderURL+"/device", cfg.ProviderURL+"/device/done")
	}
	return fmt.Sprintf(`
log: {level: warn}
serve:
  public: {host: 127.0.0.1, port: %d, tls: {allow_termination_from: &proxies %s}}
  admin: {host: 127.0.0.1, port: %d, tls: {allow_termination_from: *proxies}}
  cookies: {same_site_mode: Lax}
urls:
  self: {issuer: "%s"}
  login: "%[5]s/login"
  consent: "%[5]s/consent"
  logout: "%[5]s/logout"
  error: "%[5]s/error"
%[7]ssecrets: {system: [throw-away-secret-of-a-test-server]}
oauth2: {hashers: {bcrypt: {cost: 4}}} # protects nothing, so keep it fast
oidc:
  subject_identifiers:
    supported_types: [public, pairwise]
    pairwise: {salt: throw-away-salt}
ttl: {%[6]s}
webfinger: {oidc_discovery: {supported_claims: [%[8]q]}}
`, cfg.PublicPort, termination, cfg.AdminPort, cfg.PublicURL, cfg.ProviderURL, strings.Join(ttl, ", "), device, cfg.nonce)
}

func (s *Server) waitUntilReady(ctx context.Context, tls bool) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-s.done:
			s.done <- err
			return fmt.Errorf("hydra ended before it was ready: %w", err)
		case <-ctx.Done():
			return fmt.Errorf("hydra is not ready: %w", ctx.Err())
		case <-tick.C:
			if !ready(ctx, strings.TrimSuffix(s.AdminURL, s.Version.prefix), tls) || !ready(ctx, s.PublicURL, tls) {
				continue
			}
			if tls {
				return nil
			}
			return s.recognise(ctx)
		}
	}
}

// ready checks the health of the server. With TLS, the server responds to a plain HTTP
// request with status 400 as soon as it listens.
func ready(ctx context.Context, base string, tls bool) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/health/ready", nil)
	if err != nil {
		return false
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	_ = resp.Body.Close()
	return resp.StatusCode == http.StatusOK || tls && resp.StatusCode == http.StatusBadRequest
}

// recognise makes sure that the server that responds is the one that was started: another
// one may have taken a port meanwhile.
func (s *Server) recognise(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.PublicURL+"/.well-known/openid-configuration", nil)
	if err != nil {
		return err
	}
	req.Header.Set("X-Forwarded-Proto", "https") // as behind a proxy
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return err
	}
	if !strings.Contains(string(body), s.cfg.nonce) {
		return fmt.Errorf("another server responds at %s", s.PublicURL)
	}
	return nil
}

// Stop ends the server and waits for its exit.
func (s *Server) Stop() error {
	err := s.stop()
	if s.release != nil {
		err = errors.Join(err, s.release())
	}
	return err
}

func (s *Server) stop() error {
	defer os.RemoveAll(s.dir)                                  //nolint:errcheck // a directory in the temporary one
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil { // it has ended, or this is Windows
		_ = s.cmd.Process.Kill()
	}
	select {
	case <-s.done: //nolint:errcheck // it was told to end
	case <-time.After(10 * time.Second):
		if err := s.cmd.Process.Kill(); err != nil {
			return err
		}
		<-s.done //nolint:errcheck // it was killed
	}
	return nil
}

func address(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
