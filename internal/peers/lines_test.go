package peers

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// TestLinesOfMethods makes each call that docs/production.md says has several lines.
func TestLinesOfMethods(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		version clienttest.Version
		serve   map[string][]clienttest.Response
		call    func(ctx context.Context, admin *client.AdminAPI) error
		want    []string
	}{
		"a client that is modified": {
			version: clienttest.V26,
			serve: map[string][]clienttest.Response{
				"getOAuth2Client":    {clienttest.Recorded("200-full")},
				"updateOAuth2Client": {clienttest.Recorded("200-read-and-written-back")},
			},
			call: func(ctx context.Context, admin *client.AdminAPI) error {
				return renameClient(ctx, admin, "full", "New name")
			},
			want: []string{"getOAuth2Client", "updateOAuth2Client"},
		},
		"the pages of an iterator": {
			version: clienttest.V1,
			serve:   map[string][]clienttest.Response{"listOAuth2Clients": {clienttest.Recorded("200-limit-2-offset-4"), clienttest.Recorded("200-limit-2-offset-6")}},
			call: func(ctx context.Context, admin *client.AdminAPI) error {
				for _, err := range admin.AllOAuth2Clients(ctx, client.ListOAuth2ClientsParams{Limit: 2, Offset: 4}) {
					if err != nil {
						return err
					}
				}
				return nil
			},
			want: []string{"listOAuth2Clients", "listOAuth2Clients"},
		},
		"an empty page of consent sessions": {
			version: clienttest.V2,
			serve:   map[string][]clienttest.Response{"listSubjectConsentSessions": {clienttest.EmptyList}, "listOAuth2Clients": {clienttest.Recorded("200-limit-2-offset-0")}},
			call: func(ctx context.Context, admin *client.AdminAPI) error {
				return second(admin.ListSubjectConsentSessions(ctx, subject, client.ListSubjectConsentSessionsParams{Limit: 5}))
			},
			want: []string{"listSubjectConsentSessions", "listOAuth2Clients", "listSubjectConsentSessions", "listSubjectConsentSessions"},
		},
		"an offset": {
			version: clienttest.V1,
			serve:   map[string][]clienttest.Response{"listTrustedJwtGrantIssuers": {clienttest.Recorded("200-limit-2-offset-2")}, "listOAuth2Clients": {clienttest.Recorded("200-limit-2-offset-0")}},
			call: func(ctx context.Context, admin *client.AdminAPI) error {
				return second(admin.ListTrustedJWTGrantIssuers(ctx, client.ListTrustedJWTGrantIssuersParams{Limit: 2, Offset: 2}))
			},
			want: []string{"listOAuth2Clients", "listTrustedJwtGrantIssuers"},
		},
		"an operation that the server does not have": {
			version: clienttest.V2,
			serve: map[string][]clienttest.Response{
				"flushInactiveOAuth2Tokens": {clienttest.Handler(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "404 page not found", http.StatusNotFound) })},
				"listOAuth2Clients":         {clienttest.Recorded("200-all")},
			},
			call: func(ctx context.Context, admin *client.AdminAPI) error {
				err := admin.FlushInactiveOAuth2Tokens(ctx, models.FlushInactiveOAuth2TokensRequest{NotAfter: expiresAt})
				assert.ErrorIs(t, err, client.ErrNotSupported)
				return nil
			},
			want: []string{"listOAuth2Clients", "flushInactiveOAuth2Tokens"},
		},
		"a patch that the server does not make": {
			version: clienttest.V2,
			serve:   map[string][]clienttest.Response{"patchOAuth2Client": {clienttest.Recorded("500-test")}, "listOAuth2Clients": {clienttest.Recorded("200-limit-2-offset-0")}},
			call: func(ctx context.Context, admin *client.AdminAPI) error {
				_, err := admin.PatchOAuth2Client(ctx, clientID, []models.PatchDocument{models.PatchTest("/owner", "x")})
				assert.ErrorIs(t, err, client.ErrNotSupported)
				return nil
			},
			want: []string{"listOAuth2Clients", "patchOAuth2Client"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hydra := clienttest.New(t, tt.version)
			for operation, responses := range tt.serve {
				hydra.Respond(operation, responses...)
			}
			var log bytes.Buffer
			admin := hydra.Client(client.WithLogger(slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))))
			require.NoError(t, tt.call(t.Context(), admin))
			var lines []string
			for d := json.NewDecoder(&log); d.More(); {
				var line struct{ Operation string }
				require.NoError(t, d.Decode(&line))
				lines = append(lines, line.Operation)
			}
			assert.Equal(t, tt.want, lines)
		})
	}
}
