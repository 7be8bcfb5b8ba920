package clientweb_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/hydra-sdk/hydra-admin-go/client/clientweb"
)

func TestRedirect(t *testing.T) {
	t.Parallel()
	const to = `https://h/oauth2/auth?a=1&b="><script>'`
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			w := httptest.NewRecorder()
			clientweb.Redirect(w, httptest.NewRequest(method, "/login", nil), to)
			assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
			if method == http.MethodGet || method == http.MethodHead {
				assert.Equal(t, http.StatusSeeOther, w.Code)
				assert.Equal(t, to, w.Header().Get("Location"))
				assert.Empty(t, w.Body.String())
				return
			}
			assert.Equal(t, http.StatusOK, w.Code, "a redirect would leave the form on the screen")
			assert.Empty(t, w.Header().Get("Location"))
			assert.Equal(t, "text/html; charset=utf-8", w.Header().Get("Content-Type"))
			body := w.Body.String()
			assert.Contains(t, body, `<meta http-equiv="refresh" content="0;url=https://h/oauth2/auth?a=1&amp;b=&#34;&gt;&lt;script&gt;&#39;">`)
			for _, element := range []string{"<a ", "<a>", "<button", "<form", "<script", "<style"} {
				assert.NotContains(t, body, element, "there is nothing to click on, and nothing that a policy stops")
			}
		})
	}
}
