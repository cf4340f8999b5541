package desk

import (
	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/moderation"
)

// answerForm is a text of the newsroom.
type answerForm struct {
	Body string `form:"body"`
}

// answer is the form's text as the API names and checks it.
type answer struct {
	Body string `json:"body" binding:"markdown"`
}

// Answer publishes a text of the newsroom below the open comment.
func (h *Handler) Answer(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	var f answerForm
	if err := request.Form(c, &f); err != nil {
		return err
	}
	f.Body = lines(f.Body)
	if err = request.Check(&answer{f.Body}); err == nil {
		_, err = h.Flow.Answer(c.Request.Context(), request.Site(c), request.Actor(c), id, f.Body)
	}
	if err != nil {
		return h.again(c, opened{id: id, answer: f.Body, in: "answer", failed: err})
	}
	return respond.SeeOther(c, itemURL(c, request.Site(c).Slug, id))
}

// Feature makes the open comment an editor's pick, or an ordinary one again.
func (h *Handler) Feature(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	var f decisionForm
	if err := request.Form(c, &f); err != nil {
		return err
	}
	if f.Action != moderation.Unfeature {
		f.Action = moderation.Feature
	}
	_, err = h.Flow.Feature(c.Request.Context(), request.Site(c), request.Actor(c), moderation.Verdict{CommentID: id, Version: f.Version, Action: f.Action})
	if err != nil {
		return h.again(c, opened{id: id, in: "feature", failed: err})
	}
	return respond.SeeOther(c, itemURL(c, request.Site(c).Slug, id))
}
