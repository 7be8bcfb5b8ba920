package client

import (
	"io"
	"net/http"
	"sync"
)

// A buffer holds the body of a response until it is decoded, which copies what it keeps.
// Then another call uses the buffer.
type buffer struct{ bytes []byte }

// Buffers up to this size are kept: the largest page of clients fits, and a program that
// once got more does not hold on to it.
const keptBuffer = 1 << 20

var buffers = sync.Pool{New: func() any { return new(buffer) }}

func newBuffer() *buffer {
	return buffers.Get().(*buffer) //nolint:forcetypeassert // New makes it one
}

// release must come after the last look at the bytes.
func (b *buffer) release() {
	if cap(b.bytes) > keptBuffer {
		b.bytes = nil
	}
	b.bytes = b.bytes[:0]
	buffers.Put(b)
}

// copy returns a copy of the bytes, which is not nil, as that of io.ReadAll.
func (b *buffer) copy() []byte { return append([]byte{}, b.bytes...) }

// fill reads the body of a response up to limit and reports whether that was all of it.
// A connection can be used again only if the body was read to its end.
func (b *buffer) fill(resp *http.Response, expected int, limit int64) (whole bool, err error) {
	const first = 2 << 10 // most responses fit
	// A wrong Content-Length must not make room for more than keptBuffer.
	b.grow(int(min(max(resp.ContentLength+1, int64(expected), first), keptBuffer)))
	for {
		if len(b.bytes) == cap(b.bytes) {
			b.grow(cap(b.bytes))
		}
		n, err := resp.Body.Read(b.bytes[len(b.bytes):cap(b.bytes)])
		b.bytes = b.bytes[:len(b.bytes)+n]
		switch {
		case int64(len(b.bytes)) > limit:
			b.bytes = b.bytes[:limit]
			return false, nil
		case err == io.EOF: // ==, not errors.Is: a wrapped io.EOF is a broken stream
			return true, nil
		case err != nil:
			return false, err
		}
	}
}

// grow makes room for n more bytes.
func (b *buffer) grow(n int) {
	if cap(b.bytes)-len(b.bytes) < n {
		b.bytes = append(make([]byte, 0, len(b.bytes)+n), b.bytes...)
	}
}
