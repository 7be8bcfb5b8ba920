// Package proxies runs real proxies, nginx and HAProxy, in front of a server, and tests
// the SDK through them:
//
//	cd internal/live/proxies && go test -tags live ./...
package proxies

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"embed"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"text/template"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/internal/port"
)

// A Kind is a program that is a proxy.
type Kind string

// The proxies that this package can run.
const (
	Nginx   Kind = "nginx"
	HAProxy Kind = "haproxy"
)

// Kinds returns all proxies.
func Kinds() []Kind { return []Kind{Nginx, HAProxy} }

// Config says how a proxy runs. What is zero is not configured.
type Config struct {
	// Backend is the host and port of the server behind the proxy.
	Backend string
	// Prefix is cut off the path of requests, such as "/hydra".
	Prefix string
	// TLS makes the proxy end TLS, and HTTP2 offer HTTP/2 there.
	TLS, HTTP2 bool
	// Gzip compresses responses.
	Gzip bool
	// MergeSlashes makes one slash of several ones in a path.
	MergeSlashes bool
	// Idle is how long the proxy keeps idle connections of clients.
	Idle time.Duration
	// Patience is how long the proxy waits for a response of the server.
	Patience time.Duration
	// MaxBody is the largest body of a request, MaxTarget the longest path and query, and
	// MaxHeader the largest header, in bytes.
	MaxBody, MaxTarget, MaxHeader int
	// Rate is how many requests a second are let through.
	Rate int
}

// A Proxy is a running proxy.
type Proxy struct {
	// URL is its base URL, with the prefix.
	URL string

	process *os.Process
	keeper  io.Closer // whose end is that of the process
	kind    Kind
	roots   *x509.CertPool
	done    chan struct{}
}

//go:embed nginx.conf haproxy.cfg
var templates embed.FS

var commands = map[Kind]struct {
	file, program string
	arguments     func(file string) []string
	reload, drain syscall.Signal
}{
	Nginx: {"nginx.conf", "nginx", func(file string) []string { return []string{"-e", "stderr", "-p", filepath.Dir(file), "-c", file} }, syscall.SIGHUP, syscall.SIGQUIT},
	// In -W mode a master starts a new worker for each reload.
	HAProxy: {"haproxy.cfg", "haproxy", func(file string) []string { return []string{"-W", "-f", file} }, syscall.SIGUSR2, syscall.SIGUSR1},
}

// Run starts a proxy for the time of a test. The test is skipped if the proxy is not
// installed.
func Run(tb testing.TB, kind Kind, cfg Config) *Proxy {
	tb.Helper()
	program, err := find(commands[kind].program)
	if err != nil {
		tb.Skip("needs a proxy: ", err)
	}
	for attempts := 3; ; attempts-- {
		p, err := start(tb, kind, program, cfg)
		if err == nil {
			return p
		}
		if attempts == 1 { // another process may have taken the port
			tb.Fatal(err)
		}
	}
}

// find finds a program in PATH and where Debian keeps those of servers.
func find(program string) (string, error) {
	path, err := exec.LookPath(program)
	if err != nil {
		path, err = exec.LookPath("/usr/sbin/" + program)
	}
	return path, err
}

// keep is a script that runs a proxy, says its process ID, and ends it at the end of its
// standard input. So the proxy ends with the process that holds the other end, however
// that ends.
const keep = `
exec 3<&0
"$@" >&2 &
proxy=$!
echo $proxy
(read -r _ <&3; kill -TERM $proxy) >/dev/null 2>&1 &
wait $proxy
`

func start(tb testing.TB, kind Kind, program string, cfg Config) (*Proxy, error) {
	tb.Helper()
	// Not tb.TempDir, which other users cannot enter.
	dir, err := os.MkdirTemp("", string(kind))
	if err != nil {
		return nil, err
	}
	tb.Cleanup(func() { _ = os.RemoveAll(dir) })
	p := &Proxy{kind: kind, done: make(chan struct{})}
	port, err := port.Free()
	if err != nil {
		return nil, err
	}
	scheme := "http"
	if cfg.TLS {
		scheme = "https"
		if p.roots, err = certify(filepath.Join(dir, "cert.pem")); err != nil {
			return nil, err
		}
	}
	p.URL = fmt.Sprintf("%s://127.0.0.1:%d%s", scheme, port, cfg.Prefix)
	c := commands[kind]
	file := filepath.Join(dir, c.file)
	if err := writeConfig(file, c.file, struct {
		Config

		Dir  string
		Port int
		Root bool
	}{cfg, dir, port, os.Geteuid() == 0}); err != nil {
		return nil, err
	}
	var output bytes.Buffer
	cmd := exec.Command("sh", append([]string{"-c", keep, "sh", program}, c.arguments(file)...)...) //nolint:gosec,noctx // nothing here comes from outside
	cmd.Stderr = &output
	if p.keeper, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	var pid int
	if _, err := fmt.Fscan(stdout, &pid); err != nil {
		return nil, fmt.Errorf("starting %s: %w", kind, err)
	}
	if p.process, err = os.FindProcess(pid); err != nil {
		return nil, err
	}
	go func() {
		defer close(p.done)
		_ = cmd.Wait()
	}()
	tb.Cleanup(p.stop)
	for {
		select {
		case <-p.done:
			return nil, fmt.Errorf("%s has ended: %s", kind, output.String())
		case <-tb.Context().Done():
			return nil, tb.Context().Err()
		case <-time.After(10 * time.Millisecond):
		}
		if conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port))); err == nil { //nolint:noctx // local
			return p, conn.Close()
		}
	}
}

// Reload makes the proxy read its configuration again: new workers take over, and the old
// ones end when they have no requests any more.
func (p *Proxy) Reload() error { return p.process.Signal(commands[p.kind].reload) }

// Drain makes the proxy end when it has carried out the requests that it has, or after a
// second, and waits for that.
func (p *Proxy) Drain(ctx context.Context) error {
	for {
		// HAProxy loses a signal that comes while it reloads.
		if err := p.process.Signal(commands[p.kind].drain); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return err
		}
		select {
		case <-p.done:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

func (p *Proxy) stop() {
	_ = p.keeper.Close()
	select {
	case <-p.done:
	case <-time.After(10 * time.Second):
		_ = p.process.Kill()
		<-p.done
	}
}

// Transport returns a transport that trusts the certificate of the proxy.
func (p *Proxy) Transport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // nothing replaces it here
	if p.roots != nil {
		t.TLSClientConfig = &tls.Config{RootCAs: p.roots, MinVersion: tls.VersionTLS12}
	}
	return t
}

func writeConfig(file, name string, values any) error {
	t, err := template.New(name).Funcs(template.FuncMap{"ms": time.Duration.Milliseconds}).ParseFS(templates, name)
	if err != nil {
		return err
	}
	f, err := os.Create(file) //nolint:gosec // in the directory of the proxy
	if err != nil {
		return err
	}
	if err := t.Execute(f, values); err != nil {
		return err
	}
	return f.Close()
}

// certify writes a certificate for 127.0.0.1 with its key, and returns it as a root.
func certify(file string) (*x509.CertPool, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	certificate := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, certificate, certificate, key.Public(), key)
	if err != nil {
		return nil, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	text = append(text, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})...)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(text)
	return roots, os.WriteFile(file, text, 0o600)
}
