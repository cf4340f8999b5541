package public

import (
	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/moderation"
	"plenum/templates"
)

// Appeal takes an author's appeal from their own page and shows the page again, or with all that was typed.
func (h *Handler) Appeal(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	var form manageForm
	if err := request.Form(c, &form); err != nil {
		return err
	}
	text := request.Appeal{Text: form.Body}
	failed := request.Check(&text)
	if failed == nil {
		_, failed = h.Flow.Appeal(c.Request.Context(), request.Site(c), id, form.Token, text.Text, moderation.Request{Network: request.Network(c)})
	}
	if failed == nil {
		return respond.SeeOther(c, ownPath(c, id, form.Token)+"#appeal")
	}
	fields, notice, status, err := h.Respond.Messages(c, failed)
	if err != nil {
		return err
	}
	page, err := h.statusPage(c, id, form.Token)
	if err != nil {
		return err
	}
	page.AppealText, page.AppealError = form.Body, notice+fields["text"]
	return h.Respond.HTML(c, status, "public/status", page)
}

func appealView(a *moderation.AppealView) *templates.Appeal {
	if a == nil {
		return nil
	}
	v := &templates.Appeal{Status: a.Status(), Text: a.Text, CreatedAt: a.CreatedAt}
	if a.Decision != nil {
		v.Statement, v.DecidedAt = a.Decision.Statement, a.Decision.CreatedAt
	}
	return v
}
