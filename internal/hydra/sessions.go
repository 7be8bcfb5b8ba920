package hydra

import (
	"context"
	"fmt"

	"github.com/hydra-sdk/hydra-admin-go/internal/database"
)

// The statements that copy the rows of a consent session in PostgreSQL. %[1]s is its
// subject, %[2]d the number of copies, and %[3]s the columns of the flows, of which some
// versions generate one.
const (
	copySessionV1 = `
INSERT INTO hydra_oauth2_consent_request
SELECT (jsonb_populate_record(r, jsonb_build_object('challenge', md5(r.challenge || i), 'verifier', md5(r.verifier || i)))).*
FROM hydra_oauth2_consent_request r, generate_series(1, %[2]d) i WHERE subject = '%[1]s';
INSERT INTO hydra_oauth2_consent_request_handled
SELECT (jsonb_populate_record(h, jsonb_build_object('challenge', md5(h.challenge || i), 'session_access_token', json_build_object('row', i)::text, 'requested_at', h.requested_at - i / 40 * interval '1 second'))).*
FROM hydra_oauth2_consent_request_handled h JOIN hydra_oauth2_consent_request USING (challenge), generate_series(1, %[2]d) i WHERE subject = '%[1]s' ORDER BY md5(i::text)`
	copySessionV2 = `
INSERT INTO hydra_oauth2_flow (%[3]s)
SELECT %[3]s FROM (SELECT (jsonb_populate_record(f, jsonb_build_object(
	'login_challenge', md5(f.login_challenge || i), 'login_verifier', md5(f.login_challenge || 'v' || i),
	'consent_challenge_id', md5(f.login_challenge || 'c' || i), 'consent_verifier', md5(f.login_challenge || 'w' || i),
	'consent_request_id', md5(f.login_challenge || 'c' || i), 'session_access_token', json_build_object('row', i), 'requested_at', requested_at - i / 40 * interval '1 second'))).*
FROM hydra_oauth2_flow f, generate_series(1, %[2]d) i WHERE subject = '%[1]s' ORDER BY md5(i::text)) copies`
	flowColumns = `SELECT string_agg(column_name, ', ') FROM information_schema.columns WHERE table_name = 'hydra_oauth2_flow' AND is_generated = 'NEVER'`
)

// CopyConsentSession copies the only consent session of a subject, which is much faster
// than granting more of them. 40 are of the same second each, and stored in any order. The
// access token of the i-th copy has the claim "row" with the number i. The server needs
// PostgreSQL.
func (s *Server) CopyConsentSession(ctx context.Context, subject string, copies int) error {
	if s.cfg.Database == nil || s.cfg.Database.Kind != database.Postgres {
		return fmt.Errorf("consent sessions can be copied in %s only", database.Postgres)
	}
	statements, columns := copySessionV1, ""
	if s.Version != V1 {
		var err error
		if columns, err = s.Query(ctx, flowColumns); err != nil {
			return err
		}
		statements = copySessionV2
	}
	_, err := s.Query(ctx, fmt.Sprintf(statements, subject, copies, columns))
	return err
}
