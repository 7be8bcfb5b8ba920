//go:build live

package client_test

import (
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// TestLiveSafety checks each refusal of the SDK twice: the request does damage when a
// plain HTTP client sends it, and the SDK does not send it.
func TestLiveSafety(t *testing.T) {
	t.Parallel()
	hydra.EachVersion(t, testLiveSafety)
}

func testLiveSafety(t *testing.T, version hydra.Version) {
	t.Helper()
	server := hydra.Run(t, hydra.Config{Version: version})
	makeSigningKey(t, server)
	api, err := client.New(server.AdminURL)
	require.NoError(t, err)
	for name, test := range map[string]func(*safety){
		"delete the key without a name":                       (*safety).deleteKeyWithoutName,
		"replace the key without a name":                      (*safety).replaceKeyWithoutName,
		"delete a set with a slash in its name":               (*safety).deleteSetWithSlash,
		"replace a set by nothing":                            (*safety).replaceSetByNothing,
		"replace a key by another":                            (*safety).replaceKeyByAnother,
		"patch the client ID":                                 (*safety).patchClientID,
		"patch the client ID in other letters":                (*safety).patchClientIDInOtherLetters,
		"remove a whole member, which some versions ignore":   (*safety).removeWholeMember,
		"move a whole member, which copies it":                (*safety).moveWholeMember,
		"copy the hash of the secret":                         (*safety).copySecretHash,
		"a limit of zero ends the connection of v1":           (*safety).limitOfZero,
		"a key ID is filled in":                               (*safety).fillInKeyID,
		"create a client that no path names":                  (*safety).createClientWithoutPath,
		"create a key that no path names":                     (*safety).createKeyWithoutPath,
		"revoking for one client and for all revokes for one": (*safety).revokeForOneAndAll,
	} {
		t.Run(name, func(t *testing.T) {
			test(&safety{T: t, server: server, api: api, v1: version == hydra.V1, afterV2: version.HasDeviceFlow()})
		})
	}
}

// safety is a test of one hazard, on a server that all share.
type safety struct {
	*testing.T
	server *hydra.Server
	api    *client.AdminAPI
	v1     bool

	afterV2 bool // v25.4 or later
}

// A hazard is a request that damages what state returns.
type hazard struct {
	prepare            func()
	method, path, body string
	state              func() any
	intact, broken     any
	call               func() error // with the SDK
}

// check proves the damage of the plain request, and the refusal of the SDK.
func (s *safety) check(h hazard) {
	s.Helper()
	h.prepare()
	require.Equal(s, h.intact, h.state())
	s.send(h.method, h.path, h.body)
	assert.Equal(s, h.broken, h.state(), "after the plain request")
	h.prepare()
	require.ErrorIs(s, h.call(), client.ErrInvalidArgument)
	assert.Equal(s, h.intact, h.state(), "after the call with the SDK")
}

// send sends a plain request. It has to succeed.
func (s *safety) send(method, path, body string) {
	s.Helper()
	req, err := http.NewRequestWithContext(s.Context(), method, s.server.AdminURL+path, strings.NewReader(body))
	require.NoError(s, err)
	resp, err := http.DefaultClient.Do(req) // follows redirects, as most clients do
	require.NoError(s, err)
	defer resp.Body.Close()
	received, _ := io.ReadAll(resp.Body)
	require.Equal(s, 2, resp.StatusCode/100, "the request does not succeed: %s", received)
}

// kids returns the key IDs of a set.
func (s *safety) kids(set string) (kids []string) {
	keys, err := s.api.GetJSONWebKeySet(s.Context(), set)
	if err != nil {
		require.ErrorIs(s, err, client.ErrNotFound)
		return nil
	}
	for _, k := range keys.Keys {
		kids = append(kids, k.Kid)
	}
	return kids
}

// size returns a function that counts the keys of a set.
func (s *safety) size(set string) func() any {
	return func() any { return len(s.kids(set)) }
}

// withKeys returns a function that replaces a set by keys with these IDs.
func (s *safety) withKeys(set string, ids ...string) func() {
	return func() {
		var keys models.JSONWebKeySet
		for _, id := range ids {
			keys.Keys = append(keys.Keys, publicKey(s.T, id))
		}
		_, err := s.api.UpdateJSONWebKeySet(s.Context(), set, keys)
		require.NoError(s, err)
	}
}

func (s *safety) deleteKeyWithoutName() {
	s.check(hazard{
		prepare: s.withKeys("s1", "a", "b"), state: s.size("s1"), intact: 2, broken: 0,
		method: http.MethodDelete, path: "/keys/s1/",
		call: func() error { return s.api.DeleteJSONWebKey(s.Context(), "s1", "") },
	})
}

func (s *safety) replaceKeyWithoutName() {
	s.check(hazard{
		prepare: s.withKeys("s2", "a", "b"), state: s.size("s2"), intact: 2, broken: 0,
		method: http.MethodPut, path: "/keys/s2/", body: `{"kty":"oct","kid":"c","k":"YWJj"}`,
		call: func() error {
			_, err := s.api.UpdateJSONWebKey(s.Context(), "s2", "", publicKey(s.T, "c"))
			return err
		},
	})
}

func (s *safety) deleteSetWithSlash() {
	broken := 1
	if s.afterV2 {
		broken = 2 // an escaped slash stays one
	}
	s.check(hazard{
		prepare: s.withKeys("s3", "a", "b"), state: s.size("s3"), intact: 2, broken: broken,
		method: http.MethodDelete, path: "/keys/s3%2Fa",
		call: func() error { return s.api.DeleteJSONWebKeySet(s.Context(), "s3/a") },
	})
}

func (s *safety) replaceSetByNothing() {
	s.check(hazard{
		prepare: s.withKeys("s4", "a", "b"), state: s.size("s4"), intact: 2, broken: 0,
		method: http.MethodPut, path: "/keys/s4", body: `{"keys":null}`,
		call: func() error {
			_, err := s.api.UpdateJSONWebKeySet(s.Context(), "s4", models.JSONWebKeySet{})
			return err
		},
	})
}

func (s *safety) replaceKeyByAnother() {
	sorted := func() any { return slices.Sorted(slices.Values(s.kids("s5"))) } // MariaDB has them in another order
	s.check(hazard{
		prepare: s.withKeys("s5", "a"), state: sorted, intact: []string{"a"}, broken: []string{"a", "b"},
		method: http.MethodPut, path: "/keys/s5/a", body: `{"kty":"oct","kid":"b","k":"YWJj"}`,
		call: func() error {
			_, err := s.api.UpdateJSONWebKey(s.Context(), "s5", "a", publicKey(s.T, "b"))
			return err
		},
	})
}

// twoClients creates the clients one and two again.
func (s *safety) twoClients() {
	for _, id := range []string{"one", "two"} {
		_ = s.api.DeleteOAuth2Client(s.Context(), id)
		_, err := s.api.CreateOAuth2Client(s.Context(), models.OAuth2Client{ClientID: id, ClientName: id})
		require.NoError(s, err)
	}
}

func (s *safety) clientName(id string) string {
	c, err := s.api.GetOAuth2Client(s.Context(), id)
	require.NoError(s, err)
	return c.ClientName
}

// checkPatch checks a patch of client one: body is the request for doc.
func (s *safety) checkPatch(body string, doc models.PatchDocument, state func() any, intact, broken any) {
	s.Helper()
	s.check(hazard{
		prepare: s.twoClients, state: state, intact: intact, broken: broken,
		method: http.MethodPatch, path: "/clients/one", body: body,
		call: func() error {
			_, err := s.api.PatchOAuth2Client(s.Context(), "one", []models.PatchDocument{doc})
			return err
		},
	})
}

func (s *safety) patchClientID() {
	s.checkPatch(`[{"op":"replace","path":"/client_id","value":"two"}]`, models.PatchReplace("/client_id", "two"),
		func() any { return s.clientName("two") }, "two", "one")
}

func (s *safety) patchClientIDInOtherLetters() {
	broken := "one"
	if s.v1 {
		broken = "two" // v1 ignores a member in other letters
	}
	s.checkPatch(`[{"op":"add","path":"/Client_ID","value":"two"}]`, models.PatchAdd("/Client_ID", "two"),
		func() any { return s.clientName("two") }, "two", broken)
}

func (s *safety) removeWholeMember() {
	after := "one"
	if s.afterV2 {
		after = "" // it works, but other versions ignore it
	}
	s.checkPatch(`[{"op":"remove","path":"/client_name"}]`, models.PatchRemove("/client_name"),
		func() any { return s.clientName("one") }, "one", after)
}

func (s *safety) moveWholeMember() {
	if !s.v1 {
		s.Skip("the response of v2 is status 500")
	}
	s.checkPatch(`[{"op":"move","from":"/client_name","path":"/owner"}]`, models.PatchDocument{Op: models.PatchOpMove, From: "/client_name", Path: "/owner"},
		func() any { return s.clientName("one") }, "one", "one")
}

func (s *safety) copySecretHash() {
	if !s.v1 {
		s.Skip("the response of v2 is status 500")
	}
	s.checkPatch(`[{"op":"copy","from":"/client_secret","path":"/client_name"}]`, models.PatchCopy("/client_secret", "/client_name"),
		func() any { return strings.HasPrefix(s.clientName("one"), "$2a$") }, false, true)
}

func (s *safety) limitOfZero() {
	if !s.v1 {
		s.Skip("v2 accepts it")
	}
	for _, limit := range []string{"0", "-1"} {
		req, err := http.NewRequestWithContext(s.Context(), http.MethodGet, s.server.AdminURL+"/clients?limit="+limit, nil)
		require.NoError(s, err)
		_, err = http.DefaultTransport.RoundTrip(req)
		require.ErrorIs(s, err, io.EOF)
	}
	_, err := s.api.ListOAuth2Clients(s.Context(), client.ListOAuth2ClientsParams{Limit: 0})
	require.NoError(s, err, "zero is not sent")
}

func (s *safety) fillInKeyID() {
	_, err := s.api.UpdateJSONWebKey(s.Context(), "s6", "filled", publicKey(s.T, ""))
	require.NoError(s, err)
	assert.Equal(s, []string{"filled"}, s.kids("s6"))
}

// unnamed are names that are not an element of a path.
func unnamed() []string { return []string{".", "..", "safety/a"} }

func (s *safety) createClientWithoutPath() {
	ids := func() (ids []string) {
		for c, err := range s.api.AllOAuth2Clients(s.Context(), client.ListOAuth2ClientsParams{}) {
			require.NoError(s, err)
			if slices.Contains(unnamed(), c.ClientID) {
				ids = append(ids, c.ClientID)
			}
		}
		slices.Sort(ids)
		return ids
	}
	for _, id := range unnamed() {
		_, err := s.api.CreateOAuth2Client(s.Context(), models.OAuth2Client{ClientID: id})
		require.ErrorIs(s, err, client.ErrInvalidArgument)
	}
	require.Empty(s, ids())
	for _, id := range unnamed() {
		s.send(http.MethodPost, "/clients", `{"client_id":"`+id+`"}`)
		s.unreachable("/clients/", id, `^{"client_id":"`+regexp.QuoteMeta(id)+`"`)
	}
	assert.Equal(s, unnamed(), ids(), "Hydra has created them")
}

func (s *safety) createKeyWithoutPath() {
	for _, kid := range unnamed() {
		_, err := s.api.CreateJSONWebKeySet(s.Context(), "s7", models.JSONWebKeySetGeneratorRequest{Alg: "ES256", Kid: kid, Use: "sig"})
		require.ErrorIs(s, err, client.ErrInvalidArgument)
	}
	require.Empty(s, s.kids("s7"))
	for _, kid := range unnamed() {
		s.send(http.MethodPost, "/keys/s7", `{"alg":"ES256","use":"sig","kid":"`+kid+`"}`)
	}
	for _, kid := range unnamed() {
		s.unreachable("/keys/s7/", kid, `^{"keys":\[{[^}]*"kid":"`+regexp.QuoteMeta(kid)+`"[^}]*}\]}`)
	}
	created := len(unnamed())
	if s.v1 {
		created *= 2 // v1 stores a public and a private key, with prefixes
	}
	assert.Len(s, s.kids("s7"), created, "Hydra has created them")
}

// unreachable checks that a plain request for a name does not get what matches own.
// Routers before v25.4 take dots as they are, but later ones and many proxies do not.
func (s *safety) unreachable(path, name, own string) {
	s.Helper()
	if !s.afterV2 && !strings.Contains(name, "/") {
		return
	}
	path += name
	req, err := http.NewRequestWithContext(s.Context(), http.MethodGet, s.server.AdminURL+path, nil)
	require.NoError(s, err)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(s, err)
	defer resp.Body.Close()
	received, _ := io.ReadAll(resp.Body)
	assert.NotRegexp(s, own, string(received), path)
}

func (s *safety) revokeForOneAndAll() {
	const subject = "alice"
	ctx := s.Context()
	for _, id := range []string{"first", "second"} {
		_, err := s.api.CreateOAuth2Client(ctx, models.OAuth2Client{ClientID: id, RedirectURIs: []string{"http://127.0.0.1:5555/callback"}, Scope: "openid"})
		require.NoError(s, err)
		app := hydra.App{PublicURL: s.server.PublicURL, ID: id, RedirectURI: "http://127.0.0.1:5555/callback"}
		require.NoError(s, grant(ctx, s.api, app, subject, "openid", models.AcceptConsentRequest{GrantScope: []string{"openid"}}))
	}
	sessions := func() int {
		p, err := s.api.ListSubjectConsentSessions(ctx, subject, client.ListSubjectConsentSessionsParams{})
		require.NoError(s, err)
		return len(p.Items)
	}
	require.Equal(s, 2, sessions())
	if !s.afterV2 { // later versions refuse it
		s.send(http.MethodDelete, "/oauth2/auth/sessions/consent?subject=alice&client=first&all=true", "")
		assert.Equal(s, 1, sessions(), "after the plain request")
	}
	for _, params := range []client.RevokeConsentSessionsParams{{Subject: subject}, {Subject: subject, Client: "first", All: true}} {
		require.ErrorIs(s, s.api.RevokeConsentSessions(ctx, params), client.ErrInvalidArgument)
	}
	require.NoError(s, s.api.RevokeConsentSessions(ctx, client.RevokeConsentSessionsParams{Subject: subject, All: true}))
	assert.Zero(s, sessions())
}
