package clientotel_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clientotel"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// telemetry is the real SDK of OpenTelemetry with exporters in memory.
type telemetry struct {
	spans  *tracetest.InMemoryExporter
	reader *sdkmetric.ManualReader
	clientotel.Config
}

func newTelemetry() telemetry {
	spans, reader := tracetest.NewInMemoryExporter(), sdkmetric.NewManualReader()
	return telemetry{spans, reader, clientotel.Config{
		TracerProvider: sdktrace.NewTracerProvider(sdktrace.WithSyncer(spans)),
		MeterProvider:  sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader)),
		Propagator:     propagation.TraceContext{},
	}}
}

// durations returns the points of the only histogram.
func (tel telemetry) durations(t *testing.T) []metricdata.HistogramDataPoint[float64] {
	t.Helper()
	var all metricdata.ResourceMetrics
	require.NoError(t, tel.reader.Collect(t.Context(), &all))
	require.Len(t, all.ScopeMetrics, 1)
	require.Len(t, all.ScopeMetrics[0].Metrics, 1)
	m := all.ScopeMetrics[0].Metrics[0]
	assert.Equal(t, "http.client.request.duration", m.Name)
	assert.Equal(t, "s", m.Unit)
	histogram, ok := m.Data.(metricdata.Histogram[float64])
	require.True(t, ok)
	return histogram.DataPoints
}

func traced(t *testing.T, tel telemetry, handler http.HandlerFunc) (api *client.AdminAPI, at *url.URL) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	at, err := url.Parse(server.URL)
	require.NoError(t, err)
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	api, err = client.New(server.URL, client.WithHTTPClient(&http.Client{Transport: clientotel.Transport(transport, tel.Config)}))
	require.NoError(t, err)
	return api, at
}

func TestAttempts(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		statuses []int
		errors   []string // error.type of each attempt
	}{
		"a success":               {[]int{200}, []string{""}},
		"an error":                {[]int{404}, []string{"404"}},
		"a success after a retry": {[]int{503, 200}, []string{"503", ""}},
		"a handled request":       {[]int{410}, []string{"410"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tel, calls := newTelemetry(), 0
			var parents []string
			api, at := traced(t, tel, func(w http.ResponseWriter, r *http.Request) {
				parents = append(parents, r.Header.Get("Traceparent"))
				w.WriteHeader(tt.statuses[calls])
				calls++
				_, _ = fmt.Fprint(w, `{"challenge":"the-challenge","redirect_to":"https://app?code=the-challenge"}`)
			})
			_, _ = api.GetLoginRequest(t.Context(), "the-challenge")

			spans := tel.spans.GetSpans()
			require.Len(t, spans, len(tt.statuses))
			port, err := strconv.Atoi(at.Port())
			require.NoError(t, err)
			for i, span := range spans {
				assert.Equal(t, "GET /oauth2/auth/requests/login", span.Name)
				assert.Equal(t, trace.SpanKindClient, span.SpanKind)
				want := []attribute.KeyValue{
					attribute.String("http.request.method", "GET"),
					attribute.String("server.address", at.Hostname()),
					attribute.Int("server.port", port),
					attribute.String("url.full", "http://"+at.Host+"/oauth2/auth/requests/login"),
					attribute.String("url.template", "/oauth2/auth/requests/login"),
					attribute.String("rpc.system.name", "hydra"),
					attribute.String("rpc.method", "getLoginRequest"),
					attribute.Int("http.response.status_code", tt.statuses[i]),
				}
				status := codes.Unset
				if tt.errors[i] != "" {
					want, status = append(want, attribute.String("error.type", tt.errors[i])), codes.Error
				}
				assert.ElementsMatch(t, want, span.Attributes)
				assert.Equal(t, sdktrace.Status{Code: status}, span.Status)
				assert.Contains(t, parents[i], span.SpanContext.SpanID().String(), "the span is the parent in the request")
			}
			points := tel.durations(t)
			assert.Len(t, points, len(tt.statuses))
			written, err := json.Marshal([]any{spans, points})
			require.NoError(t, err)
			assert.NotContains(t, string(written), "the-challenge")
		})
	}
}

