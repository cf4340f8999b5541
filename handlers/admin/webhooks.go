package admin

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
	"plenum/moderation"
	"plenum/templates"
)

// didWebhook are the words for what was just done, as the address carries them.
var didWebhook = []string{"saved", "removed", "test", "again"}

// justDone is such a word of the address; empty: none.
func justDone(c *gin.Context) string {
	if word := c.Query("did"); slices.Contains(didWebhook, word) {
		return word
	}
	return ""
}

// webhookForm is a webhook as typed.
type webhookForm struct {
	URL    string   `form:"url"`
	Events []string `form:"events"`
	State  string   `form:"state"`
}

// Webhooks shows where the site's events are sent. It is for editors, as is all of it.
func (h *Handler) Webhooks(c *gin.Context) error {
	page := templates.Webhooks{Notice: justDone(c), Events: choices([]string{"submit", moderation.Approve})}
	return h.webhooks(c, http.StatusOK, page)
}

func (h *Handler) webhooks(c *gin.Context, status int, page templates.Webhooks) error {
	site := request.Site(c)
	all, err := h.Flow.Webhooks(c.Request.Context(), site, request.Actor(c))
	if err != nil {
		return err
	}
	page.Site = templates.Site{Slug: site.Slug, Name: site.Name}
	for _, w := range all {
		page.Webhooks = append(page.Webhooks, webhookItem(w))
	}
	return h.Respond.Sheet(c, status, "desk/webhooks", &page)
}

// AddWebhook sets one up, and shows its secret this once.
func (h *Handler) AddWebhook(c *gin.Context) error {
	var f webhookForm
	if err := request.Form(c, &f); err != nil {
		return err
	}
	change := moderation.WebhookChange{URL: f.URL, Events: f.Events, State: models.WebhookOn}
	w, secret, err := h.Flow.AddWebhook(c.Request.Context(), request.Site(c), request.Actor(c), change)
	if respond.Expected(err) {
		d := h.Respond.Explain(c, err)
		return h.webhooks(c, d.Status, templates.Webhooks{Problem: d.Said(), URL: f.URL, Events: choices(f.Events)})
	}
	if err != nil {
		return err
	}
	return h.webhook(c, http.StatusOK, w.ID, templates.WebhookPage{Secret: secret})
}

// choices are the events that there are, some of them chosen.
func choices(chosen []string) (all []templates.EventChoice) {
	for _, e := range moderation.Events {
		all = append(all, templates.EventChoice{Name: e, Chosen: slices.Contains(chosen, e)})
	}
	return all
}

func webhookItem(w models.Webhook) templates.WebhookItem {
	item := templates.WebhookItem{ID: w.ID, URL: w.URL, State: w.State, Events: w.Events, By: w.ByName, Since: w.CreatedAt}
	if w.FailingSince != nil {
		item.FailingSince = *w.FailingSince
	}
	return item
}
