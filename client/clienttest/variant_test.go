package clienttest

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/wrongprovider"
)

type newHandler func(admin *client.AdminAPI, publicURL string) http.Handler

// rewritten returns the right provider with other pages.
func rewritten(mistake string, rewrite func(w http.ResponseWriter, r *http.Request, status int, page string) (int, string)) newHandler {
	return func(admin *client.AdminAPI, publicURL string) http.Handler {
		inner := wrongprovider.Case{Name: mistake}.New(admin, publicURL)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			rec := httptest.NewRecorder()
			inner.ServeHTTP(rec, r)
			maps.Copy(w.Header(), rec.Header())
			status, page := rewrite(w, r, rec.Code, rec.Body.String())
			w.WriteHeader(status)
			_, _ = w.Write([]byte(page))
		})
	}
}

func pages(rewrite func(page string) string) newHandler {
	return rewritten("no mistake", func(_ http.ResponseWriter, _ *http.Request, status int, page string) (int, string) {
		return status, rewrite(page)
	})
}

// guarded lets forms through that a guard allows. Show returns what is added to a form.
func guarded(show func(w http.ResponseWriter, r *http.Request) string, allows func(r *http.Request) bool) newHandler {
	return func(admin *client.AdminAPI, publicURL string) http.Handler {
		inner := rewritten("takes forms of other sites", func(w http.ResponseWriter, r *http.Request, status int, page string) (int, string) {
			if strings.Contains(page, "</form>") {
				page = strings.ReplaceAll(page, "</form>", show(w, r)+"</form>")
			}
			return status, page
		})(admin, publicURL)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost && !allows(r) {
				http.Error(w, "The form is old", http.StatusForbidden)
				return
			}
			inner.ServeHTTP(w, r)
		})
	}
}

func field(name, value string) string {
	return `<input type="hidden" name="` + name + `" value="` + value + `">`
}

// aToken is a double-submit token in one cookie. It stays if the browser sends it.
func aToken(mode http.SameSite) newHandler {
	return guarded(func(w http.ResponseWriter, r *http.Request) string {
		token := rand.Text()
		if c, err := r.Cookie("token"); err == nil {
			token = c.Value
		}
		http.SetCookie(w, &http.Cookie{Name: "token", Value: token, Path: "/", SameSite: mode, HttpOnly: true, Secure: true})
		return field("token", token)
	}, func(r *http.Request) bool {
		c, err := r.Cookie("token")
		return err == nil && c.Value == r.PostFormValue("token")
	})
}

// aNewToken is in one cookie, and another one for each page.
func aNewToken() newHandler {
	return guarded(func(w http.ResponseWriter, _ *http.Request) string {
		token := rand.Text()
		http.SetCookie(w, &http.Cookie{Name: "token", Value: token, Path: "/", SameSite: http.SameSiteLaxMode, HttpOnly: true, Secure: true})
		return field("token", token)
	}, func(r *http.Request) bool {
		c, err := r.Cookie("token")
		return err == nil && c.Value == r.PostFormValue("token")
	})
}

// aTokenForEachForm has a cookie for each.
func aTokenForEachForm() newHandler {
	return guarded(func(w http.ResponseWriter, _ *http.Request) string {
		form, token := rand.Text(), rand.Text()
		http.SetCookie(w, &http.Cookie{Name: "form-" + form, Value: token, Path: "/", SameSite: http.SameSiteLaxMode, HttpOnly: true, Secure: true})
		return field("form", form) + field("token", token)
	}, func(r *http.Request) bool {
		c, err := r.Cookie("form-" + r.PostFormValue("form"))
		return err == nil && c.Value == r.PostFormValue("token")
	})
}

// aSignedSession has all that the provider knows about a browser in a cookie that it signs.
func aSignedSession() newHandler {
	const key = "throw-away"
	sign := func(text string) string {
		mac := hmac.New(sha256.New, []byte(key))
		_, _ = mac.Write([]byte(text))
		return text + "." + hex.EncodeToString(mac.Sum(nil))
	}
	session := func(r *http.Request) string {
		if c, err := r.Cookie("session-of-the-provider"); err == nil {
			if text, _, _ := strings.Cut(c.Value, "."); sign(text) == c.Value {
				return text
			}
		}
		return ""
	}
	return guarded(func(w http.ResponseWriter, r *http.Request) string {
		text := session(r)
		if text == "" {
			text = rand.Text()
		}
		http.SetCookie(w, &http.Cookie{Name: "session-of-the-provider", Value: sign(text), Path: "/", SameSite: http.SameSiteLaxMode, HttpOnly: true, Secure: true})
		return field("of", sign("form "+text))
	}, func(r *http.Request) bool { return sign("form "+session(r)) == r.PostFormValue("of") })
}

