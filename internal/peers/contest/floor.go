package contest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/hydra-sdk/hydra-admin-go/models"
)

// The floor reads the same members as the models do, but with encoding/json: a type of
// another name has none of the methods.
type (
	// FloorClient is a client.
	FloorClient models.OAuth2Client
	// FloorConsent is a consent request.
	FloorConsent struct {
		floorConsent
		Client FloorClient `json:"client"`
	}
	floorConsent models.ConsentRequest
	floorToken   models.OAuth2TokenIntrospection
	floorLogin   struct {
		loginBody
		Context map[string]any `json:"context"`
	}
	loginBody  models.AcceptLoginRequest
	floorError struct {
		Name        string `json:"error"`
		Description string `json:"error_description"`
		RedirectTo  string `json:"redirect_to"`
		status      int
	}
)

func (e *floorError) Error() string { return fmt.Sprint(e.status, " ", e.Name) }

type floor struct {
	base string
	hc   *http.Client
}

func (f floor) call(ctx context.Context, method, path string, query url.Values, contentType string, body io.Reader, v any) error {
	req, err := http.NewRequestWithContext(ctx, method, f.base+path+"?"+query.Encode(), body)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "application/json")
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	resp, err := f.hc.Do(req)
	if err != nil {
		return err
	}
	defer func() {
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}()
	if resp.StatusCode != http.StatusOK {
		e := &floorError{status: resp.StatusCode}
		_ = json.NewDecoder(resp.Body).Decode(e)
		return e
	}
	return json.NewDecoder(resp.Body).Decode(v)
}

// Floor is what one would write by hand in an afternoon with net/http and
// encoding/json, without options, checks, retries or a timeout.
func Floor(base string, hc *http.Client) (Calls, error) {
	if hc == nil {
		hc = http.DefaultClient
	}
	f := floor{base, hc}
	return Calls{
		AcceptLogin: func(ctx context.Context) (Result, error) {
			b, err := json.Marshal(floorLogin{loginBody{Subject: Login.Subject, ACR: Login.ACR, AMR: Login.AMR, Remember: Login.Remember, RememberFor: Login.RememberFor}, Login.Context})
			if err != nil {
				return Result{}, err
			}
			var done struct {
				RedirectTo string `json:"redirect_to"`
			}
			err = f.call(ctx, http.MethodPut, "/oauth2/auth/requests/login/accept", url.Values{"login_challenge": {Challenge}}, "application/json", bytes.NewReader(b), &done)
			return Saw(0, done.RedirectTo), err
		},
		GetConsent: func(ctx context.Context) (Result, error) {
			var r FloorConsent
			err := f.call(ctx, http.MethodGet, "/oauth2/auth/requests/consent", url.Values{"consent_challenge": {Challenge}}, "", nil, &r)
			return Saw(len(r.RequestedScope), r.Subject, r.Client.ClientName, r.RequestURL), err
		},
		Introspect: func(ctx context.Context) (Result, error) {
			var t floorToken
			err := f.call(ctx, http.MethodPost, "/oauth2/introspect", nil, "application/x-www-form-urlencoded", strings.NewReader(url.Values{"token": {Token}}.Encode()), &t)
			return Saw(t.ExpiresAt, strconv.FormatBool(t.Active), t.Subject, t.Scope), err
		},
		GetLogin: func(ctx context.Context, challenge string) Result {
			var v struct{}
			err := f.call(ctx, http.MethodGet, "/oauth2/auth/requests/login", url.Values{"login_challenge": {challenge}}, "", nil, &v)
			if e, ok := err.(*floorError); ok { //nolint:errorlint // by hand one would
				return Saw(e.status, e.Description+e.RedirectTo)
			}
			return Result{}
		},
		ListPage: func(ctx context.Context, limit, offset int) ([]string, error) {
			var list []FloorClient
			err := f.call(ctx, http.MethodGet, "/clients", url.Values{"limit": {fmt.Sprint(limit)}, "offset": {fmt.Sprint(offset)}}, "", nil, &list)
			return IDs(list, func(c *FloorClient) string { return c.ClientID }), err
		},
	}, nil
}

// IDs returns the IDs of a list.
func IDs[T any](list []T, id func(*T) string) []string {
	ids := make([]string, len(list))
	for i := range list {
		ids[i] = id(&list[i])
	}
	return ids
}
