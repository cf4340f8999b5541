package moderation

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/internal/keys"
	"plenum/moderation/markup"
	"plenum/moderation/notify"
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

// ForgotPassword sends whoever has the address a link by which a password is set. It does the same, and takes as long,
// where nobody has it. Every attempt counts like a sign-in.
func (f *Flow) ForgotPassword(ctx context.Context, c Credentials) error {
	email := c.Email
	if markup.HasControl(email) {
		email = ""
	}
	m, err := f.Store.ModeratorByEmail(ctx, keys.CanonicalAddress(email))
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return err
	}
	return f.Store.Serve(ctx, uuid.Nil, func(tx *models.Tx) error {
		if err := f.asked(ctx, tx, attempt{what: "sign-ins", network: c.Network, email: email}); err != nil {
			return err
		}
		return tx.Enqueue(ctx, notify.AccountNotice{ID: f.NewID(), ModeratorID: m.ID, At: f.now()}, time.Time{})
	})
}

// LinkOwner finds who may set a password by the link's token; ErrNotFound where it was used or has run out.
func (f *Flow) LinkOwner(ctx context.Context, token string) (models.Moderator, error) {
	return f.Store.LinkOwner(ctx, tokenHash(token), f.now())
}

// SetPasswordByLink sets a password, uses the link up with all others of the moderator, and signs them out everywhere.
func (f *Flow) SetPasswordByLink(ctx context.Context, token, fresh string) error {
	m, err := f.LinkOwner(ctx, token)
	if err != nil {
		return err
	}
	hash, err := f.hashPassword(ctx, fresh)
	if err != nil {
		return err
	}
	return f.Store.Serve(ctx, uuid.Nil, func(tx *models.Tx) error {
		if err := tx.UsePasswordLinks(ctx, m.ID, tokenHash(token), f.now()); err != nil {
			return err
		}
		if err := tx.SetPassword(ctx, m.ID, hash); err != nil {
			return err
		}
		return tx.EndSessions(ctx, m.ID, uuid.Nil)
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
