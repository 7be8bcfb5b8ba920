package client

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
)

// A sending is one request on its way. It watches what the transport does with it, so as
// to know after a failure whether the server may have got it.
type sending struct {
	req  *http.Request
	body *bytes.Reader // nil without a body

	over      bool        // the context was over by then
	looking   atomic.Bool // the transport looks for a connection, and reports what it does
	wrote     atomic.Bool // it has written the header
	bodyTaken atomic.Bool // it has asked for another reader of the body
	trace     httptrace.ClientTrace
}

// newSending makes the request of an attempt. One that may be sent twice is not watched.
func newSending(ctx context.Context, m *message, repeatable bool) *sending {
	s := &sending{}
	if !repeatable {
		s.over = ctx.Err() != nil
		s.trace.GetConn = func(string) { s.looking.Store(true); s.wrote.Store(false) }
		s.trace.WroteHeaders = func() { s.wrote.Store(true) }
		ctx = httptrace.WithClientTrace(ctx, &s.trace)
	}
	s.req = m.request(ctx)
	if len(m.body) > 0 && !repeatable {
		s.body = bytes.NewReader(m.body)
		s.req.Body = io.NopCloser(s.body)
		another := s.req.GetBody
		s.req.GetBody = func() (io.ReadCloser, error) {
			s.bodyTaken.Store(true)
			return another()
		}
	}
	return s
}

// mayHaveArrived reports whether the server may have got the request, after an attempt
// that failed with err. It reports false only if that is sure: the context was over
// before, the transport reports that it has written nothing, it has not touched the body,
// or the server had closed the connection before the request.
func (s *sending) mayHaveArrived(err error) bool {
	switch {
	case s.over:
		return false
	case s.looking.Load():
		return s.wrote.Load() && !strings.HasSuffix(err.Error(), "server closed idle connection")
	case s.body != nil:
		return s.bodyTaken.Load() || s.body.Len() < int(s.body.Size())
	}
	return true
}
