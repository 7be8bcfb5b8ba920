package peers

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

var peers = []struct {
	name    string
	version clienttest.Version
	calls   func(t *testing.T, url string) map[string]func() error
	// cannotRead are the operations whose recorded response the client gives an error for.
	cannotRead []string
	// loses is what a client that is read and written back comes without.
	loses []string
	// revokeAll revokes consent sessions without saying which.
	revokeAll func(t *testing.T, url string) error
	// patch removes a member of a client.
	patch func(t *testing.T, url string) error
}{
	{
		"v1.11.8", clienttest.V1, callsOfV1118,
		[]string{"getLoginRequest", "introspectOAuth2Token"},
		[]string{"refresh_token_grant_access_token_lifespan", "12345678901234567890"},
		func(t *testing.T, url string) error {
			t.Helper()
			return second(newClientV1118(url).AdminApi.RevokeConsentSessions(t.Context()).Subject(subject).Execute())
		},
		patchV1118,
	},
	{"v2.2.1", clienttest.V2, allCallsOfV221, nil, []string{"12345678901234567890"}, func(t *testing.T, url string) error {
		t.Helper()
		return second(newClientV221(strings.TrimSuffix(url, "/admin")).OAuth2API.RevokeOAuth2ConsentSessions(t.Context()).Subject(subject).Execute())
	}, patchV221},
	{"client-go", clienttest.V26, allCallsOfClientGo, nil, []string{"12345678901234567890"}, func(t *testing.T, url string) error {
		t.Helper()
		return second(newClientClientGo(strings.TrimSuffix(url, "/admin")).OAuth2API.RevokeOAuth2ConsentSessions(t.Context()).Subject(subject).Execute())
	}, patchClientGo},
}

// otherBody says why the bodies of two requests differ.
var otherBody = map[string]string{
	"v1.11.8/rejectLogoutRequest":        "no version of Hydra reads a body, so this SDK sends none",
	"client-go/rotateOAuth2ClientSecret": "client-go sends null where no secret is chosen, and this SDK nothing",
}

// TestSameRequest makes each call of the tables with the other client and with this
// SDK: the same request arrives.
func TestSameRequest(t *testing.T) {
	t.Parallel()
	for _, peer := range peers {
		for operation, call := range peer.calls(t, "") {
			if call == nil {
				continue
			}
			t.Run(peer.name+"/"+operation, func(t *testing.T) {
				t.Parallel()
				hydra := clienttest.New(t, peer.version)
				hydra.Respond(operation, success(hydra, operation))
				ours := callsOfSDK(t, hydra.URL)[operation]
				require.NotNil(t, ours, "add the call to callsOfSDK")

				require.NoError(t, ours())
				err := peer.calls(t, hydra.URL)[operation]()
				assert.Equal(t, slices.Contains(peer.cannotRead, operation), err != nil, err)

				hydra.WantCalls(operation, operation)
				calls := hydra.Calls()
				assert.Equal(t, filters(calls[1]), filters(calls[0]))
				if why, differs := otherBody[peer.name+"/"+operation]; differs {
					assert.NotEqual(t, body(calls[1]), body(calls[0]), "remove it from otherBody: %s", why)
					return
				}
				assert.Equal(t, body(calls[1]), body(calls[0]))
			})
		}
	}
}

// success is a recorded response to an operation. For one that no recorded server has, it
// has what clients require.
func success(hydra *clienttest.Server, operation string) clienttest.Response {
	for _, name := range hydra.Cases(operation) {
		if strings.HasPrefix(name, "2") {
			return clienttest.Recorded(name)
		}
	}
	return clienttest.JSON(http.StatusOK, map[string]string{"redirect_to": "http://127.0.0.1/", "client_id": clientID, "status": "ok", "version": "v26.2.0"})
}

// filters are the parameters of a query but those that cut a list into pages.
func filters(c clienttest.Call) url.Values {
	q := maps.Clone(c.Query)
	for _, name := range []string{"limit", "page_size"} {
		q.Del(name)
	}
	return q
}