func TestNoResponse(t *testing.T) {
	t.Parallel()
	tel := newTelemetry()
	cut := errors.New("cut")
	transport := clientotel.Transport(roundTripper(func(*http.Request) (*http.Response, error) { return nil, cut }), tel.Config)
	api, err := client.New("https://hydra", client.WithHTTPClient(&http.Client{Transport: transport}), client.WithRetries(0))
	require.NoError(t, err)
	require.ErrorIs(t, api.DeleteOAuth2Client(t.Context(), "the-client"), cut)
	spans := tel.spans.GetSpans()
	require.Len(t, spans, 1)
	assert.Equal(t, "DELETE /clients/{id}", spans[0].Name)
	assert.Contains(t, spans[0].Attributes, attribute.String("error.type", "*errors.errorString"))
	assert.Contains(t, spans[0].Attributes, attribute.Int("server.port", 443))
	assert.Equal(t, codes.Error, spans[0].Status.Code)
	assert.Len(t, tel.durations(t), 1)
}

// TestNoSecrets: neither credentials nor what a call sends reach a span or a metric, also if
// the transport fails with them in its text.
func TestNoSecrets(t *testing.T) {
	t.Parallel()
	const secret = "hunter2-is-the-secret"
	for _, fail := range []bool{true, false} {
		tel := newTelemetry()
		transport := clientotel.Transport(roundTripper(func(r *http.Request) (*http.Response, error) {
			if fail {
				return nil, fmt.Errorf("%s %s %v", r.Method, r.URL, r.Header)
			}
			header := http.Header{"Location": {r.URL.String()}, "Set-Cookie": {secret}}
			return &http.Response{StatusCode: http.StatusFound, Status: secret, Header: header, Body: http.NoBody}, nil
		}), tel.Config)
		api, err := client.New("http://ci:"+secret+"@h", client.WithHTTPClient(&http.Client{Transport: transport}), client.WithRetries(0),
			client.WithHeader("X-Api-Key", secret), client.WithUserAgent("x"))
		require.NoError(t, err)
		_, err = api.GetLoginRequest(t.Context(), secret)
		require.Error(t, err)
		_, err = api.IntrospectOAuth2Token(t.Context(), secret, client.IntrospectOAuth2TokenParams{}, client.WithBearerToken(secret))
		require.Error(t, err)
		session := models.ConsentRequestSession{IDToken: map[string]any{"a": secret}}
		_, err = api.AcceptConsentRequest(t.Context(), secret, models.AcceptConsentRequest{Session: session})
		require.Error(t, err)
		_, err = api.GetOAuth2Client(t.Context(), secret)
		require.Error(t, err)

		written, err := json.Marshal([]any{tel.spans.GetSpans(), tel.durations(t)})
		require.NoError(t, err)
		assert.NotContains(t, string(written)+fmt.Sprintf("%+v", tel.spans.GetSpans()), secret)
	}
}

