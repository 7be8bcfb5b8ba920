package client_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// once reports whether the document says that sending a request twice does more than
// sending it once.
func once(op specOperation) bool {
	return op.method != http.MethodGet && op.Extensions["x-repeatable"] == nil
}

// attempted makes a call whose attempts go to responder, in a bubble with a clock of its own.
// It returns the number of attempts and how long they took.
func attempted(t *testing.T, id string, responder httpmock.Responder, opts ...client.Option) (attempts int, took time.Duration, err error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		mock := httpmock.NewMockTransport()
		mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
			attempts++
			return responder(r)
		})
		var api *client.AdminAPI
		api, err = client.New("http://127.0.0.1:4445", append([]client.Option{client.WithHTTPClient(&http.Client{Transport: mock})}, opts...)...)
		require.NoError(t, err)
		start := time.Now()
		_, err = call(t, id, &request{t: t, api: api, ctx: t.Context()})
		took = time.Since(start)
	})
	return attempts, took, err
}

// brokenOff is a connection that ends after the request was written.
func brokenOff(err error) httpmock.Responder {
	return func(r *http.Request) (*http.Response, error) {
		if r.Body != nil {
			_, _ = io.Copy(io.Discard, r.Body)
		}
		return nil, err
	}
}

func TestRetryTable(t *testing.T) {
	t.Parallel()
	reset := brokenOff(&net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET})
	refused := func(*http.Request) (*http.Response, error) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	}
	for id, op := range specOperations(t) {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			want := 3
			if once(op) {
				want = 1
			}
			for _, status := range []int{502, 503, 504, 520, 521, 522, 523, 524} {
				got, took, err := attempted(t, id, httpmock.NewStringResponder(status, ""))
				var failure *client.Error
				require.ErrorAs(t, err, &failure)
				assert.Equal(t, status, failure.StatusCode)
				assert.Equal(t, want, got, status)
				lost := once(op) && slices.Contains([]int{502, 504, 520, 522, 524}, status)
				assert.Equal(t, lost, errors.Is(err, client.ErrResponseLost), "%d: %v", status, err)
				if want > 1 {
					// 100 and 200 milliseconds, each half more or less.
					assert.InDelta(t, 300*time.Millisecond, took, float64(151*time.Millisecond), status)
				}
			}
			for _, status := range []int{301, 400, 401, 403, 404, 405, 409, 410, 500, 501} {
				want := 1
				if status == http.StatusInternalServerError && op.method == http.MethodGet {
					want = 3
				}
				got, _, err := attempted(t, id, httpmock.NewStringResponder(status, ""))
				require.Error(t, err)
				assert.Equal(t, want, got, status)
				require.NotErrorIs(t, err, client.ErrResponseLost, status)
			}
			got, _, err := attempted(t, id, reset)
			require.ErrorIs(t, err, syscall.ECONNRESET)
			assert.Equal(t, want, got)
			assert.Equal(t, once(op), errors.Is(err, client.ErrResponseLost), "the error must say that the response was lost: %v", err)
			if once(op) {
				assert.Contains(t, err.Error(), "Hydra may have carried out the request: ", "the error says what to do")
				assert.Equal(t, 1, strings.Count(err.Error(), "Hydra may have"))
			}
			for _, unprocessed := range []httpmock.Responder{httpmock.NewStringResponder(429, ""), refused} {
				if op.RequestBody == nil && once(op) {
					if resp, _ := unprocessed(nil); resp == nil {
						continue // this transport does not tell whether it has sent the request before
					}
				}
				got, took, err := attempted(t, id, unprocessed)
				require.NotErrorIs(t, err, client.ErrResponseLost)
				assert.Greater(t, got, 8)
				assert.Greater(t, took, 20*time.Second, "as long as the call has time")
				assert.Less(t, took, 30*time.Second)
				got, _, _ = attempted(t, id, unprocessed, client.WithTimeout(0))
				assert.Equal(t, 3, got, "a call without a deadline")
			}
			for _, passing := range []httpmock.Responder{reset, refused, httpmock.NewStringResponder(429, ""), httpmock.NewStringResponder(503, ""), httpmock.NewStringResponder(500, "")} {
				got, _, err = attempted(t, id, passing, client.WithRetries(0))
				require.Error(t, err)
				assert.Equal(t, 1, got)
			}
		})
	}
}

