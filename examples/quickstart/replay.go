package main

import (
	"bufio"
	"cmp"
	"embed"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"sync"
)

// recordings holds the exchanges of this program with a real Hydra: one exchange a file,
// as raw HTTP, named status-number-operation.
//
//go:embed testdata
var recordings embed.FS

// recordedHosts are the admin and the public port of the recorded server.
var recordedHosts = [2]string{"127.0.0.1:4445", "127.0.0.1:4444"}

// A replay is a server. To the n-th request with a method and path it sends the n-th
// response that was recorded for them.
type replay struct {
	mu   sync.Mutex
	left map[string][]string // raw responses
}

// startReplay starts a server that replays the recordings of a version of Hydra.
func startReplay(version string) (*httptest.Server, error) {
	files, err := fs.Glob(recordings, "testdata/"+version+"/*.http")
	if err != nil {
		return nil, err
	}
	slices.SortFunc(files, func(a, b string) int { return cmp.Compare(number(a), number(b)) })
	r := &replay{left: make(map[string][]string)}
	for _, file := range files {
		exchange, err := recordings.ReadFile(file)
		if err != nil {
			return nil, err
		}
		request, response, _ := strings.Cut(string(exchange), "\nHTTP/1.1 ")
		line, _, _ := strings.Cut(request, " HTTP/1.1\n")
		route, _, _ := strings.Cut(line, "?")
		r.left[route] = append(r.left[route], "HTTP/1.1 "+response)
	}
	return httptest.NewServer(r), nil
}

// number returns the part of a file name that gives the order, such as 02-auth.http.
func number(file string) string {
	_, n, _ := strings.Cut(path.Base(file), "-")
	return n
}

// ServeHTTP replays the next response, with the host of this server in place of the
// recorded one.
func (r *replay) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	raw := r.next(req.Method + " " + req.URL.EscapedPath())
	if raw == "" {
		http.Error(w, "no recording is left", http.StatusNotImplemented)
		return
	}
	resp, err := http.ReadResponse(bufio.NewReader(strings.NewReader(raw)), req)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	defer resp.Body.Close() //nolint:errcheck // in memory
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	here := strings.NewReplacer(recordedHosts[0], req.Host, recordedHosts[1], req.Host)
	for key, values := range resp.Header {
		for _, v := range values {
			w.Header().Add(key, here.Replace(v))
		}
	}
	w.Header().Del("Content-Length") // another host may have another length
	w.WriteHeader(resp.StatusCode)
	_, _ = here.WriteString(w, string(body))
}

func (r *replay) next(route string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	left := r.left[route]
	if len(left) == 0 {
		return ""
	}
	r.left[route] = left[1:]
	return left[0]
}
