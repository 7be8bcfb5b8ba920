package peers

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// TestErrorTable makes each failure that the table for operators has. The first row with a
// text that is in the log, or in the error of a call that is not logged, has the name of the
// error, and each text and each name of the table comes from a failure. The text in front of
// a lost response leads to a row as well.
func TestErrorTable(t *testing.T) {
	t.Parallel()
	rows := errorRows(t)
	found := make(map[string]bool) // texts and names, by row
	for name, f := range failures() {
		logged, err := f.run(t, f.text)
		require.Error(t, err, name)
		for _, text := range []string{logged, err.Error()} {
			if text == "" { // it was not sent
				continue
			}
			row, shown := firstRow(rows, text)
			if row == nil {
				t.Errorf("%s: no row of docs/production.md has a text that is in: %s", name, text)
				continue
			}
			found[row.id+shown] = true
			named := false
			for _, goName := range row.names {
				require.Contains(t, errorsByName, goName)
				if errorsByName[goName](err) {
					named, found[row.id+goName] = true, true
				}
			}
			if cause, _, lost := strings.Cut(text, ": the response was lost"); lost {
				row, _ := firstRow(rows, cause)
				assert.NotNil(t, row, "%s: no row of docs/production.md has what is in front of the lost response: %s", name, cause)
			}
			assert.True(t, named, "%s: the first row of docs/production.md for this text is that of %v: %s", name, row.names, text)
		}
	}
	for _, row := range rows {
		for _, text := range slices.Concat(row.texts, row.names) {
			assert.True(t, found[row.id+text], "docs/production.md: no failure of this test leads to %s in the row of %v", text, row.names)
		}
	}
}

// An errorRow is a row of the table: texts that a log line has, and names of package client
// or of the standard library.
type errorRow struct {
	id           string
	texts, names []string
}

func errorRows(t *testing.T) (rows []errorRow) {
	t.Helper()
	for i, line := range strings.Split(strings.TrimSpace(part(t, "errors")), "\n")[2:] {
		cells := strings.Split(strings.Trim(line, "|"), " | ")
		require.Len(t, cells, 4, line)
		row := errorRow{id: fmt.Sprint(i, " "), texts: strings.Split(strings.TrimSpace(cells[0]), "<br>")}
		for _, m := range inCode.FindAllStringSubmatch(cells[3], -1) {
			row.names = append(row.names, m[1])
		}
		require.NotEmpty(t, row.names, line)
		rows = append(rows, row)
	}
	return rows
}

// part returns what is between two comments of the guide for operators.
func part(t *testing.T, name string) string {
	t.Helper()
	_, rest, _ := strings.Cut(documents(t)["docs/production.md"], "<!-- "+name+" -->\n")
	part, _, found := strings.Cut(rest, "<!-- /"+name+" -->")
	require.True(t, found, name)
	return part
}

var inCode = regexp.MustCompile("`([^`]+)`")

// firstRow returns the first row with a text, all of whose parts in code are in a line, and
// that text.
func firstRow(rows []errorRow, line string) (*errorRow, string) {
	for i, row := range rows {
		for _, text := range row.texts {
			parts := inCode.FindAllStringSubmatch(text, -1)
			matches := len(parts) > 0
			for _, part := range parts {
				matches = matches && strings.Contains(line, part[1])
			}
			if matches {
				return &rows[i], text
			}
		}
	}
	return nil, ""
}

