package client_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
)

// TestMain fails if a test leaves a goroutine running. A leaked connection has one.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// ok returns a complete response with status 200.
func ok(body string, headers ...string) string {
	return fmt.Sprintf("HTTP/1.1 200 OK\r\n%sContent-Length: %d\r\n\r\n%s", strings.Join(append(headers, ""), "\r\n"), len(body), body)
}

func status(code int, body string) string {
	return strings.Replace(ok(body), "200 OK", fmt.Sprintf("%d Whatever", code), 1)
}

func gzipped(body []byte) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(body)
	_ = w.Close()
	return b.String()
}

// hostile are responses that no Hydra sends. After one that ends in "…" the server keeps
// the connection open and sends nothing more.
var hostile = map[string]string{
	"nothing":                      "",
	"silence":                      "…",
	"half a status line":           "HTTP/1.1 20",
	"half a status line, silence":  "HTTP/1.1 20…",
	"not HTTP":                     "SSH-2.0-OpenSSH_9.2p1\r\n",
	"HTTP 0.9":                     "{\"active\":true}",
	"HTTP 3":                       "HTTP/3.0 200 OK\r\n\r\n",
	"status of letters":            "HTTP/1.1 abc OK\r\n\r\n",
	"status of two digits":         "HTTP/1.1 20 OK\r\n\r\n",
	"status 000":                   "HTTP/1.1 000 OK\r\nContent-Length: 0\r\n\r\n",
	"status 999":                   status(999, "{}"),
	"headers without an end":       "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n",
	"headers, then silence":        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n…",
	"a header without a colon":     "HTTP/1.1 200 OK\r\nbroken\r\n\r\n{}",
	"a header flood":               "HTTP/1.1 200 OK\r\n" + strings.Repeat("X-Flood: "+strings.Repeat("x", 1000)+"\r\n", 1000) + "\r\n{}",
	"one huge header":              "HTTP/1.1 200 OK\r\nX-Huge: " + strings.Repeat("x", 1<<20) + "\r\n\r\n{}",
	"endless informational":        strings.Repeat("HTTP/1.1 103 Early Hints\r\nX: "+strings.Repeat("x", 1000)+"\r\n\r\n", 2000) + "…",
	"switching protocols":          "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n…",
	"content length too large":     "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{}",
	"content length, silence":      "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"active\":…",
	"content length negative":      "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}",
	"content length twice":         "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
	"content length of letters":    "HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n{}",
	"chunks cut off":               "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"act",
	"malformed chunks":             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n",
	"a huge chunk":                 "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n{}",
	"another transfer encoding":    "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n{}",
	"gzip that is not gzip":        ok("{}", "Content-Encoding: gzip"),
	"gzip cut off":                 ok(gzipped([]byte(`{"active":true}`))[:20], "Content-Encoding: gzip"),
	"a gzip bomb":                  ok(gzipped(bytes.Repeat([]byte(" "), 8<<20)), "Content-Encoding: gzip"),
	"another encoding":             ok("\x28\xb5\x2f\xfd", "Content-Encoding: zstd"),
	"a body too large":             ok(`{"x":"` + strings.Repeat("x", 2<<20) + `"}`),
	"empty":                        ok(""),
	"space":                        ok("  \n\t "),
	"null":                         ok("null"),
	"true":                         ok("true"),
	"a number":                     ok("42"),
	"a string":                     ok(`"text"`),
	"an empty string":              ok(`""`),
	"a list of lists":              ok("[[]]"),
	"a list of numbers":            ok("[1,2]"),
	"JSON cut off":                 ok(`{"active":true,"redirect_to":"htt`),
	"JSON with a trailing comma":   ok(`{"active":true,}`),
	"JSON with a comment":          ok(`{"active":true/*yes*/}`),
	"JSON in single quotes":        ok(`{'active':true}`),
	"JSON with a byte order mark":  ok("\xef\xbb\xbf{}"),
	"JSON in UTF-16":               ok("\xff\xfe{\x00}\x00"),
	"JSON with a NUL":              ok("{\"active\":\x00true}"),
	"JSON after an XSSI prefix":    ok(")]}',\n{}"),
	"two documents":                ok("{}\n{}"),
	"rubbish after the document":   ok("{} rubbish"),
	"members of the wrong type":    ok(`{"active":"yes","redirect_to":7,"challenge":{},"client_id":[],"keys":{},"id":true,"kty":1,"alg":false}`),
	"each member twice":            ok(`{"active":true,"active":7,"redirect_to":"a","redirect_to":[],"challenge":"a","challenge":1,"client_id":"a","client_id":1,"keys":[],"keys":1,"id":"a","id":1,"kty":"a","kty":1}`),
	"text that is not UTF-8":       ok("{\"redirect_to\":\"\xff\xfe\",\"challenge\":\"\xc3\x28\",\"client_name\":\"\xed\xa0\x80\"}"),
	"nulls everywhere":             ok(`{"active":null,"redirect_to":null,"challenge":null,"client":null,"keys":null,"jwk":null,"public_key":null,"metadata":null,"created_at":null}`),
	"a number out of range":        ok(`{"exp":1e400,"remember_for":1e400,"client_secret_expires_at":99999999999999999999,"keys":1e9,"redirect_to":1e9,"challenge":1e9,"kty":1e9,"id":1e9}`),
	"deep nesting":                 ok(strings.Repeat(`{"a":`, 20_000) + "1" + strings.Repeat("}", 20_000)),
	"a deep list":                  ok(strings.Repeat("[", 20_000)),
	"HTML":                         ok("<!doctype html><title>Sign in</title>", "Content-Type: text/html"),
	"accepted, empty":              status(202, ""),
	"no content, but a body":       "HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n{}",
	"partial content":              status(206, `{"act`),
	"multiple choices":             status(300, ""),
	"a redirect to nowhere":        status(302, ""),
	"a redirect to itself":         "HTTP/1.1 307 Temporary Redirect\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
	"a redirect without a host":    "HTTP/1.1 307 Temporary Redirect\r\nLocation: http:///admin/clients\r\nContent-Length: 0\r\n\r\n",
	"not modified":                 "HTTP/1.1 304 Not Modified\r\n\r\n",
	"unauthorized, empty":          status(401, ""),
	"proxy authentication":         status(407, "<html>"),
	"gone, empty":                  status(410, ""),
	"gone, to a number":            status(410, `{"redirect_to":7}`),
	"gone, to an object":           status(410, `{"redirect_to":{"url":"x"}}`),
	"an error of the wrong type":   status(400, `{"error":7,"error_description":[]}`),
	"an error in an error":         status(404, `{"error":{"error":{"error":{}}}}`),
	"an error in a list":           status(400, `[{"error":"x"}]`),
	"an error cut off":             status(500, `{"error":"x","error_descr`),
	"an error without an end":      "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 1000\r\n\r\n{\"error\":…",
	"an error in Latin-1":          status(500, "{\"error\":\"\xe4\"}"),
	"an error of two megabytes":    status(500, strings.Repeat("x", 2<<20)),
	"two errors":                   status(500, `{"error":"a"}{"error":"b"}`),
	"a malformed link header":      ok("[", "Link: <<<>>;;;rel=,\"", "X-Total-Count: many"),
	"a connection that says close": ok("x", "Connection: close"),
}

