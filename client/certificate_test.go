package client_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
)

// A lingering listener has connections that close only when the client has, so that no reset
// overtakes the last bytes of the server.
type lingering struct{ net.Listener }

func (l lingering) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &lingeringConn{TCPConn: c.(*net.TCPConn)}, nil
}

type lingeringConn struct{ *net.TCPConn }

func (c *lingeringConn) Close() error {
	_ = c.CloseWrite()
	_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
	_, _ = io.Copy(io.Discard, c.TCPConn)
	return c.TCPConn.Close()
}

// authority issues certificates for clients.
type authority struct {
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "an authority"}, NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	cert, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return &authority{key, cert}
}

func (a *authority) issue(t *testing.T, notAfter time.Time) *tls.Certificate {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "a client"}, NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: notAfter,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, a.key.Public(), a.key)
	require.NoError(t, err)
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: a.key}
}

// TestRefusedClientCertificate: the server has not read the request, although TLS 1.3 says so
// only after it was written. Another attempt would fail as well.
func TestRefusedClientCertificate(t *testing.T) {
	t.Parallel()
	known, unknown := newAuthority(t), newAuthority(t)
	certificates := map[string]struct {
		given   *tls.Certificate
		refused string // by the alert that says so
	}{
		"none":             {&tls.Certificate{}, "certificate required"},
		"of an unknown CA": {unknown.issue(t, time.Now().Add(time.Hour)), "unknown certificate authority"},
		"expired":          {known.issue(t, time.Now().Add(-time.Hour)), "expired certificate"},
		"valid":            {known.issue(t, time.Now().Add(time.Hour)), ""},
	}
	calls := map[string]func(*client.AdminAPI) error{"read": read, "write": create, "write that can be sent twice": updateClient}
	for name, tt := range certificates {
		for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
			for _, protocol := range []string{"HTTP/1.1", "HTTP/2.0"} {
				for what, call := range calls {
					t.Run(strings.Join([]string{name, tls.VersionName(version), protocol, what}, "/"), func(t *testing.T) {
						t.Parallel()
						var connections, requests atomic.Int32
						server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
							requests.Add(1)
							assert.Equal(t, protocol, r.Proto)
							_, _ = io.WriteString(w, `{"client_id":"c"}`)
						}))
						server.Listener = lingering{server.Listener}
						server.EnableHTTP2 = protocol == "HTTP/2.0"
						server.Config.ErrorLog = discard
						server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
							if s == http.StateNew {
								connections.Add(1)
							}
						}
						server.TLS = &tls.Config{ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: x509.NewCertPool(), MinVersion: tls.VersionTLS12, MaxVersion: version}
						server.TLS.ClientCAs.AddCert(known.cert)
						server.StartTLS()
						defer server.Close()
						transport := client.NewTransport()
						defer transport.CloseIdleConnections()
						transport.TLSClientConfig.RootCAs = rootsOf(t, server)
						transport.TLSClientConfig.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return tt.given, nil }

						attempts := 0
						log := client.WithLogger(slog.New(attemptsOf(&attempts)))
						err := call(newClient(t, server.URL, client.WithHTTPClient(&http.Client{Transport: transport}), log))
						// With TLS 1.3 the alert may come before net/http has a use for the connection:
						// then it tries another one, or reports a connection that has broken.
						mayBeEarly := version == tls.VersionTLS13
						early := mayBeEarly && protocol == "HTTP/2.0"
						if !mayBeEarly || tt.refused == "" {
							assert.Equal(t, 1, attempts, "%v", err)
							assert.EqualValues(t, 1, connections.Load())
						}
						if tt.refused == "" {
							require.NoError(t, err)
							return
						}
						require.Error(t, err)
						require.NotErrorIs(t, err, client.ErrResponseLost)
						if !early || !strings.Contains(err.Error(), "client conn could not be established") {
							require.ErrorContains(t, err, "remote error: tls: ")
						}
						if name != "none" && !early {
							require.ErrorContains(t, err, tt.refused)
						}
						assert.NotContains(t, err.Error(), "may have carried out")
						assert.Zero(t, requests.Load())
					})
				}
			}
		}
	}
}

// alerting is a transport whose request fails with an alert of the server.
type alerting struct {
	reused bool
	before bool // the request is written
	err    error
}

func (a alerting) RoundTrip(r *http.Request) (*http.Response, error) {
	if trace := httptrace.ContextClientTrace(r.Context()); trace != nil {
		trace.GetConn("hydra:443")
		trace.GotConn(httptrace.GotConnInfo{Reused: a.reused})
		if !a.before {
			trace.WroteHeaders()
			trace.WroteRequest(httptrace.WroteRequestInfo{})
		}
	}
	return nil, a.err
}

// alert is an alert as package crypto/tls reports it: its type has no exported name.
type alert uint8

func (a alert) Error() string { return tls.AlertError(a).Error() }

// TestAlerts: an alert means that no request was read only if it refuses the certificate, on
// a connection that has had no other request.
func TestAlerts(t *testing.T) {
	t.Parallel()
	refusals := []alert{40, 42, 43, 44, 45, 46, 48, 49, 51, 116}
	refuses := map[alert]bool{}
	for _, a := range refusals {
		refuses[a] = true
	}
	for a := range alert(122) {
		refused := &net.OpError{Op: "remote error", Err: a}
		try := func(rt alerting) (lost bool, attempts int) {
			counted := transport(func(r *http.Request) (*http.Response, error) { attempts++; return rt.RoundTrip(r) })
			err := create(newClient(t, "https://hydra", client.WithHTTPClient(&http.Client{Transport: counted}), client.WithRetries(1), client.WithTimeout(0)))
			require.Error(t, err)
			return errors.Is(err, client.ErrResponseLost), attempts
		}
		lost, attempts := try(alerting{err: refused})
		assert.Equal(t, !refuses[a], lost, "%v", a)
		assert.Equal(t, 1, attempts, "%v", a)
		lost, _ = try(alerting{reused: true, err: refused})
		assert.True(t, lost, "%v on a connection that has had another request", a)
		lost, _ = try(alerting{err: a})
		assert.True(t, lost, "%v of this side", a)
		if refuses[a] {
			lost, attempts = try(alerting{before: true, err: refused})
			assert.False(t, lost, "%v before the request is written", a)
			assert.Equal(t, 1, attempts, "%v", a)
			attempts = 0
			reads := transport(func(*http.Request) (*http.Response, error) { attempts++; return nil, refused })
			_, err := newClient(t, "https://hydra", client.WithHTTPClient(&http.Client{Transport: reads})).GetOAuth2Client(context.Background(), "c")
			require.ErrorIs(t, err, a)
			assert.Equal(t, 1, attempts, "%v", a)
		}
	}
}
