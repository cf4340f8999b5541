package moderation

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"plenum/models"
)

const (
	recoveryCodes = 10
	codeStep      = 30 * time.Second // RFC 6238 §4.1
	longestWait   = 15 * time.Minute // between two codes
	freeTries     = 3                // wrong codes without a wait
	sealTOTP      = "totp"
)

// Proof is what somebody shows who sits there already: one of these.
type Proof struct {
	Password string
	Code     string // of the app, or for emergencies
	Passkey  []byte // the answer to AskPasskey
}

// Prove takes the second factor that somebody owes after the password.
func (f *Flow) Prove(ctx context.Context, s models.Seat, p Proof) error {
	if len(p.Passkey) > 0 {
		return f.proveByPasskey(ctx, s, p.Passkey)
	}
	return f.proveByCode(ctx, s, p.Code)
}

func (f *Flow) proveByCode(ctx context.Context, s models.Seat, code string) error {
	code = strings.ToUpper(strings.Join(strings.Fields(code), ""))
	if len(code) > otp.DigitsSix.Length() {
		return f.recover(ctx, s, code)
	}
	return f.try(ctx, s.Moderator, func(tx *models.Tx, m models.Moderator) error {
		if err := f.takeCode(ctx, tx, m.ID, code, onlyConfirmed); err != nil {
			return err
		}
		return tx.ConfirmSession(ctx, s.ID, models.FactorTOTP, f.now())
	})
}

// recover takes a code for emergencies. It is too long to be guessed, so nobody waits.
func (f *Flow) recover(ctx context.Context, s models.Seat, code string) error {
	err := f.Store.Serve(ctx, uuid.Nil, func(tx *models.Tx) error {
		if err := tx.UseRecoveryCode(ctx, s.Moderator.ID, tokenHash(code), f.now()); err != nil {
			return err
		}
		return tx.ConfirmSession(ctx, s.ID, models.FactorRecovery, f.now())
	})
	if errors.Is(err, models.ErrNotFound) {
		return wrongCode()
	}
	return err
}

// ProveAgain takes a proof from whoever is signed in already: a second factor, or else the password.
func (f *Flow) ProveAgain(ctx context.Context, s models.Seat, p Proof) error {
	if p.Code != "" || len(p.Passkey) > 0 {
		return f.Prove(ctx, s, p)
	}
	if err := f.checkPassword(ctx, s.Moderator, p.Password); err != nil {
		return err
	}
	return f.Store.ConfirmSession(ctx, s.ID, models.FactorPassword, f.now())
}

// OfferTOTP makes a secret for the moderator's app, which counts once a code of it was given.
func (f *Flow) OfferTOTP(ctx context.Context, m models.Moderator) error {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "Plenum", AccountName: m.Email})
	if err != nil {
		return fmt.Errorf("make a totp secret: %w", err)
	}
	sealed, err := f.keys.Seal(sealTOTP, m.ID, []byte(key.URL()))
	if err != nil {
		return err
	}
	return f.Store.PutTOTP(ctx, models.TOTP{ModeratorID: m.ID, Sealed: sealed, CreatedAt: f.now()})
}

// OfferedTOTP is the secret that waits for its first code; ErrNotFound where none does.
func (f *Flow) OfferedTOTP(ctx context.Context, m models.Moderator) (*otp.Key, error) {
	t, err := f.Store.TOTP(ctx, m.ID)
	if err != nil {
		return nil, err
	}
	if t.ConfirmedAt != nil {
		return nil, fmt.Errorf("totp of %s: %w", m.ID, models.ErrNotFound)
	}
	return f.openTOTP(t)
}

func (f *Flow) openTOTP(t models.TOTP) (*otp.Key, error) {
	address, err := f.keys.Unseal(sealTOTP, t.ModeratorID, t.Sealed)
	if err != nil {
		return nil, err
	}
	return otp.NewKeyFromURL(string(address))
}

// ConfirmTOTP takes the first code of the moderator's app, and answers codes for emergencies where there are none yet:
// they are shown once. From then on the app is asked for at each sign-in.
func (f *Flow) ConfirmTOTP(ctx context.Context, s models.Seat, code string) (fresh []string, err error) {
	err = f.try(ctx, s.Moderator, func(tx *models.Tx, m models.Moderator) error {
		if err := f.takeCode(ctx, tx, m.ID, strings.Join(strings.Fields(code), ""), onlyOffered); err != nil {
			return err
		}
		fresh, err = f.firstCodes(ctx, tx, s)
		if err != nil {
			return err
		}
		return tx.ConfirmSession(ctx, s.ID, models.FactorTOTP, f.now())
	})
	return fresh, err
}