func as[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

func is(target error) func(error) bool {
	return func(err error) bool { return errors.Is(err, target) }
}

var errorsByName = map[string]func(error) bool{
	"error":                             func(err error) bool { return !as[*client.Error](err) && !errors.Is(err, client.ErrInvalidArgument) },
	"context.Canceled":                  is(context.Canceled),
	"context.DeadlineExceeded":          is(context.DeadlineExceeded),
	"io.EOF":                            is(io.EOF),
	"io.ErrUnexpectedEOF":               is(io.ErrUnexpectedEOF),
	"*oauth2.RetrieveError":             as[*oauth2.RetrieveError],
	"*url.Error":                        as[*url.Error],
	"*net.DNSError":                     as[*net.DNSError],
	"*net.OpError":                      as[*net.OpError],
	"*tls.CertificateVerificationError": as[*tls.CertificateVerificationError],
	"ErrBadGateway":                     is(client.ErrBadGateway),
	"ErrBadRequest":                     is(client.ErrBadRequest),
	"ErrChallengeExpired":               is(client.ErrChallengeExpired),
	"ErrConflict":                       is(client.ErrConflict),
	"ErrCursorExpired":                  is(client.ErrCursorExpired),
	"ErrForbidden":                      is(client.ErrForbidden),
	"ErrGatewayTimeout":                 is(client.ErrGatewayTimeout),
	"ErrInternalServerError":            is(client.ErrInternalServerError),
	"ErrInvalidArgument":                is(client.ErrInvalidArgument),
	"ErrInvalidResponse":                is(client.ErrInvalidResponse),
	"ErrListIncomplete":                 is(client.ErrListIncomplete),
	"ErrNotFound":                       is(client.ErrNotFound),
	"ErrNotSupported":                   is(client.ErrNotSupported),
	"ErrRedirect":                       is(client.ErrRedirect),
	"ErrRequestWasHandled":              is(client.ErrRequestWasHandled),
	"ErrResponseLost":                   is(client.ErrResponseLost),
	"ErrServiceUnavailable":             is(client.ErrServiceUnavailable),
	"ErrTooManyRequests":                is(client.ErrTooManyRequests),
	"ErrUnauthorized":                   is(client.ErrUnauthorized),
	"ErrWrongBaseURL":                   is(client.ErrWrongBaseURL),
}

// A failure is a call that fails.
type failure struct {
	server func(t *testing.T, f *failure) (base string)
	call   func(ctx context.Context, admin *client.AdminAPI) error
	// opts are those of the client, besides WithLogger, and WithRetries(0) in front.
	opts []client.Option
	left bool   // the caller leaves
	text string // of the error, if others are possible
}

// run makes the call, and returns the error in the log and that of the call. If text is
// given, the call is made until its error has that: a connection that a server closes may
// fail in another way, which depends on what is seen first.
func (f failure) run(t *testing.T, text string) (logged string, err error) {
	t.Helper()
	for range 1000 {
		if logged, err = f.runOnce(t); err == nil || strings.Contains(err.Error(), text) {
			break
		}
	}
	return logged, err
}

func (f failure) runOnce(t *testing.T) (logged string, err error) {
	t.Helper()
	base := f.server(t, &f)
	var log bytes.Buffer
	opts := slices.Concat([]client.Option{client.WithRetries(0)}, f.opts, []client.Option{client.WithLogger(slog.New(slog.NewJSONHandler(&log, nil)))})
	ctx, cancel := context.WithCancel(t.Context())
	if f.left {
		cancel()
	}
	defer cancel()
	err = f.call(ctx, must(client.New(base, opts...)))
	var line struct{ Error string }
	_ = json.NewDecoder(&log).Decode(&line)
	return line.Error, err
}

func readClient(ctx context.Context, admin *client.AdminAPI) error {
	return second(admin.GetOAuth2Client(ctx, clientID))
}

func createClient(ctx context.Context, admin *client.AdminAPI) error {
	return second(admin.CreateOAuth2Client(ctx, models.OAuth2Client{ClientID: clientID}))
}

func getLogin(ctx context.Context, admin *client.AdminAPI) error {
	return second(admin.GetLoginRequest(ctx, challenge))
}

func generateKey(alg string) func(ctx context.Context, admin *client.AdminAPI) error {
	return func(ctx context.Context, admin *client.AdminAPI) error {
		return second(admin.CreateJSONWebKeySet(ctx, set, models.JSONWebKeySetGeneratorRequest{Alg: alg}))
	}
}

// failures are of all kinds that an operator can meet.
func failures() map[string]failure {
	shortly := []client.Option{client.WithTimeout(50 * time.Millisecond)}
	return map[string]failure{
		"no connection":                             {server: noServer((&net.Dialer{}).DialContext), call: readClient},
		"no connection for long":                    {server: noServer((&net.Dialer{Timeout: time.Nanosecond}).DialContext), call: createClient},
		"an unknown host":                           {server: noServer(noSuchHost), call: readClient},
		"a reset connection":                        {server: recordedBy(clienttest.V1, "getOAuth2Client", clienttest.Reset), call: readClient},
		"a reset connection of a creation":          {server: recordedBy(clienttest.V1, "createOAuth2Client", clienttest.Reset), call: createClient},
		"a connection that is closed in a write":    {server: noServer(brokenPipe), call: readClient},
		"a closed connection":                       {server: serving(abort), call: readClient},
		"half of a response":                        {server: serving(truncate), call: readClient},
		"a reset stream of HTTP/2":                  {server: servingTLS(func(*httptest.Server, *tls.Config) {}), call: readClient},
		"a silent server":                           {server: recordedBy(clienttest.V1, "getOAuth2Client", clienttest.Stall), call: readClient, opts: shortly},
		"a silent server at a creation":             {server: recordedBy(clienttest.V1, "createOAuth2Client", clienttest.Stall), call: createClient, opts: shortly},
		"a browser that left":                       {server: serving(abort), call: readClient, left: true},
		"http at a port whose proxy speaks TLS":     {server: closing, call: readClient},
		"a token endpoint that refuses":             {server: tokensFrom(status(http.StatusUnauthorized, `{"error":"invalid_client"}`)), call: readClient},
		"a token endpoint that fails":               {server: tokensFrom(status(http.StatusNotFound, "<html>")), call: readClient},
		"a token endpoint that is away":             {server: tokensFrom(noServer(nil)), call: readClient},
		"a token endpoint that is away, a creation": {server: tokensFrom(noServer(nil)), call: createClient},
		"a token endpoint that is away, a deletion": {server: tokensFrom(noServer(nil)), call: func(ctx context.Context, admin *client.AdminAPI) error {
			return admin.DeleteOAuth2Client(ctx, clientID)
		}},
		"an unknown issuer of a server":             {server: servingTLS(func(_ *httptest.Server, c *tls.Config) { c.RootCAs = x509.NewCertPool() }), call: readClient},
		"a client without a certificate":            {server: servingTLS(func(s *httptest.Server, _ *tls.Config) { s.TLS.ClientAuth = tls.RequireAnyClientCert }), call: readClient, text: "remote error"},
		"https at a port without TLS":               {server: otherScheme(false), call: readClient},
		"http at a port with TLS":                   {server: otherScheme(true), call: readClient},
		"a proxy without the route":                 {server: status(http.StatusNotFound, "<html>no such page</html>"), call: readClient},
		"the public port":                           {server: status(http.StatusNotFound, "404 page not found\n"), call: readClient},
		"v2 without /admin":                         {server: redirect("/admin/clients/" + clientID), call: readClient},
		"a login page in front":                     {server: redirect("https://login.example.com/"), call: readClient},
		"a redirect at the same place":              {server: redirect("/elsewhere"), call: readClient},
		"HTML with status 200":                      {server: status(http.StatusOK, "<html>"), call: readClient},
		"HTML with status 200 for a creation":       {server: status(http.StatusOK, "<html>"), call: createClient},
		"a key of Ory Network that was revoked":     {server: status(http.StatusUnauthorized, `{"error":{"code":401,"message":"Access credentials are invalid"}}`), call: readClient},
		"a proxy that forbids":                      {server: status(http.StatusForbidden, "<html>"), call: readClient},
		"too many requests":                         {server: status(http.StatusTooManyRequests, ""), call: readClient},
		"a proxy that lost Hydra":                   {server: status(http.StatusBadGateway, "<html>"), call: readClient},
		"a proxy that lost Hydra during a creation": {server: status(http.StatusBadGateway, "<html>"), call: createClient},
		"a proxy that found no Hydra":               {server: status(http.StatusServiceUnavailable, ""), call: readClient},
		"a proxy that waited for Hydra":             {server: status(http.StatusGatewayTimeout, ""), call: readClient},
		"Hydra v1 that expects a proxy":             {server: status(http.StatusBadGateway, `{"error":"error","error_description":"The error is unrecognizable"}`), call: readClient},

		"an operation of a later release": {server: without("/device/"), call: func(ctx context.Context, admin *client.AdminAPI) error {
			return second(admin.AcceptUserCodeRequest(ctx, challenge, models.AcceptDeviceUserCodeRequest{UserCode: "aBcDeFgH"}))
		}},
		"an operation of an earlier release": {server: without("/flush"), call: func(ctx context.Context, admin *client.AdminAPI) error {
			return admin.FlushInactiveOAuth2Tokens(ctx, models.FlushInactiveOAuth2TokensRequest{NotAfter: expiresAt})
		}},
		"a member of a later release": {server: recordedBy(clienttest.V1, "acceptConsentRequest", clienttest.Recorded("400-member-of-v2")), call: func(ctx context.Context, admin *client.AdminAPI) error {
			return second(admin.AcceptConsentRequest(ctx, challenge, models.AcceptConsentRequest{Context: json.RawMessage(`{}`)}))
		}},
		"a key that v1 does not generate": {server: recordedBy(clienttest.V1, "createJsonWebKeySet", clienttest.Recorded("400-unknown-alg")), call: generateKey("PS256")},
		"a key that v2 does not generate": {server: recordedBy(clienttest.V2, "createJsonWebKeySet", clienttest.Recorded("400-hmac-256")), call: generateKey("HS256")},
		"a patch that v2 does not make": {server: recordedBy(clienttest.V2, "patchOAuth2Client", clienttest.Recorded("500-test")), call: func(ctx context.Context, admin *client.AdminAPI) error {
			_, _ = admin.ListOAuth2Clients(ctx, client.ListOAuth2ClientsParams{}, client.WithLogger(slog.New(slog.DiscardHandler)))
			return second(admin.PatchOAuth2Client(ctx, clientID, []models.PatchDocument{models.PatchTest("/owner", "x")}))
		}},

		"an unknown client":                  {server: recordedBy(clienttest.V1, "getOAuth2Client", clienttest.Recorded("404-unknown")), call: readClient},
		"a client that exists":               {server: recordedBy(clienttest.V1, "createOAuth2Client", clienttest.Recorded("409-exists")), call: createClient},
		"a body that Hydra refuses":          {server: recordedBy(clienttest.V1, "createOAuth2Client", clienttest.Recorded("400-bad-redirect-uri")), call: createClient},
		"a body that v1 does not understand": {server: recordedBy(clienttest.V1, "createOAuth2Client", clienttest.Recorded("500-bad-lifespan")), call: createClient},
		"a login that was handled":           {server: recordedBy(clienttest.V1, "getLoginRequest", clienttest.Recorded("410-handled")), call: getLogin},
		"a login that has expired":           {server: recordedBy(clienttest.V2, "getLoginRequest", clienttest.Recorded("401-expired")), call: getLogin},
		"an empty challenge":                 {server: serving(abort), call: func(ctx context.Context, admin *client.AdminAPI) error { return second(admin.GetLoginRequest(ctx, "")) }},
		"a cursor that has expired":          {server: recordedBy(clienttest.V26, "listOAuth2Clients", clienttest.Recorded("200-limit-2-offset-0"), clienttest.Recorded("400-foreign-page-token")), call: continueList},
		"a list in disorder":                 {server: serving(disorder), call: listSessions},
	}
}

// recordedBy is a Hydra that sends recorded responses to an operation.
func recordedBy(version clienttest.Version, operation string, responses ...clienttest.Response) func(*testing.T, *failure) string {
	return func(t *testing.T, _ *failure) string {
		t.Helper()
		hydra := clienttest.New(t, version)
		hydra.Respond(operation, responses...)
		hydra.Respond("listOAuth2Clients", clienttest.Recorded("200-all"))
		if operation == "listOAuth2Clients" {
			hydra.Respond(operation, responses...)
		}
		return hydra.URL
	}
}

func serving(h http.HandlerFunc) func(*testing.T, *failure) string {
	return func(t *testing.T, _ *failure) string {
		t.Helper()
		server := httptest.NewUnstartedServer(h)
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		server.Start()
		t.Cleanup(server.Close)
		return server.URL
	}
}

func status(code int, body string) func(*testing.T, *failure) string {
	return serving(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		_, _ = io.WriteString(w, body)
	})
}

