package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
)

func TestOutsideOfACloneItSaysWhatToDo(t *testing.T) { //nolint:paralleltest // it changes the directory
	t.Chdir(t.TempDir())
	err := run()
	require.ErrorIs(t, err, hydra.ErrOutside)
	require.ErrorContains(t, err, "run this in a clone of hydra-admin-go, or give -binary: ")
}
