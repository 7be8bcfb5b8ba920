package provider

import (
	"net/http"
	"strings"
	"time"
)

// secured sets the security headers of every response.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		// form-action also applies to redirects after a form. There are none: clientweb.Redirect
		// responds to a form with a page.
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Frame-Options", "DENY")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin") // URLs of pages hold challenges
		h.Set("Cache-Control", "no-store")
		h.Set("Strict-Transport-Security", "max-age=31536000") // browsers ignore it without TLS
		next.ServeHTTP(w, r)
	})
}

// visited lets only visits of a page through. What a browser loads in advance must not
// accept anything, and neither must HEAD.
func visited(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		early := false
		for _, name := range []string{"Sec-Purpose", "Purpose", "X-Moz"} {
			early = early || strings.Contains(r.Header.Get(name), "prefetch")
		}
		switch {
		case early:
			w.WriteHeader(http.StatusServiceUnavailable) // the visit itself comes later
		case r.Method == http.MethodHead:
			w.WriteHeader(http.StatusNoContent)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// logged writes a line for each request. It leaves the query out, which holds challenges.
func (p *provider) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begin := time.Now()
		sw := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(sw, r)
		if r.URL.Path != "/health" {
			p.Log.InfoContext(r.Context(), "request", "method", plain(r.Method, 20), "path", plain(r.URL.Path, 100), "status", sw.status, "took", time.Since(begin))
		}
	})
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}