func redirect(to string) func(*testing.T, *failure) string {
	return serving(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusTemporaryRedirect) })
}

// closing is a server that closes a connection when it gets something else than TLS, as
// HAProxy does.
func closing(t *testing.T, _ *failure) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = http.ReadRequest(bufio.NewReader(conn))
			_ = conn.Close()
		}
	}()
	return "http://" + listener.Addr().String()
}

// tokensFrom is a client that fetches a token from an endpoint in front of each request.
func tokensFrom(endpoint func(*testing.T, *failure) string) func(*testing.T, *failure) string {
	return func(t *testing.T, f *failure) string {
		t.Helper()
		config := clientcredentials.Config{ClientID: clientID, ClientSecret: "secret", TokenURL: endpoint(t, new(failure))}
		transport := &oauth2.Transport{Base: client.NewTransport(), Source: config.TokenSource(context.Background())}
		f.opts = append(f.opts, client.WithHTTPClient(&http.Client{Transport: transport}))
		return "http://hydra"
	}
}

func abort(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func truncate(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "1000")
	_, _ = io.WriteString(w, `{"client_id":"my`)
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// without is a Hydra without the operation whose path has this part.
func without(part string) func(*testing.T, *failure) string {
	return serving(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.Contains(r.URL.Path, part):
			http.Error(w, "404 page not found", http.StatusNotFound)
		case strings.HasSuffix(r.URL.Path, "/clients"):
			_, _ = io.WriteString(w, `[]`)
		default:
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, `{"error":"Unable to locate the resource","error_description":""}`)
		}
	})
}

