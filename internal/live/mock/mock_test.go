//go:build live

package mock

import (
	"context"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
)

// absent are the methods whose operations a server does not have.
var absent = map[string][]string{
	"v1.11.10": {"AcceptUserCodeRequest", "DeleteRotatedOAuth2ClientSecrets", "RotateOAuth2ClientSecret"},
	"v2.3.0":   {"AcceptUserCodeRequest", "DeleteRotatedOAuth2ClientSecrets", "FlushInactiveOAuth2Tokens", "RotateOAuth2ClientSecret"},
	"v25.4.0":  {"DeleteRotatedOAuth2ClientSecrets", "FlushInactiveOAuth2Tokens", "RotateOAuth2ClientSecret"},
	"v26.2.0":  {"DeleteRotatedOAuth2ClientSecrets", "FlushInactiveOAuth2Tokens", "RotateOAuth2ClientSecret"},
	"next":     {"FlushInactiveOAuth2Tokens"},
}

// An exception is a request that a document refuses for a reason that is not the SDK's.
type exception struct {
	versions  []string // all if there are none
	method    string
	violation string // a regular expression
	reason    string
}

var exceptions = []exception{
	{nil, "CreateJSONWebKeySet", `required property '(use|kid)'`, "servers do not require them"},
	{nil, "TrustJWTGrantIssuer", `required property '(scope|use|alg)'`, "servers do not require them"},
	{nil, "UpdateJSONWebKey", `required property '(use|alg)'`, "servers do not require them"},
	{[]string{"v1.11.10"}, "PatchOAuth2Client", `value must be object`, "the server takes any value"},
	{[]string{"v1.11.10"}, "RevokeAuthenticationSession", `required property 'subject'`, "for SessionID, which is ErrNotSupported"},
	{[]string{"v1.11.10", "v2.3.0"}, "RevokeConsentSessions", `required property 'subject'`, "for ConsentRequestID, which is ErrNotSupported"},
}

// of reports whether the exception is of a method on a server.
func (e exception) of(version, method string) bool {
	return e.method == method && (e.versions == nil || slices.Contains(e.versions, version))
}

// TestRequests: the document of each server allows the requests of each method.
func TestRequests(t *testing.T) {
	t.Parallel()
	for version, document := range documents(t) {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			base := startPrism(t, document)
			if version != "v1.11.10" {
				base += "/admin"
			}
			refused := make(map[string][]string) // by method
			followed := make(map[string]bool)    // the lists of which a later page was asked for
			for name, call := range calls {
				t.Run(name, func(t *testing.T) {
					method, _, _ := strings.Cut(name, ",")
					for _, v := range send(t, version, base, call) {
						assert.Equal(t, slices.Contains(absent[version], method), v.missing, "%s: whether the document has no such operation", v.request)
						if list, query, _ := strings.Cut(v.request, "?"); strings.Contains(query, later(version)) {
							followed[list] = true
						}
						for _, violation := range v.refused {
							refused[method] = append(refused[method], violation)
							if !excepted(version, method, violation) {
								t.Errorf("%s: %s", v.request, violation)
							}
						}
					}
				})
			}
			assert.Len(t, followed, 3, "%v", followed)
			for _, e := range exceptions {
				if e.of(version, e.method) && !slices.ContainsFunc(refused[e.method], regexp.MustCompile(e.violation).MatchString) {
					t.Errorf("the exception for %s (%s: %s) is not needed any more", e.method, e.violation, e.reason)
				}
			}
		})
	}
}

// later returns the parameter that asks a server for a page after the first one.
func later(version string) string {
	if version == "v1.11.10" {
		return "offset="
	}
	return "page_token="
}

func excepted(version, method, violation string) bool {
	return slices.ContainsFunc(exceptions, func(e exception) bool {
		return e.of(version, method) && regexp.MustCompile(e.violation).MatchString(violation)
	})
}

// send makes a call and returns what the mock says of its requests.
func send(t *testing.T, version, base string, call func(context.Context, *client.AdminAPI) error) []verdict {
	t.Helper()
	transport := &checker{version: version}
	api, err := client.New(base, client.WithHTTPClient(&http.Client{Transport: transport}), client.WithRetries(0))
	require.NoError(t, err)
	// The responses that the mock makes up are often not those of a Hydra.
	err = call(t.Context(), api)
	require.NotErrorIs(t, err, client.ErrInvalidArgument)
	require.NotEmpty(t, transport.verdicts, "no request was sent: %v", err)
	return transport.verdicts
}

// TestCalls: there is a call for each method.
func TestCalls(t *testing.T) {
	t.Parallel()
	tested := make(map[string]bool)
	for name := range calls {
		method, _, _ := strings.Cut(name, ",")
		tested[method] = true
	}
	for method := range reflect.TypeFor[*client.AdminAPI]().Methods() {
		if method.Name != "Do" { // sends what its caller says
			assert.True(t, tested[method.Name], "no call of %s", method.Name)
		}
	}
}

// TestFull: the arguments that are to have all members have them.
func TestFull(t *testing.T) {
	t.Parallel()
	for _, v := range []any{fullClient(), fullKey("k"), fullReject, fullLifespans} {
		for field, value := range reflect.ValueOf(v).Fields() {
			assert.False(t, value.IsZero(), "%T.%s", v, field.Name)
		}
	}
}
