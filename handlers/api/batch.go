package api

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
	"plenum/moderation"
)

// order decides several comments together: those named, or everything that the address's filter fits.
type order struct {
	Verdict
	Items []struct {
		ID      uuid.UUID `json:"id" binding:"required"`
		Version *int32    `json:"version" binding:"required"` // no more than its row has room for
	} `json:"items" binding:"max=1000,dive"`
	All bool `json:"all"` // everything that GET queue answers for the same address
}

// batch is how far an order got.
type batch struct {
	ID         uuid.UUID     `json:"id"`
	Action     string        `json:"action"`
	Rules      []string      `json:"rules"`
	By         respond.Actor `json:"by"`
	Undoes     *uuid.UUID    `json:"undoes"`
	Total      int           `json:"total"`
	Done       int           `json:"done"`
	Refused    []refusedItem `json:"refused"` // the first hundred
	CreatedAt  time.Time     `json:"created_at"`
	FinishedAt *time.Time    `json:"finished_at"`
}

type refusedItem struct {
	ID     uuid.UUID `json:"id"`
	Detail string    `json:"detail"`
}

// Order has several comments decided by the worker.
func (h *Handler) Order(c *gin.Context) error {
	var form order
	if err := request.JSON(c, &form); err != nil {
		return err
	}
	o := moderation.Order{Action: form.Action, Rules: form.Rules, Statement: form.Statement, Note: form.Note, FromTemplate: form.Template}
	for _, item := range form.Items {
		o.Items = append(o.Items, models.BatchItem{CommentID: item.ID, Version: int(*item.Version)})
	}
	if form.All {
		q, err := request.Question(c)
		if err != nil {
			return err
		}
		o.Question = &q
	}
	b, err := h.Flow.DecideTogether(c.Request.Context(), request.Site(c), request.Actor(c), o)
	if err != nil {
		return err
	}
	return h.batch(c, http.StatusAccepted, b)
}

// Batch answers how far an order got.
func (h *Handler) Batch(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	b, err := h.Flow.Store.Batch(c.Request.Context(), request.Site(c).ID, id)
	if err != nil {
		return err
	}
	return h.batch(c, http.StatusOK, b)
}

// UndoBatch takes everything back that an order decided.
func (h *Handler) UndoBatch(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	b, err := h.Flow.UndoBatch(c.Request.Context(), request.Site(c), request.Actor(c), id)
	if err != nil {
		return err
	}
	return h.batch(c, http.StatusAccepted, b)
}

// branch removes a comment with everything below it.
type branch struct {
	Rules     []string `json:"rules" binding:"gt=0,max=9,dive,required,max=40"`
	Statement string   `json:"statement" binding:"max=5000,text"`
	Note      string   `json:"note" binding:"max=5000,text"`
	Template  bool     `json:"template"`
	Version   *int     `json:"version" binding:"required"`
}

// RemoveBranch takes a comment down with everything below it.
func (h *Handler) RemoveBranch(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	var form branch
	if err := request.JSON(c, &form); err != nil {
		return err
	}
	b, err := h.Flow.RemoveBranch(c.Request.Context(), request.Site(c), request.Actor(c), moderation.Verdict{CommentID: id, Version: *form.Version,
		Rules: form.Rules, Statement: form.Statement, Note: form.Note, FromTemplate: form.Template})
	if err != nil {
		return err
	}
	return h.batch(c, http.StatusAccepted, b)
}

const refusedShown = 100

func (h *Handler) batch(c *gin.Context, status int, b models.Batch) error {
	ctx := c.Request.Context()
	refused, err := h.Flow.Store.BatchItems(ctx, b.SiteID, b.ID, models.ItemRefused, 0, refusedShown)
	if err != nil {
		return err
	}
	names, err := h.Flow.Store.ModeratorNames(ctx, []uuid.UUID{b.ModeratorID})
	if err != nil {
		return err
	}
	view := batch{ID: b.ID, Action: b.Action, Rules: append([]string{}, b.Rules...), By: respond.Actor{ID: b.ModeratorID, Name: names[b.ModeratorID]},
		Undoes: b.Undoes, Total: b.Total, Done: b.Done, Refused: []refusedItem{}, CreatedAt: b.CreatedAt.UTC(), FinishedAt: inUTC(b.FinishedAt)}
	for _, item := range refused {
		view.Refused = append(view.Refused, refusedItem{item.CommentID, h.Respond.Refused(c, *item.Refusal)})
	}
	return h.Respond.JSON(c, status, view)
}
