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
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
)

// The recorded answers, by the operation and what its challenge says.
var (
	accepted   = recorded("acceptLoginRequest", "everything")
	consented  = recorded("getConsentRequest", "fresh") // v1.11.8 cannot read one with an id_token_hint
	introspect = recorded("introspectOAuth2Token", "client-credentials")
	unknown    = recorded("getLoginRequest", "unknown")
	handled    = recorded("getLoginRequest", "handled")
	clients    = cut(recorded("listOAuth2Clients", "limit-1000-of-more").Response.Body)
)

func recorded(group, name string) *fixture.Exchange {
	exchanges, err := fixture.Load("v1.11.10", group)
	for _, e := range exchanges {
		if e.Case == name {
			return e
		}
	}
	log.Panicf("%s/%s is not recorded: %v", group, name, err)
	return nil
}

// want is what the recorded answers say.
var want = func() (w struct {
	redirectTo, text404, text410 string
	consent                      Consent
	token                        Token
}) {
	read := func(e *fixture.Exchange, v any) {
		if err := json.Unmarshal(e.Response.Body, v); err != nil {
			log.Panic(err)
		}
	}
	var done, gone struct {
		RedirectTo string `json:"redirect_to"`
	}
	read(accepted, &done)
	read(handled, &gone)
	w.redirectTo, w.text410 = done.RedirectTo, gone.RedirectTo
	var missing struct {
		Description string `json:"error_description"`
	}
	read(unknown, &missing)
	w.text404 = missing.Description
	var c struct {
		Subject    string   `json:"subject"`
		RequestURL string   `json:"request_url"`
		Scope      []string `json:"requested_scope"`
		Client     struct {
			Name string `json:"client_name"`
		} `json:"client"`
	}
	read(consented, &c)
	w.consent = Consent{Subject: c.Subject, ClientName: c.Client.Name, RequestURL: c.RequestURL, Scopes: len(c.Scope)}
	var t struct {
		Active    bool   `json:"active"`
		Subject   string `json:"sub"`
		Scope     string `json:"scope"`
		ExpiresAt int64  `json:"exp"`
	}
	read(introspect, &t)
	w.token = Token{Active: t.Active, Subject: t.Subject, Scope: t.Scope, ExpiresAt: t.ExpiresAt}
	return w
}()

// id is the ID of the n-th client: all are as long.
func id(n int) string { return fmt.Sprintf("client-%06d", n) }

// cut takes a recorded page apart into what stands between the IDs of its clients.
func cut(page []byte) (between [][]byte) {
	var objects []map[string]json.RawMessage
	if err := json.Unmarshal(page, &objects); err != nil {
		log.Panic(err)
	}
	const name = `"client_id":"`
	for rest := page; ; {
		before, after, found := bytes.Cut(rest, []byte(name))
		if !found {
			between = append(between, before)
			break
		}
		_, rest, _ = bytes.Cut(after, []byte(`"`))
		between = append(between, append(slices.Clip(before), name...))
	}
	if len(between) != 501 || len(objects) != 500 {
		log.Panicf("the recorded page has %d clients", len(objects))
	}
	return between
}

// page is a recorded page with the clients from offset to to.
func page(offset, to int) []byte {
	b := make([]byte, 0, 600<<10)
	for i := offset; i < to; i++ {
		b = append(append(append(b, clients[i-offset]...), id(i)...), '"')
	}
	if len(b) == 0 {
		return []byte("[]")
	}
	if to-offset == 500 {
		return append(b, clients[500]...)
	}
	// The start of the next client goes.
	b = append(b, clients[to-offset]...)
	return append(b[:bytes.LastIndexByte(b, '{')-1], ']')
}

// PageOfClients is the recorded page of 500 clients.
func PageOfClients() []byte { return page(0, 500) }

// ConsentRequest is a recorded consent request.
func ConsentRequest() []byte { return consented.Response.Body }

// An answer is what the server of the contest says.
type answer struct {
	status int
	header http.Header
	body   []byte
	wait   time.Duration
}

func replay(e *fixture.Exchange) answer {
	return answer{status: e.Status, header: e.Response.Header, body: e.Response.Body}
}

