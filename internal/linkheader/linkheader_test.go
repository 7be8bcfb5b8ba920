package linkheader_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/hydra-sdk/hydra-admin-go/internal/linkheader"
)

func TestParse(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		header []string
		want   map[string]string
	}{
		"no header": {nil, map[string]string{}},
		"as Hydra v1 sends it, without a space": {
			[]string{`</clients?limit=2&offset=2>; rel="next",</clients?limit=2&offset=6>; rel="last"`},
			map[string]string{"next": "/clients?limit=2&offset=2", "last": "/clients?limit=2&offset=6"},
		},
		"absolute, with spaces, as documented": {
			[]string{`<https://hydra/clients?limit=5&offset=0>; rel="first", <https://hydra/clients?limit=5&offset=5>; rel="next"`},
			map[string]string{"first": "https://hydra/clients?limit=5&offset=0", "next": "https://hydra/clients?limit=5&offset=5"},
		},
		"commas and semicolons inside the target": {
			[]string{`</c?a=1,2;b>; rel="next"`},
			map[string]string{"next": "/c?a=1,2;b"},
		},
		"several header lines":          {[]string{`</a>; rel="next"`, `</b>; rel="last"`}, map[string]string{"next": "/a", "last": "/b"}},
		"the first of two wins":         {[]string{`</a>; rel=next, </b>; rel=next`}, map[string]string{"next": "/a"}},
		"several relations in one link": {[]string{`</a>; rel="first prev"`}, map[string]string{"first": "/a", "prev": "/a"}},
		"other parameters, other case":  {[]string{`</a>; title="x; rel=\"last\""; REL=Next; foo`}, map[string]string{"next": "/a"}},
		"an empty parameter":            {[]string{`</a>;; rel="next"`}, map[string]string{"next": "/a"}},
		"an empty quoted parameter":     {[]string{`</a>; title=""; rel="next"`}, map[string]string{"next": "/a"}},
		"a space before a parameter":    {[]string{`</a> ; rel="next" ; x=y, </b>; rel=last`}, map[string]string{"next": "/a", "last": "/b"}},
		"another parameter alone":       {[]string{`</a>; title="next"`}, map[string]string{}},
		"two parameters rel":            {[]string{`</a>; rel="next"; rel="last"`}, map[string]string{"next": "/a"}},
		"no relation":                   {[]string{`</a>`}, map[string]string{}},
		"unclosed target":               {[]string{`</a; rel="next"`}, map[string]string{}},
		"unclosed quote":                {[]string{`</a>; rel="next`}, map[string]string{"next": "/a"}},
		"no link at all":                {[]string{`rel="next"`}, map[string]string{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tt.want, linkheader.Parse(tt.header))
		})
	}
}

// TestParseIsBounded: relations after the first 32 are left out.
func TestParseIsBounded(t *testing.T) {
	t.Parallel()
	var names []string
	for i := range 40 {
		names = append(names, fmt.Sprint("r", i))
	}
	got := linkheader.Parse([]string{`</a>; rel="` + strings.Join(names[:30], " ") + `"`, `</b>; rel="` + strings.Join(names[30:], " ") + `"`})
	assert.ElementsMatch(t, names[:32], slices.Collect(maps.Keys(got)))
}

func FuzzParse(f *testing.F) {
	f.Add(`</clients?limit=2&offset=2>; rel="next",</clients?limit=2&offset=6>; rel="last"`)
	f.Add(`<a>; rel="x y";;=,<b>;rel=z`)
	f.Add(`<>;"`)
	f.Fuzz(func(t *testing.T, header string) {
		for rel, target := range linkheader.Parse([]string{header}) {
			assert.NotEmpty(t, rel)
			assert.Contains(t, header, "<"+target+">")
			assert.Contains(t, strings.ToLower(header), rel)
		}
	})
}
