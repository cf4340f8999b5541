package templates

import (
	"time"

	"github.com/google/uuid"
)

// Second asks for a second factor, or once more for a proof.
type Second struct {
	Look
	Next, Problem string
	HasSecond     bool // a code is as good as the password
	HasPasskey    bool
	SignOn        bool // and a fresh word of the identity provider is, too
}

// PasskeyForm is a form that a script fills in with the answer of a passkey.
type PasskeyForm struct {
	Action, Challenge string // where it is sent, and where what the browser needs is asked for
	Next              string
}

// Door is the form for signing in with a passkey alone.
func (s SignIn) Door() PasskeyForm {
	return PasskeyForm{"/desk/signin/passkey", "/api/v1/signin/challenges", s.Next}
}

// Owed is the form for a passkey after the password.
func (s Second) Owed() PasskeyForm {
	return PasskeyForm{"/desk/second", "/api/v1/proofs/challenges", s.Next}
}

// Again is the form for a passkey in the place of the password.
func (s Second) Again() PasskeyForm {
	return PasskeyForm{"/desk/confirm", "/api/v1/proofs/challenges", s.Next}
}

// Security is the page on which a moderator minds their own ways in.
type Security struct {
	Look
	Back     string // empty: a site demands a second factor, and there is nowhere else to go before
	Notice   string // what was just done; the end of a key of the catalogue
	Problem  string
	HasTOTP  bool
	Offered  string   // the secret that an app is to take, in letters; empty: none is offered
	Left     int      // codes for emergencies
	Codes    []string // just made: shown this once
	Takes    bool     // there can be passkeys
	Passkeys []PasskeyItem
	Sessions []SessionItem
	Sites    []Site // for which there can be API tokens
	Tokens   []TokenItem
	Token    string // just made: shown this once
}

// HasSecond reports whether there is a second factor.
func (s Security) HasSecond() bool { return s.HasTOTP || len(s.Passkeys) > 0 }

// PasskeyItem is one of the moderator's own.
type PasskeyItem struct {
	ID          uuid.UUID
	Name        string
	Kept        string    // device or synced
	Since, Used time.Time // Used is zero: never
	Copied      bool      // there may be two of it
}

// SessionItem is a place where the moderator is signed in.
type SessionItem struct {
	ID          uuid.UUID
	Device      string // "Firefox, Windows"
	Since, Seen time.Time
	Factor      string // see models.Session
	Here        bool
}
