//go:build live

package record

import (
	"crypto/sha256"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A normaliser replaces what changes from one recording to the next by values of
// the same shape that depend on nothing but the scenario and the order in which
// they come up. A value is replaced by the same value wherever it comes up in a
// scenario, so that a challenge can be followed through its files.
type normaliser struct {
	scenario string
	hosts    *strings.Replacer
	now      time.Time
	known    map[string]string
	counts   map[string]int
}

const (
	hexDigits = "0123456789abcdef"
	base64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	base64Std = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
)

var (
	idToken   = regexp.MustCompile(`eyJ[\w-]{20,}\.[\w-]+\.[\w-]+`)
	token     = regexp.MustCompile(`(^|[^\w.-])((?:ory_(?:at|rt|ac)_)?)([\w-]{43}\.[\w-]{43})($|[^\w.-])`)
	uuidText  = regexp.MustCompile(`\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b`)
	sealed    = regexp.MustCompile(`((?:challenge|verifier)(?:":"|=))([\w-]{300,})(?:=|%3D)*`)
	challenge = regexp.MustCompile(`\b[0-9a-f]{32}\b`)
	certs     = regexp.MustCompile(`"x5c":\["([^"]+)"\]`)
	secrets   = regexp.MustCompile(`"(client_secret|at_hash|c_hash|n|d|p|q|dp|dq|qi|x|y|k|x5t|x5t#S256)":"([^"]+)"`)
	times     = regexp.MustCompile(`"(\w+)":"(\d{4}-\d\d-\d\dT[\d:.]+Z)"`)
	states    = regexp.MustCompile(`state=([A-Z2-7]{26})`)
	expiresIn = regexp.MustCompile(`"expires_in":(\d+)`)
	unixTimes = regexp.MustCompile(`"(exp|iat|nbf|rat|auth_time)":(\d+)`)
)

// then is the time of all recordings.
var then = time.Date(2026, time.January, 2, 3, 4, 5, 678901234, time.UTC)

// fractions are the digits that the server gives the seconds of a member.
var fractions = map[string]int{"updated_at": 6, "handled_at": 9}

func (n *normaliser) apply(s string) string {
	s = n.hosts.Replace(s)
	s = idToken.ReplaceAllStringFunc(s, func(v string) string {
		return "eyJ" + n.value("ID token", v, base64URL, 33) + "." + n.value("claims", v, base64URL, 60) + "." + n.value("signature", v, base64URL, 60)
	})
	s = replaceGroups(token, s, func(g []string) string {
		return g[1] + g[2] + n.value("token", g[3], base64URL, 43) + "." + n.value("mac", g[3], base64URL, 43) + g[4]
	})
	s = replaceGroups(sealed, s, func(g []string) string {
		padding := "%3D"
		if strings.HasSuffix(g[1], `"`) {
			padding = "="
		}
		return g[1] + n.value("sealed", g[2], base64URL, 1067) + padding // Hydra v2 seals what it has to know into them
	})
	s = uuidText.ReplaceAllStringFunc(s, func(v string) string {
		h := n.value("UUID", v, hexDigits, 30)
		return fmt.Sprintf("%s-%s-4%s-a%s-%s", h[:8], h[8:12], h[12:15], h[15:18], h[18:])
	})
	s = challenge.ReplaceAllStringFunc(s, func(v string) string { return n.value("challenge", v, hexDigits, 32) })
	s = replaceGroups(states, s, func(g []string) string {
		return "state=" + n.value("state", g[1], "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 26)
	})
	s = replaceGroups(expiresIn, s, func(g []string) string {
		v, _ := time.ParseDuration(g[1] + "s")
		return fmt.Sprintf(`"expires_in":%d`, int(v.Round(time.Minute).Seconds()))
	})
	s = replaceGroups(certs, s, func(g []string) string {
		return fmt.Sprintf(`"x5c":["%s"]`, n.value("x5c", g[1], base64Std, 1200))
	})
	s = replaceGroups(secrets, s, func(g []string) string {
		if strings.HasPrefix(g[2], "throw-away") || strings.HasPrefix(g[2], "$") {
			return g[0]
		}
		return fmt.Sprintf("%q:%q", g[1], n.value(g[1], g[2], base64URL, width(len(g[2]))))
	})
	s = replaceGroups(times, s, func(g []string) string {
		at, err := time.Parse(time.RFC3339Nano, g[2])
		if err != nil || at.Sub(n.now).Abs() > 24*time.Hour {
			return g[0]
		}
		layout := "2006-01-02T15:04:05"
		if digits := fractions[g[1]]; digits > 0 {
			layout += "." + strings.Repeat("0", digits)
		}
		return fmt.Sprintf(`"%s":"%sZ"`, g[1], then.Format(layout))
	})
	return replaceGroups(unixTimes, s, func(g []string) string {
		v, err := strconv.ParseInt(g[2], 10, 64)
		if err != nil {
			return g[0]
		}
		distance := time.Unix(v, 0).Sub(n.now).Round(time.Minute)
		return fmt.Sprintf("%q:%d", g[1], then.Add(distance).Unix())
	})
}

// value returns what v is replaced by: size characters of the alphabet.
func (n *normaliser) value(kind, v, alphabet string, size int) string {
	key := kind + " " + v
	if n.known[key] == "" {
		n.counts[kind]++
		n.known[key] = derive(fmt.Sprint(n.scenario, kind, n.counts[kind]), alphabet, size)
	}
	return n.known[key]
}

// width rounds the length of an encoded number up to that of its type, since
// encoders leave leading zeros out.
func width(size int) int {
	for _, w := range []int{22, 26, 43, 64, 86, 88, 342, 683} {
		if size <= w {
			return w
		}
	}
	return size
}

func derive(seed, alphabet string, size int) string {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		for _, c := range sha256.Sum256([]byte(seed + fmt.Sprint(i))) {
			b.WriteByte(alphabet[int(c)%len(alphabet)])
		}
	}
	return b.String()[:size]
}

func replaceGroups(re *regexp.Regexp, s string, f func(groups []string) string) string {
	return re.ReplaceAllStringFunc(s, func(match string) string { return f(re.FindStringSubmatch(match)) })
}
