package templates

import (
	"time"

	"github.com/google/uuid"
)

// AuthorPage is one author at the desk: the record, what was laid on them, and what they wrote.
type AuthorPage struct {
	Look
	Site       Site
	ID         uuid.UUID
	Name       string // of their newest comment
	Record     Record
	AuthorPage string // empty: this is the page
	Sanctions  []SanctionItem
	Comments   []WrittenItem
	Next       string // cursor of the comments' next page
	Rules      []Rule // in force
	Kinds      []string
	Form       SanctionForm
	Back       string
}

// SanctionForm is a sanction as typed so far.
type SanctionForm struct {
	Kind, Statement, Note string
	Days                  int // 0: for good
	CommentID             string
	Codes                 []string
	Problem               string
}

// SanctionItem is a warning, a pause or a ban. State is in_force, over, acknowledged or lifted.
type SanctionItem struct {
	ID              uuid.UUID
	Kind, State     string
	At, Until       time.Time // Until zero: no end
	Actor           string
	Rules           []Rule
	Statement, Note string
	EndedAt         time.Time // acknowledged or lifted
	EndedBy         string    // who lifted it
	MayLift         bool
}

// WrittenItem is one of an author's comments.
type WrittenItem struct {
	ID              uuid.UUID
	Name, Excerpt   string
	Article, Status string
	At              time.Time
}

// ArticlesPage lists a site's articles at the desk, with what editors set of each.
type ArticlesPage struct {
	Look
	Site     Site
	Search   string
	Cursor   string // of this page
	Articles []ArticleItem
	Next     string
	Editor   bool
	Days     int // after which articles close that set nothing else; 0: never
	Back     string
}

// ArticleItem is one article as its form shows it: as it is, or as typed so far.
type ArticleItem struct {
	ID                             uuid.UUID
	Key, URL, Title                string
	TypedURL, TypedTitle           string // as the form's fields have them
	Section, Lead, Notice          string
	State                          string // as set: open or closed
	Closed                         bool   // as readers see it
	ClosesAt, CloseAfterDays, Slow string // as the form's fields have them
	CreatedAt                      time.Time
	Problem                        string
}
