package client

import (
	"io"
	"net/http"
	"sync"
)

// A buffer holds the body of an answer until it is decoded, which copies all that is
// kept of it. Then another call fills it again.
type buffer struct{ bytes []byte }

// Buffers of this size and below are kept: the largest page of clients fits, and a
// program that once got more does not hold on to it.
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

// copy returns the bytes for keeps, as io.ReadAll does: not nil.
func (b *buffer) copy() []byte { return append([]byte{}, b.bytes...) }

// fill reads the body of an answer to its end, without which its connection could not
// be used again, or up to limit. It reports whether that was all.
func (b *buffer) fill(resp *http.Response, expected int, limit int64) (whole bool, err error) {
	const first = 2 << 10 // most answers fit
	// What an answer says about its length may be a lie.
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
		case err == io.EOF: // itself, since a wrapped one is the end of something else
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
