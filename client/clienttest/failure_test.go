package clienttest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// A spy is a test that may fail.
type spy struct {
	testing.TB
	mu       sync.Mutex
	said     string
	cleanups []func()
}

func (s *spy) Cleanup(f func()) { s.cleanups = append(s.cleanups, f) }

func (s *spy) Errorf(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.said += fmt.Sprintf(format, args...)
}

func (s *spy) Fatalf(format string, args ...any) {
	s.Errorf(format, args...)
	runtime.Goexit()
}

func (*spy) FailNow() { runtime.Goexit() }

func (s *spy) Failed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.said != ""
}

// failure returns what a test says that fails.
func failure(t *testing.T, test func(tb testing.TB)) string {
	t.Helper()
	s := &spy{TB: t}
	var wg sync.WaitGroup
	wg.Go(func() { test(s) })
	wg.Wait()
	for _, f := range slices.Backward(s.cleanups) {
		f()
	}
	return s.said
}

func TestUnpreparedTestsFailReadably(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	for _, tt := range []struct {
		name string
		test func(hydra *clienttest.Server)
		says []string
	}{
		{"an operation without an answer", func(hydra *clienttest.Server) {
			_, err := hydra.Client().GetOAuth2Client(ctx, "app")
			assert.Error(t, err)
		}, []string{`unexpected call of getOAuth2Client`, `Respond("getOAuth2Client", ...)`, "calls until now:\n  getOAuth2Client"}},
		{"a challenge that was not handed out", func(hydra *clienttest.Server) {
			known := hydra.Open(clienttest.FreshLogin)
			_, err := hydra.Client().GetLoginRequest(ctx, known[1:])
			assert.Error(t, err)
		}, []string{"unexpected call of getLoginRequest", "  - ", "\n  + "}},
		{"a challenge of another kind", func(hydra *clienttest.Server) {
			_, err := hydra.Client().GetConsentRequest(ctx, hydra.Open(clienttest.FreshLogin))
			assert.Error(t, err)
		}, []string{"no consent request has this challenge"}},
		{"a request that is no operation", func(hydra *clienttest.Server) {
			resp, err := hydra.RoundTrip(httptest.NewRequest(http.MethodGet, "/health/alive", nil))
			if assert.NoError(t, err) {
				assert.Equal(t, http.StatusNotImplemented, resp.StatusCode)
			}
		}, []string{"unexpected request GET /health/alive"}},
		{"other calls than wanted", func(hydra *clienttest.Server) {
			_, err := hydra.Client().GetLoginRequest(ctx, hydra.Open(clienttest.FreshLogin))
			require.NoError(t, err)
			hydra.WantCalls("getLoginRequest", "acceptLoginRequest")
		}, []string{"    getLoginRequest\n  - acceptLoginRequest\n"}},
		{"another body than wanted", func(hydra *clienttest.Server) {
			_, err := hydra.Client().AcceptLoginRequest(ctx, hydra.Open(clienttest.FreshLogin), models.AcceptLoginRequest{Subject: "alice", Remember: true})
			require.NoError(t, err)
			hydra.WantBody("acceptLoginRequest", models.AcceptLoginRequest{Subject: "bob", Remember: true})
		}, []string{`    "remember": true,`, `  -   "subject": "bob"`, `  +   "subject": "alice"`}},
		{"a call that did not arrive", func(hydra *clienttest.Server) {
			clienttest.Body[models.AcceptLoginRequest](hydra, "acceptLoginRequest")
		}, []string{"acceptLoginRequest was not called"}},
		{"a body of another type", func(hydra *clienttest.Server) {
			_, err := hydra.Client().AcceptLoginRequest(ctx, hydra.Open(clienttest.FreshLogin), alice)
			require.NoError(t, err)
			clienttest.Body[models.RejectRequest](hydra, "acceptLoginRequest")
		}, []string{"is no models.RejectRequest", `unknown field "subject"`}},
		{"an operation that does not exist", func(hydra *clienttest.Server) {
			hydra.Respond("getLogin", clienttest.Reset)
		}, []string{`no operation is called "getLogin"`, "getLoginRequest"}},
		{"a recording that does not exist", func(hydra *clienttest.Server) {
			hydra.Respond("getOAuth2Client", clienttest.Recorded("404"))
		}, []string{`no recording "404"`, "404-unknown"}},
		{"recordings of an operation that does not exist", func(hydra *clienttest.Server) {
			hydra.Cases("getClient")
		}, []string{`no operation is called "getClient"`}},
		{"no list", func(hydra *clienttest.Server) {
			hydra.Respond("getOAuth2Client", clienttest.EmptyList)
		}, []string{"getOAuth2Client returns no list"}},
		{"a value that is no JSON", func(hydra *clienttest.Server) {
			hydra.Respond("getOAuth2Client", clienttest.JSON(200, func() {}))
		}, []string{"unsupported type"}},
		{"a scenario that does not exist", func(hydra *clienttest.Server) {
			hydra.Open("fresh-login")
		}, []string{`no scenario is called "fresh-login"`}},
		{"a browser that is sent elsewhere", func(hydra *clienttest.Server) {
			hydra.Follow("https://evil.example.com/")
		}, []string{"not back to Hydra"}},
		{"a verifier that was made up", func(hydra *clienttest.Server) {
			hydra.Follow("/oauth2/auth?login_verifier=x")
		}, []string{"a verifier that was not handed out"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			said := failure(t, func(tb testing.TB) {
				tb.Helper()
				tt.test(clienttest.New(tb, clienttest.V1))
			})
			for _, says := range tt.says {
				assert.Contains(t, said, says)
			}
		})
	}
}

