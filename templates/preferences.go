package templates

import "github.com/google/uuid"

// Look is how a moderator likes the desk. It is part of each of its pages; zero is how it looks by itself.
type Look struct {
	Scheme string // light or dark; empty: as the machine has it
	Keys   string // off: no key alone does anything
}

// Wear gives a page the look.
func (l *Look) Wear(as Look) { *l = as }

// Preferences is the page on which a moderator sets the look, the language, and which mails they want.
type Preferences struct {
	Look
	Locale string
	Saved  bool
	Alerts []SiteAlerts
	Back   string
}

// SiteAlerts are the mails that a moderator wants about one site.
type SiteAlerts struct {
	ID            uuid.UUID
	Name          string
	Waiting, Late bool
}
