package moderation

import (
	"context"

	"plenum/moderation/internal/keys"
)

// Suspend takes every way in from whoever has the address, on all sites: password, passkeys, sessions, links and API tokens. For the
// command line, when an account was taken over. They come back by a link that they ask for, and by it only.
func (f *Flow) Suspend(ctx context.Context, email string) error {
	m, err := f.Store.ModeratorByEmail(ctx, keys.CanonicalAddress(email))
	if err != nil {
		return err
	}
	return f.Store.SuspendModerator(ctx, m.ID, nobody, f.now())
}
