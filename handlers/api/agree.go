package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/request"
	"plenum/moderation"
)

// Agree counts a reader's agreement with a public comment and answers how many agree now.
func (h *Handler) Agree(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	a := moderation.Agreement{CommentID: id, Browser: c.Request.UserAgent(), Request: moderation.Request{Network: request.Network(c)}}
	agreed, err := h.Flow.Agree(c.Request.Context(), request.Site(c), a)
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusOK, struct {
		Agreed  int  `json:"agreed"`
		Counted bool `json:"counted"`
	}{agreed.Agreed, agreed.Counted})
}
