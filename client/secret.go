package client

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"

	"github.com/hydra-sdk/hydra-admin-go/internal/secret"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// redact returns text without the secrets of the call: a proxy may repeat what it was
// sent.
func (c *call) redact(text []byte) []byte {
	if len(text) == 0 {
		return nil
	}
	c.eachSecret(func(s string) {
		const shortest = 6 // a shorter one is no secret, and would take words apart
		if len(s) >= shortest && bytes.Contains(text, []byte(s)) {
			text = bytes.ReplaceAll(text, []byte(s), []byte("[redacted]"))
		}
	})
	return text
}

// eachSecret calls f with the values of the call that must not come back in a text: those
// of the parameters and members that the OpenAPI document calls secret.
func (c *call) eachSecret(f func(string)) {
	for _, params := range [...][]param{c.query, c.form} {
		for _, p := range params {
			if v, ok := p.value.(string); ok && p.secret {
				f(v)
			}
		}
	}
	for _, v := range c.bodySecrets() {
		f(v)
	}
}

func (c *call) bodySecrets() (found []string) {
	patch, ok := c.body.([]models.PatchDocument)
	if !ok && c.body != nil {
		document, _ := json.Marshal(c.body) // it could be encoded before
		return secret.Values(document)
	}
	for _, p := range patch {
		found = append(found, patchSecrets(p)...)
	}
	return found
}

// patchSecrets returns the secrets in the value of one operation of a patch: all of it
// if its path leads to a secret member.
func patchSecrets(p models.PatchDocument) []string {
	elements := strings.Split(p.Path, "/")
	document, err := json.Marshal(map[string]any{elements[len(elements)-1]: p.Value})
	if err != nil {
		return nil
	}
	return secret.Values(document)
}

// LogValue leaves out the header and body of the response.
func (e *Error) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("operation", e.Operation.ID),
		slog.Int("status", e.StatusCode),
		slog.String("message", e.Error()),
	)
}

// GoString leaves out the header and body of the response, for the verb %#v.
func (e *Error) GoString() string { return fmt.Sprintf("&client.Error(%q)", e.Error()) }
