package moderation

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"
	"github.com/pquerna/otp"

	"plenum/models"
	"plenum/moderation/internal/keys"
)

// Security is what a moderator has of ways in.
type Security struct {
	HasTOTP   bool
	Passkeys  []models.Passkey
	Offered   *otp.Key // waits for its first code; nil: none does
	CodesLeft int      // for emergencies
	Sessions  []models.Session
	Sites     []models.Membership // for which there can be API tokens
	Tokens    []models.Token      // the moderator's own, of all sites
}

// Security answers what of it there is.
func (f *Flow) Security(ctx context.Context, s models.Seat) (Security, error) {
	var v Security
	t, err := f.Store.TOTP(ctx, s.Moderator.ID)
	switch {
	case errors.Is(err, models.ErrNotFound):
	case err != nil:
		return v, err
	case t.ConfirmedAt != nil:
		v.HasTOTP = true
	default:
		if v.Offered, err = f.openTOTP(t); err != nil {
			return v, err
		}
	}
	if v.Passkeys, err = f.Store.Passkeys(ctx, s.Moderator.ID); err != nil {
		return v, err
	}
	if v.CodesLeft, err = f.Store.RecoveryCodesLeft(ctx, s.Moderator.ID); err != nil {
		return v, err
	}
	if v.Sessions, err = f.Sessions(ctx, s); err != nil {
		return v, err
	}
	v.Sites, v.Tokens, err = f.ownTokens(ctx, s)
	return v, err
}

// Unlock takes app, passkeys and codes for emergencies from whoever has the address and lost them, and signs them out
// everywhere. Their password, or the link by mail, opens the desk again; a site that demands a second factor asks for a new
// one. For the command line: it asks for no proof.
func (f *Flow) Unlock(ctx context.Context, email string) error {
	m, err := f.Store.ModeratorByEmail(ctx, keys.CanonicalAddress(email))
	if err != nil {
		return err
	}
	return f.Store.Serve(ctx, uuid.Nil, func(tx *models.Tx) error {
		if m, err = tx.LockModerator(ctx, m.ID); err != nil {
			return err
		}
		if err := tx.DeleteTOTP(ctx, m.ID); err != nil {
			return err
		}
		if err := tx.DeletePasskeys(ctx, m.ID); err != nil {
			return err
		}
		if err := tx.PutRecoveryCodes(ctx, m.ID, nil, f.now()); err != nil {
			return err
		}
		m.WrongCodes, m.CodesAfter = 0, nil
		if err := tx.CountWrongCodes(ctx, m); err != nil {
			return err
		}
		return tx.EndSessions(ctx, m.ID, uuid.Nil)
	})
}

// ownTokens are a moderator's on each site that they serve.
func (f *Flow) ownTokens(ctx context.Context, s models.Seat) (sites []models.Membership, own []models.Token, err error) {
	if sites, err = f.Store.Memberships(ctx, s.Moderator.ID); err != nil {
		return nil, nil, err
	}
	for _, site := range sites {
		all, err := f.Store.Tokens(ctx, site.SiteID)
		if err != nil {
			return nil, nil, err
		}
		own = append(own, slices.DeleteFunc(all, func(t models.Token) bool { return t.ModeratorID != s.Moderator.ID })...)
	}
	return sites, own, nil
}