var (
	aButton   = regexp.MustCompile(`<button name="decision" value="([^"]*)">[^<]*</button>`)
	theAction = regexp.MustCompile(`<form method="post" action="([^"]*)">`)
	challenge = regexp.MustCompile(`<input type="hidden" name="challenge" value="[^"]*">`)
)

// oneFormForEachButton has the fields in that of the first button.
func oneFormForEachButton(page string) string {
	first := true
	return aButton.ReplaceAllStringFunc(page, func(button string) string {
		if first {
			first = false
			return button
		}
		return "</form>" + theAction.FindString(page) + challenge.FindString(page) + button
	})
}

// aNameForEachBox has boxes whose value is not the scope.
func aNameForEachBox(mistake string) newHandler {
	return func(admin *client.AdminAPI, publicURL string) http.Handler {
		inner := rewritten(mistake, func(_ http.ResponseWriter, _ *http.Request, status int, page string) (int, string) {
			return status, regexp.MustCompile(`name="scope" value="(\w+)"`).ReplaceAllString(page, `name="scope_$1" value="yes"`)
		})(admin, publicURL)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_ = r.ParseForm() // of a test
			for name := range r.PostForm {
				if scope, found := strings.CutPrefix(name, "scope_"); found {
					r.PostForm.Add("scope", scope)
				}
			}
			inner.ServeHTTP(w, r)
		})
	}
}

var german = strings.NewReplacer(">Sign in<", ">Anmelden<", ">Cancel<", ">Abbrechen<", ">Allow<", ">Erlauben<", ">Deny<", ">Ablehnen<",
	">Sign out<", ">Abmelden<", ">Stay<", ">Bleiben<", "Wrong password", "Das war falsch", "Allow?", "Darf sie?", "One moment", "Moment", "Please start over in the app", "Bitte von vorn")

