package contest

import (
	"bytes"
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

// A Server responds as recorded, on loopback. Its paths start with how long it takes,
// and how many clients it has: /20ms/1000/clients. Clients of Hydra v2 go on with
// /admin, and those that shall meet unknown members with /unknown.
type Server struct {
	*httptest.Server
	connections, requests atomic.Int64
}

// Serve starts a server.
func Serve() *Server {
	s := &Server{}
	mux := http.NewServeMux()
	mux.HandleFunc("/seen", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, s.connections.Load(), " ", s.requests.Load())
	})
	mux.HandleFunc("/{wait}/{clients}/", func(w http.ResponseWriter, r *http.Request) {
		s.requests.Add(1)
		respond(w, r)
	})
	s.Server = httptest.NewUnstartedServer(mux)
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			s.connections.Add(1)
		}
	}
	s.Start()
	return s
}

func respond(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	path := strings.SplitN(r.URL.Path, "/", 4) // nothing, how long it takes, how many clients, and the rest
	wait, _ := time.ParseDuration(path[1])
	time.Sleep(wait)
	rest, unknown := strings.CutPrefix(path[3], "unknown/")
	rest = strings.TrimPrefix(rest, "admin/")
	q := r.URL.Query()
	if rest == "clients" {
		total, _ := strconv.Atoi(path[2])
		offset, _ := strconv.Atoi(q.Get("offset") + q.Get("page_token"))
		if offset+500 < total {
			w.Header().Set("Link", fmt.Sprintf(`</clients?limit=500&offset=%d>; rel="next",</clients?limit=500&offset=%d>; rel="last"`, offset+500, (total-1)/500*500))
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("X-Total-Count", strconv.Itoa(total))
		_, _ = w.Write(page(min(offset, total), min(offset+500, total), unknown))
		return
	}
	e := recordings[rest+" "+q.Get("login_challenge")]
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
}

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
func PageOfClients() []byte { return page(0, 500, false) }

// clients are 500 recorded clients, from behind their IDs on.
var clients = func() (rest [500][]byte) {
	var objects []json.RawMessage
	if err := json.Unmarshal(recorded("listOAuth2Clients", "limit-1000-of-more").Response.Body, &objects); err != nil {
		log.Panic(err)
	}
	for i := range rest {
		_, rest[i], _ = bytes.Cut(bytes.TrimPrefix(objects[i], []byte(`{"client_id":"`)), []byte(`"`))
	}
	return rest
}()

// id is the ID of the n-th client: all are as long.
func id(n int) string { return fmt.Sprintf("client-%06d", n) }

// page is a page of recorded clients, with IDs from one number to another.
func page(from, to int, unknown bool) []byte {
	start := `{"client_id":"`
	if unknown {
		start = `{"require_pushed_authorization_requests":true,"dpop":{"bound":true},"client_id":"`
	}
	b := append(make([]byte, 0, 600<<10), '[')
	for i := from; i < to; i++ {
		b = append(append(append(append(b, start...), id(i)...), '"'), clients[i-from]...)
		b = append(b, ',')
	}
	return append(bytes.TrimSuffix(b, []byte(",")), "]\n"...)
}

// MemoryURL is the base URL of what Memory responds to.
const MemoryURL = "http://127.0.0.1:4445"

// Memory returns an HTTP client that responds without a network, for one goroutine.
func Memory() *http.Client { return &http.Client{Transport: memory{}} }

// memory does as little as it can: what it costs is part of what each client costs.
// Responses are made once, and their headers lent.
type memory map[target]response

type target struct{ path, query string }

type response struct {
	http.Response
	body []byte
}

func (m memory) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
		_ = r.Body.Close()
	}
	to := target{r.URL.Path, r.URL.RawQuery}
	said, ok := m[to]
	if !ok {
		w := httptest.NewRecorder()
		respond(w, httptest.NewRequestWithContext(r.Context(), r.Method, "/0s/20000"+r.URL.RequestURI(), http.NoBody))
		said = response{*w.Result(), w.Body.Bytes()}
		m[to] = said
	}
	reply := new(struct {
		http.Response
		body
	})
	reply.Reset(said.body)
	reply.Response = said.Response
	reply.Body, reply.Request = &reply.body, r
	return &reply.Response, nil
}

type body struct{ bytes.Reader }

func (*body) Close() error { return nil }
