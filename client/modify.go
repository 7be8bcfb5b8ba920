package client

import (
	"context"

	"github.com/hydra-sdk/hydra-admin-go/models"
)

// ModifyOAuth2Client reads an OAuth 2.0 client, lets change edit it, and writes it
// back with [AdminAPI.UpdateOAuth2Client], which it returns the result of. Members
// that this package does not know are kept, and so is the secret unless change sets
// one. An error of change is returned as it is, and nothing is written. The options are
// those of both requests, and the timeout bounds both together, with change.
//
// Hydra has no way to write a client only if it is as it was read. If two programs
// modify a client at the same time, the last write wins, and the edit of the other is lost
// without an error. With [AdminAPI.PatchOAuth2Client] that is less likely, and possible.
//
// Hydra makes the registration access token of the client invalid, which a patch does not.
//
// Errors: those of [AdminAPI.GetOAuth2Client] and [AdminAPI.UpdateOAuth2Client];
// [ErrInvalidArgument] if change is nil or sets another ClientID, which Hydra
// would ignore.
func (a *AdminAPI) ModifyOAuth2Client(ctx context.Context, id string, change func(*models.OAuth2Client) error, opts ...Option) (*models.OAuth2Client, error) {
	refuse := func(arg, reason string) (*models.OAuth2Client, error) {
		return nil, &ArgumentError{Operation: Operation{ID: "modifyOAuth2Client"}, Argument: arg, Reason: reason}
	}
	if change == nil {
		return refuse("change", "is nil")
	}
	if cfg, err := a.cfg().with(opts); err == nil && ctx != nil { // else the read refuses it
		var cancel context.CancelFunc
		ctx, cancel = until(ctx, cfg.end())
		defer cancel()
	}
	c, err := a.GetOAuth2Client(ctx, id, opts...)
	if err != nil {
		return nil, err
	}
	read := c.ClientID // a database may find it without regard to case
	if err := change(c); err != nil {
		return nil, err
	}
	if c.ClientID != read {
		return refuse("change", "sets another ClientID: Hydra would ignore that")
	}
	return a.UpdateOAuth2Client(ctx, id, *c, opts...)
}