// TestHostileResponses sends each response to each operation. A call must return either a
// value or an error, and must not panic.
func TestHostileResponses(t *testing.T) {
	t.Parallel()
	assert.GreaterOrEqual(t, len(hostile), 40)
	all := specOperations(t)
	for name, response := range hostile {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base := serveRaw(t, response)
			transport := &http.Transport{MaxResponseHeaderBytes: 256 << 10, DisableKeepAlives: true}
			timeout := 10 * time.Second
			if strings.HasSuffix(response, "…") {
				timeout = 20 * time.Millisecond
			}
			api, err := client.New(base, client.WithHTTPClient(&http.Client{Transport: transport}),
				client.WithRetries(0), client.WithTimeout(timeout), client.WithMaxResponseBytes(1<<20))
			require.NoError(t, err)
			for id, op := range all {
				result, err := call(t, id, &request{t: t, api: api, ctx: t.Context()})
				if err == nil {
					assert.True(t, !promises(op) || !isNil(result), "%s: neither a value nor an error", id)
					continue
				}
				assert.True(t, isNil(result), "%s: both a value and an error", id)
				assert.Contains(t, err.Error(), "hydra: "+id+": ")
				var ce *client.Error
				assert.True(t, errors.As(err, &ce) || hasCause(err), "%s: an error without a cause: %#v", id, err)
			}
		})
	}
}

// promises reports whether the successful response of an operation has a body.
func promises(op specOperation) bool {
	for code, resp := range op.Responses.Map() {
		if strings.HasPrefix(code, "2") && len(resp.Value.Content) > 0 {
			return true
		}
	}
	return false
}

