package login

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// mock is a Hydra of which a test sets what it needs. Any other call panics.
type mock struct {
	Hydra

	login    models.LoginRequest
	loginErr error
	accept   func(challenge string, body models.AcceptLoginRequest) (*models.CompletedRequest, error)
}

func (m *mock) GetLoginRequest(context.Context, string, ...client.Option) (*models.LoginRequest, error) {
	return &m.login, m.loginErr
}

func (m *mock) AcceptLoginRequest(_ context.Context, challenge string, body models.AcceptLoginRequest, _ ...client.Option) (*models.CompletedRequest, error) {
	return m.accept(challenge, body)
}

// alice is the only user.
type alice struct{}

func (alice) Check(_ context.Context, name, password string) (*User, error) {
	switch {
	case name == "outage":
		return nil, errors.New("the directory is away")
	case name != "alice" || password != "secret":
		return nil, nil
	}
	return &User{ID: "alice", Claims: map[string]models.Claims{"openid": {"name": "Alice"}, "offline": {"no": true}}}, nil
}

func (a alice) Find(ctx context.Context, id string) (*User, error) { return a.Check(ctx, id, "secret") }

func newProvider(hydra Hydra) http.Handler {
	p := &Provider{Hydra: hydra, Users: alice{}, Scopes: []string{"openid", "read"}, Log: slog.New(slog.DiscardHandler)}
	return p.Handler()
}

func get(h http.Handler, target string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, target, nil))
	return w
}

// submit sends the form of the login page. Form are pairs of names and values.
func submit(h http.Handler, form ...string) *httptest.ResponseRecorder {
	values := make(url.Values)
	for i := 0; i < len(form); i += 2 {
		values.Set(form[i], form[i+1])
	}
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/login", strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	h.ServeHTTP(w, r)
	return w
}

// requireRestart requires a redirect to a URL, in a form that no browser has in its cache.
func requireRestart(t *testing.T, to string, w *httptest.ResponseRecorder) {
	t.Helper()
	require.Equal(t, http.StatusSeeOther, w.Code)
	location, err := url.Parse(w.Header().Get("Location"))
	require.NoError(t, err)
	query := location.Query()
	require.NotEmpty(t, query.Get("again"))
	query.Del("again")
	location.RawQuery = query.Encode()
	assert.Equal(t, to, location.String())
}

func TestRememberedUsersAreNotAsked(t *testing.T) {
	t.Parallel()
	var accepted models.AcceptLoginRequest
	m := &mock{login: models.LoginRequest{Challenge: "c", Skip: true, Subject: "alice"}}
	m.accept = func(challenge string, body models.AcceptLoginRequest) (*models.CompletedRequest, error) {
		assert.Equal(t, "c", challenge)
		accepted = body
		return &models.CompletedRequest{RedirectTo: "http://hydra/next"}, nil
	}
	w := get(newProvider(m), "/login?login_challenge=c")
	assert.Equal(t, "http://hydra/next", w.Header().Get("Location"))
	assert.Equal(t, models.AcceptLoginRequest{Subject: "alice"}, accepted)
}

// The errors of the SDK can be made by hand.
func TestErrors(t *testing.T) {
	t.Parallel()
	gone := &client.RequestWasHandledError{}
	gone.RedirectTo = "http://hydra/oauth2/auth?client_id=app"
	w := get(newProvider(&mock{loginErr: gone}), "/login?login_challenge=c")
	requireRestart(t, gone.RedirectTo, w)

	for err, status := range map[error]int{
		client.ErrNotFound:                  http.StatusBadRequest,
		client.ErrChallengeExpired:          http.StatusBadRequest,
		&client.ArgumentError{}:             http.StatusBadRequest,
		client.ErrUnauthorized:              http.StatusBadGateway,
		&client.Error{StatusCode: 500}:      http.StatusBadGateway,
		&client.Error{StatusCode: 404}:      http.StatusBadRequest,
		context.DeadlineExceeded:            http.StatusBadGateway,
		&url.Error{Op: "Get", Err: gone}:    http.StatusSeeOther,
		errors.Join(client.ErrWrongBaseURL): http.StatusBadGateway,
	} {
		assert.Equal(t, status, get(newProvider(&mock{loginErr: err}), "/login?login_challenge=c").Code, "%T: %v", err, err)
	}

	for _, lost := range []error{client.ErrResponseLost, client.ErrConflict} {
		m := &mock{login: models.LoginRequest{Challenge: "c", RequestURL: "http://hydra/oauth2/auth?client_id=app"}}
		m.accept = func(string, models.AcceptLoginRequest) (*models.CompletedRequest, error) { return nil, lost }
		requireRestart(t, m.login.RequestURL, submit(newProvider(m), "challenge", "c", "name", "alice", "password", "secret"))
	}
}
