package moderation

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/netip"
	"runtime"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/internal/keys"
	"plenum/moderation/markup"
)

// SessionLifetime is how long a desk stays signed in at most, and SessionIdle how long while nothing is done there.
const (
	SessionLifetime = 7 * 24 * time.Hour
	SessionIdle     = 24 * time.Hour
)

// passwordParams are the least of OWASP's password storage cheat sheet: 19 MiB, two passes, one lane.
var passwordParams = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// nobody is the hash that the password for an unknown address is compared with, so that it takes the same time.
const nobody = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// minPassword is the shortest password, in bytes. NIST SP 800-63B §5.1.1.2 asks for eight characters.
const minPassword = 8

// HashPassword makes the PHC string of a moderator's password.
func HashPassword(password string) (string, error) {
	if len(password) < minPassword {
		return "", invalid("password", "refusal.password_short", "min", minPassword)
	}
	hash, err := argon2id.CreateHash(password, passwordParams)
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return hash, nil
}

// Credentials is what somebody shows at the desk's door.
type Credentials struct {
	Email, Password string
	Network         netip.Addr // where they are; zero: not known
	Device          string     // what the browser calls itself
}

// SignIn opens a session of the desk and answers its token: random, 26 characters, shown once. An unknown address and a
// wrong password get the same refusal after the same work. At most two passwords are computed at a time, and every
// attempt counts.
func (f *Flow) SignIn(ctx context.Context, c Credentials) (token string, expires time.Time, err error) {
	email := c.Email
	if markup.HasControl(email) { // nobody's address, and no text for the database
		email = ""
	}
	err = f.Store.Serve(ctx, uuid.Nil, func(tx *models.Tx) error {
		return f.asked(ctx, tx, attempt{what: "sign-ins", network: c.Network, email: email})
	})
	if err != nil {
		return "", time.Time{}, err
	}
	moderator, err := f.Store.ModeratorByEmail(ctx, keys.CanonicalAddress(email))
	known := err == nil
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return "", time.Time{}, err
	}
	if !known {
		moderator.PasswordHash = nobody
	}
	match, err := f.comparePassword(ctx, c.Password, moderator.PasswordHash)
	if err != nil {
		return "", time.Time{}, err
	}
	if !match || !known {
		return "", time.Time{}, &Refusal{Kind: Unknown, Field: "password", Key: "refusal.bad_signin"}
	}
	token, now := rand.Text(), f.now()
	session := models.Session{ID: f.NewID(), Factor: models.FactorPassword, Device: device(c.Device), TokenHash: tokenHash(token), ModeratorID: moderator.ID, CreatedAt: now, ExpiresAt: now.Add(SessionLifetime)}
	return token, session.ExpiresAt, f.Store.CreateSession(ctx, session)
}

// enterHashing waits for one of the places in which a password may be computed. Where many wait already, whoever comes is
// asked to come again: those who wait take memory too.
func (f *Flow) enterHashing(ctx context.Context) (leave func(), err error) {
	select {
	case f.lobby <- struct{}{}:
		defer func() { <-f.lobby }()
	default:
		return nil, tooSoon("refusal.limit_passwords", waitForPlace)
	}
	select {
	case f.hashing <- struct{}{}:
		return f.leaveHashing, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("compute a password: %w", ctx.Err())
	}
}

// leaveHashing gives the place back. Each password leaves 19 MiB that nobody needs; left to itself the collector would
// come when that is twice of what is needed, and until then a flood of sign-ins would take hundreds.
func (f *Flow) leaveHashing() {
	if f.hashed.Add(1)%collectAfter == 0 {
		runtime.GC()
	}
	<-f.hashing
}

func (f *Flow) comparePassword(ctx context.Context, password, hash string) (bool, error) {
	leave, err := f.enterHashing(ctx)
	if err != nil {
		return false, err
	}
	defer leave()
	match, err := argon2id.ComparePasswordAndHash(password, hash)
	if err != nil {
		return false, fmt.Errorf("sign in: %w", err)
	}
	return match, nil
}

// SessionActor is who is signed in, with their role of today on the site; ErrNotFound where they have none.
func (f *Flow) SessionActor(ctx context.Context, siteID uuid.UUID, m models.Moderator) (Actor, error) {
	membership, err := f.Store.Membership(ctx, siteID, m.ID)
	if err != nil {
		return Actor{}, err
	}
	return Actor{ID: m.ID, Name: m.Name, Email: m.Email, Role: membership.Role}, nil
}

// TokenActor is who speaks through an API token on the site.
func (f *Flow) TokenActor(ctx context.Context, siteID uuid.UUID, token string) (Actor, error) {
	o, err := f.Store.TokenOwner(ctx, siteID, tokenHash(token), f.now())
	if err != nil {
		return Actor{}, err
	}
	return Actor{ID: o.ID, Name: o.Name, Email: o.Email, Role: o.Role, ReadOnly: o.Scope == models.ScopeRead}, nil
}

// CreateToken makes an API token for a member of the site and answers it: it is shown once and stored as a hash.
func (f *Flow) CreateToken(ctx context.Context, site models.Site, email, scope string) (string, error) {
	m, err := f.Store.ModeratorByEmail(ctx, keys.CanonicalAddress(email))
	if err != nil {
		return "", err
	}
	if _, err := f.Store.Membership(ctx, site.ID, m.ID); err != nil {
		return "", err
	}
	t, token := f.token(site, m.ID, NewToken{Scope: scope})
	return token, f.Store.CreateToken(ctx, t)
}

// token makes a token that is not stored yet.
func (f *Flow) token(site models.Site, owner uuid.UUID, n NewToken) (models.Token, string) {
	token, now := rand.Text(), f.now()
	t := models.Token{SiteID: site.ID, ID: f.NewID(), ModeratorID: owner, TokenHash: tokenHash(token), Scope: n.Scope, Name: n.Name, CreatedAt: now}
	if n.Days > 0 {
		until := now.AddDate(0, 0, n.Days)
		t.ExpiresAt = &until
	}
	return t, token
}

// NewModerator is a person to be given a role on a site.
type NewModerator struct{ Email, Name, Password, Role, Locale string }

// CreateModerator adds a moderator to a site, or changes name, password and role of the one with that address.
func (f *Flow) CreateModerator(ctx context.Context, site models.Site, n NewModerator) error {
	hash, err := HashPassword(n.Password)
	if err != nil {
		return err
	}
	m := models.Moderator{ID: f.NewID(), Email: keys.CanonicalAddress(n.Email), Name: n.Name, PasswordHash: hash,
		Locale: n.Locale, CreatedAt: f.now()}
	return f.Store.CreateModerator(ctx, m, site.ID, n.Role)
}

func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
