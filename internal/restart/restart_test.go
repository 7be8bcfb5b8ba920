package restart_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/internal/restart"
)

func TestMark(t *testing.T) {
	t.Parallel()
	plain, err := url.Parse("http://h/oauth2/auth?state=a%2Bb")
	require.NoError(t, err)
	assert.False(t, restart.Marked(plain, "lost-"))
	marked, err := url.Parse(restart.URL(plain, "lost-"))
	require.NoError(t, err)
	assert.True(t, restart.Marked(marked, "lost-"))
	again, err := url.Parse(restart.URL(marked, ""))
	require.NoError(t, err)
	assert.False(t, restart.Marked(again, "lost-"), "the later one replaces it")
	assert.Equal(t, "a+b", again.Query().Get("state"))
	assert.Len(t, again.Query(), 2)
}
