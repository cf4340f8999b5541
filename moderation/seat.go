package moderation

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"plenum/models"
)

const (
	confirmedFor = 15 * time.Minute // after a proof, secrets and roles may be changed
	touchEvery   = time.Minute
	maxDevice    = 200
)

// Seat finds who sits at the desk under a session's token, whatever they may do there yet.
func (f *Flow) Seat(ctx context.Context, token string) (models.Seat, error) {
	now := f.now()
	return f.Store.Seat(ctx, tokenHash(token), now, now.Add(-SessionIdle))
}

// Touch says that something is done in a session, which keeps it from ending.
func (f *Flow) Touch(ctx context.Context, s models.Seat) error {
	now := f.now()
	if now.Sub(s.SeenAt) < touchEvery {
		return nil
	}
	return f.Store.TouchSession(ctx, s.ID, now)
}

// Unproven reports whether somebody gave a password, or a provider's word worth as much, and owes the second factor that
// they have.
func Unproven(s models.Seat) bool {
	return s.HasSecond && (s.Factor == models.FactorPassword || s.Factor == models.FactorProvider)
}

// Unequipped reports whether a site demands a second factor of somebody who has none, here or at the provider.
func Unequipped(s models.Seat) bool {
	return s.MustHave && !s.HasSecond && s.Factor != models.FactorProviderTwo
}

// Confirmed reports whether somebody proved who they are a short while ago.
func (f *Flow) Confirmed(s models.Seat) bool { return f.now().Sub(s.ConfirmedAt) < confirmedFor }

// Sessions lists where the moderator is signed in.
func (f *Flow) Sessions(ctx context.Context, s models.Seat) ([]models.Session, error) {
	now := f.now()
	return f.Store.Sessions(ctx, s.Moderator.ID, now, now.Add(-SessionIdle))
}

// EndSession signs the moderator out elsewhere, by the session's id.
func (f *Flow) EndSession(ctx context.Context, s models.Seat, id uuid.UUID) error {
	return f.Store.EndSession(ctx, s.Moderator.ID, id)
}

// SignOutElsewhere ends every session of the moderator but this one.
func (f *Flow) SignOutElsewhere(ctx context.Context, s models.Seat) error {
	return f.Store.EndSessions(ctx, s.Moderator.ID, s.ID)
}

// SignOut ends a session.
func (f *Flow) SignOut(ctx context.Context, token string) error {
	return f.Store.DeleteSession(ctx, tokenHash(token))
}

// device is what a browser calls itself, as a text that fits.
func device(agent string) string {
	agent = strings.ToValidUTF8(strings.Map(func(r rune) rune {
		if r < ' ' || r == utf8.RuneError {
			return -1
		}
		return r
	}, agent), "")
	if letters := []rune(agent); len(letters) > maxDevice {
		return string(letters[:maxDevice])
	}
	return agent
}
