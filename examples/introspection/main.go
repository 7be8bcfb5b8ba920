// Command introspection is an API that requires an access token of Hydra with the scope
// read:
//
//	HYDRA_ADMIN_URL=http://127.0.0.1:4445 go run ./examples/introspection
//	curl -H "Authorization: Bearer $TOKEN" http://127.0.0.1:8080/
package main

import (
	"cmp"
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func main() {
	admin, err := client.New(cmp.Or(os.Getenv("HYDRA_ADMIN_URL"), "http://127.0.0.1:4445"), client.WithTimeout(5*time.Second))
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{Addr: "127.0.0.1:8080", Handler: guard(admin, "read", http.HandlerFunc(hello)), ReadHeaderTimeout: 5 * time.Second}
	log.Fatal(server.ListenAndServe())
}

func hello(w http.ResponseWriter, r *http.Request) {
	_, _ = fmt.Fprintf(w, "Hello %s\n", caller(r.Context()).Subject)
}

type callerKey struct{}

// caller returns the introspection of the token in a request that guard passed on.
func caller(ctx context.Context) *models.OAuth2TokenIntrospection {
	info, _ := ctx.Value(callerKey{}).(*models.OAuth2TokenIntrospection)
	return info
}

// guard passes a request on to next if it has a token with the scope (RFC 6750).
func guard(admin *client.AdminAPI, scope string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !found || token == "" {
			refuse(w, http.StatusUnauthorized, `Bearer`)
			return
		}
		// The scope is not sent: Hydra would report a token without it as inactive, and the
		// caller would not learn that only the scope is missing.
		info, err := admin.IntrospectOAuth2Token(r.Context(), token, client.IntrospectOAuth2TokenParams{})
		switch {
		case err != nil: // without Hydra no token is accepted
			log.Print(err)
			refuse(w, http.StatusServiceUnavailable, "")
		case !info.Active || info.TokenUse != "access_token":
			refuse(w, http.StatusUnauthorized, `Bearer error="invalid_token"`)
		case !has(info.Scope, scope):
			refuse(w, http.StatusForbidden, fmt.Sprintf(`Bearer error="insufficient_scope", scope=%q`, scope))
		default:
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, info)))
		}
	})
}

func has(scopes, scope string) bool {
	for s := range strings.FieldsSeq(scopes) {
		if s == scope {
			return true
		}
	}
	return false
}

func refuse(w http.ResponseWriter, status int, challenge string) {
	if challenge != "" {
		w.Header().Set("WWW-Authenticate", challenge)
	}
	http.Error(w, http.StatusText(status), status)
}
