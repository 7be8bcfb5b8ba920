package login

import (
	"context"
	"errors"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
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

func newProvider(hydra Hydra, publicURL string, log *slog.Logger) http.Handler {
	p := &Provider{Hydra: hydra, PublicURL: publicURL, Users: alice{}, Scopes: []string{"openid", "read"}, Log: log}
	return p.Handler()
}

func onMock(m *mock) http.Handler {
	return newProvider(m, "http://hydra", slog.New(slog.DiscardHandler))
}

func get(h http.Handler, target string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, target, nil))
	return w
}

// submit sends the form of the login page. Header are pairs of names and values.
func submit(h http.Handler, header ...string) *httptest.ResponseRecorder {
	form := url.Values{"login_challenge": {"c"}, "name": {"alice"}, "password": {"secret"}}
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/login", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	h.ServeHTTP(w, r)
	return w
}

var refresh = regexp.MustCompile(`http-equiv="refresh" content="0;url=([^"]+)"`)

// location is where the page after a form leads to.
func location(w *httptest.ResponseRecorder) string {
	if found := refresh.FindStringSubmatch(w.Body.String()); found != nil {
		return html.UnescapeString(found[1])
	}
	return w.Header().Get("Location")
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
	w := get(onMock(m), "/login?login_challenge=c")
	assert.Equal(t, "http://hydra/next", w.Header().Get("Location"))
	assert.Equal(t, models.AcceptLoginRequest{Subject: "alice"}, accepted)
}

// The errors of the SDK can be made by hand.
func TestErrors(t *testing.T) {
	t.Parallel()
	handled := &client.RequestWasHandledError{}
	handled.RedirectTo = "http://hydra/oauth2/auth?client_id=app"
	for _, tt := range []struct {
		err    error
		status int
	}{
		{handled, http.StatusSeeOther},
		{&url.Error{Op: "Get", Err: handled}, http.StatusSeeOther},
		{client.ErrNotFound, http.StatusNotFound},
		{&client.Error{StatusCode: 404}, http.StatusNotFound},
		{errors.Join(client.ErrNotFound, client.ErrWrongBaseURL), http.StatusServiceUnavailable},
		{client.ErrChallengeExpired, http.StatusGone},
		{&client.ArgumentError{Argument: "challenge"}, http.StatusNotFound},
		{&client.ArgumentError{Argument: "body"}, http.StatusServiceUnavailable},
		{client.ErrUnauthorized, http.StatusServiceUnavailable},
		{&client.Error{StatusCode: 500}, http.StatusServiceUnavailable},
		{context.DeadlineExceeded, http.StatusServiceUnavailable},
	} {
		w := get(onMock(&mock{loginErr: tt.err}), "/login?login_challenge=c")
		assert.Equal(t, tt.status, w.Code, "%T: %v", tt.err, tt.err)
		assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
		assert.NotContains(t, w.Body.String(), "<form")
	}
}

func TestALostResponseStartsOverOnce(t *testing.T) {
	t.Parallel()
	for _, lost := range []error{client.ErrResponseLost, client.ErrConflict} {
		m := &mock{login: models.LoginRequest{Challenge: "c", RequestURL: "http://hydra/oauth2/auth?client_id=app"}}
		m.accept = func(string, models.AcceptLoginRequest) (*models.CompletedRequest, error) { return nil, lost }
		w := submit(onMock(m))
		require.Equal(t, http.StatusOK, w.Code)
		to := location(w)
		require.Contains(t, to, m.login.RequestURL+"&again=", "not the URL in the cache")

		m.login.RequestURL = to
		w = submit(onMock(m))
		assert.GreaterOrEqual(t, w.Code, http.StatusBadRequest, "it would go in a circle")
		assert.Empty(t, location(w))
	}
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	m := &mock{login: models.LoginRequest{Challenge: "c"}} // an accept would panic
	assert.Equal(t, http.StatusForbidden, submit(onMock(m), "Sec-Fetch-Site", "cross-site").Code)
	assert.Equal(t, http.StatusForbidden, submit(onMock(m), "Origin", "https://evil.example.com").Code)
}
