package client_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func TestARejectionHasAnErrorCode(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{"": "access_denied", "login_required": "login_required"} {
		hydra := clienttest.New(t, clienttest.V2)
		admin, body := hydra.Client(), models.RejectRequest{Error: given, ErrorDescription: "Not today."}
		_, err := admin.RejectLoginRequest(t.Context(), hydra.Open(clienttest.FreshLogin), body)
		require.NoError(t, err)
		_, err = admin.RejectConsentRequest(t.Context(), hydra.Open(clienttest.FreshConsent), body)
		require.NoError(t, err)
		for _, operation := range []string{"rejectLoginRequest", "rejectConsentRequest"} {
			hydra.WantBody(operation, models.RejectRequest{Error: want, ErrorDescription: "Not today."})
		}
		assert.Equal(t, given, body.Error, "that of the caller is as it was")
	}
}