// TestRetriesThatCount: retries after a failed connection and status 429 do not take from
// the number of the others, unless the call has no deadline.
func TestRetriesThatCount(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		statuses []int // 0 is a failed connection; the last one stays
		opts     []client.Option
		want     int
	}{
		"mixed":                     {[]int{429, 503, 429, 0, 503, 0, 429, 503}, nil, 8},
		"mixed, one retry":          {[]int{429, 503, 0, 503}, []client.Option{client.WithRetries(1)}, 4},
		"mixed, no retries":         {[]int{429}, []client.Option{client.WithRetries(0)}, 1},
		"mixed, without a deadline": {[]int{429, 503, 429}, []client.Option{client.WithTimeout(0)}, 3},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			left := tt.statuses
			got, _, err := attempted(t, "getOAuth2Client", func(*http.Request) (*http.Response, error) {
				status := left[0]
				left = left[min(1, len(left)-1):]
				if status == 0 {
					return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
				}
				return httpmock.NewStringResponse(status, ""), nil
			}, tt.opts...)
			require.ErrorIs(t, err, statusErrors[tt.statuses[len(tt.statuses)-1]])
			assert.Equal(t, tt.want, got)
		})
	}
}

// TestProxyErrorOfHydraIsFinal: Hydra itself sends this 502, and a retry would get it again.
func TestProxyErrorOfHydraIsFinal(t *testing.T) {
	t.Parallel()
	got, _, err := attempted(t, "getOAuth2Client", httpmock.NewStringResponder(502, `{"error":"error","error_description":"The error is unrecognizable"}`))
	require.ErrorIs(t, err, client.ErrBadGateway)
	assert.Contains(t, err.Error(), "WithForwardedProto")
	assert.Equal(t, 1, got)
}

func TestRetriesEndWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		attempts := 0
		ctx, cancel := context.WithCancel(t.Context())
		api := faulty(t, func(*http.Request) (*http.Response, error) {
			attempts++
			time.AfterFunc(10*time.Millisecond, cancel)
			return httpmock.NewStringResponse(503, ""), nil
		})
		_, err := api.GetOAuth2Client(ctx, "c", client.WithRetries(5))
		require.ErrorIs(t, err, client.ErrServiceUnavailable)
		assert.Equal(t, 1, attempts)
	})
}

// TestRetrySucceeds: each attempt sends the whole body.
func TestRetrySucceeds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var bodies []string
		api := faulty(t, func(r *http.Request) (*http.Response, error) {
			b, err := io.ReadAll(r.Body)
			require.NoError(t, err)
			if bodies = append(bodies, string(b)); len(bodies) < 3 {
				return httpmock.NewStringResponse(503, "busy"), nil
			}
			return httpmock.NewStringResponse(200, `{"active":true}`), nil
		})
		info, err := api.IntrospectOAuth2Token(t.Context(), "the-token", client.IntrospectOAuth2TokenParams{}, client.WithRetries(2))
		require.NoError(t, err)
		assert.True(t, info.Active)
		assert.Equal(t, []string{"token=the-token", "token=the-token", "token=the-token"}, bodies)
	})
}

// TestLostResponse: the connection breaks after the request was read.
func TestLostResponse(t *testing.T) {
	t.Parallel()
	var requests atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		requests.Add(1)
		panic(http.ErrAbortHandler)
	}))
	defer server.Close()
	api, err := client.New(server.URL)
	require.NoError(t, err)
	_, err = api.AcceptLoginRequest(t.Context(), "c", models.AcceptLoginRequest{Subject: "alice"})
	require.ErrorIs(t, err, client.ErrResponseLost)
	require.ErrorIs(t, err, io.EOF)
	assert.Contains(t, err.Error(), "send the browser to RequestURL of the login request")
	assert.EqualValues(t, 1, requests.Load())
}

// TestCertificateErrorsAreFinal: a retry would meet the same certificate.
func TestCertificateErrorsAreFinal(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = discard
	server.StartTLS()
	defer server.Close()
	api, err := client.New(server.URL, client.WithTimeout(0), client.WithRetries(1000))
	require.NoError(t, err)
	_, err = api.GetOAuth2Client(t.Context(), "c")
	var certificate *tls.CertificateVerificationError
	require.ErrorAs(t, err, &certificate)
}

// TestOldTLSIsRefused: the client requires TLS 1.2.
func TestOldTLSIsRefused(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = discard
	server.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
	server.StartTLS()
	defer server.Close()
	api, err := client.New(server.URL, client.WithRetries(0))
	require.NoError(t, err)
	_, err = api.GetOAuth2Client(t.Context(), "c")
	require.Error(t, err)
	assert.Contains(t, err.Error(), "protocol version")
}
