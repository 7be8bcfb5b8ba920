package clientweb_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"

	"github.com/hydra-sdk/hydra-admin-go/models"
)

// hydra is just enough of a Hydra for the example of a provider, which has no testing.TB for
// clienttest.
var hydra = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	respond := func(status int, v any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(v)
	}
	app := models.OAuth2Client{ClientID: "my-app", ClientName: "My app"}
	switch q := r.URL.Query(); {
	case q.Get("login_challenge")+q.Get("consent_challenge") != "fresh":
		respond(http.StatusNotFound, map[string]string{"error": "Not Found", "error_description": "Unable to locate the resource"})
	case r.Method == http.MethodPut:
		var grant models.AcceptConsentRequest
		if q.Has("consent_challenge") && json.NewDecoder(r.Body).Decode(&grant) == nil {
			fmt.Println("grants", grant.GrantScope)
		}
		respond(http.StatusOK, models.CompletedRequest{RedirectTo: "https://auth.example.com/oauth2/auth?verifier=1"})
	case q.Has("login_challenge"):
		respond(http.StatusOK, models.LoginRequest{Challenge: "fresh", Client: app, RequestURL: "https://auth.example.com/oauth2/auth?client_id=my-app"})
	default:
		respond(http.StatusOK, models.ConsentRequest{Challenge: "fresh", Client: app, Subject: "alice", RequestedScope: []string{"openid", "offline"}})
	}
}))

var titles = regexp.MustCompile(`<title>(.*)</title>`)

func title(page string) string {
	if found := titles.FindStringSubmatch(page); found != nil {
		return found[1]
	}
	return ""
}
