package clientweb

import (
	"html"
	"io"
	"net/http"
)

// Redirect sends the browser to a URL that Hydra returned, such as RedirectTo of a
// [models.CompletedRequest]. No cache may keep the response.
//
// A GET gets status 303. A form gets status 200 and a page that leads on at once, by a meta
// refresh, and has no link and no button. A redirect would leave the form on the screen
// until the app responds, and a second click there would cancel the first: Hydra then tells
// the app that the verifier was used. A Content-Security-Policy with form-action 'self' does
// not stop the page, as it does a redirect. Scripts and styles are not needed.
func Redirect(w http.ResponseWriter, r *http.Request, to string) {
	w.Header().Set("Cache-Control", "no-store")
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusSeeOther)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(http.StatusOK)
	_, _ = io.WriteString(w, refreshHead+html.EscapeString(to)+refreshTail)
}

// The URL has no quotes in the attribute: browsers take all that follows then.
const (
	refreshHead = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="0;url=`
	refreshTail = `">
<title>One moment</title>
</head>
<body>
<p>One moment, please.</p>
</body>
</html>
`
)
