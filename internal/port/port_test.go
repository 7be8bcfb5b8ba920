package port

import (
	"net"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPorts(t *testing.T) {
	t.Parallel()
	free, err := Free()
	require.NoError(t, err)
	assert.Positive(t, free)
	assert.Less(t, free, 32768, "where Linux begins with ports of its own choice")
	listener, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(free))
	require.NoError(t, err)
	require.ErrorContains(t, Check(free), ":"+strconv.Itoa(free)+": bind: ", "the error names it")
	require.NoError(t, listener.Close())
	require.NoError(t, Check(free), "it is free now")
}
