package desk

import (
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
	"plenum/moderation"
	"plenum/moderation/markup"
	"plenum/templates"
)

// item is the open comment with its context.
func (h *Handler) item(c *gin.Context, o opened, rules []templates.Rule, staff []models.Colleague) (*templates.DeskItem, error) {
	actor, now := request.Actor(c), h.Flow.Now()
	r, err := h.Flow.Review(c.Request.Context(), request.Site(c).ID, o.id)
	if err != nil {
		return nil, err
	}
	item := &templates.DeskItem{
		AuthorPage: authorURL(c, r.AuthorID, r.ID), Section: r.Article.Section, Lead: r.Article.Lead,
		ID: r.ID, Version: r.Version, Status: r.Status, Article: templates.Article{Key: r.Article.Key, URL: r.Article.URL,
			Title: r.Article.Title, Open: r.Article.State == models.ArticleOpen},
		ParentIsGone: r.ParentID != nil && r.Parent() == nil, Name: r.AuthorName, URL: r.AuthorURL, Email: r.Author.Email != nil,
		HTML: r.Text.HTML, CreatedAt: r.CreatedAt, RulesVersion: r.RulesVersion, Rules: rules, Priority: r.Priority,
		Record: h.recordView(c, r.Record, rules), History: historyViews(r.History, rules, staff), Colleagues: colleagues(staff, actor.ID),
		Drafts: shownDrafts(r.Drafts), Replies: r.Replies, Featured: r.FeaturedAt != nil, Case: caseView(r, rules), Appeals: appealViews(r.Appeals, actor.ID),
		Statement: o.statement, Note: o.note, Passage: o.passage, Answer: o.answer, Hearing: o.hearing, PassedTo: passedTo(r.Handling, staff),
	}
	if r.SetAsideUntil != nil && r.SetAsideUntil.After(now) {
		item.SetAside = *r.SetAsideUntil
	}
	if r.Public != nil {
		item.PublicHTML = r.Public.HTML
	}
	for _, p := range r.Diff {
		item.Diff = append(item.Diff, templates.Piece{Op: p.Op, Text: p.Text})
	}
	for _, p := range r.Ancestors {
		item.Ancestors = append(item.Ancestors, placeView(p))
	}
	for _, p := range r.Siblings {
		item.Siblings = append(item.Siblings, templates.Published{Comment: placeView(p), PublishedAt: *p.PublishedAt})
	}
	if item.Signals, item.HTML, err = h.signals(c, r); err != nil {
		return nil, err
	}
	offer(item, r, actor, now)
	return item, nil
}

// signals are the hints of triage in words, and the text with their passages marked by number.
func (h *Handler) signals(c *gin.Context, r moderation.Review) (views []templates.Signal, html string, err error) {
	var passages []markup.Passage
	for _, s := range r.Signals {
		view := templates.Signal{Name: s.Name, Minutes: s.Minutes, Silent: s.Unavailable}
		if s.Reason != "" {
			view.Reason = h.Respond.Templates.T(respond.Locale(c), s.Reason, s.Fill)
		}
		if len(s.Spans) > 0 && s.Minutes > 0 {
			view.Number = len(views) + 1
		}
		for _, span := range s.Spans {
			passages = append(passages, markup.Passage{Number: view.Number, From: span.From, To: span.To})
		}
		if view.Reason != "" || view.Silent {
			views = append(views, view)
		}
	}
	html, err = markup.Mark(r.Text.HTML, passages)
	return views, html, err
}

// shownDrafts are the statements of the rules' keys, with a mark where the quoted words will stand.
func shownDrafts(drafts map[string]string) map[string]string {
	shown := map[string]string{}
	for code, text := range drafts {
		shown[code] = strings.ReplaceAll(text, moderation.PassagePlace, "…")
	}
	return shown
}

// offer says what this moderator may do with the item now: nothing while another has it open, or before it is claimed.
func offer(item *templates.DeskItem, r moderation.Review, actor moderation.Actor, now time.Time) {
	holder, held := r.HeldBy(uuid.Nil, now)
	if item.Mine = held && holder == actor.ID; held && !item.Mine {
		item.Holder = r.Holder
		return
	}
	waits := r.HeldRevision != nil || r.Case != nil || slices.ContainsFunc(item.Appeals, func(a templates.AppealItem) bool { return a.Open })
	if waits && !item.Mine {
		return
	}
	for _, action := range moderation.Fits(r.State) {
		if actor.May(action) {
			item.Actions = append(item.Actions, action)
		}
	}
	if r.PublicRevision != nil {
		item.Actions = append(item.Actions, "answer")
		if actor.May(moderation.Feature) {
			item.Actions = append(item.Actions, moderation.Feature)
		}
	}
	if waits {
		item.Actions = append(item.Actions, moderation.Pass, moderation.SetAside)
	}
}

// recordView is an author's record, with a sentence about what is in force.
func (h *Handler) recordView(c *gin.Context, r moderation.Record, rules []templates.Rule) templates.Record {
	v := templates.Record{Since: r.Since, Approved: r.Approved, Rejected: r.Rejected, Removed: r.Removed, Spam: r.Spam, Waiting: r.Pending,
		Reports: r.Reports, Appeals: r.Appeals, ByAddress: r.ByAddress}
	for _, count := range r.Rules {
		for _, rule := range broken(rules, []string{count.Code}) {
			v.ByRule = append(v.ByRule, templates.RuleCount{Rule: rule, Count: count.Count})
		}
	}
	for _, n := range r.Notes {
		v.Notes = append(v.Notes, n.Text)
	}
	for _, s := range r.Sanctions {
		if v.Sanction != "" || !s.InForce(h.Flow.Now()) {
			continue
		}
		key, args := "people.now."+s.Kind, map[string]any{}
		if s.Until != nil {
			args["until"] = *s.Until
		} else if s.Kind == models.SanctionBan {
			key += "_for_good"
		}
		v.Sanction = h.Respond.Templates.T(respond.Locale(c), key, args)
	}
	return v
}

func historyViews(history []moderation.Event, rules []templates.Rule, staff []models.Colleague) (views []templates.HistoryEntry) {
	for _, e := range history {
		view := templates.HistoryEntry{At: e.CreatedAt, Action: e.Action, Actor: e.Actor, Rules: broken(rules, e.Rules), Statement: e.Statement, Note: e.Note}
		if e.AssignedTo != nil {
			view.To = nameOf(staff, *e.AssignedTo)
		}
		if e.Until != nil {
			view.Until = *e.Until
		}
		views = append(views, view)
	}
	return views
}

// broken are the rules of the codes.
func broken(rules []templates.Rule, codes []string) (found []templates.Rule) {
	for _, r := range rules {
		if slices.Contains(codes, r.Code) {
			found = append(found, r)
		}
	}
	return found
}

// passedTo says to whom an item was passed: a name, "editors", or nobody.
func passedTo(h models.Handling, staff []models.Colleague) string {
	switch {
	case h.PassedTo != nil:
		return nameOf(staff, *h.PassedTo)
	case h.PassedRole != nil:
		return toEditors
	}
	return ""
}

// nameOf finds a colleague's name; of somebody who left the site there is none.
func nameOf(staff []models.Colleague, id uuid.UUID) string {
	for _, s := range staff {
		if s.ID == id {
			return s.Name
		}
	}
	return "–"
}

// colleagues are all but oneself.
func colleagues(staff []models.Colleague, me uuid.UUID) (others []templates.Person) {
	for _, s := range staff {
		if s.ID != me {
			others = append(others, templates.Person{ID: s.ID, Name: s.Name})
		}
	}
	return others
}
