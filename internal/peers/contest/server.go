package contest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
)

var connections, requests atomic.Int64

// Serve starts a server on loopback that responds as recorded. Its paths start with how
// long it takes, and how many clients it has: /20ms/1000/clients. Clients of Hydra v2 go
// on with /admin.
func Serve() *httptest.Server {
	s := httptest.NewUnstartedServer(handler)
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	s.Start()
	return s
}

var handler = func() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/seen", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, connections.Load(), " ", requests.Load())
	})
	mux.HandleFunc("/{wait}/{clients}/{path...}", func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		_, _ = io.Copy(io.Discard, r.Body)
		wait, _ := time.ParseDuration(r.PathValue("wait"))
		time.Sleep(wait)
		path, q := strings.TrimPrefix(r.PathValue("path"), "admin/"), r.URL.Query()
		if path == "clients" {
			total, _ := strconv.Atoi(r.PathValue("clients"))
			offset, _ := strconv.Atoi(cmp.Or(q.Get("offset"), q.Get("page_token")))
			list(w, offset, total)
			return
		}
		e := recordings[path+" "+q.Get("login_challenge")]
		if e == nil {
			http.Error(w, "not recorded", http.StatusNotImplemented)
			return
		}
		maps.Copy(w.Header(), e.Response.Header)
		if len(e.Response.Body) >= 2<<10 {
			w.Header().Del("Content-Length") // Hydra sends these in chunks
		}
		w.WriteHeader(e.Status)
		_, _ = w.Write(e.Response.Body)
	})
	return mux
}()

var recordings = map[string]*fixture.Exchange{
	"oauth2/auth/requests/login/accept challenge": recorded("acceptLoginRequest", "everything"),
	"oauth2/auth/requests/consent ":               recorded("getConsentRequest", "fresh"), // v1.11.8 cannot read one with an id_token_hint
	"oauth2/introspect ":                          recorded("introspectOAuth2Token", "client-credentials"),
	"oauth2/auth/requests/login unknown":          recorded("getLoginRequest", "unknown"),
	"oauth2/auth/requests/login handled":          recorded("getLoginRequest", "handled"),
}

func recorded(group, name string) *fixture.Exchange {
	exchanges, err := fixture.Load(fixture.V1, group)
	for _, e := range exchanges {
		if e.Case == name {
			return e
		}
	}
	log.Panicf("%s/%s is not recorded: %v", group, name, err)
	return nil
}

// ConsentRequest is the body of a recorded consent request.
func ConsentRequest() []byte { return recordings["oauth2/auth/requests/consent "].Response.Body }

// PageOfClients is the body of a page of 500 clients.
func PageOfClients() []byte { return clients(0, 500) }

// rests are 500 recorded clients, from behind their IDs on.
var rests = func() (rests [500][]byte) {
	var objects []json.RawMessage
	if err := json.Unmarshal(recorded("listOAuth2Clients", "limit-1000-of-more").Response.Body, &objects); err != nil {
		log.Panic(err)
	}
	for i := range rests {
		_, rests[i], _ = bytes.Cut(bytes.TrimPrefix(objects[i], []byte(`{"client_id":"`)), []byte(`"`))
	}
	return rests
}()

// id is the ID of the n-th client: all of a list are as long.
func id(n int) string { return fmt.Sprintf("client-%06d", n) }

// unknownOffset is where clients are that have members of a later version.
const unknownOffset = 1_000_000

func list(w http.ResponseWriter, offset, total int) {
	if offset >= unknownOffset {
		total = offset + 500
	}
	if offset+500 < total {
		w.Header().Set("Link", fmt.Sprintf(`</clients?limit=500&offset=%d>; rel="next",</clients?limit=500&offset=%d>; rel="last"`, offset+500, (total-1)/500*500))
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("X-Total-Count", strconv.Itoa(total))
	_, _ = w.Write(clients(min(offset, total), min(offset+500, total)))
}

// clients is a page of recorded clients, with IDs from one number to another.
func clients(from, to int) []byte {
	start := `{"client_id":"`
	if from >= unknownOffset {
		start = `{"require_pushed_authorization_requests":true,"dpop":{"bound":true},"client_id":"`
	}
	b := append(make([]byte, 0, 600<<10), '[')
	for i := from; i < to; i++ {
		b = fmt.Appendf(b, `%s%s"%s,`, start, id(i), rests[i-from])
	}
	return append(bytes.TrimSuffix(b, []byte(",")), "]\n"...)
}

// MemoryURL is the base URL of what Memory responds to.
const MemoryURL = "http://127.0.0.1:4445"

// Memory returns an HTTP client that responds without a network, for one goroutine.
func Memory() *http.Client { return &http.Client{Transport: memory{}} }

// memory does as little as it can: what it costs is part of what each client costs.
// Responses are made once, and their headers lent.
type memory map[[2]string]*http.Response

func (m memory) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
		_ = r.Body.Close()
	}
	key := [2]string{r.URL.Path, r.URL.RawQuery}
	made := m[key]
	if made == nil {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequestWithContext(r.Context(), r.Method, "/0s/20000"+r.URL.RequestURI(), http.NoBody))
		made = w.Result()
		made.Body = &body{text: w.Body.Bytes()}
		m[key] = made
	}
	reply := new(struct {
		http.Response
		body
	})
	reply.Response = *made
	reply.Reset(made.Body.(*body).text) //nolint:forcetypeassert // it was made above
	reply.Body, reply.Request = &reply.body, r
	return &reply.Response, nil
}

type body struct {
	bytes.Reader
	text []byte
}

func (*body) Close() error { return nil }
