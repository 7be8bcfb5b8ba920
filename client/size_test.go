package client_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
)

// sized responds with a body that comes in pieces of any size.
func sized(t *testing.T, status int, body string, wrap func(io.Reader) io.Reader) *client.AdminAPI {
	t.Helper()
	return faulty(t, func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: status, Body: io.NopCloser(wrap(strings.NewReader(body))), ContentLength: -1}, nil
	})
}

// readers give the io.EOF with the last bytes, or after them.
var readers = map[string]func(io.Reader) io.Reader{
	"all at once":            func(r io.Reader) io.Reader { return r },
	"the end with the bytes": iotest.DataErrReader,
	"byte by byte":           iotest.OneByteReader,
}

// TestLargestBody: WithMaxResponseBytes is the size of the largest body that is accepted.
func TestLargestBody(t *testing.T) {
	t.Parallel()
	const body = `{"client_id":"c"}`
	for name, wrap := range readers {
		for most, valid := range map[int64]bool{int64(len(body)): true, int64(len(body)) + 1: true, int64(len(body)) - 1: false, 1: false} {
			c, err := sized(t, 200, body, wrap).GetOAuth2Client(t.Context(), "c", client.WithMaxResponseBytes(most))
			if valid {
				require.NoError(t, err, "%s: %d", name, most)
				assert.Equal(t, "c", c.ClientID)
				continue
			}
			require.ErrorIs(t, err, client.ErrInvalidResponse, "%s: %d", name, most)
			require.ErrorContains(t, err, "its body is larger than")
			var ce *client.Error
			require.ErrorAs(t, err, &ce)
			assert.Empty(t, ce.Body)
		}
	}
}

// TestLargestBodyByDefault: without WithMaxResponseBytes it is 64 MiB.
func TestLargestBodyByDefault(t *testing.T) {
	t.Parallel()
	api := faulty(t, func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Body: io.NopCloser(spaces(strings.Repeat(" ", 1<<20))), ContentLength: -1}, nil
	})
	_, err := api.GetOAuth2Client(t.Context(), "c")
	require.ErrorIs(t, err, client.ErrInvalidResponse)
	require.ErrorContains(t, err, "its body is larger than 67108864 bytes")
}

// spaces are endless.
type spaces string

func (s spaces) Read(b []byte) (int, error) { return copy(b, s), nil }

// TestLargestErrorBody: of a response that reports a failure a megabyte is read.
func TestLargestErrorBody(t *testing.T) {
	t.Parallel()
	const most = 1 << 20
	for size, want := range map[int]int{most - 1: most - 1, most: most, most + 1: most, 3 * most: most} {
		_, err := sized(t, 500, strings.Repeat("x", size), readers["all at once"]).GetOAuth2Client(t.Context(), "c")
		var ce *client.Error
		require.ErrorAs(t, err, &ce)
		assert.Len(t, ce.Body, want)
	}
}

// TestBodiesOfEachSize: a Content-Length makes no room for what does not come, and a body
// of any size is read whole.
func TestBodiesOfEachSize(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1, 2 << 10, 2<<10 + 1, 4 << 10, 1 << 20, 1<<20 + 1, 3 << 20} {
		for _, length := range []int64{-1, 0, int64(size), 1 << 40} {
			name := strings.Repeat("n", size)
			api := faulty(t, func(*http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(`{"client_id":"` + name + `"}`)), ContentLength: length}, nil
			})
			c, err := api.GetOAuth2Client(t.Context(), "c")
			require.NoError(t, err)
			assert.True(t, name == c.ClientID, "%d bytes, Content-Length %d", size, length) //nolint:testifylint // too long to print
		}
	}
}

// TestLinksThatAreTooLong: a link as long as a URL may be is read. A longer one, and links
// after many others, are no reason to fail.
func TestLinksThatAreTooLong(t *testing.T) {
	t.Parallel()
	page := func(link string) client.PageLinks {
		api := faulty(t, func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Header: http.Header{"Link": {link}}, Body: io.NopCloser(strings.NewReader(rows(0, 1)))}, nil
		})
		p, err := api.ListOAuth2Clients(t.Context(), client.ListOAuth2ClientsParams{})
		require.NoError(t, err)
		return p.Links
	}
	target := func(size int) string {
		s := "/clients?limit=5&offset=10&x="
		return "<" + s + strings.Repeat("x", size-len(s)) + `>; rel="last"`
	}
	assert.Equal(t, &client.PageLink{Limit: 5, Offset: 10}, page(target(8<<10)).Last)
	assert.Nil(t, page(target(8<<10+1)).Last)
	relations := func(n int) string {
		var names strings.Builder
		for i := range n {
			names.WriteString(strings.Repeat("r", i+1) + " ")
		}
		return `</x>; rel="` + names.String() + `", ` + target(100)
	}
	assert.Equal(t, &client.PageLink{Limit: 5, Offset: 10}, page(relations(31)).Last)
	assert.Nil(t, page(relations(32)).Last)
}
