package moderation

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/internal/keys"
	"plenum/moderation/markup"
	"plenum/moderation/signon"
)

// SignOnLifetime is how long somebody may take at the identity provider.
const SignOnLifetime = 10 * time.Minute

const sealSignOn = "sign-on"

// SignOnFailed refuses a sign-on with what was wrong about it, which is for the log.
type SignOnFailed struct {
	Refusal
	Cause error
}

// Unwrap lets errors.As find the refusal.
func (s *SignOnFailed) Unwrap() error { return &s.Refusal }

// SignOnWish is what somebody wants of the identity provider.
type SignOnWish struct {
	Next  string // where on the desk they go then
	Again bool   // they are to prove once more who they are, though they are signed in there
}

// awaited is what the browser keeps meanwhile, sealed.
type awaited struct {
	signon.Wait
	Next  string
	Until time.Time
}

// BeginSignOn answers the address at the identity provider, and what the browser has to bring back beside its answer.
func (f *Flow) BeginSignOn(ctx context.Context, w SignOnWish) (address, keep string, err error) {
	if f.SignOn == nil {
		return "", "", fmt.Errorf("sign-on: %w", models.ErrNotFound)
	}
	a := awaited{signon.NewWait(), w.Next, f.now().Add(SignOnLifetime)}
	a.Again = w.Again
	if address, err = f.SignOn.Begin(ctx, a.Wait); err != nil {
		return "", "", signOnFailed(err)
	}
	text, err := json.Marshal(a)
	if err != nil {
		return "", "", fmt.Errorf("sign-on: %w", err)
	}
	sealed, err := f.keys.Seal(sealSignOn, uuid.Nil, text)
	return address, base64.RawURLEncoding.EncodeToString(sealed), err
}

// SignOnAnswer is what a browser brings back from the identity provider.
type SignOnAnswer struct {
	Kept               string // what BeginSignOn had it keep
	State, Code, Error string
	Network            netip.Addr
	Device             string
}

// SignedOn is an open session, and where to go.
type SignedOn struct {
	Token   string
	Expires time.Time
	Next    string
}

// EndSignOn opens a session for the moderator who has the address that the identity provider vouches for. It makes no
// accounts. The provider's word that it asked for two factors is a second factor here; anything else is a password's worth.
func (f *Flow) EndSignOn(ctx context.Context, a SignOnAnswer) (in SignedOn, err error) {
	if f.SignOn == nil {
		return in, fmt.Errorf("sign-on: %w", models.ErrNotFound)
	}
	kept, ok := f.awaited(a.Kept)
	switch {
	case !ok || !kept.Knows(a.State) || f.now().After(kept.Until):
		return in, &Refusal{Kind: Forbidden, Key: "refusal.signon_begin"}
	case a.Error != "":
		return in, &Refusal{Kind: Forbidden, Key: "refusal.signon_denied"}
	}
	err = f.Store.Serve(ctx, uuid.Nil, func(tx *models.Tx) error {
		return f.asked(ctx, tx, attempt{what: "sign-ins", network: a.Network})
	})
	if err != nil {
		return in, err
	}
	person, err := f.SignOn.Finish(ctx, kept.Wait, a.Code, f.Now)
	if err != nil {
		return in, signOnFailed(err)
	}
	m, err := f.vouchedFor(ctx, person)
	if err != nil {
		return in, err
	}
	in.Next = kept.Next
	in.Token, in.Expires, err = f.openSignedOn(ctx, m, person, device(a.Device))
	return in, err
}

// vouchedFor is the moderator with the address that the provider says is theirs.
func (f *Flow) vouchedFor(ctx context.Context, person signon.Person) (models.Moderator, error) {
	unknown := &Refusal{Kind: Forbidden, Key: "refusal.signon_unknown", Args: map[string]any{"email": person.Email}}
	if !person.Verified {
		return models.Moderator{}, &Refusal{Kind: Forbidden, Key: "refusal.signon_unverified"}
	}
	if markup.HasControl(person.Email) { // nobody's address, and no text for the database
		return models.Moderator{}, unknown
	}
	m, err := f.Store.ModeratorByEmail(ctx, keys.CanonicalAddress(person.Email))
	if errors.Is(err, models.ErrNotFound) {
		return models.Moderator{}, unknown
	}
	return m, err
}

// openSignedOn opens the session. When somebody last proved who they are only the provider knows: without its word that
// was too long ago for secrets and roles.
func (f *Flow) openSignedOn(ctx context.Context, m models.Moderator, person signon.Person, device string) (string, time.Time, error) {
	token, now := rand.Text(), f.now()
	s := models.Session{ID: f.NewID(), Factor: models.FactorProvider, Device: device, TokenHash: tokenHash(token), ModeratorID: m.ID,
		CreatedAt: now, ExpiresAt: now.Add(SessionLifetime), ConfirmedAt: now.Add(-confirmedFor)}
	if person.Two {
		s.Factor = models.FactorProviderTwo
	}
	if person.At.After(s.ConfirmedAt) && !person.At.After(now) {
		s.ConfirmedAt = person.At
	}
	return token, s.ExpiresAt, f.Store.CreateSession(ctx, s)
}

// awaited opens what a browser kept.
func (f *Flow) awaited(kept string) (a awaited, ok bool) {
	sealed, err := base64.RawURLEncoding.DecodeString(kept)
	if err != nil {
		return a, false
	}
	text, err := f.keys.Unseal(sealSignOn, uuid.Nil, sealed)
	if err != nil {
		return a, false
	}
	return a, json.Unmarshal(text, &a) == nil
}

func signOnFailed(cause error) error {
	key := "refusal.signon_invalid"
	if errors.Is(cause, signon.ErrAway) {
		key = "refusal.signon_away"
	}
	return &SignOnFailed{Refusal{Kind: Forbidden, Key: key}, cause}
}
