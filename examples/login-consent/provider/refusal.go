package provider

import (
	"net/http"
	"net/url"
)

// problems are the texts above a form that was refused, by the word for it in the URL.
// Anybody can write such a link, and so it leads to these texts alone.
var problems = map[string]string{
	"password": "This name and password do not belong together.",
	"no-code":  "Type the code that your device shows.",
	"code":     "This code does not work. Type it again, with small and capital letters as your device shows them. If it is the same, get a new code there.",
	tooMany:    "There were too many tries. Wait a minute, and try again.",
}

// tooMany is the problem of one who guesses.
const tooMany = "tries"

// askAgain redirects to the page of a form that was refused. A page in response to the form
// itself could not be shown again: Back would end at "Confirm Form Resubmission", a page of
// the browser. What was typed is not in the URL, where the history of the browser and logs of
// proxies would keep it.
func askAgain(w http.ResponseWriter, r *http.Request, challengeName, challenge, problem string) {
	q := url.Values{challengeName: {challenge}, "problem": {problem}}
	http.Redirect(w, r, r.URL.Path+"?"+q.Encode(), http.StatusSeeOther)
}

// problem returns what is wrong with the form that was sent before, if anything, and the
// status of the page that says so.
func problem(w http.ResponseWriter, r *http.Request) (text string, status int) {
	name := r.URL.Query().Get("problem")
	if name == tooMany {
		w.Header().Set("Retry-After", "60") // seconds
		return problems[name], http.StatusTooManyRequests
	}
	return problems[name], http.StatusOK
}
