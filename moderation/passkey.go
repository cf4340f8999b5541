package moderation

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/markup"
)

const (
	challengeLifetime = 5 * time.Minute // WebAuthn §15.1
	maxPasskeys       = 20
	maxPasskeyName    = 80

	shortestCredentialID = 16 // bytes: so that nobody else's is the same (§4)
)

// NewPasskey is a passkey to be registered: its owner's name for it, and what the browser brings back (the JSON of a
// PublicKeyCredential).
type NewPasskey struct {
	Name       string
	Credential []byte
}

// OfferPasskey answers what a browser needs to make a passkey for whoever sits there, by JSON
// (PublicKeyCredentialCreationOptions). It holds for five minutes, once, in this session.
func (f *Flow) OfferPasskey(ctx context.Context, s models.Seat) (*protocol.CredentialCreation, error) {
	h, err := f.holder(ctx, s.Moderator)
	if err != nil {
		return nil, err
	}
	if len(h.passkeys) >= maxPasskeys {
		return nil, invalid("", "refusal.passkeys_many", "max", maxPasskeys)
	}
	known := webauthn.Credentials(h.WebAuthnCredentials()).CredentialDescriptors()
	options, session, err := f.Party.auth.BeginRegistration(h, webauthn.WithExclusions(known))
	if err != nil {
		return nil, err
	}
	return options, f.challenged(ctx, s.TokenHash, models.CeremonyRegister, session)
}

// RegisterPasskey keeps a new passkey. It answers codes for emergencies where there are none yet: they are shown once. From
// then on the password alone opens nothing.
func (f *Flow) RegisterPasskey(ctx context.Context, s models.Seat, n NewPasskey) (made models.Passkey, fresh []string, err error) {
	name, err := passkeyName(n.Name)
	if err != nil {
		return made, nil, err
	}
	session, err := f.answered(ctx, s.TokenHash, models.CeremonyRegister)
	if err != nil {
		return made, nil, err
	}
	answer, err := protocol.ParseCredentialCreationResponseBytes(n.Credential)
	if err != nil {
		return made, nil, badPasskey()
	}
	session.UserID, session.CredParams = s.Moderator.UserHandle[:], webauthn.CredentialParametersDefault()
	credential, err := f.Party.auth.CreateCredential(holder{Moderator: s.Moderator}, session, answer)
	if err != nil || len(credential.ID) < shortestCredentialID {
		return made, nil, badPasskey()
	}
	made = f.passkey(s.Moderator.ID, name, credential)
	err = f.Store.Serve(ctx, uuid.Nil, func(tx *models.Tx) error {
		err := tx.CreatePasskey(ctx, made)
		if errors.Is(err, models.ErrConflict) {
			return conflict("refusal.passkey_known")
		}
		if err != nil {
			return err
		}
		if fresh, err = f.firstCodes(ctx, tx, s); err != nil {
			return err
		}
		return tx.ConfirmSession(ctx, s.ID, models.FactorPasskey, f.now())
	})
	return made, fresh, err
}

// passkey is what is kept of a credential. Where it came from is not.
func (f *Flow) passkey(owner uuid.UUID, name string, c *webauthn.Credential) models.Passkey {
	p := models.Passkey{ID: f.NewID(), ModeratorID: owner, CredentialID: c.ID, PublicKey: c.PublicKey, Name: name, Kept: models.KeptOnDevice,
		SignCount: c.Authenticator.SignCount, CreatedAt: f.now()}
	if c.Flags.BackupEligible {
		p.Kept = models.KeptSynced
	}
	var ways []string
	for _, way := range c.Transport {
		if slices.Contains(knownWays, way) { // a browser may say anything
			ways = append(ways, string(way))
		}
	}
	p.Transports = strings.Join(ways, " ")
	return p
}

// knownWays are the values of AuthenticatorTransport (§5.8.4).
var knownWays = []protocol.AuthenticatorTransport{protocol.USB, protocol.NFC, protocol.BLE, protocol.SmartCard, protocol.Hybrid, protocol.Internal}

func passkeyName(name string) (string, error) {
	name = strings.TrimSpace(name)
	switch {
	case name == "":
		return "", invalid("name", "invalid.required")
	case utf8.RuneCountInString(name) > maxPasskeyName:
		return "", invalid("name", "invalid.max", "max", maxPasskeyName)
	case markup.HasControl(name), strings.ContainsAny(name, "\r\n\t\u2028\u2029"):
		return "", invalid("name", "invalid.control")
	}
	return name, nil
}

// Passkeys lists a moderator's own.
func (f *Flow) Passkeys(ctx context.Context, m models.Moderator) ([]models.Passkey, error) {
	return f.Store.Passkeys(ctx, m.ID)
}

// RenamePasskey gives one of a moderator's own another name.
func (f *Flow) RenamePasskey(ctx context.Context, m models.Moderator, id uuid.UUID, name string) (models.Passkey, error) {
	name, err := passkeyName(name)
	if err != nil {
		return models.Passkey{}, err
	}
	return f.Store.RenamePasskey(ctx, m.ID, id, name)
}

// RemovePasskey takes one away, unless it is the last proof of somebody who must have one.
func (f *Flow) RemovePasskey(ctx context.Context, s models.Seat, id uuid.UUID) error {
	return f.Store.Serve(ctx, uuid.Nil, func(tx *models.Tx) error {
		if _, err := tx.LockModerator(ctx, s.Moderator.ID); err != nil { // two at once would each be the last but one
			return err
		}
		if err := tx.DeletePasskey(ctx, s.Moderator.ID, id); err != nil {
			return err
		}
		return f.equipped(ctx, tx, s)
	})
}
