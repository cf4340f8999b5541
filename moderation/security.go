package moderation

import (
	"context"
	"errors"

	"github.com/pquerna/otp"

	"plenum/models"
)

// Security is what a moderator has of ways in.
type Security struct {
	HasTOTP   bool
	Offered   *otp.Key // waits for its first code; nil: none does
	CodesLeft int      // for emergencies
	Sessions  []models.Session
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
	if v.CodesLeft, err = f.Store.RecoveryCodesLeft(ctx, s.Moderator.ID); err != nil {
		return v, err
	}
	v.Sessions, err = f.Sessions(ctx, s)
	return v, err
}
