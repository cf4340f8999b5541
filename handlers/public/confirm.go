package public

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/templates"
)

// ConfirmComment shows the comment that a mailed link is about, with a button. It changes nothing, however often it is fetched.
func (h *Handler) ConfirmComment(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	token := c.Query("token")
	o, err := h.Flow.Confirmable(c.Request.Context(), request.Site(c), id, token)
	if err != nil {
		return err
	}
	page := templates.Confirm{Site: respond.SiteView(c), ID: id, Token: token, Name: o.AuthorName, HTML: o.Text.HTML}
	if o.Unconfirmed == nil {
		page.StatusURL = ownPath(c, id, h.Flow.ManageToken(request.Site(c).ID, id))
	} else {
		page.Until = o.Unconfirmed.ExpiresAt
	}
	return h.Respond.HTML(c, http.StatusOK, "public/confirm", page)
}

// SendConfirmComment takes the comment into the queue and shows its author's own page.
func (h *Handler) SendConfirmComment(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	var form struct {
		Token string `form:"token"`
	}
	if err := request.Form(c, &form); err != nil {
		return err
	}
	receipt, err := h.Flow.ConfirmComment(c.Request.Context(), request.Site(c), id, form.Token)
	if err != nil {
		return err
	}
	return respond.SeeOther(c, ownPath(c, id, receipt.ManageToken)+"&new=1")
}
