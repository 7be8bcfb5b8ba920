// Package clientotel traces and measures the calls of package client with
// OpenTelemetry, by the semantic conventions for HTTP clients.
//
//	transport := clientotel.Transport(client.NewTransport(), clientotel.Config{})
//	admin, err := client.New(url, client.WithHTTPClient(&http.Client{Transport: transport}))
//
// Each attempt of a call is a span of kind client, named as "GET /clients/{id}", and a
// value of the histogram http.client.request.duration. Names and attributes hold path
// templates instead of paths, and no query, so that they have no challenges and no IDs of
// clients. The trace is propagated to Hydra.
//
// A call that ends without a retry since the retry budget is empty adds an event to the
// span of its context, and one to the counter hydra.client.retries.refused.
package clientotel

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/propagation"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/semconv/v1.43.0/httpconv"
	"go.opentelemetry.io/otel/trace"

	"github.com/hydra-sdk/hydra-admin-go/client"
)

const scope = "github.com/hydra-sdk/hydra-admin-go/client/clientotel"

// Config sets where telemetry goes. A nil field stands for the global one of package otel.
type Config struct {
	TracerProvider trace.TracerProvider
	MeterProvider  metric.MeterProvider
	Propagator     propagation.TextMapPropagator
}

// Transport returns a transport that sends requests through next, or through
// one of [client.NewTransport] if that is nil. It records the requests of package client, and
// only forwards others.
func Transport(next http.RoundTripper, cfg Config) http.RoundTripper {
	if next == nil {
		next = client.NewTransport()
	}
	if cfg.TracerProvider == nil {
		cfg.TracerProvider = otel.GetTracerProvider()
	}
	if cfg.MeterProvider == nil {
		cfg.MeterProvider = otel.GetMeterProvider()
	}
	if cfg.Propagator == nil {
		cfg.Propagator = otel.GetTextMapPropagator()
	}
	// The boundaries are those that the conventions advise.
	duration, err := httpconv.NewClientRequestDuration(cfg.MeterProvider.Meter(scope),
		metric.WithExplicitBucketBoundaries(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10))
	if err != nil {
		otel.Handle(err) // durations are not recorded
	}
	refused, err := cfg.MeterProvider.Meter(scope).Int64Counter("hydra.client.retries.refused",
		metric.WithUnit("{retry}"), metric.WithDescription("Calls that ended without a retry since the retry budget was empty."))
	if err != nil {
		otel.Handle(err) // they are not counted
	}
	return &transport{next: next, tracer: cfg.TracerProvider.Tracer(scope), duration: duration, refused: refused, propagator: cfg.Propagator}
}

type transport struct {
	next       http.RoundTripper
	tracer     trace.Tracer
	duration   httpconv.ClientRequestDuration
	refused    metric.Int64Counter
	propagator propagation.TextMapPropagator
}

var _ client.RetryObserver = (*transport)(nil)

// RetryRefused records that the retry budget is empty.
func (t *transport) RetryRefused(ctx context.Context, op client.Operation) {
	trace.SpanFromContext(ctx).AddEvent("retry budget empty", trace.WithAttributes(semconv.RPCMethod(op.ID)))
	t.refused.Add(ctx, 1, metric.WithAttributes(semconv.RPCMethod(op.ID)))
}

// CloseIdleConnections closes those of the next transport.
func (t *transport) CloseIdleConnections() {
	(&http.Client{Transport: t.next}).CloseIdleConnections()
}

// RoundTrip sends a request. The span ends when the body of the response is read to its
// end or closed.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	op, ok := client.OperationFromContext(r.Context())
	if !ok {
		return t.next.RoundTrip(r)
	}
	a := &attempt{transport: t, op: op, url: r.URL, start: time.Now()}
	a.ctx, a.span = t.tracer.Start(r.Context(), op.Method+" "+op.Path, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(a.attributes()...))
	r = r.Clone(a.ctx)
	t.propagator.Inject(a.ctx, propagation.HeaderCarrier(r.Header))
	resp, err := t.next.RoundTrip(r)
	if resp == nil && err == nil {
		err = fmt.Errorf("%T returned neither a response nor an error", t.next)
	}
	if err != nil {
		a.end(semconv.ErrorType(err))
		return nil, err
	}
	outcome := []attribute.KeyValue{semconv.HTTPResponseStatusCode(resp.StatusCode)}
	if resp.StatusCode >= http.StatusBadRequest {
		outcome = append(outcome, semconv.ErrorTypeKey.String(strconv.Itoa(resp.StatusCode)))
	}
	if resp.Body == nil || resp.StatusCode == http.StatusSwitchingProtocols { // its body is a writer too, which a wrapper would hide
		a.end(outcome...)
		return resp, nil
	}
	resp.Body = &body{ReadCloser: resp.Body, end: sync.OnceFunc(func() { a.end(outcome...) })}
	return resp, nil
}

// attempt is one request of a call.
type attempt struct {
	*transport
	ctx   context.Context //nolint:containedctx // of the span
	span  trace.Span
	op    client.Operation
	url   *url.URL
	start time.Time
}

// attributes returns the attributes that are known before the response.
func (a *attempt) attributes() []attribute.KeyValue {
	host, port := a.server()
	return []attribute.KeyValue{
		semconv.HTTPRequestMethodKey.String(a.op.Method), semconv.ServerAddress(host), semconv.ServerPort(port),
		semconv.URLFull(a.url.Scheme + "://" + a.url.Host + a.op.Path), semconv.URLTemplate(a.op.Path),
		semconv.RPCSystemNameKey.String("hydra"), semconv.RPCMethod(a.op.ID),
	}
}

func (a *attempt) server() (host string, port int) {
	port, err := strconv.Atoi(a.url.Port())
	if err != nil {
		port = map[string]int{"http": 80, "https": 443}[a.url.Scheme]
	}
	return a.url.Hostname(), port
}

// end ends the span and records the duration. Of an error it records the type, but not
// the text.
func (a *attempt) end(outcome ...attribute.KeyValue) {
	a.span.SetAttributes(outcome...)
	for _, attr := range outcome {
		if attr.Key == semconv.ErrorTypeKey {
			a.span.SetStatus(codes.Error, "")
		}
	}
	a.span.End()
	host, port := a.server()
	a.duration.Record(a.ctx, time.Since(a.start).Seconds(), httpconv.RequestMethodAttr(a.op.Method), host, port,
		append(outcome, semconv.URLTemplate(a.op.Path))...)
}

// body ends an attempt when it is read to its end or closed.
type body struct {
	io.ReadCloser
	end func()
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil {
		b.end()
	}
	return n, err
}

func (b *body) Close() error {
	defer b.end()
	return b.ReadCloser.Close()
}