func isNil(v any) bool {
	r := reflect.ValueOf(v)
	return !r.IsValid() || (r.Kind() == reflect.Pointer || r.Kind() == reflect.Slice) && r.IsNil()
}

// hasCause reports whether the innermost error has a text.
func hasCause(err error) bool {
	for errors.Unwrap(err) != nil {
		err = errors.Unwrap(err)
	}
	return err.Error() != ""
}

// serveRaw writes response to each connection, after it has read a request.
func serveRaw(t *testing.T, response string) (base string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(func() { cancel(); _ = listener.Close() })
	response, stays := strings.CutSuffix(response, "…")
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				context.AfterFunc(ctx, func() { _ = conn.Close() })
				req, err := http.ReadRequest(bufio.NewReader(conn))
				if err != nil {
					return
				}
				_, _ = io.Copy(io.Discard, req.Body)
				_, _ = io.WriteString(conn, response)
				if stays {
					_, _ = conn.Read(make([]byte, 1)) // until the client closes it
				}
			}()
		}
	}()
	return "http://" + listener.Addr().String()
}

// TestTimeoutEndsASlowBody: the timeout holds for the whole call, also if bytes keep coming.
func TestTimeoutEndsASlowBody(t *testing.T) {
	t.Parallel()
	r, w := io.Pipe()
	go func() {
		for {
			if _, err := w.Write([]byte(" ")); err != nil {
				return
			}
		}
	}()
	api := faulty(t, func(req *http.Request) (*http.Response, error) {
		context.AfterFunc(req.Context(), func() { _ = w.CloseWithError(req.Context().Err()) })
		return &http.Response{StatusCode: http.StatusOK, Body: r}, nil
	})
	_, err := api.GetOAuth2Client(t.Context(), "c", client.WithTimeout(time.Millisecond), client.WithMaxResponseBytes(1<<40))
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

// TestTruncation cuts each recorded response after each byte, and large ones at a hundred
// places. A call must return the whole value or an error.
func TestTruncation(t *testing.T) {
	t.Parallel()
	all := specOperations(t)
	for _, e := range load(t, fixture.V1) {
		op, documented := all[e.Group]
		if !documented || e.Raw || replayed(e) {
			continue
		}
		t.Run(e.Name(), func(t *testing.T) {
			t.Parallel()
			cut := &cutter{e: e}
			api, err := client.New("http://127.0.0.1:4445", client.WithHTTPClient(&http.Client{Transport: cut}), client.WithRetries(0))
			require.NoError(t, err)
			path, _, _ := strings.Cut(e.Target, "?")
			r := &request{t: t, api: api, ctx: t.Context()}
			r.path, _ = fixture.PathParams(op.path, path)
			cut.after = len(e.Response.Body)
			whole, wholeErr := call(t, e.Group, r)
			step := 1
			if len(e.Response.Body) > 100_000 {
				step = len(e.Response.Body) / 100 // each byte would take hours
			}
			for _, cause := range []error{io.ErrUnexpectedEOF, nil} {
				cut.cause = cause
				for cut.after = 0; cut.after < len(e.Response.Body); cut.after += step {
					got, err := call(t, e.Group, r)
					if e.Status >= 300 {
						var ce *client.Error
						require.ErrorAs(t, err, &ce)
						require.Equal(t, e.Status, ce.StatusCode)
						continue
					}
					require.NoError(t, wholeErr)
					if err != nil {
						require.True(t, isNil(got))
						continue
					}
					require.Equal(t, whole, got, "cut after %d bytes", cut.after)
					require.NoError(t, cause, "the connection broke after %d bytes", cut.after)
				}
			}
		})
	}
}

// cutter responds with the first bytes of a recorded body.
type cutter struct {
	e     *fixture.Exchange
	after int
	cause error // ends the body; nil means io.EOF
}

func (c *cutter) RoundTrip(*http.Request) (*http.Response, error) {
	body := io.Reader(bytes.NewReader(c.e.Response.Body[:c.after]))
	if c.cause != nil {
		body = io.MultiReader(body, failing{c.cause})
	}
	return &http.Response{StatusCode: c.e.Status, Header: c.e.Response.Header, Body: io.NopCloser(body)}, nil
}

type failing struct{ error }

func (f failing) Read([]byte) (int, error) { return 0, f.error }
