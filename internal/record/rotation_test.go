//go:build live

package record

import (
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// rotation records the operations that only the version after the releases has.
func rotation(r *recorder) {
	ctx := r.Context()
	want := client.ErrNotSupported
	if r.Version.Name == fixture.Next {
		want = client.ErrNotFound
	}
	_, err := r.as("unknown").RotateOAuth2ClientSecret(ctx, "nobody")
	require.ErrorIs(r, err, want)
	_, err = r.as("unknown").DeleteRotatedOAuth2ClientSecrets(ctx, "nobody")
	require.ErrorIs(r, err, want)
	if r.Version.Name != fixture.Next {
		return
	}
	r.created(models.OAuth2Client{ClientID: "rotated", ClientSecret: secret})
	rotated, err := r.as("done").RotateOAuth2ClientSecret(ctx, "rotated")
	require.NoError(r, err)
	require.NotEmpty(r, rotated.ClientSecret)
	_, err = r.as("again").RotateOAuth2ClientSecret(ctx, "rotated")
	require.NoError(r, err)
	_, err = r.as("done").DeleteRotatedOAuth2ClientSecrets(ctx, "rotated")
	require.NoError(r, err)
	_, err = r.as("nothing-left").DeleteRotatedOAuth2ClientSecrets(ctx, "rotated")
	require.NoError(r, err)
}
