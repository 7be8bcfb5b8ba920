package hydra

import (
	"net"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPorts(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	taken := listener.Addr().(*net.TCPAddr).Port
	require.ErrorContains(t, choosePort(&taken), ":"+strconv.Itoa(taken)+": bind: ", "the error names it")
	require.NoError(t, listener.Close())
	require.NoError(t, choosePort(&taken), "it is free now")
	free := 0
	require.NoError(t, choosePort(&free))
	assert.Positive(t, free)
}