// firstCodes makes codes for emergencies where there are none.
func (f *Flow) firstCodes(ctx context.Context, tx *models.Tx, s models.Seat) ([]string, error) {
	left, err := tx.RecoveryCodesLeft(ctx, s.Moderator.ID)
	if err != nil || left > 0 {
		return nil, err
	}
	return f.newCodes(ctx, tx, s)
}

// NewRecoveryCodes makes codes for emergencies in the place of all there were, and answers them: they are shown once.
func (f *Flow) NewRecoveryCodes(ctx context.Context, s models.Seat) (fresh []string, err error) {
	if !s.HasSecond {
		return nil, invalid("", "refusal.no_second")
	}
	err = f.Store.Serve(ctx, uuid.Nil, func(tx *models.Tx) error {
		fresh, err = f.newCodes(ctx, tx, s)
		return err
	})
	return fresh, err
}

func (f *Flow) newCodes(ctx context.Context, tx *models.Tx, s models.Seat) (fresh []string, err error) {
	var hashes [][]byte
	for range recoveryCodes {
		code := rand.Text()
		fresh, hashes = append(fresh, code), append(hashes, tokenHash(code))
	}
	return fresh, tx.PutRecoveryCodes(ctx, s.Moderator.ID, hashes, f.now())
}

// RemoveTOTP takes the app away, unless it is the last proof of somebody who must have one.
func (f *Flow) RemoveTOTP(ctx context.Context, s models.Seat) error {
	return f.Store.Serve(ctx, uuid.Nil, func(tx *models.Tx) error {
		if _, err := tx.LockModerator(ctx, s.Moderator.ID); err != nil { // see RemovePasskey
			return err
		}
		if err := tx.DeleteTOTP(ctx, s.Moderator.ID); err != nil {
			return err
		}
		return f.equipped(ctx, tx, s)
	})
}

// equipped refuses to leave somebody without a second factor who must have one; without any, the codes go too.
func (f *Flow) equipped(ctx context.Context, tx *models.Tx, s models.Seat) error {
	t, err := tx.TOTP(ctx, s.Moderator.ID)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return err
	}
	passkeys, err := tx.Passkeys(ctx, s.Moderator.ID)
	switch {
	case err != nil:
		return err
	case t.ConfirmedAt != nil, len(passkeys) > 0:
		return nil
	case s.MustHave:
		return invalid("", "refusal.last_second")
	}
	return tx.PutRecoveryCodes(ctx, s.Moderator.ID, nil, f.now())
}

// try lets a moderator try a code. What is wrong is counted, also as the attempt is refused, and each costs a longer wait.
func (f *Flow) try(ctx context.Context, m models.Moderator, do func(*models.Tx, models.Moderator) error) (refused error) {
	err := f.Store.Serve(ctx, uuid.Nil, func(tx *models.Tx) error {
		m, err := tx.LockModerator(ctx, m.ID)
		if err != nil {
			return err
		}
		now := f.now()
		if m.CodesAfter != nil && now.Before(*m.CodesAfter) {
			refused = &Refusal{Kind: TooSoon, Field: "code", Key: "refusal.codes_wait", Wait: m.CodesAfter.Sub(now)}
			return nil
		}
		refused = do(tx, m)
		if refused == nil {
			m.WrongCodes, m.CodesAfter = 0, nil
			return tx.CountWrongCodes(ctx, m)
		}
		var no *Refusal
		if !errors.As(refused, &no) {
			return refused
		}
		if m.WrongCodes++; m.WrongCodes > freeTries {
			next := now.Add(min(time.Second<<min(m.WrongCodes, 20), longestWait))
			m.CodesAfter = &next
		}
		return tx.CountWrongCodes(ctx, m)
	})
	if err != nil {
		return err
	}
	return refused
}

// which secret a code is asked of.
type totpState int

const (
	onlyConfirmed totpState = iota
	onlyOffered
)

// takeCode accepts the code of the step before, of this one or of the next, once.
func (f *Flow) takeCode(ctx context.Context, tx *models.Tx, id uuid.UUID, code string, which totpState) error {
	t, err := tx.TOTP(ctx, id)
	if errors.Is(err, models.ErrNotFound) || err == nil && (t.ConfirmedAt == nil) != (which == onlyOffered) {
		return wrongCode()
	}
	if err != nil {
		return err
	}
	key, err := f.openTOTP(t)
	if err != nil {
		return err
	}
	now := f.now()
	for _, at := range []time.Time{now.Add(-codeStep), now, now.Add(codeStep)} {
		want, err := totp.GenerateCode(key.Secret(), at)
		if err != nil {
			return fmt.Errorf("compute a code: %w", err)
		}
		step := at.Unix() / int64(codeStep/time.Second)
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && step > t.LastStep {
			return tx.TakeCode(ctx, id, step, now)
		}
	}
	return wrongCode()
}

func wrongCode() *Refusal { return invalid("code", "refusal.wrong_code") }
