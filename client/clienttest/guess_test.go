package clienttest

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/wrongprovider"
)

// signingIn returns the right provider behind a handler for the forms of logins.
func signingIn(before func(inner http.Handler, w http.ResponseWriter, r *http.Request)) newHandler {
	return func(admin *client.AdminAPI, publicURL string) http.Handler {
		inner := wrongprovider.Case{Name: "no mistake"}.New(admin, publicURL)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost && r.URL.Path == "/login" && r.PostFormValue("decision") != "Cancel" {
				before(inner, w, r)
				return
			}
			inner.ServeHTTP(w, r)
		})
	}
}

// unknownNames responds to a name that nobody has with a page of its own.
func unknownNames(status int, page string) newHandler {
	return signingIn(func(inner http.Handler, w http.ResponseWriter, r *http.Request) {
		if passwords[r.PostFormValue("name")] != "" && r.PostFormValue("password") != "" {
			inner.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "frame-ancestors 'none'")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(page))
	})
}

// locks are wrong passwords by name and by address, which all providers of a test have in
// common.
type locks struct {
	mu    sync.Mutex
	wrong map[string]int
}

// Numbers of wrong passwords after which a name or an address is locked.
const (
	lockName    = 3
	lockAddress = 5
)

func (l *locks) new() newHandler {
	return signingIn(func(inner http.Handler, w http.ResponseWriter, r *http.Request) {
		l.mu.Lock()
		defer l.mu.Unlock()
		name, address := r.PostFormValue("name"), r.RemoteAddr
		if l.wrong[name] >= lockName || l.wrong[address] >= lockAddress {
			http.Error(w, "Please wait", http.StatusTooManyRequests)
			return
		}
		rec := httptest.NewRecorder()
		inner.ServeHTTP(rec, r)
		if strings.Contains(rec.Header().Get("Location"), "problem=password") {
			l.wrong[name]++
			l.wrong[address]++
		} else {
			delete(l.wrong, name)
		}
		maps.Copy(w.Header(), rec.Header())
		w.WriteHeader(rec.Code)
		_, _ = w.Write(rec.Body.Bytes())
	})
}

func required(page string) string {
	return strings.ReplaceAll(page, `type="password"`, `type="password" required minlength="3"`)
}

// withField adds a field for a text to the login page.
func withField(name string) func(page string) string {
	return func(page string) string {
		return strings.ReplaceAll(page, `<input name="name">`, `<input name="`+name+`"><input name="name">`)
	}
}

func typing(name, value string) User {
	u := user("alice", "wonderland")
	for _, fields := range []map[string]string{u.Login, u.Wrong, u.Other} {
		fields[name] = value
	}
	return u
}

func TestGuessesAreRefusedInManyWays(t *testing.T) {
	t.Parallel()
	alice := user("alice", "wonderland")
	samePassword := user("alice", "wonderland")
	samePassword.Other = map[string]string{"name": "carol", "password": "wonderland"}
	for name, tt := range map[string]struct {
		newProvider newHandler
		user        User
	}{
		"status 200":                      {unknownNames(http.StatusOK, "<p>Unknown"), alice},
		"status 400":                      {unknownNames(http.StatusBadRequest, "<p>Unknown"), alice},
		"status 401":                      {unknownNames(http.StatusUnauthorized, "<p>Unknown"), alice},
		"status 422":                      {unknownNames(http.StatusUnprocessableEntity, "<p>Unknown"), alice},
		"status 429":                      {unknownNames(http.StatusTooManyRequests, "<p>Wait"), alice},
		"a page to sign up":               {unknownNames(http.StatusOK, `<form method="post" action="/new"><input name="name"><input name="mail"><button>Join</button></form>`), alice},
		"a field that is required":        {pages(required), alice},
		"a password that can be seen":     {pages(strings.NewReplacer(`type="password"`, `type="text"`).Replace), alice},
		"a text that is for other things": {pages(withField("nickname")), typing("nickname", "my browser")},
		"no wrong password":               {wrongprovider.Case{Name: "no mistake"}.New, User{Login: alice.Login, Other: alice.Other, Allow: "Allow"}},
		"two users with one password":     {wrongprovider.Case{Name: "takes the password of another user"}.New, samePassword},
	} {
		for _, version := range []Version{V1, V2, V26} {
			t.Run(name+" "+string(version), func(t *testing.T) {
				t.Parallel()
				for _, h := range []string{"wrong password", "guesses a password", "a name with markup", "headers of the pages"} {
					assert.Empty(t, outcomeOf(t, version, tt.newProvider, tt.user, named(h)), h)
				}
			})
		}
	}
}

