package api

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/moderation"
)

// Verdict is what every decision says. It is exported because JSON is read into it where it is embedded.
type Verdict struct {
	Action    string   `json:"action" binding:"required,oneof=approve reject spam remove keep restore reopen undo"`
	Rules     []string `json:"rules" binding:"max=9,dive,required,max=40"`
	Statement string   `json:"statement" binding:"max=5000,text"`
	Note      string   `json:"note" binding:"max=5000,text"`
	Template  bool     `json:"template"`                       // an empty statement is filled from the rule's template
	Passage   string   `json:"passage" binding:"max=300,text"` // what it quotes
}

func (v Verdict) on(id uuid.UUID, version int) moderation.Verdict {
	return moderation.Verdict{CommentID: id, Version: version, Action: v.Action, Rules: v.Rules, Statement: v.Statement, Note: v.Note,
		FromTemplate: v.Template, Passage: v.Passage}
}

// decision is a verdict on the version that was shown.
type decision struct {
	Verdict
	Version *int `json:"version" binding:"required"`
}

// Decide makes one decision.
func (h *Handler) Decide(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	var form decision
	asked, err := request.Repeatable(c, &form)
	if err != nil {
		return err
	}
	v := form.on(id, *form.Version)
	v.Request = asked
	event, err := h.Flow.Decide(c.Request.Context(), request.Site(c), request.Actor(c), v)
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusCreated, respond.NewDecision(event))
}

// decisions is one verdict on several comments.
type decisions struct {
	Verdict
	Items []struct {
		ID      uuid.UUID `json:"id" binding:"required"`
		Version *int      `json:"version" binding:"required"`
	} `json:"items" binding:"gt=0,max=200,dive"`
}

type result struct {
	ID      uuid.UUID         `json:"id"`
	Status  string            `json:"status"`
	Problem *respond.Document `json:"problem,omitempty"`
}

// DecideAll makes the same decision on several comments and answers what became of each.
func (h *Handler) DecideAll(c *gin.Context) error {
	var form decisions
	asked, err := request.Repeatable(c, &form)
	if err != nil {
		return err
	}
	var verdicts []moderation.Verdict
	for _, item := range form.Items {
		v := form.on(item.ID, *item.Version)
		v.Request = asked
		verdicts = append(verdicts, v)
	}
	results, err := h.Flow.DecideAll(c.Request.Context(), request.Site(c), request.Actor(c), verdicts)
	if err != nil {
		return err
	}
	answer := struct {
		Items []result `json:"items"`
	}{}
	for _, r := range results {
		answer.Items = append(answer.Items, h.result(c, r))
	}
	return h.Respond.JSON(c, http.StatusOK, answer)
}

// result is one item's outcome: the comment's status, or "refused" with the reason.
func (h *Handler) result(c *gin.Context, r moderation.Result) result {
	if r.Err == nil {
		return result{ID: r.ID, Status: r.Status}
	}
	d := h.Respond.Explain(c, r.Err)
	return result{ID: r.ID, Status: "refused", Problem: &d}
}

// Decisions lists what was decided on one comment, and its author's edits and withdrawal, oldest first.
func (h *Handler) Decisions(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	limit, err := request.Limit(c)
	if err != nil {
		return err
	}
	binding := "decisions\n" + request.Site(c).ID.String() + "\n" + id.String()
	after := 0
	if _, err := h.Cursors.Read(c, binding, &after); err != nil {
		return err
	}
	events, err := h.Flow.History(c.Request.Context(), request.Site(c).ID, id, after)
	if err != nil {
		return err
	}
	answer := list[respond.Decision]{Items: respond.NewDecisions(events[:min(limit, len(events))])}
	if n := len(answer.Items); n > 0 {
		answer.Next, err = h.cursor(len(events) > limit, binding, answer.Items[n-1].Version)
	}
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusOK, answer)
}
