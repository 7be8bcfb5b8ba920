package client

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"

	"github.com/hydra-sdk/hydra-admin-go/models"
)

// redact returns text without the values of the call that must not come back in the
// text of an error: a proxy may repeat what it was sent.
func (c *call) redact(text []byte) []byte {
	remove := func(secrets ...string) {
		for _, s := range secrets {
			// Short ones are no secrets, and would take words apart.
			const shortest = 6
			if len(s) >= shortest && bytes.Contains(text, []byte(s)) {
				text = bytes.ReplaceAll(text, []byte(s), []byte("[redacted]"))
			}
		}
	}
	for _, p := range append(c.query, c.form...) {
		if v, ok := p.value.(string); ok && (p.name == "token" || strings.HasSuffix(p.name, "_challenge")) {
			remove(v)
		}
	}
	key := func(k models.JSONWebKey) { remove(k.D, k.P, k.Q, k.Dp, k.Dq, k.Qi, k.K) }
	switch b := c.body.(type) {
	case models.OAuth2Client:
		remove(b.ClientSecret, b.RegistrationAccessToken)
	case models.JSONWebKey:
		key(b)
	case models.JSONWebKeySet:
		for _, k := range b.Keys {
			key(k)
		}
	case models.TrustJWTGrantIssuerBody:
		key(b.JWK)
	case []models.PatchDocument:
		for _, p := range b {
			if v, ok := p.Value.(string); ok {
				remove(v)
			}
		}
	}
	return text
}

// LogValue leaves the header and body of the answer out.
func (e *Error) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("operation", e.Operation.ID),
		slog.Int("status", e.StatusCode),
		slog.String("message", e.Error()),
	)
}

// GoString leaves the header and body of the answer out, for the verb %#v.
func (e *Error) GoString() string { return fmt.Sprintf("&client.Error(%q)", e.Error()) }
