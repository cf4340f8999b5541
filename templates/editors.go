package templates

import (
	"time"

	"github.com/google/uuid"
)

// Words is the page of a site's word list, for editors, with an entry as typed so far.
type Words struct {
	Look
	Site             Site
	Words            []Word
	Kind, Text, Note string
	Minutes          int
	Rule             string // its code
	Problem          string
	Tried            *Trial // what the entry would have hit

	Rules []Rule // in force
	Hints []TiedHint
}

// TiedHint is a signal and the rule that it points writers at before they send; empty: none.
type TiedHint struct{ Signal, Rule string }

// Word is an entry of the list. Kind is word or pattern.
type Word struct {
	ID               uuid.UUID
	Kind, Text, Note string
	Minutes          int
	Rule             string
	By               string
	At               time.Time
}

// Trial is what an entry would have hit among the newest decisions.
type Trial struct {
	Looked, Approved, Refused int
	Hits                      []TrialHit
}

// TrialHit is a text that it would have hit, and how that was decided.
type TrialHit struct{ Name, Excerpt, Action string }

// EditRules is the page on which editors publish rules and word their statements.
type EditRules struct {
	Look
	Site    Site
	Version int
	Text    string // the next version as typed so far, in YAML
	Problem string
	Rules   []EditedRule
	Did     string // what was just done: published or saved; else empty
}

// EditedRule is a rule in one language, with the statement that its key fills in.
type EditedRule struct {
	Rule
	Locale, Statement string
}
