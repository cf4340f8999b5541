package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/moderation"
)

// featuring is bound to the version that was shown.
type featuring struct {
	Version *int `json:"version" binding:"required"`
}

// Feature makes an approved comment an editor's pick.
func (h *Handler) Feature(c *gin.Context) error { return h.feature(c, moderation.Feature) }

// Unfeature makes it an ordinary comment again.
func (h *Handler) Unfeature(c *gin.Context) error { return h.feature(c, moderation.Unfeature) }

func (h *Handler) feature(c *gin.Context, action string) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	var form featuring
	if err := request.JSON(c, &form); err != nil {
		return err
	}
	event, err := h.Flow.Feature(c.Request.Context(), request.Site(c), request.Actor(c),
		moderation.Verdict{CommentID: id, Version: *form.Version, Action: action})
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusCreated, respond.NewDecision(event))
}

// answer is a text of the newsroom.
type answer struct {
	Body string `json:"body" binding:"markdown"`
}

// Answer publishes a text of the newsroom below a public comment.
func (h *Handler) Answer(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	var form answer
	if err := request.JSON(c, &form); err != nil {
		return err
	}
	made, err := h.Flow.Answer(c.Request.Context(), request.Site(c), request.Actor(c), id, form.Body)
	if err != nil {
		return err
	}
	place, err := h.Flow.Store.Place(c.Request.Context(), made.SiteID, made.ID)
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusCreated, newComment(place))
}