// noServer is the address of a port that has been closed, which dial is to connect to.
func noServer(dial func(ctx context.Context, network, address string) (net.Conn, error)) func(*testing.T, *failure) string {
	return func(t *testing.T, f *failure) string {
		t.Helper()
		server := httptest.NewServer(http.NotFoundHandler())
		server.Close()
		transport := client.NewTransport()
		transport.DialContext = dial
		f.opts = append(f.opts, client.WithHTTPClient(&http.Client{Transport: transport}))
		return server.URL
	}
}

// noSuchHost fails as the resolver does when a name is not known.
func noSuchHost(_ context.Context, network, _ string) (net.Conn, error) {
	return nil, &net.OpError{Op: "dial", Net: network, Err: &net.DNSError{Err: "no such host", Name: "hydra-admin", IsNotFound: true}}
}

// brokenPipe is a connection that the other side has closed.
func brokenPipe(_ context.Context, network, _ string) (net.Conn, error) {
	conn, _ := net.Pipe()
	return brokenConn{conn, &net.OpError{Op: "write", Net: network, Err: os.NewSyscallError("write", syscall.EPIPE)}}, nil
}

type brokenConn struct {
	net.Conn
	err error
}

func (c brokenConn) Write([]byte) (int, error) { return 0, c.err }