func body(c clienttest.Call) any {
	var v any
	if json.Unmarshal(c.Body, &v) == nil {
		return v
	}
	form, err := url.ParseQuery(string(c.Body))
	return [2]any{form, err}
}

// snippets are the functions that the guide quotes, with a client of a server.
type snippets struct {
	acceptLogin  func(challenge string) (redirectTo string, err error)
	readLogin    func(challenge string) (appName, redirectTo string, err error)
	listClients  func() (ids []string, err error)
	renameClient func(id, name string) error
}

func after(t *testing.T, hydra *clienttest.Server) snippets {
	t.Helper()
	admin, ctx := hydra.Client(), t.Context()
	return snippets{
		func(challenge string) (string, error) { return acceptLogin(ctx, admin, challenge) },
		func(challenge string) (string, string, error) { return readLogin(ctx, admin, challenge) },
		func() ([]string, error) { return listClients(ctx, admin) },
		func(id, name string) error { return renameClient(ctx, admin, id, name) },
	}
}

func beforeOf(t *testing.T, hydra *clienttest.Server, peer string) snippets {
	t.Helper()
	url, ctx := strings.TrimSuffix(hydra.URL, "/admin"), t.Context()
	switch peer {
	case "v1.11.8":
		c := newClientV1118(url)
		return snippets{
			func(challenge string) (string, error) { return acceptLoginV1118(ctx, c, challenge) },
			func(challenge string) (string, string, error) { return readLoginV1118(ctx, c, challenge) },
			func() ([]string, error) { return listClientsV1118(ctx, c) },
			func(id, name string) error { return renameClientV1118(ctx, c, id, name) },
		}
	case "v2.2.1":
		c := newClientV221(url)
		return snippets{
			func(challenge string) (string, error) { return acceptLoginV221(ctx, c, challenge) },
			func(challenge string) (string, string, error) { return readLoginV221(ctx, c, challenge) },
			func() ([]string, error) { return listClientsV221(ctx, c) },
			func(id, name string) error { return renameClientV221(ctx, c, id, name) },
		}
	}
	c := newClientClientGo(url)
	return snippets{
		func(challenge string) (string, error) { return acceptLoginClientGo(ctx, c, challenge) },
		func(challenge string) (string, string, error) { return readLoginClientGo(ctx, c, challenge) },
		func() ([]string, error) { return listClientsClientGo(ctx, c) },
		func(id, name string) error { return renameClientClientGo(ctx, c, id, name) },
	}
}

func nextPageToken(link string) string {
	for part := range strings.SplitSeq(link, ",") {
		ref, rel, _ := strings.Cut(part, ";")
		if u, err := url.Parse(strings.Trim(ref, "<> ")); err == nil && strings.Contains(rel, `"next"`) {
			return u.Query().Get("page_token")
		}
	}
	return ""
}

// TestSameResult runs the code of the guide, before and after, against one server.
func TestSameResult(t *testing.T) {
	t.Parallel()
	for _, peer := range peers {
		t.Run(peer.name, func(t *testing.T) {
			t.Parallel()
			hydra := clienttest.New(t, peer.version)
			before, after := beforeOf(t, hydra, peer.name), after(t, hydra)

			for _, scenario := range []clienttest.Scenario{clienttest.FreshLogin, clienttest.HandledLogin, clienttest.ExpiredLogin, clienttest.UnknownLogin} {
				challenge := hydra.Open(scenario)
				name, to, err := before.readLogin(challenge)
				require.NoError(t, err, scenario)
				gotName, gotTo, err := after.readLogin(challenge)
				require.NoError(t, err, scenario)
				gotTo, _, _ = strings.Cut(gotTo, "&again=") // ours is not in the cache of the browser
				assert.Equal(t, [2]string{name, to}, [2]string{gotName, gotTo}, scenario)
				assert.NotEqual(t, name == "", to == "", scenario)
			}

			hydra.Respond("acceptLoginRequest", clienttest.Recorded("200-kit-login-fresh"))
			to, err := before.acceptLogin(challenge)
			require.NoError(t, err)
			gotTo, err := after.acceptLogin(challenge)
			require.NoError(t, err)
			assert.Equal(t, to, gotTo)
			calls := hydra.Calls("acceptLoginRequest")
			assert.Equal(t, body(calls[0]), body(calls[1]))

			for _, list := range []clienttest.Response{clienttest.Recorded("200-all"), clienttest.EmptyList} {
				hydra.Respond("listOAuth2Clients", list)
				ids, err := before.listClients()
				require.NoError(t, err)
				gotIDs, err := after.listClients()
				require.NoError(t, err)
				assert.Equal(t, ids, gotIDs)
			}

			hydra.Respond("getOAuth2Client", clienttest.Recorded("200-full"))
			hydra.Respond("updateOAuth2Client", clienttest.Recorded("200-read-and-written-back"))
			require.NoError(t, before.renameClient("full", "New name"))
			require.NoError(t, after.renameClient("full", "New name"))
			calls = hydra.Calls("updateOAuth2Client")
			var lost []string
			for _, member := range []string{"refresh_token_grant_access_token_lifespan", "12345678901234567890"} {
				assert.Contains(t, string(calls[1].Body), member)
				if !strings.Contains(string(calls[0].Body), member) {
					lost = append(lost, member)
				}
			}
			assert.Equal(t, peer.loses, lost)
		})
	}
}

