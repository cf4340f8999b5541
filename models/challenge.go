package models

import (
	"context"
	"fmt"
	"time"
)

// What a challenge is for.
const (
	CeremonyRegister = "register" // of a new passkey
	CeremonySignIn   = "signin"   // with a passkey alone
	CeremonyProve    = "prove"    // of who is signed in, or owes a second factor
)

// Challenge waits for the answer of an authenticator, in one browser and for one thing.
type Challenge struct {
	Browser   []byte // SHA-256 of the token that only this browser has
	Ceremony  string // register, signin or prove
	Challenge string // base64url
	ExpiresAt time.Time
}

// PutChallenge keeps a challenge in the place of an older one of the same browser for the same thing.
func (q Queries) PutChallenge(ctx context.Context, c Challenge) error {
	// Not the hash first, see CreateSession.
	return q.own(ctx, "put a challenge", `insert into passkey_challenges (ceremony, browser, challenge, expires_at) values (@Ceremony, @Browser, @Challenge, @ExpiresAt)
		on conflict (browser, ceremony) do update set challenge = excluded.challenge, expires_at = excluded.expires_at`, c)
}

// TakeChallenge takes the one that waits for an answer: it is gone from then on, whatever the answer is. ErrNotFound where
// there is none, or none that still holds.
func (q Queries) TakeChallenge(ctx context.Context, browser []byte, ceremony string, now time.Time) (c Challenge, err error) {
	err = q.run(ctx, Scope{}, func(tx *Tx) error {
		return first(tx.db.Raw(`delete from passkey_challenges where browser = ? and ceremony = ? and expires_at > ? returning *`, browser, ceremony, now).Scan(&c))
	})
	if err != nil {
		return Challenge{}, fmt.Errorf("challenge to %s: %w", ceremony, err)
	}
	return c, nil
}
