package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/request"
)

// confirmation carries the token that was mailed to the address of an unconfirmed comment.
type confirmation struct {
	Token string `json:"token" binding:"required,max=100,line"`
}

// ConfirmComment takes a comment into the queue whose author shows the mailed token.
func (h *Handler) ConfirmComment(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	var form confirmation
	if err := request.JSON(c, &form); err != nil {
		return err
	}
	r, err := h.Flow.ConfirmComment(c.Request.Context(), request.Site(c), id, form.Token)
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusAccepted, h.newReceipt(c, r))
}
