package respond

import (
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation"
)

// Rules is a version of the rules in one language, as the API gives it.
type Rules struct {
	Version     int       `json:"version"`
	PublishedAt time.Time `json:"published_at"`
	Locale      string    `json:"locale"`
	Intro       string    `json:"intro"`
	Rules       []Rule    `json:"rules"`
}

// Rule is one rule.
type Rule struct {
	Code  string `json:"code"`
	Title string `json:"title"`
	Text  string `json:"text"`
}

// NewRules shows the rules in the language, or in the site's own where the version has none in it.
func NewRules(v models.RuleVersion, locale, fallback string) Rules {
	set, locale := v.In(locale, fallback)
	r := Rules{Version: v.Version, PublishedAt: v.PublishedAt.UTC(), Locale: locale, Intro: set.Intro, Rules: []Rule{}}
	for _, rule := range set.Rules {
		r.Rules = append(r.Rules, Rule{Code: rule.Code, Title: rule.Title, Text: rule.Text})
	}
	return r
}

// Decision is a ledger entry as the API gives it. Actor is null for what the author did.
type Decision struct {
	ID           uuid.UUID  `json:"id"`
	CommentID    *uuid.UUID `json:"comment_id"`
	Kind         string     `json:"kind"`
	Action       string     `json:"action"`
	Status       string     `json:"status"`
	Version      int        `json:"version"`
	Revision     int        `json:"revision"`
	Rules        []string   `json:"rules"`
	RulesVersion int        `json:"rules_version"`
	Statement    string     `json:"statement"`
	Note         string     `json:"note"`
	Actor        *Actor     `json:"actor"`
	Undoes       *uuid.UUID `json:"undoes"`
	CreatedAt    time.Time  `json:"created_at"`
	Until        *time.Time `json:"until,omitempty"`
	AssignedTo   *uuid.UUID `json:"assigned_to,omitempty"`
	AuthorID     *uuid.UUID `json:"author_id,omitempty"`
	ArticleID    *uuid.UUID `json:"article_id,omitempty"`
}

// Actor is a moderator as another sees them.
type Actor struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
}

// NewDecision shows one entry.
func NewDecision(e moderation.Event) Decision {
	d := Decision{
		ID: e.ID, AuthorID: e.AuthorID, ArticleID: e.ArticleID, Kind: e.Kind, Action: e.Action, Status: e.Status, Version: e.Version, Revision: e.Revision,
		Rules: append([]string{}, e.Rules...), RulesVersion: e.RulesVersion, Statement: e.Statement, Note: e.Note,
		Undoes: e.Undoes, CreatedAt: e.CreatedAt.UTC(), AssignedTo: e.AssignedTo,
	}
	if e.Until != nil {
		until := e.Until.UTC()
		d.Until = &until
	}
	if e.CommentID != uuid.Nil {
		d.CommentID = &e.CommentID
	}
	if e.ActorID != nil {
		d.Actor = &Actor{ID: *e.ActorID, Name: e.Actor}
	}
	return d
}

// NewDecisions shows entries in their order.
func NewDecisions(events []moderation.Event) []Decision {
	all := []Decision{}
	for _, e := range events {
		all = append(all, NewDecision(e))
	}
	return all
}
