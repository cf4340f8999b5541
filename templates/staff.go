package templates

import (
	"time"

	"github.com/google/uuid"
)

// Forgot asks for a link by which a password is set.
type Forgot struct {
	Look
	Email, Problem string
	Sent           bool // if somebody has the address
}

// NewPassword is where such a link leads.
type NewPassword struct {
	Look
	Email, Token, Problem string
}

// Moderators is the page of a site's staff, for its admins.
type Moderators struct {
	Look
	Site              Site
	Notice, Problem   string // Notice is the end of a key of the catalogue
	Members           []MemberItem
	Tokens            []TokenItem
	Changes           []StaffChangeItem
	Older             bool     // there may be more of them
	Required          bool     // a second factor
	Roles             []string // that may be given
	Email, Name, Role string   // of who is to be invited, as typed
}

// MemberItem is somebody of the staff.
type MemberItem struct {
	ID                uuid.UUID
	Name, Email, Role string
	Since             time.Time
	HasSecond         bool
	Mine, Below       bool // it is who looks; their role is below that of who looks
}

// TokenItem is an API token.
type TokenItem struct {
	ID                 uuid.UUID
	Name, Owner, Scope string
	Since, Until       time.Time // Until is zero: it is good until it is revoked
	Site               Site      // of one's own
}

// StaffChangeItem is one entry of the log of the staff.
type StaffChangeItem struct {
	At                  time.Time
	Action, Actor, Name string
	Role, Detail        string
}

// AccountMail is a link by which a moderator sets a password. Kind is invite or reset.
type AccountMail struct {
	Kind, Name, URL string
	Site            Site // of an invitation
	Until           time.Time
}

// Case names the words of the mail.
func (m AccountMail) Case() string { return "account_" + m.Kind }

// About is the site's name, in the subject.
func (m AccountMail) About() string { return m.Site.Name }
