package admin

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
	"plenum/moderation"
	"plenum/templates"
)

// Webhook shows one with what it was sent last.
func (h *Handler) Webhook(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	return h.webhook(c, http.StatusOK, id, templates.WebhookPage{Notice: justDone(c)})
}

// webhook shows the page as the webhook is; what was typed and refused stays.
func (h *Handler) webhook(c *gin.Context, status int, id uuid.UUID, page templates.WebhookPage) error {
	site := request.Site(c)
	w, told, err := h.Flow.Webhook(c.Request.Context(), site, request.Actor(c), id)
	if err != nil {
		return err
	}
	page.Site, page.Webhook = templates.Site{Slug: site.Slug, Name: site.Name}, webhookItem(w)
	if w.BeforeUntil != nil && w.BeforeUntil.After(h.Flow.Now()) {
		page.Webhook.BeforeUntil = *w.BeforeUntil
	}
	if page.Events == nil {
		page.URL, page.On, page.Events = w.URL, w.State == models.WebhookOn, choices(w.Events)
	}
	for _, d := range told {
		page.Deliveries = append(page.Deliveries, deliveryItem(d))
	}
	return h.Respond.Sheet(c, status, "desk/webhook", &page)
}

func deliveryItem(d models.Delivery) templates.DeliveryItem {
	item := templates.DeliveryItem{ID: d.ID, Event: d.Event, State: d.State, At: d.CreatedAt, Attempts: d.Attempts}
	if d.CommentID != nil {
		item.CommentID = d.CommentID.String()
	}
	if d.TriedAt != nil {
		item.Tried = *d.TriedAt
	}
	if d.Code != nil {
		item.Code, item.Millis = *d.Code, *d.Millis
	}
	return item
}

// doneWebhook leads back to the page, or shows it with what was refused.
func (h *Handler) doneWebhook(c *gin.Context, id uuid.UUID, word string, typed templates.WebhookPage, err error) error {
	if err == nil {
		return respond.SeeOther(c, "/desk/"+request.Site(c).Slug+"/webhooks/"+id.String()+"?did="+word)
	}
	if !respond.Expected(err) {
		return err
	}
	d := h.Respond.Explain(c, err)
	typed.Problem = d.Said()
	return h.webhook(c, d.Status, id, typed)
}

// SetWebhook changes where it leads, what it is told and whether it is on.
func (h *Handler) SetWebhook(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	var f webhookForm
	if err := request.Form(c, &f); err != nil {
		return err
	}
	_, err = h.Flow.SetWebhook(c.Request.Context(), request.Site(c), request.Actor(c), id, moderation.WebhookChange{URL: f.URL, Events: f.Events, State: f.State})
	return h.doneWebhook(c, id, "saved", templates.WebhookPage{URL: f.URL, On: f.State == models.WebhookOn, Events: choices(f.Events)}, err)
}

// RotateSecret gives it another secret, and shows it this once.
func (h *Handler) RotateSecret(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	_, secret, err := h.Flow.RotateSecret(c.Request.Context(), request.Site(c), request.Actor(c), id)
	if err != nil {
		return err
	}
	return h.webhook(c, http.StatusOK, id, templates.WebhookPage{Secret: secret})
}

// TestWebhook sends it a test.
func (h *Handler) TestWebhook(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	_, err = h.Flow.TestWebhook(c.Request.Context(), request.Site(c), request.Actor(c), id)
	return h.doneWebhook(c, id, "test", templates.WebhookPage{}, err)
}

// TellAgain sends it something once more.
func (h *Handler) TellAgain(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	delivery, err := request.ID(c, "delivery")
	if err != nil {
		return err
	}
	_, err = h.Flow.TellAgain(c.Request.Context(), request.Site(c), request.Actor(c), id, delivery)
	return h.doneWebhook(c, id, "again", templates.WebhookPage{}, err)
}

// RemoveWebhook takes it away.
func (h *Handler) RemoveWebhook(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	if err := h.Flow.RemoveWebhook(c.Request.Context(), request.Site(c), request.Actor(c), id); err != nil {
		return err
	}
	return respond.SeeOther(c, "/desk/"+request.Site(c).Slug+"/webhooks?did=removed")
}
