package clienttest

import (
	"fmt"
	"hash/crc32"
	"net/url"
	"slices"

	"github.com/hydra-sdk/hydra-admin-go/internal/secret"
)

// marks are the secrets of the bodies in one failure message. They are numbered, so that
// the message still shows which of them differ.
type marks struct{ seen []string }

// mark returns a body with marks in place of its secrets.
func (m *marks) mark(body []byte) []byte {
	literals, _ := secret.Find(body)
	slices.SortFunc(literals, func(a, b secret.Literal) int { return a.Start - b.Start })
	var marked []byte
	at := 0
	for _, l := range literals {
		marked = append(append(marked, body[at:l.Start]...), fmt.Sprintf("%q", m.of(l.Text))...)
		at = l.End
	}
	return append(marked, body[at:]...)
}

func (m *marks) of(v string) string {
	if !slices.Contains(m.seen, v) {
		m.seen = append(m.seen, v)
	}
	return fmt.Sprintf("[secret %d]", slices.Index(m.seen, v)+1)
}

// withoutSecrets returns the text of an error of package json, which may quote a value.
func withoutSecrets(err error, body []byte) string {
	literals, _ := secret.Find(body)
	return secret.Redact(err.Error(), secret.Values(literals))
}

// digests returns challenges as a failure message shows them: they can be told apart, and
// not be used.
func digests(challenges ...string) (all []string) {
	for _, c := range challenges {
		all = append(all, fmt.Sprintf("%d characters with the checksum %08x", len(c), crc32.ChecksumIEEE([]byte(c))))
	}
	return all
}

// withoutQuery returns a location without its query, which has challenges and verifiers.
func withoutQuery(location string) string {
	u, err := url.Parse(location)
	if err != nil {
		return "a location that is not a URL"
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}
