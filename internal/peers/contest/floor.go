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
	floorError   struct {
		Description string `json:"error_description"`
		RedirectTo  string `json:"redirect_to"`
		status      int
	}
)

func (e *floorError) Error() string { return fmt.Sprint(e.status, " ", e.Description) }

// Floor is what one would write by hand in an afternoon with net/http and
// encoding/json, without options, checks, retries or a timeout.
func Floor(base string, hc *http.Client) (Calls, error) {
	if hc == nil {
		hc = http.DefaultClient
	}
	call := func(ctx context.Context, method, path string, query url.Values, contentType string, body io.Reader, v any) error {
		req, err := http.NewRequestWithContext(ctx, method, base+path+"?"+query.Encode(), body)
		if err != nil {
			return err
		}
		req.Header.Set("Accept", "application/json")
		if contentType != "" {
			req.Header.Set("Content-Type", contentType)
		}
		resp, err := hc.Do(req)
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
	get := func(ctx context.Context, path string, query url.Values, v any) error {
		return call(ctx, http.MethodGet, path, query, "", nil, v)
	}
	return Calls{
		AcceptLogin: func(ctx context.Context) (Result, error) {
			b, err := json.Marshal(Login)
			if err != nil {
				return Result{}, err
			}
			var done struct {
				RedirectTo string `json:"redirect_to"`
			}
			err = call(ctx, http.MethodPut, "/oauth2/auth/requests/login/accept", url.Values{"login_challenge": {Challenge}}, "application/json", bytes.NewReader(b), &done)
			return Result{0, [3]string{done.RedirectTo}}, err
		},
		GetConsent: func(ctx context.Context) (Result, error) {
			var c FloorConsent
			err := get(ctx, "/oauth2/auth/requests/consent", url.Values{"consent_challenge": {Challenge}}, &c)
			return Result{int64(len(c.RequestedScope)), [3]string{c.Subject, c.Client.ClientName, c.RequestURL}}, err
		},
		Introspect: func(ctx context.Context) (Result, error) {
			var t floorToken
			err := call(ctx, http.MethodPost, "/oauth2/introspect", nil, "application/x-www-form-urlencoded", strings.NewReader(url.Values{"token": {Token}}.Encode()), &t)
			return Result{t.ExpiresAt, [3]string{strconv.FormatBool(t.Active), t.Subject, t.Scope}}, err
		},
		GetLogin: func(ctx context.Context, challenge string) Result {
			err := get(ctx, "/oauth2/auth/requests/login", url.Values{"login_challenge": {challenge}}, &struct{}{})
			if e, ok := err.(*floorError); ok { //nolint:errorlint // by hand one would
				return Result{int64(e.status), [3]string{e.Description + e.RedirectTo}}
			}
			return Result{}
		},
		ListPage: func(ctx context.Context, limit, offset int, visit func(string)) error {
			var list []FloorClient
			err := get(ctx, "/clients", url.Values{"limit": {strconv.Itoa(limit)}, "offset": {strconv.Itoa(offset)}}, &list)
			for i := range list {
				visit(list[i].ClientID)
			}
			return err
		},
	}, nil
}
