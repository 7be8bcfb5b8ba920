package client_test

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
)

// objectsIn returns all objects in a JSON document.
func objectsIn(v any) (all []map[string]any) {
	switch v := v.(type) {
	case map[string]any:
		all = append(all, v)
		for _, name := range slices.Sorted(maps.Keys(v)) {
			all = append(all, objectsIn(v[name])...)
		}
	case []any:
		for _, element := range v {
			all = append(all, objectsIn(element)...)
		}
	}
	return all
}

// TestFactsOfTheDocument: what openapi/admin.yaml says of Hydra with "only", "always" or
// "never" holds for all recordings.
func TestFactsOfTheDocument(t *testing.T) {
	t.Parallel()
	creations := []string{"createOAuth2Client"}
	settings := []string{"createOAuth2Client", "updateOAuth2Client", "patchOAuth2Client", "rotateOAuth2ClientSecret"}
	redirects := map[string]string{} // of a logout, by version and challenge
	seen := map[string]int{}
	for _, e := range loadEvery(t) {
		var body any
		if e.Host != fixture.AdminHost || e.Group == "router" || json.Unmarshal(e.Response.Body, &body) != nil {
			continue
		}
		name := e.Version + "/" + e.Name()
		for _, object := range objectsIn(body) {
			note := func(member string) bool {
				_, found := object[member]
				if found {
					seen[member]++
				}
				return found
			}
			if note("client_secret_expires_at") {
				assert.Zero(t, object["client_secret_expires_at"], "%s: always 0", name)
			}
			if note("client_secret") {
				assert.Contains(t, settings, e.Group, "%s: only in responses to requests that set it or make it up", name)
			}
			for _, member := range []string{"registration_access_token", "registration_client_uri"} {
				if text, _ := object[member].(string); note(member) && text != "" {
					assert.Contains(t, creations, e.Group, "%s: %s only in the response to a creation", name, member)
				}
			}
			for _, member := range []string{"error_hint", "error_debug", "status_code"} {
				if note(member) {
					assert.Equal(t, "introspectOAuth2Token", e.Group, "%s: %s only of introspection", name, member)
				}
			}
			if note("consent_request_id") {
				assert.NotContains(t, []string{fixture.V1, fixture.V2}, e.Version, "%s: only from v25.4", name)
			}
		}
		object, _ := body.(map[string]any)
		switch {
		case e.Group == "introspectOAuth2Token" && e.Status == 200:
			assert.NotContains(t, object, "username", "%s: was never seen", name)
			if object["active"] == false {
				seen["inactive"]++
				assert.Len(t, object, 1, "%s: nothing else is set", name)
			}
		case e.Group == "getLogoutRequest" && object["requested_at"] != nil:
			seen["requested_at"]++
			assert.NotEqual(t, fixture.V1, e.Version, "%s: only from v2", name)
			assert.Nil(t, object["client"], "%s: only if no client started it", name)
		case e.Group == "acceptLogoutRequest" && e.Status == 200:
			target, err := url.Parse(e.Target)
			require.NoError(t, err)
			challenge := e.Version + " " + target.Query().Get("logout_challenge")
			if first, found := redirects[challenge]; found {
				seen["redirect"]++
				assert.Equal(t, first, object["redirect_to"], "%s: always the same URL", name)
			}
			redirects[challenge], _ = object["redirect_to"].(string)
		}
	}
	for _, what := range []string{"client_secret_expires_at", "client_secret", "registration_access_token", "registration_client_uri", "consent_request_id", "inactive", "requested_at", "redirect"} {
		assert.Positive(t, seen[what], "nothing of %s was recorded", what)
	}
}