// TestCheckIsGreenForProvidersThatAreRightInAnotherWay: there are many ways to write a page.
func TestCheckIsGreenForProvidersThatAreRightInAnotherWay(t *testing.T) {
	t.Parallel()
	alice := user("alice", "wonderland")
	inGerman := alice
	inGerman.SignIn, inGerman.Cancel, inGerman.Allow, inGerman.Deny, inGerman.SignOut, inGerman.Stay = "Anmelden", "Abbrechen", "Erlauben", "Ablehnen", "Abmelden", "Bleiben"
	for name, tt := range map[string]struct {
		newProvider newHandler
		user        User
	}{
		"input elements as buttons": {pages(func(page string) string {
			return aButton.ReplaceAllString(page, `<input type="submit" name="decision" value="$1">`)
		}), alice},
		"elements in buttons": {pages(func(page string) string {
			return strings.NewReplacer(">Sign in<", "><i></i><span>Sign</span> <b>in</b><", ">Allow<", "><span><b>Allow</b></span><").Replace(page)
		}), alice},
		"forms of multiple parts": {pages(func(page string) string {
			return strings.ReplaceAll(page, "<form ", `<form enctype="multipart/form-data" `)
		}), alice},
		"a form for each button": {pages(oneFormForEachButton), alice},
		"two steps in one form": {pages(func(page string) string {
			return strings.NewReplacer(`<input name="name">`, `<fieldset><input name="name"><button type="button">Next</button></fieldset><fieldset hidden>`,
				`<button name="decision" value="Sign in">`, `</fieldset><button name="decision" value="Sign in">`).Replace(page)
		}), alice},
		"another language":      {pages(german.Replace), inGerman},
		"a token":               {aToken(http.SameSiteLaxMode), alice},
		"a token for each form": {aTokenForEachForm(), alice},
		"a signed session":      {aSignedSession(), alice},
		"errors with status 200": {rewritten("no mistake", func(_ http.ResponseWriter, _ *http.Request, status int, page string) (int, string) {
			if status >= http.StatusBadRequest {
				status = http.StatusOK
			}
			return status, page
		}), alice},
		"errors with status 400": {rewritten("no mistake", func(_ http.ResponseWriter, _ *http.Request, status int, page string) (int, string) {
			if status >= http.StatusBadRequest {
				status = http.StatusBadRequest
			}
			return status, page
		}), alice},
		"X-Frame-Options": {rewritten("can be framed", func(w http.ResponseWriter, _ *http.Request, status int, page string) (int, string) {
			w.Header().Set("X-Frame-Options", "sameorigin")
			return status, page
		}), alice},
		"a logo of the app": {pages(func(page string) string {
			return regexp.MustCompile(`<p>(Example App|Another App) asks`).ReplaceAllString(page, `<p><img alt="$1" src="/logo"> asks`)
		}), alice},
		"links elsewhere with a policy": {pages(func(page string) string {
			return page + `<a href="https://example.com/privacy">Privacy</a>`
		}), alice},
		"links elsewhere without a Referer": {rewritten("no mistake", func(w http.ResponseWriter, _ *http.Request, status int, page string) (int, string) {
			w.Header().Del("Referrer-Policy")
			return status, page + `<a rel="noreferrer" href="https://example.com/privacy">Privacy</a><link rel="canonical" href="https://example.com/login">`
		}), alice},
		"a name for each box":            {aNameForEachBox("no mistake"), alice},
		"descriptions in place of boxes": {wrongprovider.Case{Name: "has no boxes"}.New, alice},
		"a link to start again":          {wrongprovider.Case{Name: "links to the start"}.New, alice},
		"a link of its own to start again": {func(admin *client.AdminAPI, publicURL string) http.Handler {
			var start string
			link := regexp.MustCompile(`href="(http[^"]*)"`)
			mux := http.NewServeMux()
			mux.Handle("/", rewritten("links to the start", func(_ http.ResponseWriter, _ *http.Request, status int, page string) (int, string) {
				if found := link.FindStringSubmatch(page); found != nil {
					start = strings.ReplaceAll(found[1], "&amp;", "&")
				}
				return status, link.ReplaceAllString(page, `href="/again"`)
			})(admin, publicURL))
			mux.HandleFunc("/again", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, start, http.StatusSeeOther) })
			return mux
		}, alice},
	} {
		for _, version := range []Version{V1, V2, V26} {
			t.Run(name+" "+string(version), func(t *testing.T) {
				t.Parallel()
				for _, h := range hazards {
					assert.Empty(t, outcomeOf(t, version, tt.newProvider, tt.user, h), h.name)
				}
			})
		}
	}
}

// TestBoxesAreKnownByTheirNames: a box need not have the scope as its value.
func TestBoxesAreKnownByTheirNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"read": true, "scope_read": true, "scopes[read]": true, "scope.read": true, "grant-read": true,
		"scope": false, "reading": false, "deny_read": false, "scope_offline": false, "a_scope_read": false,
	} {
		assert.Equal(t, want, isNameOf(name, "read"), name)
	}
}

func TestBoxesAreTickedByTheirNames(t *testing.T) {
	t.Parallel()
	output := outcomeOf(t, V26, aNameForEachBox("grants what is not ticked"), user("alice", "wonderland"), named("ticks and unticks scopes"))
	assert.Contains(t, output, `["scope_offline" "scope_openid" "scope_read"]`)
}

func TestFrames(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		policy, options string
		want            bool
	}{
		{"", "", true}, {"default-src 'none'", "", true}, {"frame-ancestors 'none'", "", false}, {"default-src *; Frame-Ancestors 'self' https://a.example.com", "", false},
		{"frame-ancestors *", "DENY", true}, {"frame-ancestors https:", "", true}, {"", "deny", false}, {"", "ALLOW-FROM https://a.example.com", true},
		{"frame-ancestors *, frame-ancestors 'none'", "", false},
	} {
		h := http.Header{}
		h.Set("Content-Security-Policy", tt.policy)
		h.Set("X-Frame-Options", tt.options)
		assert.Equal(t, tt.want, framable(h), strconv.Quote(tt.policy)+" "+tt.options)
	}
}

func named(name string) hazard {
	return hazards[slices.IndexFunc(hazards, func(h hazard) bool { return h.name == name })]
}
