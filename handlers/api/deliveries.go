package api

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/models"
)

// delivery is one event and what became of telling it.
type delivery struct {
	ID        uuid.UUID  `json:"id"`
	Event     string     `json:"event"`
	CommentID *uuid.UUID `json:"comment_id"`
	State     string     `json:"state"`
	Attempts  int        `json:"attempts"`
	TriedAt   *time.Time `json:"tried_at"`
	Code      *int       `json:"code"`
	Millis    *int       `json:"milliseconds"`
	CreatedAt time.Time  `json:"created_at"`
}

func newDeliveryView(d models.Delivery) delivery {
	return delivery{d.ID, d.Event, d.CommentID, d.State, d.Attempts, inUTC(d.TriedAt), d.Code, d.Millis, d.CreatedAt.UTC()}
}

// Deliveries lists what a webhook was sent last.
func (h *Handler) Deliveries(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	_, told, err := h.Flow.Webhook(c.Request.Context(), request.Site(c), request.Actor(c), id)
	if err != nil {
		return err
	}
	answer := struct {
		Items []delivery `json:"items"`
	}{[]delivery{}}
	for _, d := range told {
		answer.Items = append(answer.Items, newDeliveryView(d))
	}
	return h.Respond.JSON(c, http.StatusOK, answer)
}

// TestWebhook sends a webhook a test.
func (h *Handler) TestWebhook(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	d, err := h.Flow.TestWebhook(c.Request.Context(), request.Site(c), request.Actor(c), id)
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusAccepted, newDeliveryView(d))
}

// TellAgain sends a webhook something once more.
func (h *Handler) TellAgain(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	told, err := request.ID(c, "delivery")
	if err != nil {
		return err
	}
	d, err := h.Flow.TellAgain(c.Request.Context(), request.Site(c), request.Actor(c), id, told)
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusAccepted, newDeliveryView(d))
}