// TestLocksAreNotHit runs all hazards with providers that have their users in common, as if in
// a database: a few wrong passwords lock a name, or an address.
func TestLocksAreNotHit(t *testing.T) { //nolint:tparallel // Check itself decides
	t.Parallel()
	inTurn := locks{wrong: map[string]int{}}
	for _, h := range hazards {
		assert.Empty(t, outcomeOf(t, V26, inTurn.new(), user("alice", "wonderland"), h), h.name)
	}
	atOnce := locks{wrong: map[string]int{}}
	Check(t, V26, func(hydra *Server) http.Handler {
		return atOnce.new()(hydra.Client(client.WithRetries(0)), hydra.PublicURL)
	}, user("alice", "wonderland"))
}

func TestGuessesThatSignInAreFound(t *testing.T) {
	t.Parallel()
	alice := user("alice", "wonderland")
	alone := User{Login: alice.Login, Allow: "Allow"}
	firstParty := User{Login: alice.Login, FirstParty: true}
	a := func(mistake string) newHandler { return wrongprovider.Case{Name: mistake}.New }
	inTenants := signingIn(func(inner http.Handler, w http.ResponseWriter, r *http.Request) {
		if r.PostFormValue("tenant") != "acme" { // the user of another one
			r.PostForm.Set("name", "bob")
			r.PostForm.Set("password", passwords["bob"])
			r.Form.Set("name", "bob")
		}
		inner.ServeHTTP(w, r)
	})
	for name, tt := range map[string]struct {
		newProvider newHandler
		user        User
		want        string
	}{
		"required in the page only": {func(admin *client.AdminAPI, publicURL string) http.Handler {
			return rewritten("takes an empty password", func(_ http.ResponseWriter, _ *http.Request, status int, page string) (int, string) {
				return status, required(page)
			})(admin, publicURL)
		}, alice, "a field that is required in the page is not in a form that a script sends"},
		"any wrong password of an unknown name": {signingIn(func(inner http.Handler, w http.ResponseWriter, r *http.Request) {
			if password := r.PostFormValue("password"); passwords[r.PostFormValue("name")] == "" && password != "" && password != passwords["alice"] {
				r.PostForm.Set("name", "bob")
				r.Form.Set("name", "bob")
				r.PostForm.Set("password", passwords["bob"])
			}
			inner.ServeHTTP(w, r)
		}), alone, "an unknown name with a wrong password signs in"},
		"any unknown name, without Wrong and Other":      {a("signs in any unknown name"), alone, "an unknown name with the password of User.Login signs in"},
		"an empty password, without Wrong and Other":     {a("takes an empty password"), alone, "an empty password signs in"},
		"anybody's password, without Wrong and Other":    {a("takes the password of anybody"), alone, "an unknown name with the password of User.Login signs in"},
		"an empty password, of a provider without Allow": {a("takes an empty password"), firstParty, `an empty password signs in: acceptLoginRequest is called for the subject "alice"`},
		"one of several names": {func(admin *client.AdminAPI, publicURL string) http.Handler {
			inner := inTenants(admin, publicURL)
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				rec := httptest.NewRecorder()
				inner.ServeHTTP(rec, r)
				maps.Copy(w.Header(), rec.Header())
				w.WriteHeader(rec.Code)
				_, _ = w.Write([]byte(withField("tenant")(rec.Body.String())))
			})
		}, typing("tenant", "acme"), `an unknown "tenant" with the password of User.Login signs in: acceptLoginRequest is called for the subject "bob"`},
	} {
		for _, version := range []Version{V1, V2, V26} {
			t.Run(name+" "+string(version), func(t *testing.T) {
				t.Parallel()
				assert.Contains(t, outcomeOf(t, version, tt.newProvider, tt.user, named("guesses a password")), tt.want)
			})
		}
	}
}

// TestEachGuessIsTheOnlyOneOfAProvider: a provider sees one, from an address of its own.
func TestEachGuessIsTheOnlyOneOfAProvider(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var addresses []string
	outcomeOf(t, V26, func(admin *client.AdminAPI, publicURL string) http.Handler {
		var guessed int
		return signingIn(func(inner http.Handler, w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			if name := r.PostFormValue("name"); passwords[name] == "" || passwords[name] != r.PostFormValue("password") {
				guessed++
				addresses = append(addresses, r.RemoteAddr)
				assert.Equal(t, 1, guessed)
			}
			inner.ServeHTTP(w, r)
		})(admin, publicURL)
	}, user("alice", "wonderland"), named("guesses a password"))
	slices.Sort(addresses)
	assert.Len(t, slices.Compact(addresses), 6)
}

func TestUnknownNamesLookLikeNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"alice": `^alice[a-z2-7]{8}$`, "alice@example.com": `^alice[a-z2-7]{8}@example\.com$`, "+49 30 1234": `^\+49 30 1234\d{8}$`, "1007": `^1007\d{8}$`,
	} {
		assert.Regexp(t, want, unknownName(name))
		another := unknownName(name)
		assert.NotEqual(t, unknownName(name), another)
	}
}
