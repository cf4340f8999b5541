package moderation

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/google/uuid"

	"plenum/models"
)

func noPasskeys() *Refusal { return invalid("", "refusal.no_passkeys_here") }

// holder finds a moderator's passkeys.
func (f *Flow) holder(ctx context.Context, m models.Moderator) (holder, error) {
	if !f.Party.Takes() {
		return holder{}, noPasskeys()
	}
	all, err := f.Store.Passkeys(ctx, m.ID)
	return holder{m, all}, err
}

// passkey is the one of a credential that the library found among them.
func (h holder) passkey(credentialID []byte) models.Passkey {
	return h.passkeys[slices.IndexFunc(h.passkeys, func(p models.Passkey) bool { return bytes.Equal(p.CredentialID, credentialID) })]
}

// challenged keeps a challenge that was made for a browser until its answer comes.
func (f *Flow) challenged(ctx context.Context, browser []byte, ceremony string, made *webauthn.SessionData) error {
	return f.Store.Serve(ctx, uuid.Nil, func(tx *models.Tx) error {
		return tx.PutChallenge(ctx, f.waiting(browser, ceremony, made))
	})
}

func (f *Flow) waiting(browser []byte, ceremony string, made *webauthn.SessionData) models.Challenge {
	return models.Challenge{Browser: browser, Ceremony: ceremony, Challenge: made.Challenge, ExpiresAt: f.now().Add(challengeLifetime)}
}

// answered takes the challenge that an answer must hold, in a transaction of its own: an answer that is refused has used it
// up too. What else an answer must hold is the same in every ceremony.
func (f *Flow) answered(ctx context.Context, browser []byte, ceremony string) (webauthn.SessionData, error) {
	if !f.Party.Takes() {
		return webauthn.SessionData{}, noPasskeys()
	}
	c, err := f.Store.TakeChallenge(ctx, browser, ceremony, f.now())
	if errors.Is(err, models.ErrNotFound) {
		return webauthn.SessionData{}, invalid("credential", "refusal.late_passkey")
	}
	return webauthn.SessionData{Challenge: c.Challenge, UserVerification: protocol.VerificationRequired}, err
}
