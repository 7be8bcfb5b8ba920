// Package wiring puts the SDK into programs that have a configuration of the URL,
// constructors without an error, retries, TLS and tokens already.
package wiring

import (
	"net/http"
	"strings"

	"github.com/hydra-sdk/hydra-admin-go/client"
)

// BaseURL returns the base URL of the admin API for a URL in the configuration of a program,
// which may be a host and port, or the URL of the list of clients. Prefix is /admin from Hydra
// v2 on, and empty for v1.
func BaseURL(configured, prefix string) string {
	scheme, rest, found := strings.Cut(configured, "://")
	if !found {
		scheme, rest = "http", configured
	}
	host, path, _ := strings.Cut(rest, "/") // a host may be named clients, too
	path = strings.TrimRight("/"+path, "/")
	path = strings.TrimRight(strings.TrimSuffix(path, "/clients"), "/")
	if !strings.HasSuffix(path, prefix) {
		path += prefix
	}
	return scheme + "://" + host + path
}

// FromEnv returns the base URL that the command line of Hydra would use: that of v1 reads
// HYDRA_ADMIN_URL, that of v2 reads ORY_SDK_URL and adds /admin. It is "" if none is set.
// A unix:// of v1 is for a transport, as in the examples of [client.WithHTTPClient].
func FromEnv(getenv func(string) string) string {
	if u := getenv("HYDRA_ADMIN_URL"); u != "" {
		return BaseURL(u, "")
	}
	if u := getenv("ORY_SDK_URL"); u != "" {
		return BaseURL(u, "/admin")
	}
	return ""
}

// Must is for constructors that return no error. [client.New] sends nothing: its errors are
// mistakes of the configuration, which show when the program starts.
func Must(admin *client.AdminAPI, err error) *client.AdminAPI {
	if err != nil {
		panic(err)
	}
	return admin
}

// Retrying is a transport that retries, as programs have it below all of their clients. It
// sends only those requests again that do no harm twice: a transport that sends everything
// again would create a client twice, and would get status 409 for a login that it has
// accepted. The pauses between attempts, which a real one has, are left out.
type Retrying struct {
	Next     http.RoundTripper
	Attempts int
}

// RoundTrip sends a request up to Attempts times.
func (t Retrying) RoundTrip(r *http.Request) (*http.Response, error) {
	for attempt := 1; ; attempt++ {
		response, err := t.Next.RoundTrip(r)
		failed := err != nil || response.StatusCode >= 502
		if !failed || attempt >= t.Attempts || !harmless(r) || r.Context().Err() != nil {
			return response, err
		}
		if err == nil {
			_ = response.Body.Close()
		}
		r = r.Clone(r.Context())
		if r.GetBody != nil {
			if r.Body, err = r.GetBody(); err != nil {
				return nil, err
			}
		}
	}
}

func harmless(r *http.Request) bool {
	op, _ := client.OperationFromContext(r.Context())
	return r.Method == http.MethodGet || op.ID == "introspectOAuth2Token"
}

// Tokens is a transport that adds a token to each request, as that of golang.org/x/oauth2
// does. Source fetches a new token where the old one has expired.
type Tokens struct {
	Next   http.RoundTripper
	Source func() (string, error)
}

// RoundTrip sends a copy of the request: a transport must not change its own.
func (t Tokens) RoundTrip(r *http.Request) (*http.Response, error) {
	token, err := t.Source()
	if err != nil {
		if r.Body != nil {
			_ = r.Body.Close()
		}
		return nil, err
	}
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+token)
	return t.Next.RoundTrip(r)
}
