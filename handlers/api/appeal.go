package api

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/moderation"
)

// Appeal takes an author's appeal of the decision on their own comment.
func (h *Handler) Appeal(c *gin.Context) error {
	id, token, err := managed(c)
	if err != nil {
		return err
	}
	var form request.Appeal
	asked, err := request.Repeatable(c, &form)
	if err != nil {
		return err
	}
	a, err := h.Flow.Appeal(c.Request.Context(), request.Site(c), id, token, form.Text, asked)
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusAccepted, struct {
		ID     uuid.UUID `json:"id"`
		Status string    `json:"status"`
	}{a.ID, moderation.AppealStatus(a)})
}

type appealVerdict struct {
	Action    string `json:"action" binding:"required,oneof=uphold overturn"`
	Statement string `json:"statement" binding:"max=5000,text"`
}

// DecideAppeal upholds or overturns the decision appealed.
func (h *Handler) DecideAppeal(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	var form appealVerdict
	asked, err := request.Repeatable(c, &form)
	if err != nil {
		return err
	}
	event, err := h.Flow.DecideAppeal(c.Request.Context(), request.Site(c), request.Actor(c), moderation.AppealVerdict{AppealID: id,
		Action: form.Action, Statement: form.Statement, Request: asked})
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusCreated, respond.NewDecision(event))
}

// ownAppeal is an appeal as its author sees it: nobody is named.
type ownAppeal struct {
	ID        uuid.UUID  `json:"id"`
	Status    string     `json:"status"`
	Text      string     `json:"text"`
	Statement string     `json:"statement"`
	CreatedAt time.Time  `json:"created_at"`
	DecidedAt *time.Time `json:"decided_at"`
}

func newOwnAppeal(a *moderation.AppealView) *ownAppeal {
	if a == nil {
		return nil
	}
	v := &ownAppeal{ID: a.ID, Status: a.Status(), Text: a.Text, CreatedAt: a.CreatedAt.UTC()}
	if a.Decision != nil {
		at := a.Decision.CreatedAt.UTC()
		v.Statement, v.DecidedAt = a.Decision.Statement, &at
	}
	return v
}

// appeal is an appeal as the desk sees it.
type appeal struct {
	ownAppeal
	Appealed  uuid.UUID     `json:"appealed"`
	Decider   respond.Actor `json:"decider"`
	DecidedBy *uuid.UUID    `json:"decided_by"`
	DueAt     time.Time     `json:"due_at"`
}

func newAppeals(views []moderation.AppealView) []appeal {
	all := []appeal{}
	for i, a := range views {
		all = append(all, appeal{ownAppeal: *newOwnAppeal(&views[i]), Appealed: a.Appealed, DecidedBy: a.DecidedBy, DueAt: a.RankAt.UTC(),
			Decider: respond.Actor{ID: a.DeciderID, Name: a.Decider}})
	}
	return all
}
