package public

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
	"plenum/templates"
)

// Follow shows the form by which a reader asks to be told by mail. It is the same for everybody.
func (h *Handler) Follow(c *gin.Context) error {
	page, err := h.followPage(c)
	if err != nil {
		return err
	}
	return h.Respond.PublicHTML(c, "public/follow", page)
}

func (h *Handler) followPage(c *gin.Context) (page templates.Follow, err error) {
	page.Site = respond.SiteView(c)
	if c.Query("article") != "" {
		if page.Article.Key, err = request.ArticleKey(c); err != nil {
			return page, err
		}
	}
	page.Form = templates.FollowForm{Site: page.Site, ArticleKey: page.Article.Key}
	return page, nil
}

// Subscribe takes the form. What it answers is the same whether the address is known or not.
func (h *Handler) Subscribe(c *gin.Context) error {
	page, err := h.followPage(c)
	if err != nil {
		return err
	}
	form, failed := request.SubscriptionForm(c)
	if failed == nil {
		w := form.Wish(respond.Locale(c))
		w.Request.Network = request.Network(c)
		failed = h.Flow.Subscribe(c.Request.Context(), request.Site(c), w)
	}
	if page.Sent = failed == nil; page.Sent {
		return h.Respond.HTML(c, http.StatusAccepted, "public/follow", page)
	}
	fields, notice, status, err := h.Respond.Messages(c, failed)
	if err != nil {
		return err
	}
	page.Form.Email, page.Form.Kind, page.Form.Daily = form.Email, form.Kind, form.Pace == models.PaceDaily
	page.Form.Errors, page.Form.Notice = fields, notice
	return h.Respond.HTML(c, status, "public/follow", page)
}
