package client

import (
	"bytes"
	"context"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
)

// A watch sees what the transport does with a request that must not arrive twice, so as
// to know after a failure whether the server may have got it.
type watch struct {
	trace httptrace.ClientTrace
	body  bytes.Reader

	over      bool        // the context was over before the request was made
	looking   atomic.Bool // the transport looks for a connection, and reports what it does
	wrote     atomic.Bool // it has written the header
	bodyTaken atomic.Bool // it has asked for another reader of the body
}

// start returns the context for the request.
func (w *watch) start(ctx context.Context) context.Context {
	w.over = ctx.Err() != nil
	w.trace.GetConn = func(string) { w.looking.Store(true); w.wrote.Store(false) }
	w.trace.WroteHeaders = func() { w.wrote.Store(true) }
	return httptrace.WithClientTrace(ctx, &w.trace)
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
// that failed with err. It reports false only if that is sure: the context was over
// before, the transport reports that it has written nothing, it has not touched the body,
// or the server had closed the connection before the request.
func (w *watch) mayHaveArrived(err error) bool {
	switch {
	case w.over:
		return false
	case w.looking.Load():
		return w.wrote.Load() && !strings.HasSuffix(err.Error(), "server closed idle connection")
	case w.body.Size() > 0:
		return w.bodyTaken.Load() || w.body.Len() < int(w.body.Size())
	}
	return true
}
