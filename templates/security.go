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
	Sessions []SessionItem
	Sites    []Site // for which there can be API tokens
	Tokens   []TokenItem
	Token    string // just made: shown this once
}

// HasSecond reports whether there is a second factor.
func (s Security) HasSecond() bool { return s.HasTOTP }

// SessionItem is a place where the moderator is signed in.
type SessionItem struct {
	ID          uuid.UUID
	Device      string
	Since, Seen time.Time
	Factor      string // password, totp or recovery
	Here        bool
}