// servingTLS is a server with TLS and HTTP/2 that resets each stream.
func servingTLS(set func(*httptest.Server, *tls.Config)) func(*testing.T, *failure) string {
	return func(t *testing.T, f *failure) string {
		t.Helper()
		server := httptest.NewUnstartedServer(http.HandlerFunc(abort))
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		server.EnableHTTP2 = true
		server.TLS = &tls.Config{MinVersion: tls.VersionTLS13}
		server.StartTLS()
		t.Cleanup(server.Close)
		trusted := x509.NewCertPool()
		trusted.AddCert(server.Certificate())
		transport := client.NewTransport()
		transport.TLSClientConfig = &tls.Config{RootCAs: trusted, MinVersion: tls.VersionTLS12}
		set(server, transport.TLSClientConfig)
		f.opts = append(f.opts, client.WithHTTPClient(&http.Client{Transport: transport}))
		return server.URL
	}
}

// TestClientCertificates makes each refusal of a client certificate that the guide has.
func TestClientCertificates(t *testing.T) {
	t.Parallel()
	authority := newCertificate(t, nil, x509.Certificate{IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign})
	known := x509.NewCertPool()
	known.AddCert(authority.Leaf)
	forClients := []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	text := part(t, "certificates")
	for alert, certificate := range map[string]*tls.Certificate{
		"certificate required":          {},
		"unknown certificate authority": newCertificate(t, nil, x509.Certificate{ExtKeyUsage: forClients}),
		"expired certificate":           newCertificate(t, authority, x509.Certificate{ExtKeyUsage: forClients, NotAfter: time.Now().Add(-time.Hour)}),
		"bad certificate":               newCertificate(t, authority, x509.Certificate{ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}),
	} {
		handshakes := new(atomic.Int32)
		f := failure{call: createClient, opts: []client.Option{client.WithRetries(2)}, server: servingTLS(func(server *httptest.Server, c *tls.Config) {
			server.TLS.ClientAuth, server.TLS.ClientCAs = tls.RequireAndVerifyClientCert, known
			server.TLS.NextProtos, c.NextProtos = []string{"http/1.1"}, []string{"http/1.1"}
			handshakes.Store(0)
			c.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
				handshakes.Add(1)
				return certificate, nil
			}
		})}
		logged, err := f.run(t, "remote error")
		require.ErrorContains(t, err, "remote error: tls: "+alert)
		require.NotErrorIs(t, err, client.ErrResponseLost)
		assert.EqualValues(t, 1, handshakes.Load(), "it was retried")
		assert.Equal(t, err.Error(), logged)
		assert.Contains(t, text, "`tls: "+alert+"`", "docs/production.md")
	}
}

