// Command introspection is an API that requires an access token of Hydra with the scope
// read:
//
//	HYDRA_ADMIN_URL=http://127.0.0.1:4445 go run ./examples/introspection
//	curl -H "Authorization: Bearer $TOKEN" http://127.0.0.1:8080/
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	admin, err := client.NewFromEnv(client.WithTimeout(5 * time.Second)) // at HYDRA_ADMIN_URL
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:8080")
	if err != nil {
		return err
	}
	return serve(ctx, guard(admin, "read", http.HandlerFunc(hello)), listener)
}

// serve serves until ctx ends, and then lets requests finish.
func serve(ctx context.Context, handler http.Handler, listener net.Listener) error {
	server := &http.Server{Handler: handler, ReadTimeout: 5 * time.Second, WriteTimeout: 15 * time.Second, IdleTimeout: time.Minute}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return server.Shutdown(ctx)
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
//
// While its database is away, Hydra reports each token as inactive, with which all callers
// are told to sign in again. internal/programs/gateway asks for its health then; it also
// checks the audience, and remembers tokens.
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
		case errors.Is(err, client.ErrInvalidArgument): // the token is not text
			refuse(w, http.StatusUnauthorized, `Bearer error="invalid_token"`)
		case err != nil: // without Hydra no token is accepted
			log.Print(err)
			refuse(w, http.StatusServiceUnavailable, "")
		case !info.Active || info.TokenUse != "access_token":
			refuse(w, http.StatusUnauthorized, `Bearer error="invalid_token"`)
		case !slices.Contains(strings.Fields(info.Scope), scope):
			refuse(w, http.StatusForbidden, fmt.Sprintf(`Bearer error="insufficient_scope", scope=%q`, scope))
		default:
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, info)))
		}
	})
}

func refuse(w http.ResponseWriter, status int, challenge string) {
	if challenge != "" {
		w.Header().Set("WWW-Authenticate", challenge)
	}
	http.Error(w, http.StatusText(status), status)
}
