package desk

import (
	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/moderation"
	"plenum/templates"
)

// hearingForm decides an appeal.
type hearingForm struct {
	Action    string `form:"action"`
	Statement string `form:"statement"`
	Comment   string `form:"comment"` // that it is about
}

// Hear decides the appeal of the open comment, and opens the next one.
func (h *Handler) Hear(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	var f hearingForm
	if err := request.Form(c, &f); err != nil {
		return err
	}
	about, err := uuid.Parse(f.Comment)
	if err != nil {
		return request.NotFound()
	}
	if f.Action != moderation.Uphold && f.Action != moderation.Overturn {
		return request.Malformed("action", "value")
	}
	f.Statement = lines(f.Statement)
	if err = request.Check(&written{Statement: f.Statement}); err == nil {
		_, err = h.Flow.DecideAppeal(c.Request.Context(), request.Site(c), request.Actor(c),
			moderation.AppealVerdict{AppealID: id, Action: f.Action, Statement: f.Statement})
	}
	if err != nil {
		return h.again(c, opened{id: about, hearing: f.Statement, in: "appeal", failed: err})
	}
	return h.next(c, uuid.NullUUID{UUID: about, Valid: true})
}

func appealViews(appeals []moderation.AppealView, me uuid.UUID) (views []templates.AppealItem) {
	for _, a := range appeals {
		view := templates.AppealItem{ID: a.ID, Text: a.Text, At: a.CreatedAt, Decider: a.Decider, Open: a.Outcome == nil, Mine: a.DeciderID == me}
		if a.Outcome != nil {
			view.Outcome = *a.Outcome
		}
		if a.Decision != nil {
			view.DecidedBy, view.DecidedAt, view.Statement = a.Decision.Actor, a.Decision.CreatedAt, a.Decision.Statement
		}
		views = append(views, view)
	}
	return views
}

func caseView(r moderation.Review, rules []templates.Rule) *templates.Case {
	if r.Case == nil {
		return nil
	}
	view := &templates.Case{OpenedAt: r.Case.OpenedAt}
	for _, report := range r.Case.Reports {
		item := templates.ReportItem{Number: report.Number, Kind: report.Kind, Text: report.Text, At: report.CreatedAt}
		if report.Name != nil {
			item.Name = *report.Name
		}
		if report.Rule != nil {
			for _, rule := range broken(rules, []string{*report.Rule}) {
				item.Rule = &rule
			}
		}
		view.Reports = append(view.Reports, item)
	}
	return view
}
