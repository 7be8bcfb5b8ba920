// Package controller keeps the OAuth 2.0 clients of Hydra in step with declarations, as an
// operator for Kubernetes does: it creates, adopts, updates and deletes them, and may be
// stopped anywhere. Its caller reads the declarations and keeps the secrets.
package controller

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// ErrNotOwned says that a client of this ID exists and is not the controller's.
var ErrNotOwned = errors.New("the client belongs to somebody else")

// errUpToDate ends a modification that has nothing to write.
var errUpToDate = errors.New("nothing to write")

// A Declaration says how a client is to be.
type Declaration struct {
	// Client has the ID, and the members that are declared. Those that are zero are left
	// as they are, and so are those without a field. Owner and ClientSecret are the
	// controller's. Lifespans are to be written as time.Duration.String does, as Hydra
	// returns them: another spelling would be written again in each round.
	Client models.OAuth2Client
	// Adopt takes over a client that exists and has no owner. Its secret becomes that of
	// the vault, or else a new one.
	Adopt bool
}

// Credentials are what an app needs to know of its client.
type Credentials struct {
	ClientID, ClientSecret string
	// Pending says that Hydra may not have the secret yet: apps wait.
	Pending bool
}

// A Vault keeps credentials by the ID of their client.
type Vault interface {
	Load(ctx context.Context, id string) (c Credentials, found bool, err error)
	Store(ctx context.Context, c Credentials) error
	Remove(ctx context.Context, id string) error
}

// A Controller is the owner of some clients.
type Controller struct {
	Admin *client.AdminAPI
	Vault Vault
	// Owner is written into each client, and tells those of this controller from others.
	Owner string
}

// Run reconciles at each tick, and reports what went wrong, until ctx is done. Where the
// declarations cannot be read it does nothing: none at all would delete all clients.
func (c *Controller) Run(ctx context.Context, ticks <-chan time.Time, read func(context.Context) ([]Declaration, error), report func(error)) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks:
			declared, err := read(ctx)
			if err == nil {
				err = c.Reconcile(ctx, declared)
			}
			if err != nil {
				report(err)
			}
		}
	}
}

// Reconcile makes the clients what they are declared to be, and deletes those of this owner
// that are not declared. A failure of one does not keep it from the others. It writes
// nothing where there is nothing to change, and after a failure it may be called again.
func (c *Controller) Reconcile(ctx context.Context, declared []Declaration) error {
	if c.Owner == "" { // a filter by it would list the clients of all others, to be deleted
		return errors.New("the controller has no owner")
	}
	var failed []error
	wanted := make(map[string]bool)
	for _, d := range declared {
		wanted[d.Client.ClientID] = true
		if err := c.ensure(ctx, d); err != nil {
			failed = append(failed, fmt.Errorf("client %q: %w", d.Client.ClientID, err))
		}
	}
	return errors.Join(append(failed, c.prune(ctx, wanted))...)
}

func (c *Controller) ensure(ctx context.Context, d Declaration) error {
	want := d.Client
	want.Owner = c.Owner
	if want.ClientID == "" {
		return errors.New("the declaration has no ID")
	}
	credentials, err := c.credentials(ctx, want)
	if err != nil {
		return err
	}
	want.ClientSecret = ""
	if credentials.Pending {
		want.ClientSecret = credentials.ClientSecret
	}
	_, err = c.Admin.ModifyOAuth2Client(ctx, want.ClientID, func(have *models.OAuth2Client) error {
		if have.Owner != c.Owner && (have.Owner != "" || !d.Adopt) {
			return ErrNotOwned
		}
		if have.Owner != c.Owner {
			want.ClientSecret = credentials.ClientSecret
		}
		return merge(have, want)
	})
	if missing(err) {
		want.ClientSecret = credentials.ClientSecret
		// If the response is lost, or if somebody is faster, the next round finds the client.
		_, err = c.Admin.CreateOAuth2Client(ctx, want)
	}
	if err != nil && !errors.Is(err, errUpToDate) {
		return err
	}
	if credentials.Pending {
		credentials.Pending = false
		return c.Vault.Store(ctx, credentials)
	}
	return nil
}

// credentials returns those of a client. New ones are stored before Hydra gets them: a
// secret that only a lost response had would be lost.
func (c *Controller) credentials(ctx context.Context, want models.OAuth2Client) (Credentials, error) {
	if m := want.TokenEndpointAuthMethod; m == "none" || m == "private_key_jwt" {
		return Credentials{ClientID: want.ClientID}, nil
	}
	credentials, found, err := c.Vault.Load(ctx, want.ClientID)
	if err != nil || found {
		return credentials, err
	}
	credentials = Credentials{ClientID: want.ClientID, ClientSecret: rand.Text(), Pending: true}
	return credentials, c.Vault.Store(ctx, credentials)
}

// merge writes the members that want declares into have, each as a whole.
func merge(have *models.OAuth2Client, want models.OAuth2Client) error {
	before, err := json.Marshal(have)
	if err != nil {
		return err
	}
	want.AdditionalProperties = nil
	from, to := reflect.ValueOf(want), reflect.ValueOf(have).Elem()
	for i := range from.NumField() {
		if !from.Field(i).IsZero() {
			to.Field(i).Set(from.Field(i))
		}
	}
	// As JSON, the same metadata is equal also if it is written with other spaces.
	after, err := json.Marshal(have)
	if err == nil && bytes.Equal(before, after) {
		return errUpToDate
	}
	return err
}

// prune deletes the clients of this owner that are not wanted.
func (c *Controller) prune(ctx context.Context, wanted map[string]bool) error {
	var ids []string // a deletion would move the pages that are still to come
	for have, err := range c.Admin.AllOAuth2Clients(ctx, client.ListOAuth2ClientsParams{Owner: c.Owner}) {
		if err != nil {
			return fmt.Errorf("listing the clients: %w", err)
		}
		if have.Owner == c.Owner && !wanted[have.ClientID] {
			ids = append(ids, have.ClientID)
		}
	}
	var failed []error
	for _, id := range ids {
		err := c.Admin.DeleteOAuth2Client(ctx, id)
		if err == nil || missing(err) {
			err = c.Vault.Remove(ctx, id)
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("deleting client %q: %w", id, err))
		}
	}
	return errors.Join(failed...)
}

// missing reports whether Hydra itself says that there is no such client. A proxy without
// a route sends 404 as well.
func missing(err error) bool {
	return errors.Is(err, client.ErrNotFound) && !errors.Is(err, client.ErrWrongBaseURL)
}
