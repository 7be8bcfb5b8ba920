// Package provider is a login, consent and logout provider for ORY Hydra v1 and later, and
// has the page for user codes of devices for v25.4 and later: the pages that Hydra sends
// browsers to.
//
// It keeps no sessions and sets no cookies: Hydra remembers who is logged in, and what was
// granted. It can run in any number of instances. Each of them counts wrong passwords on its
// own, and knows its own responses to a form that is sent twice.
package provider

import (
	"log/slog"
	"net/http"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clientweb"
)

// Config has the dependencies of a provider.
type Config struct {
	Admin *client.AdminAPI
	// PublicURL is the URL of Hydra's public API as browsers know it.
	PublicURL string
	Users     Users
	Log       *slog.Logger
	// Address says where a request comes from, for the bounds on wrong passwords. Nil means
	// RemoteAddress; behind a proxy it has to be another.
	Address func(*http.Request) string
}

type provider struct {
	Config
	passwords *passwords
	once      clientweb.Once
}

// New returns the provider. It has the pages /login, /consent, /logout and /error,
// which Hydra's configuration has to name under urls, /device and /device/done for
// urls.device.verification and urls.device.success, and /health for health checks.
func New(cfg Config) http.Handler {
	if cfg.Address == nil {
		cfg.Address = RemoteAddress
	}
	p := &provider{Config: cfg, passwords: newPasswords(cfg.Users)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /login", p.showLogin)
	mux.HandleFunc("POST /login", p.login)
	mux.HandleFunc("GET /consent", p.showConsent)
	mux.HandleFunc("POST /consent", p.consent)
	mux.HandleFunc("GET /logout", p.showLogout)
	mux.HandleFunc("POST /logout", p.logout)
	mux.HandleFunc("GET /logout/stayed", p.showStayed)
	mux.HandleFunc("GET /device", p.showDevice)
	mux.HandleFunc("POST /device", p.connectDevice)
	mux.HandleFunc("GET /device/done", p.showConnected)
	mux.HandleFunc("GET /error", p.showError)
	mux.HandleFunc("GET /style.css", serveStyle)
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		p.tell(w, r, http.StatusNotFound, "There is nothing here", "Go back to the app that you wanted to sign in to.")
	})

	// Forms are accepted from the provider's own pages only.
	csrf := http.NewCrossOriginProtection()
	csrf.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.tell(w, r, http.StatusForbidden, "That did not come from here", "The request was sent by another site. Nothing was done.")
	}))
	const largestForm = 64 << 10 // challenges of Hydra v2 take 3 kB
	return p.logged(secured(visited(csrf.Handler(http.MaxBytesHandler(mux, largestForm)))))
}