// TestBehaviour proves what the guide says of the others, as far as the table in
// SECURITY.md does not.
func TestBehaviour(t *testing.T) {
	t.Parallel()
	assert.Same(t, http.DefaultClient, newClientV1118("").GetConfig().HTTPClient)
	assert.Same(t, http.DefaultClient, newClientV221("").GetConfig().HTTPClient)
	assert.Same(t, http.DefaultClient, newClientClientGo("").GetConfig().HTTPClient)
	assert.Zero(t, http.DefaultClient.Timeout)

	for _, peer := range peers {
		t.Run(peer.name, func(t *testing.T) {
			t.Parallel()
			hydra := clienttest.New(t, peer.version)
			calls := peer.calls(t, hydra.URL)

			hydra.Respond("getOAuth2Client", clienttest.Recorded("404-unknown"))
			require.EqualError(t, calls["getOAuth2Client"](), "404 Not Found", "what Hydra says is left out")

			hydra.Respond("getOAuth2Client", clienttest.BadGateway, clienttest.Recorded("200-full"))
			require.Error(t, calls["getOAuth2Client"](), "it was retried")

			hydra.Respond("revokeConsentSessions", clienttest.Recorded("400-no-client-no-all.raw"))
			require.EqualError(t, peer.revokeAll(t, hydra.URL), "400 Bad Request")
			hydra.WantCalls("getOAuth2Client", "getOAuth2Client", "revokeConsentSessions")
			require.ErrorIs(t, hydra.Client().RevokeConsentSessions(t.Context(), client.RevokeConsentSessionsParams{Subject: subject}), client.ErrInvalidArgument)

			hydra.Respond("patchOAuth2Client", success(hydra, "patchOAuth2Client"))
			require.NoError(t, peer.patch(t, strings.TrimSuffix(hydra.URL, "/admin")))
			require.Len(t, hydra.Calls("patchOAuth2Client"), 1)
			for _, patch := range []models.PatchDocument{models.PatchRemove("/owner"), models.PatchReplace("/owner", nil)} {
				_, err := hydra.Client().PatchOAuth2Client(t.Context(), clientID, []models.PatchDocument{patch})
				require.ErrorIs(t, err, client.ErrInvalidArgument)
			}
			for _, id := range []string{"", ".", "..", "a/b"} {
				_, err := hydra.Client().GetOAuth2Client(t.Context(), id)
				require.ErrorIs(t, err, client.ErrInvalidArgument)
			}

			hydra.Respond("acceptLoginRequest", clienttest.JSON(http.StatusTeapot, "the body"))
			var undocumented interface{ Body() []byte }
			require.ErrorAs(t, calls["acceptLoginRequest"](), &undocumented)
			assert.Contains(t, string(undocumented.Body()), "the body")
		})
	}
}
