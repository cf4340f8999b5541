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

// webhookChange is a webhook as an editor sets it.
type webhookChange struct {
	URL    string   `json:"url" binding:"required,max=1000,line"`
	Events []string `json:"events" binding:"required,max=20,dive,max=40,line"`
	State  string   `json:"state" binding:"omitempty,oneof=on off"`
}

func (f webhookChange) change() moderation.WebhookChange {
	if f.State == "" {
		f.State = models.WebhookOn
	}
	return moderation.WebhookChange{URL: f.URL, Events: f.Events, State: f.State}
}

// webhook is where events are sent, without its secret.
type webhook struct {
	ID           uuid.UUID     `json:"id"`
	URL          string        `json:"url"`
	Events       []string      `json:"events"`
	State        string        `json:"state"`
	FailingSince *time.Time    `json:"failing_since"`
	BeforeUntil  *time.Time    `json:"secret_before_until"`
	By           respond.Actor `json:"by"`
	CreatedAt    time.Time     `json:"created_at"`
}

// shownWebhook is one with its secret, which is shown once.
type shownWebhook struct {
	Webhook webhook `json:"webhook"`
	Secret  string  `json:"secret"`
}

func newWebhookView(w models.Webhook) webhook {
	return webhook{w.ID, w.URL, w.Events, w.State, inUTC(w.FailingSince), inUTC(w.BeforeUntil), respond.Actor{ID: w.CreatedBy, Name: w.ByName}, w.CreatedAt.UTC()}
}

// Webhooks lists the site's webhooks.
func (h *Handler) Webhooks(c *gin.Context) error {
	all, err := h.Flow.Webhooks(c.Request.Context(), request.Site(c), request.Actor(c))
	if err != nil {
		return err
	}
	answer := struct {
		Items []webhook `json:"items"`
	}{[]webhook{}}
	for _, w := range all {
		answer.Items = append(answer.Items, newWebhookView(w))
	}
	return h.Respond.JSON(c, http.StatusOK, answer)
}

// AddWebhook sets one up.
func (h *Handler) AddWebhook(c *gin.Context) error {
	var form webhookChange
	if err := request.JSON(c, &form); err != nil {
		return err
	}
	w, secret, err := h.Flow.AddWebhook(c.Request.Context(), request.Site(c), request.Actor(c), form.change())
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusCreated, shownWebhook{newWebhookView(w), secret})
}

// SetWebhook changes one.
func (h *Handler) SetWebhook(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	var form webhookChange
	if err := request.JSON(c, &form); err != nil {
		return err
	}
	w, err := h.Flow.SetWebhook(c.Request.Context(), request.Site(c), request.Actor(c), id, form.change())
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusOK, newWebhookView(w))
}

// RemoveWebhook takes one away.
func (h *Handler) RemoveWebhook(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	if err := h.Flow.RemoveWebhook(c.Request.Context(), request.Site(c), request.Actor(c), id); err != nil {
		return err
	}
	return respond.NoContent(c)
}

// RotateSecret gives one another secret.
func (h *Handler) RotateSecret(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	w, secret, err := h.Flow.RotateSecret(c.Request.Context(), request.Site(c), request.Actor(c), id)
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusOK, shownWebhook{newWebhookView(w), secret})
}