// newCertificate makes a certificate that is issued by another one, or by itself.
func newCertificate(t *testing.T, issuer *tls.Certificate, template x509.Certificate) *tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template.SerialNumber = big.NewInt(1)
	template.NotBefore = time.Now().Add(-2 * time.Hour)
	if template.NotAfter.IsZero() {
		template.NotAfter = time.Now().Add(time.Hour)
	}
	if issuer == nil {
		issuer = &tls.Certificate{Leaf: &template, PrivateKey: key}
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, issuer.Leaf, key.Public(), issuer.PrivateKey)
	require.NoError(t, err)
	leaf, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

// otherScheme is a server whose URL begins with the scheme that it does not speak.
func otherScheme(overTLS bool) func(*testing.T, *failure) string {
	return func(t *testing.T, _ *failure) string {
		t.Helper()
		server := httptest.NewUnstartedServer(http.NotFoundHandler())
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		t.Cleanup(server.Close)
		if overTLS {
			server.StartTLS()
			return strings.Replace(server.URL, "https://", "http://", 1)
		}
		server.Start()
		return strings.Replace(server.URL, "http://", "https://", 1)
	}
}

// continueList goes on at the end of a page.
func continueList(ctx context.Context, admin *client.AdminAPI) error {
	page, err := admin.ListOAuth2Clients(ctx, client.ListOAuth2ClientsParams{}, client.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		return err
	}
	return second(admin.ListOAuth2Clients(ctx, client.ListOAuth2ClientsParams{Cursor: page.Next}))
}

// disorder lists 1,200 consent sessions, whose order differs from page to page.
func disorder(w http.ResponseWriter, r *http.Request) {
	const rows = 1200
	limit, _ := strconv.Atoi(cmp.Or(r.FormValue("limit"), "100"))
	offset, _ := strconv.Atoi(r.FormValue("offset"))
	steps := []int{7, 11, 13, 17, 19, 23} // without a common divisor with rows, so that no page has a session twice
	step := steps[offset/limit%len(steps)]
	var page []string
	for i := offset; i < min(offset+limit, rows); i++ {
		page = append(page, fmt.Sprintf(`{"consent_request":{"challenge":"%d","client":{"client_id":"c"}}}`, i*step%rows))
	}
	w.Header().Set("Link", fmt.Sprintf(`</x?limit=%d&offset=%d>; rel="last"`, limit, rows))
	_, _ = io.WriteString(w, "["+strings.Join(page, ",")+"]")
}

func listSessions(ctx context.Context, admin *client.AdminAPI) error {
	for _, err := range admin.AllSubjectConsentSessions(ctx, subject, client.ListSubjectConsentSessionsParams{}) {
		if err != nil {
			return err
		}
	}
	return nil
}
