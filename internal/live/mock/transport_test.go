//go:build live

package mock

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
)

// A checker is the transport of a client. It asks the mock of a document about each
// request, and responds to lists as the server of the document pages.
type checker struct {
	version  string
	mu       sync.Mutex // prefetches come from other goroutines
	verdicts []verdict
}

// A verdict is what the mock says of a request.
type verdict struct {
	request string
	missing bool // the document does not have the operation
	refused []string
}

func (c *checker) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	v, err := judge(r, resp)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	c.verdicts = append(c.verdicts, v)
	c.mu.Unlock()
	isList := strings.HasSuffix(r.URL.Path, "/clients") || strings.HasSuffix(r.URL.Path, "/sessions/consent") || strings.HasSuffix(r.URL.Path, "/issuers")
	switch {
	case len(v.refused) > 0 || r.Method != http.MethodGet:
	case isList:
		c.page(r, resp)
	case strings.Contains(r.URL.Path, "/clients/"): // what ModifyOAuth2Client writes back
		body, err := json.Marshal(fullClient())
		if err != nil {
			return nil, err
		}
		respond(resp, string(body))
	}
	return resp, nil
}

// judge reads the verdict of the mock from its response.
func judge(r *http.Request, resp *http.Response) (verdict, error) {
	v := verdict{request: r.Method + " " + r.URL.RequestURI()}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return v, err
	}
	if err := resp.Body.Close(); err != nil {
		return v, err
	}
	resp.Body = io.NopCloser(strings.NewReader(string(body)))
	v.missing = strings.Contains(string(body), "#NO_PATH_MATCHED_ERROR") || strings.Contains(string(body), "#NO_METHOD_MATCHED_ERROR")
	type violation struct {
		Location []string `json:"location"`
		Message  string   `json:"message"`
	}
	var violations []violation
	var problem struct { // where the document has no response of status 422
		Validation []violation `json:"validation"`
	}
	switch header := resp.Header.Get("Sl-Violations"); {
	case header != "":
		err = json.Unmarshal([]byte(header), &violations)
	case resp.StatusCode == http.StatusUnprocessableEntity:
		err = json.Unmarshal(body, &problem)
	}
	if err != nil {
		return v, err
	}
	for _, violation := range append(violations, problem.Validation...) {
		if violation.Location[0] != "response" { // which the mock has made up
			v.refused = append(v.refused, strings.Join(violation.Location, ".")+": "+violation.Message)
		}
	}
	if resp.StatusCode >= 300 && !v.missing && len(v.refused) == 0 {
		v.refused = []string{resp.Status + ": " + string(body)}
	}
	return v, nil
}

// page responds with the first or the second of two pages.
func (c *checker) page(r *http.Request, resp *http.Response) {
	const items = `{"id":"1","client_id":"1","consent_request":{"challenge":"1","client":{"client_id":"app"}}},{"id":"2","client_id":"2","consent_request":{"challenge":"2","client":{"client_id":"app"}}}`
	const last = `{"id":"3","client_id":"3","consent_request":{"challenge":"3","client":{"client_id":"app"}}}`
	var next, total string
	switch c.version {
	case "v1.11.10":
		next, total = "limit=2&offset=2", "3"
	case "v2.3.0":
		next, total = "page_size=2&page_token=eyJvZmZzZXQiOiIyIiwidiI6Mn0", "3" // {"offset":"2","v":2}
	default:
		next = "page_size=2&page_token=opaque"
	}
	resp.Header.Del("Link")
	resp.Header.Del("X-Total-Count")
	if total != "" {
		resp.Header.Set("X-Total-Count", total)
	}
	if q := r.URL.Query(); q.Get("page_token") != "" || q.Get("offset") != "" {
		respond(resp, "["+last+"]")
		return
	}
	resp.Header.Set("Link", "<"+r.URL.Path+"?"+next+`>; rel="next"`)
	respond(resp, "["+items+"]")
}

func respond(resp *http.Response, body string) {
	resp.StatusCode, resp.Status = http.StatusOK, "200 OK"
	resp.Header.Set("Content-Type", "application/json")
	resp.ContentLength = int64(len(body))
	resp.Header.Del("Content-Length")
	resp.Body = io.NopCloser(strings.NewReader(body))
}
