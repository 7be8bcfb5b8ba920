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

// neverSent are the statuses that the documentation names and no healthy Hydra was
// seen to send, neither v1.11.10 nor v2.3.0: proxies may send them.
var neverSent = map[string][]int{
	"acceptConsentRequest":        {500},
	"acceptLoginRequest":          {500},
	"acceptLogoutRequest":         {500},
	"createJsonWebKeySet":         {401, 403},
	"deleteJsonWebKey":            {401, 403, 500},
	"deleteJsonWebKeySet":         {401, 403, 500},
	"deleteOAuth2Token":           {401, 500},
	"deleteTrustedJwtGrantIssuer": {500},
	"flushInactiveOAuth2Tokens":   {401},
	"getConsentRequest":           {500},
	"getJsonWebKey":               {500},
	"getJsonWebKeySet":            {401, 403, 500},
	"getLoginRequest":             {500},
	"getLogoutRequest":            {500},
	"getTrustedJwtGrantIssuer":    {500},
	"introspectOAuth2Token":       {401, 500},
	"listSubjectConsentSessions":  {500},
	"listTrustedJwtGrantIssuers":  {500},
	"rejectConsentRequest":        {500},
	"rejectLoginRequest":          {500},
	"rejectLogoutRequest":         {500},
	"revokeAuthenticationSession": {500},
	"revokeConsentSessions":       {500},
	"updateJsonWebKey":            {401, 403},
	"updateJsonWebKeySet":         {401, 403},
}

// documented is how many operations the documentation has, and recordable how
// many combinations of those with a status each version produces.
const documented = 32

var recordable = map[string]int{fixture.V1: 82, fixture.V2: 79}

// undocumented are operations that Hydra has beyond its documentation.
var undocumented = []string{"updateOAuth2ClientLifespans"}

// TestLedger fails when an operation or a documented status has no case.
func TestLedger(t *testing.T) {
	t.Parallel()
	all := specOperations(t)
	assert.Len(t, all, documented+len(undocumented))

	recorded := make(map[string][]int)
	for version, want := range recordable {
		combinations := make(map[string]bool)
		for _, e := range load(t, version) {
			if _, isOperation := all[e.Group]; !isOperation {
				continue
			}
			if !slices.Contains(recorded[e.Group], e.Status) {
				recorded[e.Group] = append(recorded[e.Group], e.Status)
			}
			if !slices.Contains(undocumented, e.Group) {
				combinations[fmt.Sprint(e.Group, e.Status)] = true
			}
		}
		assert.Len(t, combinations, want, "combinations of a documented operation and a status that are recorded of %s", version)
	}

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
		have := slices.Concat(recorded[id], neverSent[id])
		if op.Responses.Default() != nil {
			assert.Subset(t, have, want, id)
		} else {
			assert.ElementsMatch(t, want, have, "%s: statuses of the document, and statuses recorded or named", id)
		}
	}
}

// TestMethods fails when AdminAPI and the document are not about the same things.
func TestMethods(t *testing.T) {
	t.Parallel()
	want := map[string]bool{"ModifyOAuth2Client": true} // a read and a write
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
	for id, statuses := range neverSent {
		for _, status := range statuses {
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
