package api

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
)

// spree is an alarm: somebody decided far more in an hour than is usual.
type spree struct {
	ID        uuid.UUID     `json:"id"`
	By        respond.Actor `json:"by"`
	Kind      string        `json:"kind"`
	Count     int           `json:"count"`
	Usual     int           `json:"usual"`
	StartedAt time.Time     `json:"started_at"`
	LastAt    time.Time     `json:"last_at"`
	Over      bool          `json:"over"`
}

// Sprees lists the alarms of the last week.
func (h *Handler) Sprees(c *gin.Context) error {
	all, err := h.Flow.Sprees(c.Request.Context(), request.Site(c), request.Actor(c))
	if err != nil {
		return err
	}
	items := []spree{}
	for _, s := range all {
		items = append(items, spree{s.ID, respond.Actor{ID: s.ModeratorID, Name: s.Name}, s.Kind, s.Count, s.Usual, s.StartedAt.UTC(), s.LastAt.UTC(), s.Over})
	}
	return h.Respond.JSON(c, http.StatusOK, gin.H{"items": items})
}

// taking is a comment that somebody decided, and what would become of that.
type taking struct {
	ID      uuid.UUID `json:"id"`
	Action  string    `json:"action"`
	Status  string    `json:"status"`
	Since   *string   `json:"since"`    // what was done since, of those that are left
	SinceBy *string   `json:"since_by"` // by whom; null: the author
}

// TakingBack answers what it would mean to take back all that somebody decided in a time.
func (h *Handler) TakingBack(c *gin.Context) error {
	d, err := request.Decider(c.Query("by"), c.Query("from"), c.Query("to"))
	if err != nil {
		return err
	}
	t, err := h.Flow.TakingBack(c.Request.Context(), request.Site(c), request.Actor(c), d)
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusOK, gin.H{"takes": takings(t.Takes), "leaves": takings(t.Leaves), "open": t.Open})
}

func takings(all []models.Taking) []taking {
	views := []taking{}
	for _, t := range all {
		view := taking{ID: t.CommentID, Action: t.Action, Status: t.Status}
		if t.Since != "" {
			view.Since = &t.Since
		}
		if t.SinceBy != "" {
			view.SinceBy = &t.SinceBy
		}
		views = append(views, view)
	}
	return views
}

// UndoSpree takes all of it back.
func (h *Handler) UndoSpree(c *gin.Context) error {
	var form struct {
		By   string `json:"by" binding:"required,max=40"`
		From string `json:"from" binding:"required,max=40"`
		To   string `json:"to" binding:"required,max=40"`
	}
	if err := request.JSON(c, &form); err != nil {
		return err
	}
	d, err := request.Decider(form.By, form.From, form.To)
	if err != nil {
		return err
	}
	b, err := h.Flow.UndoSpree(c.Request.Context(), request.Site(c), request.Actor(c), d)
	if err != nil {
		return err
	}
	return h.batch(c, http.StatusAccepted, b)
}
