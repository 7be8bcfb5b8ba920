package client_test

import (
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
)

// documented is how many operations the documentation has, and recordable how
// many combinations of those with a status each version produces.
const documented = 32

var recordable = map[string]int{fixture.V1: 82, fixture.V2: 79}

// TestLedger fails when an operation or a status has no case.
func TestLedger(t *testing.T) {
	t.Parallel()
	all := specOperations(t)
	documentation := 0
	for _, op := range all {
		if len(op.documented) > 0 {
			documentation++
		}
	}
	assert.Equal(t, documented, documentation)
	assert.Len(t, all, documented+1, "Hydra has updateOAuth2ClientLifespans beyond its documentation")
	for version, want := range recordable {
		combinations := 0
		for id, statuses := range recordedStatuses(t, version) {
			if len(all[id].documented) > 0 {
				combinations += len(statuses)
			}
		}
		assert.Equal(t, want, combinations, "combinations of a documented operation and a status that are recorded of %s", version)
	}

	either := recordedStatuses(t, fixture.V1, fixture.V2)
	for id, op := range all {
		assert.Contains(t, operations, id)
		assert.Contains(t, op.Description, "Errors:", "%s: its doc comment has to name them", id)
		var want []int
		for status := range op.Responses.Map() {
			if code, err := strconv.Atoi(status); err == nil {
				want = append(want, code)
			}
		}
		// "default" stands for what was recorded but has no line of its own.
		have := slices.Concat(either[id], neverSent(t, id))
		if op.Responses.Default() != nil {
			assert.Subset(t, have, want, id)
		} else {
			assert.ElementsMatch(t, want, have, "%s: statuses of the document, and those that were recorded or documented", id)
		}
	}
}

// recordedStatuses are the statuses of each operation that are recorded of versions.
func recordedStatuses(t *testing.T, versions ...string) map[string][]int {
	t.Helper()
	all, recorded := specOperations(t), make(map[string][]int)
	for _, version := range versions {
		for _, e := range load(t, version) {
			if _, isOperation := all[e.Group]; isOperation && !slices.Contains(recorded[e.Group], e.Status) {
				recorded[e.Group] = append(recorded[e.Group], e.Status)
			}
		}
	}
	return recorded
}

// neverSent are the statuses of an operation that the documentation names and no
// healthy Hydra was seen to send: proxies may send them.
func neverSent(t *testing.T, id string) []int {
	t.Helper()
	recorded := recordedStatuses(t, fixture.V1, fixture.V2)[id]
	return slices.DeleteFunc(slices.Clone(specOperations(t)[id].documented), func(status int) bool {
		return status == anyStatus || slices.Contains(recorded, status)
	})
}

// TestMethods fails when AdminAPI and the document are not about the same things.
func TestMethods(t *testing.T) {
	t.Parallel()
	want := map[string]bool{"ModifyOAuth2Client": true, "Do": true} // a read and a write, and what has no method
	for id, op := range specOperations(t) {
		name := strings.NewReplacer("Json", "JSON", "Jwt", "JWT").Replace(strings.ToUpper(id[:1]) + id[1:])
		want[name] = true
		if ok := op.Responses.Value("200"); ok != nil && ok.Value.Headers["Link"] != nil {
			want[strings.Replace(name, "List", "All", 1)] = true
		}
	}
	var have []string
	api := reflect.TypeFor[*client.AdminAPI]()
	for i := range api.NumMethod() {
		have = append(have, api.Method(i).Name)
	}
	assert.ElementsMatch(t, slices.Collect(maps.Keys(want)), have)
}

// TestStatusesNeverSent answers with httpmock what no Hydra was seen to answer.
func TestStatusesNeverSent(t *testing.T) {
	t.Parallel()
	all := specOperations(t)
	for id := range all {
		for _, status := range neverSent(t, id) {
			t.Run(fmt.Sprintf("%s/%d", id, status), func(t *testing.T) {
				t.Parallel()
				mock := httpmock.NewMockTransport()
				mock.RegisterNoResponder(httpmock.NewStringResponder(status, `{"error":"code","error_description":"What happened.","error_hint":"Why.","error_debug":"Where.","status_code":418}`))
				api, err := client.New("http://"+fixture.AdminHost, client.WithHTTPClient(&http.Client{Transport: mock}), client.WithRetries(0))
				require.NoError(t, err)
				_, err = operations[id](&request{t: t, api: api, ctx: t.Context(), path: pathParams(t, all[id].path, "")})
				require.ErrorIs(t, err, statusErrors[status])
				var je *client.JSONError
				require.ErrorAs(t, err, &je)
				assert.EqualValues(t, 418, je.StatusCode)
				assert.Equal(t, fmt.Sprintf("hydra: %s: %d %s: code: What happened.: Why.: Where.", id, status, http.StatusText(status)), err.Error())
			})
		}
	}
}
