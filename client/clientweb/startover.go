package clientweb

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/restart"
)

// lost marks a request that started over since a call failed. If the next one fails as
// well, a third would hardly do better: without the mark, a browser that needs no form
// would go in a circle.
const lost = "lost-"

// StartOver redirects the browser to where its request starts over, if err says that this
// is what has to be done, and reports whether it did. If it returns false, nothing was
// written: show a page with the texts of [Explain].
//
//   - After a [client.RequestWasHandledError] the browser goes to its Location. The user went
//     back, has two tabs or opened a bookmark.
//   - After [ErrDecidedBefore] it goes to requestURL. If Hydra does not remember the login, its
//     page comes again as well. The app gets a code with the same state as before, which an app
//     that takes each state once refuses.
//   - After [client.ErrConflict] and [client.ErrResponseLost] it goes to requestURL, with a
//     parameter that no cache knows, but only once: if the new request fails as well,
//     StartOver returns false. Another instance of the provider has accepted the request
//     then, or nobody knows whether Hydra has.
//
// publicURL is the URL of Hydra's public API as browsers know it. StartOver panics if it is
// empty, or not an http or https URL with a host, whatever err is: so the first test of an
// error finds a setting that is missing. requestURL is RequestURL of the login or consent
// request, and empty if it is not known or the request is a logout.
func StartOver(w http.ResponseWriter, r *http.Request, err error, publicURL, requestURL string) bool {
	if base, err := url.Parse(publicURL); err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" {
		panic("clientweb: publicURL of StartOver is empty or wrong: it is the URL of Hydra's public API, such as https://auth.example.com")
	}
	if handled, ok := errors.AsType[*client.RequestWasHandledError](err); ok {
		to, err := handled.Location(publicURL)
		if err != nil {
			return false
		}
		Redirect(w, r, to)
		return true
	}
	mark := lost
	switch {
	case errors.Is(err, ErrDecidedBefore):
		mark = "" // as often as the user likes
	case !errors.Is(err, client.ErrConflict) && !errors.Is(err, client.ErrResponseLost):
		return false
	}
	to, err := url.Parse(requestURL)
	if err != nil || to.Host == "" || mark != "" && restart.Marked(to, mark) {
		return false
	}
	Redirect(w, r, restart.URL(to, mark))
	return true
}
