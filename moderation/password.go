package moderation

import (
	"context"

	"github.com/google/uuid"

	"plenum/models"
)

// ChangePassword sets another password for whoever knows the one of now, and signs them out everywhere else.
func (f *Flow) ChangePassword(ctx context.Context, s models.Seat, old, fresh string) error {
	if err := f.checkPassword(ctx, s.Moderator, old); err != nil {
		return err
	}
	hash, err := f.hashPassword(ctx, fresh)
	if err != nil {
		return err
	}
	return f.Store.Serve(ctx, uuid.Nil, func(tx *models.Tx) error {
		if err := tx.SetPassword(ctx, s.Moderator.ID, hash); err != nil {
			return err
		}
		return tx.EndSessions(ctx, s.Moderator.ID, s.ID)
	})
}

// checkPassword refuses what is not the moderator's password.
func (f *Flow) checkPassword(ctx context.Context, m models.Moderator, password string) error {
	match, err := f.comparePassword(ctx, password, m.PasswordHash)
	if err == nil && !match {
		err = invalid("password", "refusal.wrong_password")
	}
	return err
}

// hashPassword is HashPassword for whoever comes by the web: at most two at a time.
func (f *Flow) hashPassword(ctx context.Context, password string) (string, error) {
	leave, err := f.enterHashing(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	return HashPassword(password)
}
