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
)

// TestLedger reports what an operation of the document lacks, and where to add it.
func TestLedger(t *testing.T) {
	t.Parallel()
	recorded := recordedStatuses(t, everyVersion()...)
	for id, op := range specOperations(t) {
		for _, line := range owed(id, op, recorded[id], client.RuleIDs()) {
			t.Errorf("%s: %s", id, line)
		}
	}
	for _, id := range client.RuleIDs() {
		assert.Contains(t, specOperations(t), id, "client/rule.go has a row for an operation that is gone")
	}
}

// owed returns a line for each thing that an operation lacks.
func owed(id string, op specOperation, recorded []int, rules []string) (lines []string) {
	owe := func(missing bool, format string, args ...any) {
		if missing {
			lines = append(lines, fmt.Sprintf(format, args...))
		}
	}
	owe(!strings.Contains(op.Description, "Errors:"), "openapi/admin.yaml: the description names no errors: add a paragraph that begins with Errors:")
	_, repeatable := op.Extensions["x-repeatable"]
	_, whenLost := op.Extensions["x-when-lost"]
	owe(op.method != http.MethodGet && repeatable == whenLost, "openapi/admin.yaml: add x-repeatable: true if sending it twice does what sending it once does, else x-when-lost with what to do when the response is lost")
	for status, response := range op.Responses.Map() {
		for _, content := range response.Value.Content {
			schema := content.Schema.Value
			single := strings.HasPrefix(status, "2") && schema.Type.Is("object")
			owe(single && !hasEssential(schema), "openapi/admin.yaml: no member of its %s response has x-essential: true", status)
		}
	}
	owe(!slices.Contains(rules, id), "client/rule.go: add a row to rules, or none")
	owe(operations[id] == nil, "client/operations_test.go: add its call to operations")
	owe(len(recorded) == 0, "internal/fixture: add it to a scenario of internal/record, and record")
	if len(recorded) == 0 {
		return lines
	}
	have := slices.Concat(recorded, neverSent(op, recorded))
	for status := range op.Responses.Map() {
		code, err := strconv.Atoi(status)
		owe(err == nil && !slices.Contains(have, code), "internal/fixture: status %s of the document is not recorded", status)
	}
	for _, status := range have {
		known := op.Responses.Value(strconv.Itoa(status)) != nil || op.Responses.Default() != nil
		owe(!known, "openapi/admin.yaml: status %d was recorded, or is documented, and has no response", status)
	}
	return lines
}

// TestLedgerNamesWhatIsMissing: a new operation gets one line for each thing that it lacks.
func TestLedgerNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	op := specOperations(t)["createOAuth2Client"]
	bare := *op.Operation
	bare.Description, bare.Extensions = "", nil
	op.Operation = &bare
	lines := strings.Join(owed("newOperation", op, nil, nil), "\n")
	for _, want := range []string{"add a paragraph that begins with Errors:", "add x-repeatable: true", "client/rule.go: add a row", "client/operations_test.go: add its call", "internal/fixture: add it to a scenario"} {
		assert.Contains(t, lines, want)
	}
	lines = strings.Join(owed("createOAuth2Client", specOperations(t)["createOAuth2Client"], []int{201, 418}, []string{"createOAuth2Client"}), "\n")
	assert.Contains(t, lines, "internal/fixture: status 409 of the document is not recorded")
}

// recordedStatuses returns the recorded statuses of each operation.
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

// neverSent returns the statuses of an operation that are documented and not recorded. Hydra
// did not send them in any recorded case, but a proxy may.
func neverSent(op specOperation, recorded []int) []int {
	return slices.DeleteFunc(slices.Clone(op.documented), func(status int) bool {
		return status == anyStatus || slices.Contains(recorded, status)
	})
}

// TestMethods fails if AdminAPI lacks a method for an operation, or has one too many.
func TestMethods(t *testing.T) {
	t.Parallel()
	want := map[string]bool{"ModifyOAuth2Client": true, "Do": true} // no operations of the document
	for id, op := range specOperations(t) {
		name := strings.NewReplacer("Json", "JSON", "Jwt", "JWT").Replace(strings.ToUpper(id[:1]) + id[1:])
		want[name] = true
		if ok := op.Responses.Value("200"); ok != nil && ok.Value.Headers["Link"] != nil {
			want[strings.Replace(name, "List", "All", 1)] = true
		}
	}
	var have []string
	api := reflect.TypeFor[*client.AdminAPI]()
	for method := range api.Methods() {
		have = append(have, method.Name)
	}
	assert.ElementsMatch(t, slices.Collect(maps.Keys(want)), have)
}

// TestStatusesNeverSent uses httpmock for documented responses that are not recorded.
func TestStatusesNeverSent(t *testing.T) {
	t.Parallel()
	recorded := recordedStatuses(t, everyVersion()...)
	for id, op := range specOperations(t) {
		for _, status := range neverSent(op, recorded[id]) {
			t.Run(fmt.Sprintf("%s/%d", id, status), func(t *testing.T) {
				t.Parallel()
				api := faulty(t, httpmock.NewStringResponder(status, `{"error":"code","error_description":"What happened.","error_hint":"Why.","error_debug":"Where.","status_code":418}`))
				_, err := call(t, id, &request{t: t, api: api, ctx: t.Context()})
				require.ErrorIs(t, err, statusErrors[status])
				var je *client.JSONError
				require.ErrorAs(t, err, &je)
				assert.EqualValues(t, 418, je.StatusCode)
				assert.Equal(t, fmt.Sprintf("hydra: %s: %d %s: code: What happened.: Why.: Where.", id, status, http.StatusText(status)), err.Error())
			})
		}
	}
}