// TestCardinality: an operation has one series, however many clients it is called for.
func TestCardinality(t *testing.T) {
	t.Parallel()
	tel := newTelemetry()
	api, _ := traced(t, tel, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	for i := range 50 {
		require.NoError(t, api.DeleteOAuth2Client(t.Context(), fmt.Sprint("client-", i)))
	}
	points := tel.durations(t)
	require.Len(t, points, 1)
	assert.EqualValues(t, 50, points[0].Count)
}

// TestOtherRequestsAreNotRecorded: only requests of package client are recorded.
func TestOtherRequestsAreNotRecorded(t *testing.T) {
	t.Parallel()
	tel := newTelemetry()
	sent := 0
	transport := clientotel.Transport(roundTripper(func(r *http.Request) (*http.Response, error) {
		sent++
		assert.Empty(t, r.Header)
		return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
	}), tel.Config)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://elsewhere", http.NoBody)
	require.NoError(t, err)
	resp, err := transport.RoundTrip(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	assert.Equal(t, 1, sent)
	assert.Empty(t, tel.spans.GetSpans())
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestBadTransports: a next transport that breaks the rules of RoundTripper ends as an error.
func TestBadTransports(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		next roundTripper
		want string // the text of the error
		kind string // error.type of the span
	}{
		"nothing":              {func(*http.Request) (*http.Response, error) { return nil, nil }, "neither a response nor an error", "*errors.errorString"}, //nolint:nilnil // that is the point
		"an error":             {func(*http.Request) (*http.Response, error) { return nil, errors.New("cut") }, "cut", "*errors.errorString"},
		"a response and error": {func(*http.Request) (*http.Response, error) { return &http.Response{StatusCode: 204}, errors.New("cut") }, "cut", "*errors.errorString"},
		"no body":              {func(*http.Request) (*http.Response, error) { return &http.Response{StatusCode: 204}, nil }, "", ""},
		"no body, an error":    {func(*http.Request) (*http.Response, error) { return &http.Response{StatusCode: 404}, nil }, "404", "404"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tel := newTelemetry()
			api, err := client.New("https://hydra", client.WithHTTPClient(&http.Client{Transport: clientotel.Transport(tt.next, tel.Config)}), client.WithRetries(0))
			require.NoError(t, err)
			err = api.DeleteOAuth2Client(t.Context(), "the-client")
			spans := tel.spans.GetSpans()
			require.Len(t, spans, 1)
			if tt.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tt.want)
			assert.Contains(t, spans[0].Attributes, attribute.String("error.type", tt.kind))
		})
	}
}

// TestEmptyRetryBudget: the span of the caller and a counter tell of it.
func TestEmptyRetryBudget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tel := newTelemetry()
		transport := clientotel.Transport(roundTripper(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusServiceUnavailable, Body: http.NoBody}, nil
		}), tel.Config)
		api, err := client.New("https://hydra", client.WithHTTPClient(&http.Client{Transport: transport}))
		require.NoError(t, err)
		for range 100 {
			ctx, span := tel.TracerProvider.Tracer("test").Start(t.Context(), "caller")
			_, err := api.GetOAuth2Client(ctx, "c")
			span.End()
			require.ErrorIs(t, err, client.ErrServiceUnavailable)
		}
		events := 0
		for _, span := range tel.spans.GetSpans() {
			for _, event := range span.Events {
				assert.Equal(t, "caller", span.Name)
				assert.Equal(t, "retry budget empty", event.Name)
				assert.Equal(t, []attribute.KeyValue{attribute.String("rpc.method", "getOAuth2Client")}, event.Attributes)
				events++
			}
		}
		assert.Greater(t, events, 50)

		var all metricdata.ResourceMetrics
		require.NoError(t, tel.reader.Collect(t.Context(), &all))
		counted := false
		for _, m := range all.ScopeMetrics[0].Metrics {
			if m.Name != "hydra.client.retries.refused" {
				continue
			}
			sum, ok := m.Data.(metricdata.Sum[int64])
			require.True(t, ok)
			require.Len(t, sum.DataPoints, 1)
			assert.EqualValues(t, events, sum.DataPoints[0].Value)
			counted = true
		}
		assert.True(t, counted)
	})
}

type closer struct {
	roundTripper

	closed bool
}

func (c *closer) CloseIdleConnections() { c.closed = true }

// TestIdleConnectionsAreClosed: those of the next transport, if it has such a method.
func TestIdleConnectionsAreClosed(t *testing.T) {
	t.Parallel()
	next := new(closer)
	(&http.Client{Transport: clientotel.Transport(next, clientotel.Config{})}).CloseIdleConnections()
	assert.True(t, next.closed)
	(&http.Client{Transport: clientotel.Transport(nil, clientotel.Config{})}).CloseIdleConnections()
}
