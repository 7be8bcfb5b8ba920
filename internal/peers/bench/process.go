package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/hydra-sdk/hydra-admin-go/internal/peers/contest"
)

// A process is a contender at work, or the server.
type process struct {
	name string
	in   io.WriteCloser
	out  *bufio.Reader
	cmd  *exec.Cmd
}

func start(name string, args ...string) (*process, error) {
	cmd := exec.Command(args[0], args[1:]...) //nolint:gosec,noctx // a program that was just built
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &process{name: name, in: in, out: bufio.NewReader(out), cmd: cmd}, nil
}

// do gives the contender a job and waits for its result.
func (p *process) do(job contest.Job) (contest.Result, error) {
	var result contest.Result
	if err := json.NewEncoder(p.in).Encode(job); err != nil {
		return result, err
	}
	line, err := p.out.ReadBytes('\n')
	if err != nil {
		return result, fmt.Errorf("%s, %s: %w", p.name, job, err)
	}
	if err := json.Unmarshal(line, &result); err != nil {
		return result, err
	}
	if result.Error != "" {
		return result, fmt.Errorf("%s, %s: %s", p.name, job, result.Error)
	}
	return result, nil
}

// stop ends the process, which ends itself with its input.
func (p *process) stop() {
	_ = p.in.Close()
	_, _ = io.Copy(io.Discard, p.out)
	_ = p.cmd.Wait()
}

// A field is all that take part.
type field struct {
	contenders []*process
	server     *process
	url        string
}

// gather builds and starts the contenders and the server.
func gather(dir string, names []string) (*field, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	f := &field{}
	if f.server, err = start("server", self, "-serve"); err != nil {
		return nil, err
	}
	url, err := f.server.out.ReadString('\n')
	if err != nil {
		return nil, err
	}
	f.url = strings.TrimSpace(url)
	for _, name := range names {
		args := []string{self, "-contender", name}
		if _, ok := makers[name]; !ok {
			program := filepath.Join(dir, "v1106")
			if err := build("../v1106", program, "./contender"); err != nil {
				return nil, err
			}
			args = []string{program}
		}
		p, err := start(name, args...)
		if err != nil {
			return nil, err
		}
		f.contenders = append(f.contenders, p)
	}
	return f, nil
}

func (f *field) stop() {
	for _, p := range append(f.contenders, f.server) {
		p.stop()
	}
}

// base is the URL of a server that waits before it answers and has so many clients.
func (f *field) base(wait string, clients int) string {
	return fmt.Sprintf("%s/%s/%d", f.url, wait, clients)
}

// seen is how many connections and requests the server has seen.
func (f *field) seen() (connections, requests int, err error) {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, f.url+"/seen", http.NoBody)
	if err != nil {
		return 0, 0, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, 0, err
	}
	defer resp.Body.Close() //nolint:errcheck // it was read
	_, err = fmt.Fscan(resp.Body, &connections, &requests)
	return connections, requests, err
}

// build builds a package of the module in dir.
func build(dir, program, pkg string, flags ...string) error {
	abs, err := filepath.Abs(program)
	if err != nil {
		return err
	}
	cmd := exec.Command("go", append(append([]string{"build", "-o", abs}, flags...), pkg)...) //nolint:gosec,noctx // of this repository
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return errors.Join(fmt.Errorf("%s", out), err)
	}
	return nil
}
