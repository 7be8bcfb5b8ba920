// Package gateway lets requests through that have an access token of Hydra with the right
// scope and audience, as a gateway in front of an API does (RFC 6750).
package gateway

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// A Gateway asks Hydra about tokens. Its fields are not changed once it is in use.
type Gateway struct {
	Admin *client.AdminAPI
	// A token must have all of Scopes and all of Audience.
	Scopes, Audience []string
	// TTL is how long Hydra is not asked again about an active token: for so long a token
	// still works after it was revoked. Zero asks each time.
	TTL time.Duration
	// MaxTokens bounds how many tokens are remembered.
	MaxTokens int
	Log       *slog.Logger

	cache cache
}

type callerKey struct{}

// Caller returns what the token of a request stands for. It is shared: do not change it.
func Caller(ctx context.Context) *models.OAuth2TokenIntrospection {
	info, _ := ctx.Value(callerKey{}).(*models.OAuth2TokenIntrospection)
	return info
}

// Protect passes requests with a token on to next, and refuses others: with status 401 if
// they have none or one that is not valid here, with 403 if it lacks a scope, and with 503
// while Hydra cannot be asked.
func (g *Gateway) Protect(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token := bearer(r)
		if token == "" {
			refuse(w, http.StatusUnauthorized, `Bearer`)
			return
		}
		info, err := g.introspect(r.Context(), token)
		switch {
		case errors.Is(err, client.ErrInvalidArgument): // such as one that is not UTF-8
			refuse(w, http.StatusUnauthorized, `Bearer error="invalid_token"`)
		case err != nil:
			g.Log.ErrorContext(r.Context(), "token not checked", "error", err) // has no token in it
			w.Header().Set("Retry-After", "1")
			refuse(w, http.StatusServiceUnavailable, "")
		case !info.Active || info.TokenUse != "access_token" || !hasAll(info.Audience, g.Audience):
			refuse(w, http.StatusUnauthorized, `Bearer error="invalid_token"`)
		case !hasAll(strings.Fields(info.Scope), g.Scopes):
			refuse(w, http.StatusForbidden, fmt.Sprintf(`Bearer error="insufficient_scope", scope=%q`, strings.Join(g.Scopes, " ")))
		default:
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, info)))
		}
	})
}

// introspect does not send the scopes: Hydra would report a token without them as inactive,
// and 403 could not be told from 401.
func (g *Gateway) introspect(ctx context.Context, token string) (*models.OAuth2TokenIntrospection, error) {
	key := sha256.Sum256([]byte(token)) // a memory dump shows no tokens
	if info := g.cache.get(key, time.Now()); info != nil {
		return info, nil
	}
	info, err := g.Admin.IntrospectOAuth2Token(ctx, token, client.IntrospectOAuth2TokenParams{})
	if err != nil {
		return nil, err
	}
	if !info.Active {
		return info, g.trustInactive(ctx)
	}
	until := time.Now().Add(g.TTL)
	if exp := time.Unix(info.ExpiresAt, 0); exp.Before(until) { // a zero one is before, too
		until = exp
	}
	g.cache.put(key, info, until, g.MaxTokens)
	return info, nil
}

// trustInactive returns an error if a token may be active although Hydra says that it is
// not, as it does of each token while its database is away. Only Hydra's health tells,
// and only if the database is not back by now. Where that is not served, as behind a proxy
// that passes on /admin alone, Hydra is believed. For this reason inactive tokens are never
// remembered.
func (g *Gateway) trustInactive(ctx context.Context) error {
	_, err := g.Admin.IsReady(ctx, client.WithRetries(0), client.WithTimeout(2*time.Second))
	var response *client.Error
	if errors.As(err, &response) && response.StatusCode < http.StatusInternalServerError {
		return nil
	}
	return err
}

// bearer returns the token of a request, or "" if it has none, or more than one.
func bearer(r *http.Request) string {
	fields := r.Header.Values("Authorization")
	if len(fields) != 1 {
		return ""
	}
	scheme, token, _ := strings.Cut(fields[0], " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

func hasAll(have, want []string) bool {
	return !slices.ContainsFunc(want, func(s string) bool { return !slices.Contains(have, s) })
}

func refuse(w http.ResponseWriter, status int, challenge string) {
	if challenge != "" {
		w.Header().Set("WWW-Authenticate", challenge)
	}
	http.Error(w, http.StatusText(status), status)
}
