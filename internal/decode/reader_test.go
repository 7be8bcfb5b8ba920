package decode

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/models"
)

// models/decode_test.go compares what the package reads with encoding/json. Here is the
// rest.

func TestWordsAreReadWithoutAllocation(t *testing.T) { //nolint:paralleltest // it counts allocations
	seen := 0
	for at, w := range words {
		if w == "" {
			continue
		}
		seen++
		assert.EqualValues(t, at, slot([]byte(w)))
		text, r := []byte(`"`+w+`"`), &reader{}
		assert.Zero(t, testing.AllocsPerRun(100, func() {
			r.data, r.pos = text, 0
			if r.text() != w {
				t.Error(w)
			}
		}), w)
	}
	assert.Equal(t, 38, seen, "two words in one slot")
}

func TestRememberSharesTexts(t *testing.T) { //nolint:paralleltest // it counts allocations
	data := []byte(`["team-a","team-a","team-a","team-a","` + strings.Repeat("x", 2*longest) + `"]`)
	r := newReader(data)
	r.shareTexts()
	read := func() {
		r.data, r.pos, r.depth = data, 0, 0
		for ok := r.list(); ok; ok = r.more() {
			_ = r.text()
		}
	}
	read()
	assert.InDelta(t, 1, testing.AllocsPerRun(100, read), 0, "of the long one")
}

// TestEstimate: a list of small things must not make room for millions.
func TestEstimate(t *testing.T) {
	t.Parallel()
	r := newReader([]byte("[{}," + strings.Repeat("{},", 1<<20) + "{}]"))
	assert.True(t, r.list())
	r.skip()
	assert.Equal(t, 512, r.estimate())
}

// TestAppendToAKeptMember: the members that are kept share memory, and a caller who
// appends to one must not change another.
func TestAppendToAKeptMember(t *testing.T) {
	t.Parallel()
	want := map[string]json.RawMessage{"a": json.RawMessage("1"), "b": json.RawMessage(`"22"`), "c": json.RawMessage("[3]")}
	for name := range want {
		var c models.OAuth2Client
		require.NoError(t, Unmarshal([]byte(`{"a":1,"client_id":"c","b":"22","c":[3]}`), &c))
		_ = append(c.AdditionalProperties[name], "98765"...)
		assert.Equal(t, want, c.AdditionalProperties)
	}
}

func TestFirst(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{`{"a":[1]} {"b":2}`: `{"a":[1]}`, ` 7 `: `7`, `[1,`: ``, ``: ``, `"a"b`: `"a"`} {
		assert.Equal(t, want, string(first([]byte(data))), data)
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	for document, want := range map[string]string{`"a"`: "a", `"a\u0026\n"`: "a&\n", `"\ud83d\ude00"`: "😀", `"`: "", `7`: ""} {
		assert.Equal(t, want, Text([]byte(document)), document)
	}
}

// FuzzFirst: what is taken for a value is one.
func FuzzFirst(f *testing.F) {
	for _, s := range []string{`{"a":[1,-0.5e+3,true,false,null,"\u00e4\n"]}`, `"\ud800"`, `[[[]]]`, `-`, `01`, `1.`, "\"\x01\"", `{"a" : 1 , "b":{}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		value := first(data)
		if value != nil {
			assert.True(t, json.Valid(value), "%s", data)
			return
		}
		if json.Valid(data) {
			assert.Greater(t, strings.Count(string(data), "[")+strings.Count(string(data), "{"), maxDepth, "%s", data)
		}
	})
}