// respond answers a request of any of the clients: those of Hydra v2 put /admin in
// front of all paths and a page_token in place of the offset.
func respond(r *http.Request, total int) answer {
	q := r.URL.Query()
	switch strings.TrimPrefix(r.URL.Path, "/admin") {
	case "/oauth2/auth/requests/login/accept":
		return replay(accepted)
	case "/oauth2/auth/requests/consent":
		return replay(consented)
	case "/oauth2/introspect":
		return replay(introspect)
	case "/oauth2/auth/requests/login":
		if q.Get("login_challenge") == "handled" {
			return replay(handled)
		}
		return replay(unknown)
	case "/clients":
		offset, _ := strconv.Atoi(q.Get("offset") + q.Get("page_token"))
		h := http.Header{"Content-Type": {"application/json; charset=utf-8"}, "X-Total-Count": {strconv.Itoa(total)}}
		if offset+500 < total {
			h.Set("Link", fmt.Sprintf(`</clients?limit=500&offset=%d>; rel="next",</clients?limit=500&offset=%d>; rel="last"`, offset+500, (total-1)/500*500))
		}
		return answer{status: http.StatusOK, header: h, body: page(min(offset, total), min(offset+500, total))}
	}
	return answer{status: http.StatusNotImplemented}
}

// memory answers without a network, and does as little as it can besides: what it costs
// is part of what each client costs. Answers are made once, and their headers lent.
type memory map[target]answer

type target struct{ path, query string }

func (m memory) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
		_ = r.Body.Close()
	}
	to := target{r.URL.Path, r.URL.RawQuery}
	a, ok := m[to]
	if !ok {
		a = respond(r, 20_000)
		m[to] = a
	}
	reply := new(struct {
		http.Response
		body
	})
	reply.Reset(a.body)
	reply.Response = http.Response{
		Status: http.StatusText(a.status), StatusCode: a.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.header, ContentLength: int64(len(a.body)), Body: &reply.body, Request: r,
	}
	if len(a.body) >= 2<<10 {
		reply.ContentLength = -1 // Hydra sends these in chunks
	}
	return &reply.Response, nil
}

type body struct{ bytes.Reader }

func (*body) Close() error { return nil }

// A Server answers on loopback, after a while if the path starts with one, as in
// /20ms/clients, and with so many clients if it goes on with a number.
type Server struct {
	URL string
	// Connections and Requests were seen so far.
	Connections, Requests atomic.Int64

	server   *http.Server
	listener net.Listener
	answers  sync.Map // by their target, but for lists, which are many
}

// Serve starts a server.
func Serve() (*Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it ends with Close
	if err != nil {
		return nil, err
	}
	s := &Server{URL: "http://" + listener.Addr().String(), listener: listener}
	s.server = &http.Server{
		Handler: http.HandlerFunc(s.serve), ReadHeaderTimeout: time.Minute, ErrorLog: log.New(io.Discard, "", 0),
		ConnState: func(_ net.Conn, state http.ConnState) {
			if state == http.StateNew {
				s.Connections.Add(1)
			}
		},
	}
	go s.server.Serve(listener) //nolint:errcheck // Close ends it
	return s, nil
}

// Close ends the server.
func (s *Server) Close() { _ = s.server.Close() }

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	if r.URL.Path == "/seen" {
		_, _ = fmt.Fprint(w, s.Connections.Load(), " ", s.Requests.Load())
		return
	}
	s.Requests.Add(1)
	a, ok := s.answer(r)
	if !ok {
		http.NotFound(w, r)
		return
	}
	if a.wait > 0 {
		time.Sleep(a.wait)
	}
	maps.Copy(w.Header(), a.header)
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

// answer returns what is to be said to r. It remembers that, since what the server
// takes is taken from the client.
func (s *Server) answer(r *http.Request) (a answer, ok bool) {
	to := target{r.URL.Path, r.URL.RawQuery}
	if a, ok := s.answers.Load(to); ok {
		return a.(answer), true //nolint:forcetypeassert // nothing else is stored
	}
	wait, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	count, rest, _ := strings.Cut(rest, "/")
	total, errCount := strconv.Atoi(count)
	d, errWait := time.ParseDuration(wait)
	if errCount != nil || errWait != nil {
		return a, false
	}
	r.URL.Path = "/" + rest
	a = respond(r, total)
	a.wait, a.header = d, a.header.Clone()
	if len(a.body) >= 2<<10 {
		a.header.Del("Content-Length") // Hydra sends these in chunks
	}
	if rest != "clients" {
		s.answers.Store(to, a)
	}
	return a, true
}
