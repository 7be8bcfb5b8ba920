package client

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
)

// A watch sees what the transport does with a request, so as to know after a failure
// whether the server may have got it.
type watch struct {
	trace httptrace.ClientTrace
	body  bytes.Reader

	over      bool        // the context was over before the request was made
	responded bool        // there was a response
	looking   atomic.Bool // the transport looks for a connection, and reports what it does
	writing   atomic.Bool // it has begun to write to the last connection
	written   atomic.Bool // it has written a whole request
	earlier   atomic.Bool // it has done so before it looked for the last connection
	bodyTaken atomic.Bool // it has asked for another reader of the body
	fresh     atomic.Bool // the last connection has had no other request
}

// start returns the context for the request.
func (w *watch) start(ctx context.Context) context.Context {
	w.over = ctx.Err() != nil
	w.trace.GetConn = w.getConn
	w.trace.GotConn = w.gotConn
	w.trace.WroteHeaders = w.wroteHeaders
	w.trace.WroteRequest = w.wroteRequest
	return httptrace.WithClientTrace(ctx, &w.trace)
}

// getConn comes again where net/http takes another connection because the first one was
// closed. It has not written to that one. A transport around it that makes retries of its
// own may have written all of the request.
func (w *watch) getConn(string) {
	if w.written.Load() {
		w.earlier.Store(true)
	}
	w.looking.Store(true)
	w.writing.Store(false)
	w.fresh.Store(false)
}

func (w *watch) gotConn(info httptrace.GotConnInfo) { w.fresh.Store(!info.Reused) }

func (w *watch) wroteHeaders() {
	w.looking.Store(true)
	w.writing.Store(true)
}

func (w *watch) wroteRequest(info httptrace.WroteRequestInfo) {
	if info.Err == nil {
		w.written.Store(true)
	}
}

// reader returns a reader of the body.
func (w *watch) reader(body []byte) *bytes.Reader {
	switch {
	case w == nil:
		return bytes.NewReader(body)
	case w.body.Size() > 0:
		w.bodyTaken.Store(true)
		return bytes.NewReader(body)
	}
	w.body.Reset(body)
	return &w.body
}

// mayHaveArrived reports whether the server may have got the request, after an attempt
// through rt that failed with err. It reports false only if that is sure: the context was
// over before, the transport reports that it has written nothing or has not touched the
// body, the server had closed the connection before the request, or it has refused the
// handshake of TLS, of which TLS 1.3 tells after the request is written.
func (w *watch) mayHaveArrived(rt http.RoundTripper, err error) bool {
	switch {
	case w.over:
		return false
	case w.responded || w.earlier.Load():
		return true
	case w.looking.Load():
		return w.writing.Load() && !closedBefore(err) && (!w.fresh.Load() || !refusesCertificate(err))
	case w.body.Size() > 0 || reportsConnections(reflect.ValueOf(&rt), 0):
		return w.bodyTaken.Load() || w.body.Len() < int(w.body.Size())
	}
	return true
}

// closedBefore reports whether net/http had seen the end of the connection when it was
// about to use it. An end that it sees after that, such as io.EOF, may be that of a server
// that has carried out the request.
func closedBefore(err error) bool {
	text := err.Error()
	return strings.HasSuffix(text, "http: server closed idle connection") || strings.Contains(text, ": readLoopPeekFailLocked: ")
}

// refusals are the alerts with which a server refuses the certificate of a client, or that
// it has none (RFC 8446, section 6.2). Servers of TLS 1.2 send handshake_failure as well.
var refusals = []tls.AlertError{
	40,  // handshake_failure
	42,  // bad_certificate
	43,  // unsupported_certificate
	44,  // certificate_revoked
	45,  // certificate_expired
	46,  // certificate_unknown
	48,  // unknown_ca
	49,  // access_denied
	51,  // decrypt_error
	116, // certificate_required
}

// refusesCertificate reports whether a server has ended a handshake with such an alert.
// Package crypto/tls has an exported type only for alerts of its own.
func refusesCertificate(err error) bool {
	on, ok := errors.AsType[*net.OpError](err)
	return ok && on.Op == "remote error" && slices.ContainsFunc(refusals, func(a tls.AlertError) bool { return on.Err.Error() == a.Error() })
}

// reportsConnections reports whether a transport is that of net/http, or sends through it
// as far as its fields show. Such a transport reports each connection that it looks for.
func reportsConnections(v reflect.Value, depth int) bool {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		switch {
		case v.IsNil():
			_, ok := http.DefaultTransport.(*http.Transport)
			return ok
		case v.Type() == reflect.TypeFor[*http.Transport]():
			return true
		}
		v = v.Elem()
	}
	if v.Kind() != reflect.Struct || depth > 10 {
		return false
	}
	found := false
	for field := range v.Type().NumField() {
		if !v.Type().Field(field).Type.Implements(reflect.TypeFor[http.RoundTripper]()) {
			continue
		}
		if found = reportsConnections(v.Field(field), depth+1); !found {
			return false
		}
	}
	return found
}

// neverConnected reports whether an attempt failed since there was no connection, for a
// reason that may pass. Without a watch it goes by err alone.
func (w *watch) neverConnected(err error) bool {
	if name, ok := errors.AsType[*net.DNSError](err); ok && name.IsNotFound {
		return false // it is probably misspelt
	}
	on, ok := errors.AsType[*net.OpError](err)
	switch {
	case closedBefore(err), ok && (on.Op == "dial" || on.Op == "proxyconnect"):
		return true
	case w == nil || !w.looking.Load() || w.writing.Load():
		return false
	}
	// The connection was there, and the handshake of TLS or that with the proxy failed.
	failure, slow := errors.AsType[net.Error](err)
	return ok && (on.Op == "read" || on.Op == "write") || slow && failure.Timeout() || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}