func TestOtherVersionsWereNotRecorded(t *testing.T) {
	t.Parallel()
	said := failure(t, func(tb testing.TB) {
		tb.Helper()
		clienttest.New(tb, "v0.1.0")
	})
	assert.Contains(t, said, "no recordings of Hydra v0.1.0")
}

func TestNowhereCannotBeRecorded(t *testing.T) {
	t.Parallel()
	said := failure(t, func(tb testing.TB) {
		tb.Helper()
		clienttest.Record(tb, clienttest.Recording{AdminURL: "127.0.0.1", Dir: t.TempDir()})
	})
	assert.Contains(t, said, "AdminURL is no URL")
}

func TestReplayAsksForCallsAsRecorded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.Empty(t, failure(t, func(tb testing.TB) {
		tb.Helper()
		stand := clienttest.New(tb, clienttest.V1)
		hydra := clienttest.Record(tb, clienttest.Recording{AdminURL: stand.URL, Dir: dir})
		_, err := hydra.Client().GetLoginRequest(tb.Context(), stand.Open(clienttest.FreshLogin))
		require.NoError(tb, err)
	}))
	twice := failure(t, func(tb testing.TB) {
		tb.Helper()
		api := clienttest.Replay(tb, dir).Client()
		for range 2 {
			_, _ = api.GetLoginRequest(tb.Context(), "any")
		}
	})
	assert.Contains(t, twice, "no recording of it is left")
	nothing := failure(t, func(tb testing.TB) {
		tb.Helper()
		clienttest.Replay(tb, t.TempDir())
	})
	assert.Contains(t, nothing, "no *.http files")
}

func TestRecordingsAreReplayed(t *testing.T) {
	t.Parallel()
	for _, version := range []clienttest.Version{clienttest.V1, clienttest.V2} {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			const secret = "a secret of the team"
			var recorded *models.OAuth2Client
			require.Empty(t, failure(t, func(tb testing.TB) {
				tb.Helper()
				stand := clienttest.New(tb, version) // stands for a real one
				stand.Respond("createOAuth2Client", clienttest.Recorded("201-all-defaults"))
				stand.Respond("getOAuth2Client", clienttest.Recorded("404-unknown"))
				hydra := clienttest.Record(tb, clienttest.Recording{
					AdminURL: stand.URL, PublicURL: stand.PublicURL, Dir: dir,
					Redact: func(s string) string { return strings.ReplaceAll(s, "team-a", "team-x") },
				})
				api := hydra.Client(client.WithBearerToken(secret), client.WithHeader("X-Api-Key", secret))
				var err error
				recorded, err = api.CreateOAuth2Client(tb.Context(), models.OAuth2Client{ClientSecret: secret, Owner: "team-a"})
				require.NoError(tb, err)
				_, err = api.GetOAuth2Client(tb.Context(), "nobody")
				require.ErrorIs(tb, err, client.ErrNotFound)
				_, err = api.GetLoginRequest(tb.Context(), stand.Open(clienttest.FreshLogin))
				require.NoError(tb, err)
			}))
			exchanges := readAll(t, dir)
			require.Len(t, exchanges, 3)
			all := strings.Join(exchanges, "\n")
			for _, forbidden := range []string{secret, recorded.ClientSecret, recorded.RegistrationAccessToken, "team-a", "Bearer"} {
				assert.NotContains(t, all, forbidden)
			}
			assert.Contains(t, all, "team-x")

			hydra := clienttest.Replay(t, dir)
			api := hydra.Client()
			_, err := api.GetOAuth2Client(t.Context(), "nobody")
			require.ErrorIs(t, err, client.ErrNotFound)
			created, err := api.CreateOAuth2Client(t.Context(), models.OAuth2Client{Owner: "team-a"})
			require.NoError(t, err)
			assert.Len(t, created.ClientID, len(recorded.ClientID))
			login, err := api.GetLoginRequest(t.Context(), "any")
			require.NoError(t, err)
			assert.True(t, strings.HasPrefix(login.RequestURL, hydra.PublicURL))
		})
	}
}

func readAll(t *testing.T, dir string) (all []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.http"))
	require.NoError(t, err)
	for _, file := range files {
		b, err := os.ReadFile(file)
		require.NoError(t, err)
		all = append(all, string(b))
	}
	return all
}
