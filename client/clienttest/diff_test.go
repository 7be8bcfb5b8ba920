package clienttest

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestDiffKeepsCommonLines: a line that both have has no sign, wherever it is.
func TestDiffKeepsCommonLines(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		want, got []string
		diff      string
	}{
		"the last of more":  {[]string{"b"}, []string{"a", "b"}, "  + a\n    b\n"},
		"the last of fewer": {[]string{"a", "b"}, []string{"b"}, "  - a\n    b\n"},
		"the first of more": {[]string{"a"}, []string{"a", "b"}, "    a\n  + b\n"},
		"in the middle":     {[]string{"a", "b", "c"}, []string{"x", "b", "y"}, "  - a\n  + x\n    b\n  - c\n  + y\n"},
		"nothing":           {[]string{"a"}, nil, "  - a\n"},
	} {
		assert.Equal(t, "  --- wanted\n  +++ got\n"+tt.diff, diff(tt.want, tt.got), name)
	}
}
