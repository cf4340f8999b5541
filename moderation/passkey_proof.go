package moderation

import (
	"context"
	"crypto/rand"
	"errors"
	"net/netip"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/google/uuid"

	"plenum/models"
)

// CopiedPasskey refuses a passkey that answered with a count which was used before: there may be two of it (WebAuthn §6.1.1).
type CopiedPasskey struct {
	Refusal
	Passkey, Moderator uuid.UUID
}

// Unwrap lets errors.As find the refusal.
func (c *CopiedPasskey) Unwrap() error { return &c.Refusal }

// badPasskey is the one sentence for whatever is wrong with an answer, and for a passkey of nobody.
func badPasskey() *Refusal {
	return &Refusal{Kind: Forbidden, Field: "credential", Key: "refusal.bad_passkey"}
}

// Visit is a browser at the door. Token is known to it alone.
type Visit struct {
	Token   string
	Network netip.Addr // where it is; zero: not known
	Device  string     // what it calls itself
}

// Knock answers what a browser needs to show a passkey at the door (PublicKeyCredentialRequestOptions), the same for
// everybody, and the token that it has to bring back with the answer. It holds for five minutes, once.
func (f *Flow) Knock(ctx context.Context, network netip.Addr) (options *protocol.CredentialAssertion, token string, err error) {
	if !f.Party.Takes() {
		return nil, "", noPasskeys()
	}
	options, session, err := f.Party.auth.BeginDiscoverableLogin()
	if err != nil {
		return nil, "", err
	}
	token = rand.Text()
	err = f.Store.Serve(ctx, uuid.Nil, func(tx *models.Tx) error {
		if err := f.asked(ctx, tx, attempt{what: "passkeys", network: network}); err != nil {
			return err
		}
		return tx.PutChallenge(ctx, f.waiting(tokenHash(token), models.CeremonySignIn, session))
	})
	return options, token, err
}

// Enter opens a session of the desk for the owner of a passkey, by its answer to Knock, and answers the session's token. The
// passkey verifies who shows it, so it is both factors.
func (f *Flow) Enter(ctx context.Context, v Visit, credential []byte) (token string, expires time.Time, err error) {
	session, err := f.answered(ctx, tokenHash(v.Token), models.CeremonySignIn)
	if err != nil {
		return "", time.Time{}, err
	}
	answer, err := protocol.ParseCredentialRequestResponseBytes(credential)
	if err != nil {
		return "", time.Time{}, badPasskey()
	}
	h, err := f.owner(ctx, answer.RawID)
	if err != nil {
		return "", time.Time{}, err
	}
	find := func(_, _ []byte) (webauthn.User, error) { return h, nil }
	_, valid, err := f.Party.auth.ValidatePasskeyLogin(find, session, answer)
	if err != nil {
		return "", time.Time{}, badPasskey()
	}
	token, now := rand.Text(), f.now()
	opened := models.Session{ID: f.NewID(), Factor: models.FactorPasskey, Device: device(v.Device), TokenHash: tokenHash(token), ModeratorID: h.ID,
		CreatedAt: now, ExpiresAt: now.Add(SessionLifetime)}
	return token, opened.ExpiresAt, f.use(ctx, h, valid, func(tx *models.Tx) error { return tx.CreateSession(ctx, opened) })
}

// owner finds whose a credential is; nobody's is refused as every other.
func (f *Flow) owner(ctx context.Context, credentialID []byte) (holder, error) {
	m, err := f.Store.PasskeyOwner(ctx, credentialID)
	if errors.Is(err, models.ErrNotFound) {
		return holder{}, badPasskey()
	}
	if err != nil {
		return holder{}, err
	}
	return f.holder(ctx, m)
}

// AskPasskey answers what a browser needs to show a passkey of whoever sits there.
func (f *Flow) AskPasskey(ctx context.Context, s models.Seat) (*protocol.CredentialAssertion, error) {
	h, err := f.holder(ctx, s.Moderator)
	if err != nil {
		return nil, err
	}
	if len(h.passkeys) == 0 {
		return nil, invalid("", "refusal.no_passkey")
	}
	options, session, err := f.Party.auth.BeginLogin(h)
	if err != nil {
		return nil, err
	}
	return options, f.challenged(ctx, s.TokenHash, models.CeremonyProve, session)
}

// proveByPasskey takes the answer to AskPasskey.
func (f *Flow) proveByPasskey(ctx context.Context, s models.Seat, credential []byte) error {
	session, err := f.answered(ctx, s.TokenHash, models.CeremonyProve)
	if err != nil {
		return err
	}
	h, err := f.holder(ctx, s.Moderator)
	if err != nil {
		return err
	}
	answer, err := protocol.ParseCredentialRequestResponseBytes(credential)
	if err != nil {
		return badPasskey()
	}
	session.UserID = h.WebAuthnID()
	valid, err := f.Party.auth.ValidateLogin(h, session, answer)
	if err != nil {
		return badPasskey()
	}
	return f.use(ctx, h, valid, func(tx *models.Tx) error {
		return tx.ConfirmSession(ctx, s.ID, models.FactorPasskey, f.now())
	})
}

// use does what a passkey opens, together with its count. One whose count does not grow opens nothing, and is marked.
func (f *Flow) use(ctx context.Context, h holder, valid *webauthn.Credential, do func(*models.Tx) error) (refused error) {
	now := f.now()
	used := h.passkey(valid.ID)
	used.SignCount, used.UsedAt = valid.Authenticator.SignCount, &now
	err := f.Store.Serve(ctx, uuid.Nil, func(tx *models.Tx) error {
		err := tx.UsePasskey(ctx, used)
		if errors.Is(err, models.ErrConflict) {
			refused = &CopiedPasskey{Refusal{Kind: Forbidden, Field: "credential", Key: "refusal.copied_passkey"}, used.ID, h.ID}
			return tx.MarkCopied(ctx, used.ID, now)
		}
		if err != nil {
			return err
		}
		return do(tx)
	})
	if err != nil {
		return err
	}
	return refused
}
