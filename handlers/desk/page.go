package desk

import (
	"errors"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
	"plenum/moderation"
	"plenum/templates"
)

// opened is what stands in the middle of the desk: a comment, with what was typed and why it was refused.
type opened struct {
	id                      uuid.UUID // zero: nothing
	statement, note, answer string
	passage                 string // that the statement quotes
	hearing                 string // the statement to an appeal
	in                      string // the form that was refused, as templates.DeskItem.ProblemIn names it
	failed                  error
}

// page gathers the desk of one site: lanes and list, the open comment, and the offer to undo.
func (h *Handler) page(c *gin.Context, o opened) (templates.Desk, error) {
	site, actor := request.Site(c), request.Actor(c)
	page := templates.Desk{Site: templates.Site{Slug: site.Slug, Name: site.Name}, Me: actor.Name, Role: actor.Role, Target: site.Target(),
		Editor: actor.AtLeast(moderation.RoleEditor), All: across(c)}
	staff, err := h.Flow.Store.Staff(c.Request.Context(), site.ID)
	if err != nil {
		return page, err
	}
	page.OnlyOne = len(staff) == 1
	if page.Rules, err = h.rules(c); err != nil {
		return page, err
	}
	if err := h.list(c, &page, o.id); err != nil {
		return page, err
	}
	if page.Alarms, err = h.alarmed(c); err != nil {
		return page, err
	}
	if page.Undo, err = h.undoOffer(c, page.Rules); err != nil || o.id == uuid.Nil {
		return page, err
	}
	page.Open, err = h.item(c, o, page.Rules, staff)
	return page, err
}

// rules are those in force, in the language of the desk where they have it.
func (h *Handler) rules(c *gin.Context) ([]templates.Rule, error) {
	site := request.Site(c)
	rules, err := h.Flow.Store.Rules(c.Request.Context(), site.ID, 0)
	if err != nil {
		return nil, err
	}
	set, _ := rules.In(respond.Locale(c), site.Locale)
	return ruleViews(set.Rules), nil
}

// undoOffer is my newest decision while it may be taken back.
func (h *Handler) undoOffer(c *gin.Context, rules []templates.Rule) (*templates.Undo, error) {
	site := request.Site(c)
	last, until, err := h.Flow.Undoable(c.Request.Context(), site, request.Actor(c))
	if err != nil || last == nil {
		return nil, err
	}
	comment, err := h.Flow.Store.Comment(c.Request.Context(), site.ID, last.CommentID)
	if err != nil {
		return nil, err
	}
	undo := &templates.Undo{CommentID: last.CommentID, Version: comment.Version, Action: last.Action, Name: comment.AuthorName,
		Until: until, Left: until.Sub(h.Flow.Now())}
	for _, r := range broken(rules, last.Rules) {
		undo.Rule = r.Title
	}
	if last.BatchID != nil {
		batch, err := h.Flow.Store.Batch(c.Request.Context(), site.ID, *last.BatchID)
		if err != nil {
			return nil, err
		}
		undo.BatchID, undo.Count = batch.ID, batch.Done
	}
	return undo, nil
}

// again shows the open comment once more, with what was refused and everything typed. A fault of ours is given back.
func (h *Handler) again(c *gin.Context, o opened) error {
	if !respond.Expected(o.failed) {
		return o.failed
	}
	d := h.Respond.Explain(c, o.failed)
	page, err := h.page(c, o)
	if err != nil {
		return err
	}
	page.Open.Problem, page.Open.ProblemIn = d.Detail, o.in
	if len(d.Errors) > 0 {
		page.Open.Problem = d.Errors[0].Message
	}
	var stale *moderation.StaleVersion
	if errors.As(o.failed, &stale) {
		page.Open.Meanwhile = historyViews(stale.Since, page.Rules, nil)
	}
	return h.sheet(c, d.Status, "desk/desk", &page)
}

func ruleViews(rules []models.Rule) (views []templates.Rule) {
	for _, r := range rules {
		views = append(views, templates.Rule{Number: r.Number, Code: r.Code, Title: r.Title, Text: r.Text})
	}
	return views
}

func placeView(p models.Place) templates.Comment {
	return templates.Comment{ID: p.ID, Gap: !p.Public, Name: p.AuthorName, URL: p.AuthorURL, Staff: p.AuthorRole == "staff", HTML: p.HTML, CreatedAt: p.CreatedAt}
}
