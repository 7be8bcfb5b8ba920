package provider

import (
	"cmp"
	"strings"
	"unicode"

	"github.com/hydra-sdk/hydra-admin-go/models"
)

// plain returns a text of somebody else to show on a page or to log: at most so many
// characters, in one line, and without those that turn the direction of writing, with which
// a name can pose as another.
func plain(s string, most int) string {
	var b strings.Builder
	n := 0
	for _, c := range s {
		if n == most {
			return b.String() + "…"
		}
		switch {
		case unicode.Is(unicode.Bidi_Control, c), c == '\u200b', c == '\ufeff': // the last two cannot be seen
			continue
		case unicode.IsControl(c), c == '\u2028', c == '\u2029':
			c = ' '
		}
		b.WriteRune(c)
		n++
	}
	return strings.TrimSpace(b.String())
}

// plainAll does that with each of a list.
func plainAll(list []string) []string {
	all := make([]string, len(list))
	for i, s := range list {
		all[i] = plain(s, 200)
	}
	return all
}

// appName returns the name of an app to show to users.
func appName(c models.OAuth2Client) string {
	return cmp.Or(plain(c.ClientName, 80), plain(c.ClientID, 80), "An app without a name")
}
